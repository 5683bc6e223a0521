"""From RGBA to the YUV 4:2:0 planes of a video frame, where the picture changed."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter

from cnnviz.arrays import ByteArray, FloatArray
from cnnviz.mobjects.viewport import Box

WRITTEN = 2
"""Pixels around the damage that are written too: chroma is an average over neighbours."""
MARGIN = 4
"""Pixels around the written area that are converted too, so that its edges are right."""
SIZE_STEP = 32
"""Converted areas have multiples of this size, so that few swscale contexts are needed."""
CONTEXT_COUNT = 48
"""How many of them are kept: those of all sizes of 1080p would take 130 MB."""


class ConvertedArea(NamedTuple):
    """A rectangle to convert.

    Attributes
    ----------
    source
        What is converted.
    written
        The part of it, on even pixels, that goes into the planes.
    """

    source: Box
    written: Box


def area_around(damage: Box, width: int, height: int) -> ConvertedArea:
    """Return what must be converted so that the planes are right after `damage` changed."""
    left, top = max(damage.left - WRITTEN, 0) & ~1, max(damage.top - WRITTEN, 0) & ~1
    right = min(damage.right + WRITTEN + 1 & ~1, width)
    bottom = min(damage.bottom + WRITTEN + 1 & ~1, height)
    source_left, source_right = _grown(left, right, width)
    source_top, source_bottom = _grown(top, bottom, height)
    return ConvertedArea(
        Box(source_left, source_top, source_right, source_bottom), Box(left, top, right, bottom)
    )


def _grown(start: int, end: int, limit: int) -> tuple[int, int]:
    """Return the even span around [start, end) that has margins, a rounded size and no excess."""
    size = min(-(-(end - start + 2 * MARGIN) // SIZE_STEP) * SIZE_STEP, limit)
    grown_start = min(max(start - MARGIN, 0) & ~1, limit - size)
    return grown_start, grown_start + size


class PlanesConverter:
    """The Y, U and V planes of one frame, brought up to date area by area.

    The colours are those of ITU-R BT.709, limited range. A frame converted in areas equals
    a frame converted at once.

    Parameters
    ----------
    width, height
        Size of the frame, even.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._now, self._other = _Planes(width, height), _Planes(width, height)
        self._changes: list[tuple[ConvertedArea, av.VideoFrame]] = []
        self._reformatter = lru_cache(CONTEXT_COUNT)(lambda _: VideoReformatter())

    @property
    def planes(self) -> ByteArray:
        """The planes as PyAV's ``yuv420p`` buffer: uint8 of shape (height * 3 / 2, width)."""
        return self._now.buffer

    def update(self, area: ConvertedArea, rgba: ByteArray) -> None:
        """Convert the pixels of an area's source, uint8 of shape (rows, columns, 4)."""
        converted = self._reformat(rgba)
        self._now.write(area, converted)
        self._changes.append((area, converted))

    def swap(self) -> None:
        """Go on with planes in other memory that hold the same.

        Those there were before stay as they are until the next swap.
        """
        for area, converted in self._changes:
            self._other.write(area, converted)
        self._changes = []
        self._now, self._other = self._other, self._now

    def _reformat(self, rgba: ByteArray) -> av.VideoFrame:
        return self._reformatter(rgba.shape).reformat(
            av.VideoFrame.from_numpy_buffer(rgba, format="rgba"),
            format="yuv420p",
            src_color_range=ColorRange.JPEG,
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            threads=1,
        )


class _Planes:
    """Memory for the planes of one frame."""

    def __init__(self, width: int, height: int) -> None:
        self.buffer = np.zeros((height * 3 // 2, width), np.uint8)
        chroma = self.buffer.reshape(-1)[width * height :].reshape(2, height // 2, width // 2)
        self._planes = (self.buffer[:height], chroma[0], chroma[1])

    def write(self, area: ConvertedArea, converted: av.VideoFrame) -> None:
        """Take over what an area writes."""
        source, written = area
        for plane, target, step in zip(converted.planes, self._planes, (1, 2, 2), strict=True):
            pixels = np.asarray(memoryview(plane)).reshape(-1, plane.line_size)
            rows = slice((written.top - source.top) // step, (written.bottom - source.top) // step)
            columns = slice(
                (written.left - source.left) // step, (written.right - source.left) // step
            )
            target[
                written.top // step : written.bottom // step,
                written.left // step : written.right // step,
            ] = pixels[rows, columns]


class PixelsConverter:
    """The RGBA pixels of one frame, brought up to date area by area.

    What is drawn has its colours multiplied by their opacity, as Cairo leaves them; here they
    are themselves, as files have them ("straight alpha").

    Parameters
    ----------
    width, height
        Size of the frame.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._now = np.zeros((height, width, 4), np.uint8)
        self._other = np.zeros_like(self._now)
        self._changes: list[Box] = []

    @property
    def planes(self) -> ByteArray:
        """The pixels, uint8 of shape (height, width, 4)."""
        return self._now

    def update(self, area: ConvertedArea, rgba: ByteArray) -> None:
        """Take over what an area writes from the pixels of its source."""
        source, written = area
        left, top, right, bottom = written
        rows = slice(top - source.top, bottom - source.top)
        columns = slice(left - source.left, right - source.left)
        self._now[top:bottom, left:right] = straight(rgba)[rows, columns]
        self._changes.append(written)

    def swap(self) -> None:
        """Go on with pixels in other memory; see :meth:`PlanesConverter.swap`."""
        for left, top, right, bottom in self._changes:
            self._other[top:bottom, left:right] = self._now[top:bottom, left:right]
        self._changes = []
        self._now, self._other = self._other, self._now


def straight(rgba: ByteArray) -> ByteArray:
    """Return pixels whose colours are not multiplied by their opacity any more.

    A pixel without any opacity takes the colour of its neighbours that have some: it is not
    seen, but encoders mix neighbours' colours, and black ones would darken every edge.

    Parameters
    ----------
    rgba
        uint8 of shape (rows, columns, 4), colours multiplied by opacity.
    """
    if (rgba[..., 3] == 255).all():
        return rgba
    values = rgba.astype(np.float32)
    alpha = values[..., 3]
    result = rgba.copy()
    seen = alpha > 0
    colours = values[seen][:, :3] * (255 / alpha[seen][:, None])
    result[seen, :3] = np.clip(np.rint(colours), 0, 255)
    around = _sum_of_neighbours(values)
    edge = ~seen & (around[..., 3] > 0)
    result[edge, :3] = np.clip(around[edge][:, :3] * (255 / around[edge][:, 3:]), 0, 255)
    return result


def _sum_of_neighbours(values: FloatArray) -> FloatArray:
    """Return the sum over 5x5 pixels around each: of shape (rows, columns, 4)."""
    rows, columns, _ = values.shape
    padded = np.pad(values, ((2, 2), (2, 2), (0, 0)))
    tall = np.sum([padded[step : step + rows] for step in range(5)], axis=0)
    total: FloatArray = np.sum([tall[:, step : step + columns] for step in range(5)], axis=0)
    return total
