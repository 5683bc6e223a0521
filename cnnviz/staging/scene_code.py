"""Which code a scene is made of besides what all scenes share, and which words it may say.

A scene of cnnviz's own is its folder, one in a user's file is that file and what it imports from
its folder, wherever that lies, and any other one is the outermost package that it lies in. What
they mention of cnnviz's own scenes counts as well. Nothing here imports a scene.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from cnnviz.cache.code import PACKAGE, contents, module_files
from cnnviz.cache.keys import digest
from cnnviz.locales import LANGUAGES, Words, word_files_beside
from cnnviz.staging import scene_files
from cnnviz.staging.imported_files import sources

OWN_SCENES = "cnnviz.scenes"

LIBRARIES = frozenset({"manim", *sys.stdlib_module_names})
"""What a scene's classes may come from that counts by its version."""

MENTIONED = re.compile(rb"\bcnnviz\.scenes\b(?:\.(\w+))?")

WORDS = frozenset(f"{language}.toml" for language in LANGUAGES)


def modules_of(scene: type) -> tuple[str, ...]:
    """Return the modules that a scene's class and its bases lie in, but no shared ones.

    What lies beside a scene file belongs to it, and can be found only once that is imported.
    """
    modules = dict.fromkeys(base.__module__ for base in scene.__mro__)
    own = [module for module in modules if _unit_of(module)]
    beside = {
        str(source) for module in own if _is_scene_file(module) for source in _files_of(module)[1]
    }
    return tuple(
        module
        for module in own
        if _is_scene_file(module) or getattr(sys.modules.get(module), "__file__", "") not in beside
    )


def code_of(modules: Iterable[str]) -> str:
    """Return a digest of the code of scenes that lie in some modules."""
    return digest(
        [
            (_label(unit), contents((file for file in files if file.name not in WORDS), folder))
            for unit, (folder, files) in _units(modules).items()
        ]
    )


def words_of(modules: Iterable[str], language: str) -> str:
    """Return a digest of all words that scenes in some modules have at hand in a language."""
    names = {f"{language}.toml", "en.toml"}  # English where there is nothing else
    own = [
        (_label(unit), contents((file for file in files if file.name in names), folder))
        for unit, (folder, files) in _units(modules).items()
    ]
    return digest([Words(language).but(), own])


def _unit_of(module: str) -> str | None:
    """Return the package or module whose files count for a module; None for shared code."""
    parts = module.split(".")
    if module.startswith(f"{OWN_SCENES}."):
        return ".".join(parts[:3])
    if _is_scene_file(module):
        return module
    return None if parts[0] == "cnnviz" or parts[0] in LIBRARIES else parts[0]


def _label(unit: str) -> str:
    """Return what a unit is called in digests: a scene file by its name, without its folder."""
    return scene_files.path_of(unit).name if _is_scene_file(unit) else unit


def _is_scene_file(module: str) -> bool:
    return module.startswith(f"{scene_files.__name__}.")


def _units(modules: Iterable[str]) -> dict[str, tuple[Path, list[Path]]]:
    """Return the folders and files that count, by unit, and those of the scenes they mention."""
    found: dict[str, tuple[Path, list[Path]]] = {}
    waiting = [unit for unit in map(_unit_of, modules) if unit]
    while waiting:
        unit = waiting.pop()
        if unit in found:
            continue
        found[unit] = _files_of(unit)
        for file in found[unit][1]:
            if file.suffix == ".py":
                waiting += _mentioned(file)
    return dict(sorted(found.items()))


def _files_of(unit: str) -> tuple[Path, list[Path]]:
    """Return a unit's folder, and its sources and the words beside them."""
    folder, files = module_files(unit)
    if _is_scene_file(unit):
        return folder, [each for file in files for each in files_of_scene(file)]
    return folder, _with_words(files)


def files_of_scene(path: Path) -> list[Path]:
    """Return what a scene file is made of: itself, what it imports, and the words beside those."""
    return _with_words(sources(path))


def _with_words(files: list[Path]) -> list[Path]:
    return list({*files, *chain.from_iterable(map(word_files_beside, files))})


def _mentioned(file: Path) -> list[str]:
    """Return the units of cnnviz's own scenes that a file mentions, all if it is not clear."""
    names = {name.decode() for name in MENTIONED.findall(file.read_bytes())}
    if "" in names:
        names = {path.parent.name for path in (PACKAGE / "scenes").glob("*/__init__.py")}
    return [f"{OWN_SCENES}.{name}" for name in names]
