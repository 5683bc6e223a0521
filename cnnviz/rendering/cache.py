"""Encoded sections kept by content, so that what did not change is not rendered again.

A film's key is a digest of everything that decides its pixels: what the caller names (scene,
parameters, trace, theme, words), the film's settings, and the code and libraries that draw.
Mobjects are never looked at. On disk a film is a folder named after its key: one MP4 per
section, and ``film.json`` once all are there.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import av
import cairo
import numpy as np

from cnnviz.rendering.encoder import complete_sections, segment_path
from cnnviz.rendering.joining import join
from cnnviz.rendering.settings import FilmSettings
from cnnviz.rendering.timing import FilmTiming, SectionTiming
from cnnviz.rendering.whole_file import whole_file

LIMIT = 2 * 2**30
"""Bytes a cache may take by default."""

LIBRARIES = ("manim", "numpy", "pillow", "uharfbuzz", "typst", "fontpkg-noto-sans")
"""Distributions that decide pixels, besides PyAV's and Cairo's own libraries."""

WORK_PREFIX = "work-"
OLD_WORK = 24 * 3600
"""Seconds after which a folder of unfinished work has surely been left by a killed process."""


class CachedFilm(NamedTuple):
    """A film all of whose sections are there.

    Attributes
    ----------
    timing
        Its sections.
    notes
        What was kept with it: any JSON.
    """

    timing: FilmTiming
    notes: Any


class RenderCache:
    """A folder of encoded sections that never grows beyond a limit.

    Parameters
    ----------
    folder
        Where it lies; made when first needed.
    limit
        Bytes. When more is there, the films not used for the longest time go.
    """

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self.folder = folder
        self._limit = limit

    def film(self, material: Mapping[str, object], settings: FilmSettings) -> FilmShelf:
        """Return the place of one film.

        Parameters
        ----------
        material
            All that decides the film's pictures, apart from settings, code and libraries:
            JSON, dataclasses, NumPy arrays, bytes, paths, and mixtures of them.
        settings
            Size, frame rate, encoding and background.
        """
        key = digest({"material": material, "settings": settings, "code": code_version()})
        return FilmShelf(self, self.folder / key)

    def films(self) -> list[Path]:
        """Return the folders of all films, the one used last at the end."""
        if not self.folder.is_dir():
            return []
        folders = [path for path in self.folder.iterdir() if path.is_dir()]
        return sorted(
            (path for path in folders if not path.name.startswith(WORK_PREFIX)), key=_last_use
        )

    def size(self) -> int:
        """Return the bytes in use."""
        return sum(map(_size, self.films()))

    def clear(self) -> int:
        """Remove everything and return how many bytes that freed."""
        freed = self.size()
        for folder in self.films():
            shutil.rmtree(folder, ignore_errors=True)
        return freed

    def prune(self) -> None:
        """Remove the films not used for the longest time until the limit is kept."""
        sizes = {folder: _size(folder) for folder in self.films()}
        total = sum(sizes.values())
        for folder, size in sizes.items():
            if total <= self._limit:
                break
            shutil.rmtree(folder, ignore_errors=True)
            total -= size

    @contextmanager
    def work_folder(self) -> Iterator[Path]:
        """Give a temporary folder on the cache's disk; prune when it is done with."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for left in self.folder.glob(f"{WORK_PREFIX}*"):
            if time.time() - _last_use(left) > OLD_WORK:
                shutil.rmtree(left, ignore_errors=True)
        try:
            with TemporaryDirectory(prefix=WORK_PREFIX, dir=self.folder) as folder:
                yield Path(folder)
        finally:
            self.prune()


class FilmShelf:
    """Where the sections of one film are kept."""

    def __init__(self, cache: RenderCache, folder: Path) -> None:
        self.cache = cache
        self.folder = folder

    def fetch(self, target: Path) -> list[int]:
        """Put all sections that are there into a folder as well; return their numbers."""
        fetched = []
        for section in complete_sections(self.folder):
            with suppress(FileNotFoundError):  # another process may just be clearing up
                _link(segment_path(self.folder, section), segment_path(target, section))
                fetched.append(section)
        if fetched:
            os.utime(self.folder)
        return fetched

    def keep(self, source: Path) -> None:
        """Keep all sections that are complete in a folder."""
        for section in complete_sections(source):
            segment = segment_path(self.folder, section)
            if not segment.exists():
                self.folder.mkdir(parents=True, exist_ok=True)
                with whole_file(segment) as unfinished:
                    unfinished.unlink()
                    _link(segment_path(source, section), unfinished)

    def finish(self, timing: FilmTiming, notes: Any = None) -> None:
        """Note that all sections are there, and what else is to be known about the film."""
        self.folder.mkdir(parents=True, exist_ok=True)
        content = {"timing": dataclasses.asdict(timing), "notes": notes}
        with whole_file(self.folder / "film.json") as unfinished:
            unfinished.write_text(json.dumps(content), encoding="utf-8")

    def finished(self) -> CachedFilm | None:
        """Return the film if all of it is there."""
        try:
            content = json.loads((self.folder / "film.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        timing = content["timing"]
        sections = tuple(SectionTiming(**section) for section in timing["sections"])
        if complete_sections(self.folder)[: len(sections)] != list(range(len(sections))):
            return None
        return CachedFilm(FilmTiming(timing["frame_rate"], sections), content["notes"])

    def write_film(self, output: Path, *, chapters: bool = True) -> CachedFilm | None:
        """Write the film if all of it is there, without making its scene.

        Parameters
        ----------
        output, chapters
            As for :func:`cnnviz.rendering.film.record_film`.

        Returns
        -------
        CachedFilm or None
            The film's sections and notes; None, and nothing is written, if not all is there.
        """
        film = self.finished()
        if film is None:
            return None
        with whole_file(output) as unfinished, self.cache.work_folder() as folder:
            self.fetch(folder)
            join(folder, unfinished, film.timing, chapters)
        return film


def default_folder() -> Path:
    """Return where the system keeps caches of the user's programs."""
    if sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "cnnviz" / "films"


def digest(material: object) -> str:
    """Return a short text that differs for different material.

    Raises
    ------
    TypeError
        If something in it is none of the kinds that :meth:`RenderCache.film` names.
    """
    text = json.dumps(material, default=_plain, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _plain(value: object) -> object:
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


def code_version(packages: Sequence[str] = ("cnnviz", "cnnviz.scenes")) -> str:
    """Return a digest of the packages' source and of the libraries that decide pixels."""
    libraries: dict[str, object] = {name: version(name) for name in LIBRARIES}
    libraries |= {"av": av.library_versions, "cairo": cairo.cairo_version_string()}
    sources = {
        f"{package}/{path.relative_to(folder)}": path.read_bytes()
        for package in packages
        for folder in _folders_of(package)
        for pattern in ("*.py", "*.toml")
        for path in sorted(folder.rglob(pattern))
    }
    return digest({"libraries": libraries, "sources": sources})


def _folders_of(package: str) -> list[Path]:
    spec = find_spec(package)
    return [Path(folder) for folder in (spec and spec.submodule_search_locations) or ()]


def _link(source: Path, target: Path) -> None:
    """Give a file a second name; where the disk has no such thing, copy it."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copy2(source, target)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*") if path.is_file())


def _last_use(folder: Path) -> float:
    with suppress(FileNotFoundError):
        return folder.stat().st_mtime
    return 0.0
