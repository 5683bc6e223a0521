"""The encoded sections of films, kept so that what did not change is not rendered again.

A film's key is a digest of everything that decides its pixels: what the caller names (scene,
parameters, trace, theme, words), the film's settings, and the code and libraries that draw.
Mobjects are never looked at. Its entry is a folder: one MP4 per section, files that the
caller adds, and ``film.json``, with a digest of each, once all are there.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import logging
import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import av
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
    """Where the sections of one film are kept.

    A cache that cannot be written to is as good as an empty one: nothing here fails for it.

    Parameters
    ----------
    cache
        The cache.
    material
        All that decides the film's pictures, apart from settings, code and libraries:
        what :func:`cnnviz.cache.keys.digest` takes.
    settings
        Size, frame rate, encoding and background.
    packages
        Packages whose source counts besides cnnviz's own.
    """

    def __init__(
        self,
        cache: Cache,
        material: Mapping[str, object],
        settings: FilmSettings,
        *packages: str,
    ) -> None:
        drawn_by = (code_version(*packages), cairo.cairo_version_string())
        key = digest({"material": material, "settings": settings, "drawn_by": drawn_by})
        self.cache = cache
        self.folder = cache.entry("films", key)

    def fetch(self, target: Path) -> list[int]:
        """Put all sections that are there into a folder as well; return their numbers."""
        fetched = []
        for section in complete_sections(self.folder):
            segment = segment_path(target, section)
            with suppress(OSError):  # another process may just be clearing up
                _link(segment_path(self.folder, section), segment)
                if _can_be_read(segment):
                    fetched.append(section)
                else:
                    segment.unlink()
                    segment_path(self.folder, section).unlink()
        touch(self.folder)
        return fetched

    def keep(self, source: Path) -> None:
        """Keep all sections that are complete in a folder."""
        for section in complete_sections(source):
            segment = segment_path(source, section)
            self._put(segment, segment.name, _link)

    def add(self, file: Path, name: str) -> None:
        """Keep a copy of a file that is not the cache's own, unless there is one."""
        self._put(file, name, shutil.copyfile)

    def _put(self, file: Path, name: str, move: Callable[[Path, Path], object]) -> None:
        kept = self.folder / name
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
            files = {path.name: _digest_of(path) for path in self._files()}
            content = {"timing": dataclasses.asdict(timing), "notes": notes, "files": files}
            with whole_file(self.folder / INDEX) as unfinished:
                unfinished.write_text(json.dumps(content), encoding="utf-8")
        except (OSError, UserError) as error:
            LOG.info("the film is not kept: %s", error)

    def finished(self) -> CachedFilm | None:
        """Return the film if all of it is there and as it was; remove what is damaged."""
        try:
            content = json.loads((self.folder / INDEX).read_text(encoding="utf-8"))
            timing = content["timing"]
            sections = tuple(SectionTiming(**section) for section in timing["sections"])
            film = CachedFilm(FilmTiming(timing["frame_rate"], sections), content["notes"])
            damaged = [path for path in self._named_in(content) if not path.is_file()]
            damaged += [path for path in self._files() if not self._is_whole(path, content)]
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            damaged = [self.folder / INDEX]
        if damaged:
            LOG.info("a damaged cache entry is mended: %s", damaged[0].name)
            for path in (*damaged, self.folder / INDEX):
                remove(path)
            return None
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
            if len(self.fetch(folder)) < len(timing.sections):
                return False
            with whole_file(output) as unfinished:
                join(folder, unfinished, timing, chapters)
        return True

    def _named_in(self, content: dict[str, Any]) -> list[Path]:
        return [self.folder / name for name in content["files"]]

    def _is_whole(self, path: Path, content: dict[str, Any]) -> bool:
        expected: str | None = content["files"].get(path.name)
        return _digest_of(path) == expected

    def _files(self) -> list[Path]:
        return [
            path
            for path in sorted(self.folder.iterdir())
            if path.name != INDEX and not path.name.startswith(".")
        ]


def _link(source: Path, target: Path) -> None:
    """Give a file a second name; where the disk has no such thing, copy it."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copy2(source, target)


def _can_be_read(segment: Path) -> bool:
    try:
        with av.open(str(segment)) as film:
            return bool(film.streams.video[0].frames)
    except (av.FFmpegError, IndexError):
        return False


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
