"""Cache keys: digests of all that decides a result, never of the result itself."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path

import numpy as np

PACKAGE = "cnnviz"
"""Whose source decides what is computed and drawn; its scenes are in it."""

SOURCES = (".py", ".toml")


def digest(material: object) -> str:
    """Return a short text that differs for different material.

    Parameters
    ----------
    material
        JSON, dataclasses, NumPy arrays, bytes, paths, and mixtures of them.

    Raises
    ------
    TypeError
        If something in it is of another kind.
    """
    text = json.dumps(material, default=_plain, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _plain(value: object) -> object:
    """Return what JSON takes in place of a value."""
    if isinstance(value, np.ndarray):
        content = hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()
        return {"array": content, "shape": value.shape, "dtype": str(value.dtype)}
    if isinstance(value, np.generic):
        return value.item()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
        return {"class": type(value).__qualname__, **fields}
    if isinstance(value, bytes):
        return {"bytes": hashlib.sha256(value).hexdigest()}
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a {type(value).__name__} cannot be part of a cache key")


def code_version(*more_packages: str) -> str:
    """Return a digest of cnnviz's source and of the versions of all it is built on.

    Parameters
    ----------
    more_packages
        Packages or modules whose source counts as well, for scenes from elsewhere.
    """
    sources = [
        (package, name, content)
        for package in sorted({PACKAGE, *more_packages})
        for name, content in _sources_of(package)
    ]
    return digest({"libraries": _libraries(), "sources": sources})


def _libraries() -> dict[str, str | None]:
    """Return the versions of cnnviz's requirements; None for extras that are not installed."""
    libraries: dict[str, str | None] = {}
    for requirement in requires("cnnviz") or ():
        name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
        try:
            libraries[name] = version(name)
        except PackageNotFoundError:
            libraries[name] = None
    return libraries


def _sources_of(package: str) -> list[tuple[str, bytes]]:
    """Return the names and contents of a package's sources, or of a module's one."""
    spec = find_spec(package)
    if spec is None:
        return []
    if spec.submodule_search_locations is None:
        return [(package, Path(spec.origin).read_bytes())] if spec.origin else []
    return [
        (path.relative_to(folder).as_posix(), path.read_bytes())
        for folder in map(Path, spec.submodule_search_locations)
        for path in files_below(folder)
        if path.suffix in SOURCES
    ]


def files_below(folder: Path) -> list[Path]:
    """Return all files below a folder by name, each real folder once.

    Links to folders are followed: in a checkout ``cnnviz/scenes`` is one.
    """
    seen: set[str] = set()
    found = []
    for root, folders, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(root)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders.sort()
        found += [Path(root, name) for name in names]
    return sorted(found)
