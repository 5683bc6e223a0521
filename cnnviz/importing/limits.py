"""How much an import reads: declared sizes are compared with these before memory is taken."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from cnnviz.errors import UserError
from cnnviz.network.limits import MAX_PARAMETERS

LARGEST_FILE = 2**30
"""Bytes of a file that is read: more than the most parameters take in single precision."""

LARGEST_TEXT = 16 * 2**20
"""Bytes of JSON or another text."""

MOST_NODES = 5_000
"""Nodes of a graph, constants included."""

LONGEST_QUOTE = 80
"""Characters of a file's own words that a message quotes."""


def read_whole(path: Path, largest: int = LARGEST_FILE) -> bytes:
    """Return an ordinary file's content.

    Raises
    ------
    UserError
        If it is no ordinary file, larger than that, or cannot be read.
    """
    try:
        if not path.is_file():
            raise UserError(f"'{path}' is no file")
        size = path.stat().st_size
        if size > largest:
            raise UserError(f"'{path.name}' has {size:,} bytes; at most {largest:,} are read")
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"cannot read '{path}': {error.strerror}") from None


def count_of(shape: Sequence[int], what: str) -> int:
    """Return how many numbers a tensor of a declared shape has.

    Raises
    ------
    UserError
        If a size is negative or there are more than any network may have.
    """
    if any(not isinstance(size, int) or isinstance(size, bool) or size < 0 for size in shape):
        raise UserError(f"{what} declares the shape {quote(list(shape))}")
    count = math.prod(shape)
    if count > MAX_PARAMETERS:
        raise UserError(
            f"{what} declares {count:,} numbers; at most {MAX_PARAMETERS:,} parameters are allowed"
        )
    return count


def quote(value: object) -> str:
    """Return a file's own words, or a value in it, as a message may quote them: short, one line."""
    text = value if isinstance(value, str) else repr(value)
    plain = "".join(letter if letter.isprintable() else "?" for letter in text)
    return plain if len(plain) <= LONGEST_QUOTE else plain[: LONGEST_QUOTE - 3] + "..."
