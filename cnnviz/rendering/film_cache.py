"""The encoded sections of films, kept so that what did not change is not rendered again.

A key is a digest of everything that decides pixels: what the caller names (a scene's own code
and words among it), the film's settings, and the code and libraries that draw. Mobjects are
never looked at. Each section is an entry of its own, an MP4; films that share a section share
the entry. A film is an entry that names its sections once all are there, and one for each file
that the caller adds.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import cairo

from cnnviz.cache.code import shared_code
from cnnviz.cache.keys import digest
from cnnviz.cache.store import Cache, Kind
from cnnviz.rendering.encoded_film import EncodedFilm, Write, write_mp4
from cnnviz.rendering.encoder import complete_sections, section_still, segment_path
from cnnviz.rendering.settings import FilmSettings
from cnnviz.rendering.timing import FilmTiming, SectionTiming
from cnnviz.system.atomic_write import atomic_write
from cnnviz.system.scratch import scratch_folder

LOG = logging.getLogger(__name__)

KEEPING_INTERVAL = 1.0
"""Seconds between looks for sections that have become complete."""


class CachedFilm(NamedTuple):
    """A film that was finished.

    Attributes
    ----------
    timing
        Its sections.
    notes
        What was kept with it: any JSON.
    """

    timing: FilmTiming
    notes: Any


class FilmCache:
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
    shared
        What decides the pictures of this and of other films that may have sections in common.

    Attributes
    ----------
    cache
        As given.
    key
        The film's.
    """

    def __init__(
        self,
        cache: Cache,
        material: Mapping[str, object],
        settings: FilmSettings,
        shared: Mapping[str, object] | None = None,
    ) -> None:
        renderer = (shared_code(), cairo.cairo_version_string())
        self._base = digest({"shared": shared, "settings": settings, "renderer": renderer})
        self._keys: list[str] | None = None
        self._there: set[str] = set()
        self.cache = cache
        self.key = digest([self._base, material])

    def name_sections(self, materials: Sequence[object]) -> None:
        """Say what, besides what films share, decides the pictures of each section.

        Without that they are this film's own.
        """
        self._keys = [digest([self._base, material]) for material in materials]

    def _key_of(self, section: int) -> str:
        if self._keys is None:
            return digest([self.key, section])
        return self._keys[section]

    def fetch(self, target: Path, sections: Sequence[int]) -> list[int]:
        """Put copies of those of the film's sections that are there into a folder.

        Returns
        -------
        list of int
            Their numbers.
        """
        fetched = [section for section in sections if self._fetch(target, section)]
        self._there = {self._key_of(section) for section in fetched}
        return fetched

    def _fetch(self, target: Path, section: int) -> bool:
        """Put a section and its still into a folder; return whether both were there."""
        key, segment = self._key_of(section), segment_path(target, section)
        still = section_still(target, section)
        if self._copy(Kind.STILL, key, still):
            return self._copy(Kind.SECTION, key, segment)
        return False

    def keep(self, source: Path) -> None:
        """Keep all sections that are complete in a folder and are not in the cache yet."""
        self._keep(source)
        self.cache.prune()

    def keeping(
        self, source: Path, on_frame: Callable[[int], None] | None
    ) -> Callable[[int], None]:
        """Return what, called after each frame, keeps sections as soon as they are complete.

        So they are there even if this process is killed.

        Parameters
        ----------
        source
            The folder in which they get complete.
        on_frame
            Is called as well.
        """
        looked = time.monotonic()

        def look(frame: int) -> None:
            nonlocal looked
            if on_frame is not None:
                on_frame(frame)
            if time.monotonic() - looked > KEEPING_INTERVAL:
                self._keep(source)
                looked = time.monotonic()

        return look

    def _keep(self, source: Path) -> None:
        for section in complete_sections(source):
            key = self._key_of(section)
            if key not in self._there:
                still = section_still(source, section).read_bytes()
                self.cache.put(Kind.STILL, key, still)  # first: a section is of no use without
                self.cache.put(Kind.SECTION, key, segment_path(source, section).read_bytes())
                self._there.add(key)

    def add(self, file: Path, name: str) -> None:
        """Keep a copy of a file that belongs to the film."""
        self.cache.put(Kind.COMPANION, self._key_of_companion(name), file.read_bytes())

    def fetch_added(self, name: str, target: Path) -> bool:
        """Write a copy of what was added under a name; return whether it was there."""
        return self._copy(Kind.COMPANION, self._key_of_companion(name), target)

    def finish(
        self, timing: FilmTiming, notes: Any = None, sections: Sequence[int] | None = None
    ) -> None:
        """Note that all files are there, and what else is to be known about the film.

        Parameters
        ----------
        timing
            As :func:`cnnviz.rendering.film.record_film` returns it.
        notes
            Any JSON.
        sections
            The numbers of the sections that make it; by default all.
        """
        numbers = range(len(timing.sections)) if sections is None else sections
        keys = [self._key_of(section) for section in numbers]
        content = {"timing": dataclasses.asdict(timing), "notes": notes, "sections": keys}
        self.cache.put(Kind.FILM, self.key, json.dumps(content).encode())

    def finished(self) -> CachedFilm | None:
        """Return the film if it was finished; its files may be damaged or gone by now."""
        kept = self.cache.get(Kind.FILM, self.key)
        if kept is None:
            return None
        content = json.loads(kept)
        self._keys = content["sections"]
        timing = content["timing"]
        sections = tuple(SectionTiming(**section) for section in timing["sections"])
        return CachedFilm(FilmTiming(timing["frame_rate"], sections), content["notes"])

    def write_film(
        self, output: Path, timing: FilmTiming, settings: FilmSettings, write: Write = write_mp4
    ) -> bool:
        """Write a finished film without making its scene.

        Parameters
        ----------
        output, settings, write
            As for :func:`cnnviz.rendering.film.record_film`.
        timing
            What :meth:`finished` says.

        Returns
        -------
        bool
            False, and nothing is written, if a section is damaged or gone.
        """
        numbers = range(len(timing.sections))
        with scratch_folder() as folder:
            if len(self.fetch(folder, numbers)) < len(numbers):
                return False
            with atomic_write(output) as unfinished:
                write(encoded_film(folder, numbers, timing, settings), unfinished)
        return True

    def _key_of_companion(self, name: str) -> str:
        return digest([self.key, name])

    def _copy(self, kind: Kind, key: str, target: Path) -> bool:
        """Write what is kept to a file, if it is whole and there is room for it."""
        content = self.cache.get(kind, key)
        if content is None:
            return False
        try:
            target.write_bytes(content)
        except OSError as error:
            LOG.info("%s cannot be taken from the cache: %s", target.name, error.strerror)
            target.unlink(missing_ok=True)
            return False
        return True


def encoded_film(
    folder: Path, sections: Sequence[int], timing: FilmTiming, settings: FilmSettings
) -> EncodedFilm:
    """Return the film whose sections lie, by their numbers, in a folder."""
    return EncodedFilm(
        tuple(segment_path(folder, section) for section in sections),
        tuple(section_still(folder, section) for section in sections),
        timing,
        settings,
    )
