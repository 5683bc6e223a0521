"""The cache folder: entries of several kinds that together never outgrow a limit."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

LOG = logging.getLogger(__name__)

LIMIT = 2 * 2**30
"""Bytes a cache may take by default."""

FOLDER_VARIABLE = "CNNVIZ_CACHE_DIR"
"""The environment variable that names another folder."""

WORK_PREFIX = "work-"
OLD_WORK = 24 * 3600
"""Seconds after which a folder of unfinished work has surely been left by a killed process."""


class Cache:
    """A folder of entries; when it holds too much, those not used for the longest time go.

    An entry is a file or a folder named after its key, in a folder named after its kind.
    Several processes may use a cache at once: entries appear whole, and whoever loses one to
    another process's tidying up makes it again.

    Parameters
    ----------
    folder
        Where it lies, by default where the system keeps caches; made when first needed.
    limit
        Bytes.

    Attributes
    ----------
    folder, limit
        As given.
    """

    def __init__(self, folder: Path | None = None, limit: int = LIMIT) -> None:
        self.folder = default_folder() if folder is None else folder
        self.limit = limit

    def entry(self, kind: str, key: str) -> Path:
        """Return the place of an entry, whether there is one or not."""
        return self.folder / kind / key

    def kinds(self) -> dict[str, list[Path]]:
        """Return the places of all entries by kind."""
        return {
            kind.name: _children(kind)
            for kind in sorted(_children(self.folder))
            if not kind.name.startswith(WORK_PREFIX)
        }

    def entries(self) -> list[Path]:
        """Return the places of all entries, the one used last at the end."""
        return sorted(chain(*self.kinds().values()), key=_last_use)

    def size(self) -> int:
        """Return the bytes in use."""
        return sum(map(size_of, self.entries()))

    def clear(self) -> int:
        """Remove all entries and return how many bytes that freed."""
        freed = self.size()
        for entry in self.entries():
            remove(entry)
        return freed

    def prune(self) -> None:
        """Remove the entries not used for the longest time until the limit is kept."""
        sizes = {entry: size_of(entry) for entry in self.entries()}
        total = sum(sizes.values())
        for entry, size in sizes.items():
            if total <= self.limit:
                break
            remove(entry)
            total -= size

    @contextmanager
    def work_folder(self) -> Iterator[Path]:
        """Give a temporary folder, on the cache's disk if that can be; prune afterwards."""
        with ExitStack() as stack:
            try:
                self._remove_old_work()
                self.folder.mkdir(parents=True, exist_ok=True)
                temporary = TemporaryDirectory(prefix=WORK_PREFIX, dir=self.folder)
            except OSError as error:
                LOG.info("the cache %s cannot be used: %s", self.folder, error.strerror)
                temporary = TemporaryDirectory(prefix="cnnviz-")
            stack.callback(self.prune)
            yield Path(stack.enter_context(temporary))

    def _remove_old_work(self) -> None:
        for left in self.folder.glob(f"{WORK_PREFIX}*"):
            if time.time() - _last_use(left) > OLD_WORK:
                remove(left)


def default_folder() -> Path:
    """Return where the user wants caches: ``CNNVIZ_CACHE_DIR``, or the system's place."""
    if named := os.environ.get(FOLDER_VARIABLE):
        return Path(named)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "cnnviz"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cnnviz"


def size_of(entry: Path) -> int:
    """Return the bytes of an entry; 0 if it is gone."""
    size = 0
    for path in (entry, *_children(entry)):
        with suppress(OSError):
            size += path.stat().st_size if path.is_file() else 0
    return size


def touch(entry: Path) -> None:
    """Note that an entry has been used."""
    with suppress(OSError):
        os.utime(entry)


def remove(entry: Path) -> None:
    """Remove an entry, if it is there."""
    if entry.is_dir():
        shutil.rmtree(entry, ignore_errors=True)
    else:
        with suppress(OSError):
            entry.unlink()


def _children(folder: Path) -> list[Path]:
    with suppress(OSError):
        return list(folder.iterdir())
    return []


def _last_use(entry: Path) -> float:
    with suppress(OSError):
        return entry.stat().st_mtime
    return 0.0
