"""Disks that are full, read-only or out of bounds: whose fault that is, and in what words."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cnnviz.errors import UserError
from cnnviz.system.scratch_names import outside_scratch

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system says where there is no room."""

THE_USERS = (
    *FULL,
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENAMETOOLONG,
    errno.ELOOP,
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOMEM,
    errno.EIO,
    errno.ESTALE,
    errno.ENOTDIR,
    errno.EISDIR,
)
"""What is wrong with the machine, a disk or a permission, and not with cnnviz."""

MEBIBYTE = 2**20

LIBAVS_PREFIX = "file:"
"""Before the name of a file that libav opens, and in what it says of one."""


def cannot_write(path: Path, error: OSError) -> UserError:
    """Return the line that says that something cannot be written, and what to do."""
    reason = error.strerror or str(error) or type(error).__name__
    if error.errno in FULL and (file := _file_of(error)) is not None:
        path = file.parent  # a library's own file is what it was at
    path = outside_scratch(path)
    if error.errno in FULL:
        reason += ", so make room there, or choose another place"
        if path.is_relative_to(os.environ.get("TMPDIR") or "/tmp"):
            reason += " (TMPDIR says where temporary files go)"
    return UserError(f'cannot write "{path}": {reason}')


@contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Name the folder if the block, which does much else, too, finds no room in it."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise cannot_write(folder, error) from None


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn an OSError of the block, which writes to a file or folder, into one line about it."""
    try:
        yield
    except OSError as error:
        raise cannot_write(path, error) from None


def in_one_line(error: OSError) -> str | None:
    """Return what is wrong with a disk or a permission; None if cnnviz is to blame."""
    if error.errno not in THE_USERS:
        return None
    file = _file_of(error)
    place = "" if file is None else f' "{outside_scratch(file)}"'
    reason = f"{error.strerror}{':' if place else ''}{place}"
    if error.errno in FULL:
        return f"{reason}: make room, or choose another place (TMPDIR for temporary files)"
    return f"{reason}: give what may be read and written, or choose another place"


def _file_of(error: OSError) -> Path | None:
    """Return the file that an error is about, if it says so: of a copy, what was written."""
    file = error.filename if error.filename2 is None else error.filename2
    if not isinstance(file, str | bytes):
        return None
    return Path(os.fsdecode(file).removeprefix(LIBAVS_PREFIX))


def require_room(folder: Path, size: int, what: str) -> None:
    """Raise a UserError if a disk has less room than is needed.

    Parameters
    ----------
    folder
        Lies on the disk.
    size
        Bytes that are needed at the least.
    what
        They are needed for.
    """
    with suppress(OSError):  # a disk that does not say
        free = shutil.disk_usage(folder).free
        if free < size:
            raise UserError(
                f'there is no room in "{outside_scratch(folder)}" for {what}: {_mebibytes(size)} '
                f"are needed at the least, and {_mebibytes(free)} are free"
            )


def _mebibytes(size: int) -> str:
    return f"{size / MEBIBYTE:,.1f} MiB"
