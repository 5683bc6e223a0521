"""Which files a scene file is made of: itself, and what it imports from beside it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
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
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return  # importing it says what is wrong
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _files_of(folder, alias.name.split("."))
        elif isinstance(node, ast.ImportFrom):
            base = folder if not node.level else file.parents[node.level - 1]
            module = node.module.split(".") if node.module else []
            for alias in node.names:
                yield from _files_of(base, [*module, alias.name])


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
