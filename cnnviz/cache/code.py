"""Which code a result depends on: digests of source files, and of the versions of libraries.

Words are data and no code: see :mod:`cnnviz.staging.scene_code` for those that scenes say.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

from cnnviz.cache.keys import digest

PACKAGE = Path(__file__).parents[1]
"""The folder of cnnviz itself."""

SOURCES = (".py", ".toml")

FONT_EXTRA = "cjk"
"""The extra that changes what is drawn; the others are tools of those who work on cnnviz."""

NETWORK_ROOMS = ("network", "model")
"""Where it is decided what a network sees; what these import counts as well."""

NETWORK_LIBRARIES = ("torch", "numpy", "pillow", "safetensors")

CLOCK_TICK = 3 * 10**9
"""Nanoseconds within which some disks date two edits alike."""

NO_PART_OF_TRACES = ("cache", "publishing")
"""What the network's rooms import only to say that they are done, and to write weights files."""

IMPORTED_ROOMS = re.compile(
    rb"^\s*(?:(?:from|import)\s+cnnviz\.(\w+)|from\s+cnnviz\s+import\s+(\([^)]*\)|.*))",
    re.MULTILINE,
)


def shared_code() -> str:
    """Return a digest of what all scenes share: cnnviz but its scenes' folders, and libraries.

    What only asks for films, such as courses, does not count.
    """
    files = _below(PACKAGE, leave_out=[PACKAGE / "scenes", PACKAGE / "locales", PACKAGE / "course"])
    beside = [*(PACKAGE / "scenes").glob("*.py"), *(PACKAGE / "locales").glob("*.py")]
    shared = chain(files, map(str, beside))
    return digest([_versions(_requirements()), contents(shared, PACKAGE)])


def network_code() -> str:
    """Return a digest of what decides a trace, apart from the picture and the weights."""
    return digest([_versions(NETWORK_LIBRARIES), contents(network_files(), PACKAGE)])


def network_files() -> list[Path]:
    """Return the sources of the rooms that decide a trace, and of all rooms that those import."""
    found: dict[str, list[Path]] = {}
    waiting = list(NETWORK_ROOMS)
    while waiting:
        room = waiting.pop()
        if room in found or room in NO_PART_OF_TRACES:
            continue
        found[room] = list(_files_of(room))
        for file in found[room]:
            waiting += _imported_rooms(file)
    return [file for files in found.values() for file in files]


def _imported_rooms(file: Path) -> Iterator[str]:
    """Give the names that a file imports from cnnviz, up to the first dot."""
    for room, listed in IMPORTED_ROOMS.findall(file.read_bytes()):
        yield from map(bytes.decode, [room] if room else re.findall(rb"\w+", listed))


def _files_of(room: str) -> Iterator[Path]:
    """Give the files of one of cnnviz's packages, or of its modules; a trace trains nothing."""
    module = PACKAGE / f"{room}.py"
    if module.is_file():
        yield module
    yield from map(Path, _below(PACKAGE / room, leave_out=[PACKAGE / "network" / "training"]))


def contents(files: Iterable[str | Path], folder: Path) -> list[tuple[str, str]]:
    """Return names, as seen from a folder, and digests of files."""
    return sorted((_name_in(folder, file), _digest_of(file)) for file in map(str, files))


def _name_in(folder: Path, file: str) -> str:
    """Return a file's name as seen from a folder; nearly all lie in it, where that is quick."""
    inside = f"{folder}{os.sep}"
    return file[len(inside) :] if file.startswith(inside) else os.path.relpath(file, folder)


def _digest_of(file: str) -> str:
    status = os.stat(file)
    if time.time_ns() - status.st_mtime_ns < CLOCK_TICK:  # another edit would look the same
        return _digest_of_content(file)
    return _digest_of_version(file, status.st_ino, status.st_size, status.st_mtime_ns)


@cache
def _digest_of_version(file: str, inode: int, size: int, modified: int) -> str:
    """Return a digest of a file, which is read once for all of a process's keys."""
    return _digest_of_content(file)


def _digest_of_content(file: str) -> str:
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()


def module_files(name: str) -> tuple[Path, list[Path]]:
    """Return where a package or module lies, and its sources; none if there is no such."""
    try:
        spec = find_spec(name)
    except Exception:  # there is none, such as of __main__, or a package around it is broken
        spec = None
    if spec is None:
        return Path(), []
    if spec.submodule_search_locations is not None:
        folder, *_ = map(Path, spec.submodule_search_locations) or [Path()]
        return folder, list(map(Path, _below(folder)))
    if not spec.origin:
        return Path(), []
    return Path(spec.origin).parent, [Path(spec.origin)]


@cache
def _requirements() -> tuple[str, ...]:
    """Return the names of what cnnviz needs to run, and of the fonts of languages."""
    found = []
    for requirement in requires("cnnviz") or ():
        extra = re.search(r"""extra\s*==\s*["']([\w-]+)""", requirement)
        if extra is None or extra[1] == FONT_EXTRA:
            found.append(re.split(r"[^\w.-]", requirement, maxsplit=1)[0])
    return tuple(found)


def _versions(libraries: Iterable[str]) -> dict[str, str | None]:
    """Return the versions of libraries."""
    return {name: _version_of(name) for name in libraries}


@cache
def _version_of(library: str) -> str | None:
    """Return a library's version, which stays while a process runs; None if it is missing."""
    try:
        return version(library)
    except PackageNotFoundError:
        return None


def _below(folder: Path, leave_out: Iterable[Path] = ()) -> Iterator[str]:
    """Give the paths of all sources below a folder, each real folder once.

    Links to folders are followed: in a checkout ``cnnviz/scenes`` is one. Each command asks some
    times for hundreds of files, so their paths are plain text.
    """
    seen = {_identity(each) for each in leave_out if each.is_dir()}
    for root, folders, names in os.walk(folder, followlinks=True):
        real = _identity(root)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted({*folders} - {"__pycache__"})
        yield from (f"{root}{os.sep}{name}" for name in names if name.endswith(SOURCES))


def _identity(folder: str | Path) -> tuple[int, int]:
    """Return what a folder is known by, whichever links lead to it."""
    status = os.stat(folder)
    return status.st_dev, status.st_ino
