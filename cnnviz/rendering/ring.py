"""Pixels handed from the process that draws to the one that encodes, in shared memory."""

from __future__ import annotations

import mmap
import os
import tempfile
from collections import deque
from collections.abc import Sequence

import numpy as np

from cnnviz.arrays import ByteArray
from cnnviz.errors import UserError
from cnnviz.mobjects.viewport import Box
from cnnviz.rendering.boxes import area
from cnnviz.rendering.conversion import ConvertedArea, area_around

FRAMES, FEWEST = 3, 2
"""How many whole frames the ring has room for, and how many at least. Where little changes, it
holds a second of film, by which drawing gets ahead: some pictures take longer to draw, others to
encode."""

MEMORY = 32 * 2**20
"""Bytes that the ring may take, but never less than so many frames."""

BLOCK = 2**20
"""Bytes that are reserved at once where the system cannot reserve them itself."""


class Ring:
    """Memory through which the changed pixels of frames go, first in, first out.

    Both processes make a `Ring` over the same file descriptor. What lies where is told over a
    connection beside it; the ring itself only reads and writes pixels.

    Parameters
    ----------
    descriptor
        An open file descriptor, see :func:`shared_descriptor`.
    width, height
        Size of the frames in pixels.
    """

    def __init__(self, descriptor: int, width: int, height: int) -> None:
        self._memory = mmap.mmap(descriptor, ring_size(width, height))
        self._bytes = np.frombuffer(self._memory, np.uint8)

    def write(self, start: int, pixels: ByteArray, areas: Sequence[ConvertedArea]) -> None:
        """Copy the pixels of areas' sources to where :meth:`views` finds them.

        Parameters
        ----------
        start
            From which byte on; so many as :func:`byte_count` says are not read any more.
        pixels
            The frame, RGBA of shape (height, width, 4).
        areas
            What the other side converts: see :func:`areas_to_convert`.
        """
        for (source, _), view in zip(areas, self.views(start, areas), strict=True):
            view[:] = pixels[source.top : source.bottom, source.left : source.right]

    def views(self, start: int, areas: Sequence[ConvertedArea]) -> list[ByteArray]:
        """Return the pixels of each area's source that were written from a byte on."""
        views = []
        for source, _ in areas:
            end = start + 4 * area(source)
            shape = (source.bottom - source.top, source.right - source.left, 4)
            views.append(self._bytes[start:end].reshape(shape))
            start = end
        return views


class Space:
    """Which bytes of a ring are taken: what was taken first is given back first.

    Parameters
    ----------
    size
        The ring's, in bytes.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._taken: deque[tuple[int, int]] = deque()

    def take(self, count: int) -> int | None:
        """Take so many bytes in a row; return the first, or None while there are none."""
        for start, end in self._free():
            if start + count <= end:
                self._taken.append((start, start + count))
                return start
        return None

    def give_back(self) -> None:
        """Give back what was taken first."""
        self._taken.popleft()

    def _free(self) -> list[tuple[int, int]]:
        """Return what is free: each first byte, and the first after it."""
        if not self._taken:
            return [(0, self._size)]
        (oldest, _), (_, newest) = self._taken[0], self._taken[-1]
        if newest > oldest:
            return [(newest, self._size), (0, oldest)]
        return [(newest, oldest)]


def areas_to_convert(damage: Sequence[Box], width: int, height: int) -> list[ConvertedArea]:
    """Return what must be converted after boxes of a frame changed: all, if that is less."""
    areas = [area_around(box, width, height) for box in damage]
    if sum(area(each.source) for each in areas) > width * height:
        return [area_around(Box(0, 0, width, height), width, height)]
    return areas


def byte_count(areas: Sequence[ConvertedArea]) -> int:
    """Return how many bytes of a ring the pixels of areas take."""
    return sum(4 * area(each.source) for each in areas)


def ring_size(width: int, height: int) -> int:
    """Return how many bytes the ring for frames of a size takes."""
    frame = width * height * 4
    return max(FEWEST, min(FRAMES, MEMORY // frame)) * frame


def shared_descriptor(width: int, height: int) -> int:
    """Return a descriptor of anonymous memory for a ring of frames of that size, in pixels.

    Raises
    ------
    UserError
        If there is no room for it.
    """
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("cnnviz-frames")
    else:
        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    try:
        _reserve(descriptor, ring_size(width, height))
    except OSError as error:
        os.close(descriptor)
        raise UserError(
            f"there is no room in memory for frames of {width} x {height} ({error.strerror}): "
            "free some, or choose a smaller quality"
        ) from None
    return descriptor


def _reserve(descriptor: int, size: int) -> None:
    """Give a file its size, with room for all of it: without, whoever writes there is killed."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, size)
        return
    with open(descriptor, "r+b", closefd=False) as file:
        for _ in range(0, size, BLOCK):
            file.write(bytes(BLOCK))
