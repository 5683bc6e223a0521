"""Pixels handed from the process that draws to the one that encodes, in shared memory."""

from __future__ import annotations

import mmap
import os
import tempfile
from collections.abc import Sequence

import numpy as np

from cnnviz.arrays import ByteArray
from cnnviz.errors import UserError
from cnnviz.mobjects.viewport import Box
from cnnviz.rendering.boxes import area
from cnnviz.rendering.conversion import ConvertedArea, area_around

MEMORY = 24 * 2**20
"""Bytes that the ring may take, but never less than two slots."""

BLOCK = 2**20
"""Bytes that are reserved at once where the system cannot reserve them itself."""


class Ring:
    """A few slots, each with room for one frame's changed pixels.

    Both processes make a `Ring` over the same file descriptor. Which slot is whose is told
    over a connection beside it; the ring itself only reads and writes pixels.

    Parameters
    ----------
    descriptor
        An open file descriptor, see :func:`shared_descriptor`.
    width, height
        Size of the frames in pixels.
    """

    def __init__(self, descriptor: int, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.slot_count = slot_count(width, height)
        self._memory = mmap.mmap(descriptor, self.slot_count * width * height * 4)
        self._slots = np.frombuffer(self._memory, np.uint8).reshape(self.slot_count, -1)

    def write(self, slot: int, pixels: ByteArray, damage: Sequence[Box]) -> list[ConvertedArea]:
        """Copy what the other side needs to bring its frame up to date; return the areas.

        Parameters
        ----------
        slot
            A slot that the other side does not read any more.
        pixels
            The frame, RGBA of shape (height, width, 4).
        damage
            The boxes that changed.
        """
        areas = [area_around(box, self.width, self.height) for box in damage]
        if sum(area(each.source) for each in areas) > self.width * self.height:
            areas = [area_around(Box(0, 0, self.width, self.height), self.width, self.height)]
        for each, view in zip(areas, self.views(slot, areas), strict=True):
            left, top, right, bottom = each.source
            view[:] = pixels[top:bottom, left:right]
        return areas

    def views(self, slot: int, areas: Sequence[ConvertedArea]) -> list[ByteArray]:
        """Return the pixels of each area's source in a slot."""
        views, start = [], 0
        for source, _ in areas:
            end = start + 4 * area(source)
            shape = (source.bottom - source.top, source.right - source.left, 4)
            views.append(self._slots[slot, start:end].reshape(shape))
            start = end
        return views


def slot_count(width: int, height: int) -> int:
    """Return how many frames of that size the ring holds: two to six."""
    return max(2, min(6, MEMORY // (width * height * 4)))


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
        _reserve(descriptor, slot_count(width, height) * width * height * 4)
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
