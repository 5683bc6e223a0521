"""Records: what the cache keeps in a file, with a digest that tells damage.

A record is one line, ``cnnviz record 1 DIGEST``, and then the content. The digest is over kind,
key and content, so a record under another's name counts as damaged too.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from cnnviz.system.ordinary_files import open_ordinary

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
    with open_ordinary(path, follow_links=False) as file:
        return file.read(size)


def _header(kind: str, key: str, content: bytes) -> bytes:
    hashed = hashlib.sha256(f"{kind}/{key}\n".encode())
    hashed.update(content)
    return MAGIC + VERSION + hashed.hexdigest().encode() + b"\n"
