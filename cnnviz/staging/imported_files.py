"""Which files a scene file is made of: itself, and what it imports from beside it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path


def sources(path: Path) -> list[Path]:
    """Return a file and all that it imports from its own folder, directly or not."""
    found: dict[Path, None] = {path: None}
    waiting = [path]
    while waiting:
        for imported in _imported(waiting.pop(), path.parent):
            if imported not in found:
                found[imported] = None
                waiting.append(imported)
    return list(found)


def _imported(file: Path, folder: Path) -> Iterator[Path]:
    """Give the files below `folder` that a file imports, without running it."""
    try:
        names = _imported_names(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return  # importing it says what is wrong
    for level, name in names:
        base = folder if not level else file.parents[level - 1]
        yield from _files_of(base, name.split("."))


@lru_cache(maxsize=64)  # each command asks for a scene's files some twenty times
def _imported_names(source: bytes) -> tuple[tuple[int, str], ...]:
    """Return what a source imports: dots before the name, and the name with its own dots."""
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [(0, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parts = [node.module] if node.module else []
            names += [(node.level, ".".join([*parts, alias.name])) for alias in node.names]
    return tuple(names)


def _files_of(folder: Path, names: Sequence[str]) -> Iterator[Path]:
    """Give the modules that importing ``a.b.c`` runs: those of a, a.b and a.b.c.

    cnnviz itself is never the user's, even if its checkout is where the scene lies.
    """
    if names[0] == "cnnviz":
        return
    for name in names:
        candidates = (folder / f"{name}.py", folder / name / "__init__.py")
        yield from (each for each in candidates if each.is_file())
        folder /= name
