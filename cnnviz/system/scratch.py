"""Scratch folders: the user's alone, gone at the end, and swept if their process was killed.

Such a folder has a name that nobody can guess, is readable by the user only, and holds a file
`lock` that its process keeps locked for as long as it lives. The system gives that lock back
however the process ends, so the next one knows what a dead one left. Process numbers would not
tell: containers that share a disk count them anew.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from cnnviz.errors import UserError
from cnnviz.system.disk import cannot_write
from cnnviz.system.scratch_names import MARK, NAME, shortened

LOCK = "lock"
SIGNATURE = "cnnviz scratch folder: its process holds a lock on this file for as long as it lives\n"
SECONDS_TO_SIGN = 60
"""A folder without signature that is older has lost its process while it was made."""

READY = "ready"
"""A file in such a folder that says: what is here is finished, and only needs to be moved."""

Rescue = Callable[[Path], bool]
"""Told of a dead process's folder that is ready; returns whether it may be removed by now."""


@contextmanager
def scratch_folder(beside: Path | None = None) -> Iterator[Path]:
    """Give an empty folder, which goes at the end; what dead processes left goes first.

    Parameters
    ----------
    beside
        A file on whose disk, and in whose folder, it is to lie; it is hidden then. By default
        it lies where the system wants temporary files.

    Raises
    ------
    UserError
        If it cannot be made; the message names where.
    """
    parent, prefix = _temporary_files() if beside is None else beside.parent, MARK
    if beside is not None:
        prefix = f".{shortened(beside.stem)}.{MARK}"
    sweep_once(parent)
    try:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    except OSError as error:
        raise cannot_write(beside or parent, error) from None
    try:
        with _locked(folder):
            yield folder
    finally:
        _remove(folder)


def keep(folder: Path) -> None:
    """Let a scratch folder stay where it is, and be nobody's: there is something in it to keep."""
    (folder / LOCK).unlink(missing_ok=True)


@cache
def sweep_once(parent: Path) -> None:
    """Sweep a folder if this process has not done so before."""
    sweep(parent)


def sweep(parent: Path, rescue: Rescue | None = None) -> None:
    """Remove the scratch folders in a folder whose processes are dead.

    Only folders of this user are touched that carry name and signature of ours. What was ready
    is left to those who know where it belongs.
    """
    with suppress(OSError), os.scandir(parent) as entries:
        found = [Path(entry) for entry in entries if NAME.fullmatch(entry.name)]
        for folder in found:
            with suppress(OSError):
                _sweep(folder, rescue)


def _sweep(folder: Path, rescue: Rescue | None) -> None:
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
        return
    try:
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        if _is_old(status):
            folder.rmdir()  # fails if it holds anything, which is not ours then
        return
    with open(descriptor, encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # fails if its process is alive
        signature = lock.read(len(SIGNATURE) + 1)
        if signature == SIGNATURE:
            is_ready = (folder / READY).exists()
            if not is_ready or (rescue is not None and rescue(folder)):
                _remove(folder)
        elif not signature and _is_old(status) and os.listdir(folder) == [LOCK]:
            _remove(folder)


def _is_old(status: os.stat_result) -> bool:
    return time.time() - status.st_mtime > SECONDS_TO_SIGN


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock that says that this process is alive."""
    try:
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise cannot_write(folder, error) from None
    with open(descriptor, "w", encoding="utf-8") as lock:
        with suppress(OSError):  # a disk without locks: nobody else gets it, so nothing is swept
            fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            lock.write(SIGNATURE)
            lock.flush()
        except OSError as error:
            raise cannot_write(folder, error) from None
        yield


def _remove(folder: Path) -> None:
    """Remove a folder, its lock last: what is interrupted here is still known as ours."""
    if not (folder / LOCK).exists():
        with suppress(OSError):
            folder.rmdir()
        return
    with suppress(OSError):
        for path in folder.iterdir():
            if path.name == LOCK:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def _temporary_files() -> Path:
    """Return where the system wants temporary files."""
    try:
        return Path(tempfile.gettempdir())
    except FileNotFoundError as error:
        raise UserError(
            f"{error.strerror}: make room in one of them, or set TMPDIR to a folder with room"
        ) from None
