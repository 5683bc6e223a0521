"""The cache: records of several kinds that together never outgrow a limit."""

from __future__ import annotations

import logging
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from cnnviz.cache.folder import (
    NAME,
    PRIVATE,
    check_folder,
    default_place,
    is_folder,
    is_marked,
    make_folder,
)
from cnnviz.cache.records import content_of, is_record, read_ordinary, sealed
from cnnviz.errors import UserError
from cnnviz.system.atomic_write import atomic_write
from cnnviz.system.scratch import sweep

LOG = logging.getLogger(__name__)

LIMIT = 2 * 2**30
"""Bytes a cache may take by default."""

SHARE_BETWEEN_LOOKS = 16
"""A cache looks whether it has outgrown its limit each time that one in so many of it is new."""

ENTRY_NAME = re.compile(r"[0-9a-f]{32}")
"""The name of an entry's file: its key, a :func:`~cnnviz.cache.keys.digest`."""


class Kind(StrEnum):
    """What is kept; each kind has a folder of this name."""

    FILM = "films"
    SECTION = "sections"
    STILL = "stills"
    COMPANION = "companions"
    TRACE = "traces"
    SCENE = "scenes"
    WEIGHTS = "weights"


@dataclass(frozen=True)
class Entry:
    """A file of the cache's own.

    Attributes
    ----------
    kind
        What it holds.
    path
        Where it lies.
    size
        Bytes.
    last_use
        When it was used last, in seconds since the epoch.
    """

    kind: Kind
    path: Path
    size: int
    last_use: float

    def remove(self) -> bool:
        """Remove it, if it is still there; return whether it is gone."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError:
            return False
        return True


class Cache:
    """What was made, by kind and key; of too much, what was not used for the longest time goes.

    Nothing here fails for a cache that cannot be used, and a damaged entry is none. Several
    processes may use a cache at once: entries appear whole, and whoever loses one to another
    process's tidying up makes it again. What cnnviz did not write stays as it is, wherever it
    lies: only ordinary files are touched that have an entry's name and are records.

    Parameters
    ----------
    place
        The folder in which the cache has one of its own, by default where the user wants
        caches; both are made when first needed.
    limit
        Bytes.

    Attributes
    ----------
    folder
        The cache's own folder.
    limit
        As given.
    """

    def __init__(self, place: Path | None = None, limit: int = LIMIT) -> None:
        self.folder = (default_place() if place is None else place) / NAME
        self.limit = limit
        self._new = 0

    def get(self, kind: Kind, key: str) -> bytes | None:
        """Return what is kept under a key, exactly as it was put there; None if nothing is."""
        path = self._path(kind, key)
        if not self._is_usable or not is_folder(path.parent):
            return None
        try:
            content = content_of(kind, key, read_ordinary(path))
        except FileNotFoundError:
            return None
        except OSError as error:
            LOG.info("the cache's %s cannot be read: %s", path, error.strerror)
            return None
        with suppress(OSError):
            if content is not None:
                os.utime(path, follow_symlinks=False)
            else:
                LOG.info("the cache's %s is damaged and is made anew", path)
                path.unlink()
        return content

    def put(self, kind: Kind, key: str, content: bytes) -> None:
        """Keep something under a key, in place of what was kept there; or log why it cannot."""
        path = self._path(kind, key)
        if not self._is_usable:
            return
        try:
            path.parent.mkdir(mode=PRIVATE, exist_ok=True)
            if not is_folder(path.parent) or (os.path.lexists(path) and not _is_ordinary(path)):
                raise UserError("something else is in its place")
            with atomic_write(path) as unfinished:
                unfinished.write_bytes(sealed(kind, key, content))
        except (OSError, UserError) as error:
            LOG.info("the cache's %s is not kept: %s", path, error)
            return
        self._new += len(content)
        if self._new > self.limit // SHARE_BETWEEN_LOOKS:
            self.prune()

    def entries(self) -> list[Entry]:
        """Return all entries, the one used last at the end."""
        if not is_marked(self.folder):
            return []
        found = [entry for kind in Kind for entry in _entries_of(kind, self.folder / kind)]
        return sorted(found, key=lambda entry: entry.last_use)

    def size(self) -> int:
        """Return the bytes in use."""
        return sum(entry.size for entry in self.entries())

    def clear(self) -> int:
        """Remove all entries and return how many bytes that freed.

        Raises
        ------
        UserError
            If the folder is not the cache's, or something in it cannot be removed.
        """
        self.check()
        self._sweep()
        entries = self.entries()
        removed = [entry for entry in entries if entry.remove()]
        if len(removed) < len(entries):
            raise UserError(
                f"{len(entries) - len(removed)} of {len(entries)} files in the cache "
                f'"{self.folder}" could not be removed: give yourself the right to write there'
            )
        return sum(entry.size for entry in removed)

    def prune(self) -> None:
        """Remove the entries not used for the longest time until the limit is kept."""
        self._new = 0
        entries = self.entries()
        total = sum(entry.size for entry in entries)
        for entry in entries:
            if total <= self.limit:
                return
            if entry.remove():
                total -= entry.size

    def check(self) -> None:
        """Raise a UserError if there is something that cannot be used as the cache."""
        check_folder(self.folder)

    @cached_property
    def _is_usable(self) -> bool:
        """Whether entries can be kept: the folder is made now if need be."""
        try:
            make_folder(self.folder)
        except UserError as error:
            LOG.info("%s", error)
            return False
        return True

    def _path(self, kind: Kind, key: str) -> Path:
        return self.folder / kind / key

    def _sweep(self) -> None:
        """Remove what killed processes were writing."""
        if is_marked(self.folder):
            for folder in filter(is_folder, (self.folder / kind for kind in Kind)):
                sweep(folder)


def _entries_of(kind: Kind, folder: Path) -> Iterator[Entry]:
    if not is_folder(folder):
        return
    with suppress(OSError):
        for path in folder.iterdir():
            if not ENTRY_NAME.fullmatch(path.name):
                continue
            with suppress(OSError):  # another process may just be tidying up
                status = path.lstat()
                if is_record(path):
                    yield Entry(kind, path, status.st_size, status.st_mtime)


def _is_ordinary(path: Path) -> bool:
    with suppress(OSError):
        return stat.S_ISREG(path.lstat().st_mode)
    return False
