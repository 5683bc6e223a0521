"""Reading what users name: ordinary files only, and never more of one than is sensible.

A pipe or a device might never end, or wait for ever; some of those say that they are files.
"""

from __future__ import annotations

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path

from cnnviz.errors import UserError


def open_ordinary(path: Path, *, follow_links: bool = True) -> BufferedReader:
    """Open an ordinary file to read bytes, and never wait for anything else.

    Raises
    ------
    OSError
        If it cannot be opened, or is a folder, a pipe or a device; or a link, unless links are
        followed.
    """
    more = os.O_NONBLOCK | (0 if follow_links else os.O_NOFOLLOW)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | more)
    except ValueError:  # a zero byte in the name
        raise OSError(errno.EINVAL, "there can be no file of that name", str(path)) from None
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        what = "it is a folder" if stat.S_ISDIR(mode) else "it is not an ordinary file"
        raise OSError(errno.EINVAL, what, str(path))
    return open(descriptor, "rb")


def read_bounded(path: Path, at_most: int) -> bytes:
    """Return what an ordinary file holds.

    Parameters
    ----------
    path
        The file.
    at_most
        Bytes; of a larger one nothing is taken.

    Raises
    ------
    UserError
        If it cannot be read, is not an ordinary file, or is too large.
    """
    try:
        with open_ordinary(path) as file:
            size = os.fstat(file.fileno()).st_size
            content = b"" if size > at_most else file.read(at_most + 1)
    except OSError as error:
        raise UserError(f'cannot read "{path}": {error.strerror}') from None
    if size > at_most or len(content) > at_most:
        raise UserError(
            f'"{path}" has {max(size, len(content)):,} bytes; at most {at_most:,} are read'
        )
    return content


def read_text(path: Path, at_most: int) -> str:
    """Return the text in an ordinary file of UTF-8.

    Raises
    ------
    UserError
        If :func:`read_bounded` raises it, or the file is not UTF-8; the message names the line.
    """
    try:
        return read_bounded(path, at_most).decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise UserError(f"{path}:{line}: this is not UTF-8") from None
