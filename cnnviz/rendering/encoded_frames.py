"""What a film's frames are, by digests of them as they are encoded.

Decoding H.264 is exact: the same encoded frames are the same pixels, with every decoder. So a
digest of them stands for the pixels, and costs no decoding while a film is made.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np
import numpy.typing as npt
from av.video.stream import VideoStream

from cnnviz.errors import UserError
from cnnviz.rendering.media_files import libav_name


class DecodedFilm(NamedTuple):
    """What a film turned out to be."""

    width: int
    height: int
    frames: int


def frame_digests(film: Path, first_frames: Sequence[int]) -> list[str]:
    """Return a digest of the encoded frames of each part of a film.

    Parameters
    ----------
    film
        The film.
    first_frames
        The number of the first frame of each part, rising.

    Raises
    ------
    UserError
        If it is no film that can be read.
    """
    hashes = [hashlib.sha256() for _ in first_frames]
    with _opened(film) as container, _damage_named(film):
        stream = container.streams.video[0]
        extra = bytes(stream.codec_context.extradata or b"")
        frames_per_tick = _frames_per_tick(stream)
        for packet in container.demux(stream):
            if packet.pts is None:
                continue  # the demuxer's mark for the end
            number = round(packet.pts * frames_per_tick)
            part = bisect_right(first_frames, number) - 1
            if part >= 0:
                hashes[part].update(f"{number - first_frames[part]}\n".encode())
                hashes[part].update(bytes(packet))
    return [hashlib.sha256(extra + each.digest()).hexdigest() for each in hashes]


def decode(film: Path) -> DecodedFilm:
    """Decode all of a film.

    Raises
    ------
    UserError
        If it cannot be decoded to its end.
    """
    width = height = count = 0
    for frame in _frames(film):
        width, height, count = frame.width, frame.height, count + 1
    return DecodedFilm(width, height, count)


def first_difference(film: Path, other: Path) -> int | None:
    """Return the number of the first frame whose pixels differ; None if there is none.

    Raises
    ------
    UserError
        If one of them cannot be decoded.
    """
    for number, (one, two) in enumerate(zip_longest(_frames(film), _frames(other))):
        if one is None or two is None or not np.array_equal(_planes(one), _planes(two)):
            return number
    return None


def _planes(frame: av.VideoFrame) -> npt.NDArray[Any]:
    return frame.to_ndarray()


def _frames(film: Path) -> Iterator[av.VideoFrame]:
    with _opened(film) as container, _damage_named(film):
        stream = container.streams.video[0]
        stream.codec_context.options = {"err_detect": "explode"}
        yield from container.decode(stream)


def _opened(film: Path) -> av.container.InputContainer:
    try:
        container = av.open(libav_name(film))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError(f'cannot read the film "{film}": {reason}') from None
    if not container.streams.video:
        container.close()
        raise UserError(f'"{film}" is no film: there is no video in it')
    return container


@contextmanager
def _damage_named(film: Path) -> Iterator[None]:
    """Turn what libav raises in the block into one line about the film."""
    try:
        yield
    except av.FFmpegError as error:
        raise UserError(f'the film "{film}" is damaged: {error.strerror}') from None


def _frames_per_tick(stream: VideoStream) -> Fraction:
    assert stream.time_base is not None
    assert stream.average_rate is not None
    return stream.time_base * stream.average_rate
