"""The encoded sections of films, kept so that what did not change is not rendered again.

A key is a digest of everything that decides pixels: what the caller names, the film's
settings, and the code and libraries that draw. Mobjects are never looked at. Each section is
an entry of its own, an MP4 whose name holds its key and a digest of its content; films that
share a section share the entry. A film is a folder with files that the caller adds and
``film.json``, which names the sections once all are there.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import logging
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import cairo

from cnnviz.cache.keys import code_version, digest
from cnnviz.cache.store import Cache, remove, touch
from cnnviz.errors import UserError
from cnnviz.rendering.encoder import complete_sections, segment_path
from cnnviz.rendering.joining import join
from cnnviz.rendering.settings import FilmSettings
from cnnviz.rendering.timing import FilmTiming, SectionTiming
from cnnviz.whole_file import whole_file

LOG = logging.getLogger(__name__)

INDEX = "film.json"


class CachedFilm(NamedTuple):
    """A film all of whose files are there.

    Attributes
    ----------
    timing
        Its sections.
    notes
        What was kept with it: any JSON.
    """

    timing: FilmTiming
    notes: Any


class FilmShelf:
    """Where one film and its sections are kept.

    A cache that cannot be written to is as good as an empty one: nothing here fails for it.

    Parameters
    ----------
    cache
        The cache.
    material
        What decides the film's pictures, apart from what follows:
        what :func:`cnnviz.cache.keys.digest` takes.
    settings
        Size, frame rate, encoding and background.
    *packages
        Packages whose source counts besides cnnviz's own.
    shared
        What decides the pictures of this and of other films that may have sections in common.
    """

    def __init__(
        self,
        cache: Cache,
        material: Mapping[str, object],
        settings: FilmSettings,
        *packages: str,
        shared: Mapping[str, object] | None = None,
    ) -> None:
        drawn_by = (code_version(*packages), cairo.cairo_version_string())
        self._base = digest({"shared": shared, "settings": settings, "drawn_by": drawn_by})
        self._keys: list[str] | None = None
        self.cache = cache
        self.folder = cache.entry("films", digest([self._base, material]))

    def name_sections(self, materials: Sequence[object]) -> None:
        """Say what, besides what films share, decides the pictures of each section.

        Without that they are this film's own.
        """
        self._keys = [digest([self._base, material]) for material in materials]

    def _key_of(self, section: int) -> str:
        if self._keys is None:
            return digest([self.folder.name, section])
        return self._keys[section]

    def kept_sections(self) -> dict[str, Path]:
        """Return the files of all sections of all films, by key."""
        folder = self.cache.entry("sections", "")
        return {path.name.partition("-")[0]: path for path in folder.glob("[!.]*.mp4")}

    def fetch(self, target: Path, count: int) -> list[int]:
        """Put those of the film's `count` sections that are there into a folder as well.

        Returns
        -------
        list of int
            Their numbers.
        """
        fetched = []
        kept = self.kept_sections()
        for section in range(count):
            file, segment = kept.get(self._key_of(section)), segment_path(target, section)
            if file is None:
                continue
            with suppress(OSError):  # another process may just be clearing up
                _link(file, segment)
                if _is_whole(file):
                    fetched.append(section)
                    touch(file)
                else:
                    remove(segment)
                    remove(file)
        touch(self.folder)
        return fetched

    def keep(self, source: Path) -> None:
        """Keep all sections that are complete in a folder."""
        kept = self.kept_sections()
        for section in complete_sections(source):
            key = self._key_of(section)
            if key not in kept:
                segment = segment_path(source, section)
                name = f"{key}-{_digest_of(segment)}.mp4"
                self._put(segment, self.cache.entry("sections", name), _link)

    def add(self, file: Path, name: str) -> None:
        """Keep a copy of a file that is not the cache's own, unless there is one."""
        self._put(file, self.folder / name, shutil.copyfile)

    def _put(self, file: Path, kept: Path, move: Callable[[Path, Path], object]) -> None:
        if kept.exists():
            return
        try:
            with whole_file(kept) as unfinished:
                unfinished.unlink()
                move(file, unfinished)
        except (OSError, UserError) as error:
            LOG.info("%s is not kept: %s", file.name, error)

    def finish(self, timing: FilmTiming, notes: Any = None) -> None:
        """Note that all files are there, and what else is to be known about the film."""
        try:
            kept = self.kept_sections()
            keys = map(self._key_of, range(len(timing.sections)))
            content = {
                "timing": dataclasses.asdict(timing),
                "notes": notes,
                "files": {path.name: _digest_of(path) for path in self._files()},
                "sections": [kept[key].name for key in keys],
            }
            with whole_file(self.folder / INDEX) as unfinished:
                unfinished.write_text(json.dumps(content), encoding="utf-8")
        except (OSError, UserError) as error:
            LOG.info("the film is not kept: %s", error)
        except KeyError:
            LOG.info("the film is not kept: its sections are not there any more")

    def finished(self) -> CachedFilm | None:
        """Return the film if all of it is there and as it was; remove what is damaged."""
        try:
            content = json.loads((self.folder / INDEX).read_text(encoding="utf-8"))
            timing = content["timing"]
            sections = tuple(SectionTiming(**section) for section in timing["sections"])
            film = CachedFilm(FilmTiming(timing["frame_rate"], sections), content["notes"])
            names = content["sections"]
            files = [self.cache.entry("sections", name) for name in names]
            damaged = [path for path in files if not _is_whole(path)]
            damaged += [
                self.folder / name
                for name, expected in content["files"].items()
                if not _has_digest(self.folder / name, expected)
            ]
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            damaged = [self.folder / INDEX]
        if damaged:
            LOG.info("a damaged cache entry is mended: %s", damaged[0].name)
            for path in (*damaged, self.folder / INDEX):
                remove(path)
            return None
        self._keys = [name.partition("-")[0] for name in names]
        touch(self.folder)
        return film

    def write_film(self, output: Path, timing: FilmTiming, *, chapters: bool = True) -> bool:
        """Write a finished film without making its scene.

        Parameters
        ----------
        output, chapters
            As for :func:`cnnviz.rendering.film.record_film`.
        timing
            What :meth:`finished` says.

        Returns
        -------
        bool
            False, and nothing is written, if another process has just removed a section.
        """
        with self.cache.work_folder() as folder:
            if len(self.fetch(folder, len(timing.sections))) < len(timing.sections):
                return False
            with whole_file(output) as unfinished:
                join(folder, unfinished, timing, chapters)
        return True

    def _files(self) -> list[Path]:
        """Return what has been added."""
        return [path for path in self.folder.glob("[!.]*") if path.name != INDEX]


def _link(source: Path, target: Path) -> None:
    """Give a file a second name; where the disk has no such thing, copy it."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copy2(source, target)


def _is_whole(section: Path) -> bool:
    """Return whether a section's file is what its name says."""
    return _has_digest(section, section.stem.partition("-")[2])


def _has_digest(path: Path, expected: str) -> bool:
    return path.is_file() and _digest_of(path) == expected


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
