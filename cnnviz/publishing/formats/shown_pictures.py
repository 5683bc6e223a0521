"""The pictures of an animated image: as they are encoded, and as Pillow decodes them."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from cnnviz.errors import UserError

ROUNDING = 10
"""Milliseconds by which a picture may come too soon: GIF counts in hundredths of a second."""


class ShownPicture(NamedTuple):
    """A picture, and when it is shown.

    Attributes
    ----------
    start
        Milliseconds from the beginning.
    content
        As it is encoded, or its pixels.
    """

    start: int
    content: bytes


def digests(pictures: Iterable[ShownPicture], starts: Sequence[float]) -> list[str]:
    """Return a digest of the pictures of each part of a film.

    Parameters
    ----------
    pictures
        Those of the film, in their order.
    starts
        When each part begins, in milliseconds.
    """
    hashes = [hashlib.sha256() for _ in starts]
    for start, content in pictures:
        part = bisect_right(starts, start + ROUNDING) - 1
        if part >= 0:
            hashes[part].update(f"{start} {len(content)}\n".encode())
            hashes[part].update(content)
    return [each.hexdigest() for each in hashes]


def decoded_pictures(path: Path, format_name: str) -> Iterator[ShownPicture]:
    """Give a file's pictures, decoded.

    Raises
    ------
    UserError
        If it cannot be decoded to its end.
    """
    try:
        with Image.open(path, formats=[format_name]) as file:
            start = 0
            for number in range(getattr(file, "n_frames", 1)):
                file.seek(number)
                yield ShownPicture(start, file.convert("RGBA").tobytes())
                start += int(file.info.get("duration", 0))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UserError(f'the film "{path}" is damaged: {error}') from None
