"""Records: what the cache keeps in a file, with a digest that tells damage.

A record is one line, ``cnnviz record 1 DIGEST``, and then the content. The digest is over kind,
key and content, so a record under another's name counts as damaged too.
"""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from pathlib import Path

MAGIC = b"cnnviz record "
"""How records of all versions begin."""

VERSION = b"1 "
DIGEST_SIZE = 64
HEADER_SIZE = len(MAGIC + VERSION) + DIGEST_SIZE + 1


def sealed(kind: str, key: str, content: bytes) -> bytes:
    """Return the record of a content."""
    return _header(kind, key, content) + content


def content_of(kind: str, key: str, record: bytes) -> bytes | None:
    """Return what was sealed under a kind and a key; None if the record is damaged."""
    content = record[HEADER_SIZE:]
    return content if record[:HEADER_SIZE] == _header(kind, key, content) else None


def is_record(path: Path) -> bool:
    """Return whether a file is a record, perhaps a damaged or unfinished one."""
    with suppress(OSError):
        return read_ordinary(path, len(MAGIC)) == MAGIC
    return False


def read_ordinary(path: Path, size: int = -1) -> bytes:
    """Return the start of a file, or all of it, and never wait for a pipe or a device.

    Raises
    ------
    OSError
        If it cannot be read, or is a link or anything else but an ordinary file.
    """
    with open(path, "rb", opener=_open_without_waiting) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(None, "it is not an ordinary file")
        return file.read(size)


def _open_without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _header(kind: str, key: str, content: bytes) -> bytes:
    hashed = hashlib.sha256(f"{kind}/{key}\n".encode())
    hashed.update(content)
    return MAGIC + VERSION + hashed.hexdigest().encode() + b"\n"
