"""Thousands of coloured cells, each at a place of its own, painted as one raster."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Self

import cairo
import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from cnnviz.arrays import ByteArray, Float64Array, IntArray
from cnnviz.mobjects.raster import Raster, paint_pixels, surface_of
from cnnviz.mobjects.viewport import Box, Viewport
from cnnviz.style.geometry import Zone

SCREEN_PIXELS_PER_UNIT = 135
"""Resolution of the pixels handed to Manim's own renderer: that of 1080p."""

OPAQUE = 255


@dataclass(frozen=True, eq=False)
class CellLayout:
    """Where cells of one size lie, in scene coordinates.

    Attributes
    ----------
    lefts, tops
        Of each cell, (cells,).
    size
        Width and height of a cell, in Manim units.
    """

    lefts: Float64Array
    tops: Float64Array
    size: float

    def zone_of(self, first: int, last: int | None = None) -> Zone:
        """Return the rectangle around one cell, or around all from `first` to `last`."""
        span = slice(first, (first if last is None else last) + 1)
        return Zone(
            float(self.lefts[span].min()),
            float(self.tops[span].max()),
            float(self.lefts[span].max()) + self.size,
            float(self.tops[span].min()) - self.size,
        )


@dataclass(frozen=True, eq=False)
class CellState:
    """All that decides what is painted; a change makes a new one.

    Attributes
    ----------
    colours
        uint8 of shape (cells, 3).
    alphas
        Opacity of each cell, uint8 of shape (cells,).
    lefts, tops, sizes
        Where each cell lies, in scene coordinates of the room, (cells,).
    """

    colours: ByteArray
    alphas: ByteArray
    lefts: Float64Array
    tops: Float64Array
    sizes: Float64Array


class Cells(Raster):
    """Cells that can each move on its own, and keep their colours while they do.

    Parameters
    ----------
    colours
        uint8 of shape (cells, 3).
    layout
        Where they lie at first.
    room
        The zone within which they stay; the mobject's box.

    Attributes
    ----------
    current
        How they look and where they are now.
    """

    def __init__(self, colours: ByteArray, layout: CellLayout, room: Zone) -> None:
        count = len(colours)
        self._room = room
        alphas = np.full(count, OPAQUE, np.uint8)
        self.current = CellState(
            colours, alphas, layout.lefts, layout.tops, np.full(count, layout.size)
        )
        super().__init__(room.width, room.height)
        self.move_to(room.centre)

    @property
    def count(self) -> int:
        """Number of cells."""
        return len(self.current.colours)

    def set_between(self, start: CellLayout, end: CellLayout, progress: Float64Array) -> Self:
        """Put each cell where its progress, 0 to 1, from one layout to the other takes it."""
        cells = self.current
        self.current = CellState(
            cells.colours,
            cells.alphas,
            start.lefts + (end.lefts - start.lefts) * progress,
            start.tops + (end.tops - start.tops) * progress,
            start.size + (end.size - start.size) * progress,
        )
        return self

    def set_alphas(self, alphas: ByteArray) -> Self:
        """Set the opacity of every cell: uint8 of shape (cells,)."""
        cells = self.current
        if not np.array_equal(alphas, cells.alphas):
            self.current = CellState(cells.colours, alphas, cells.lefts, cells.tops, cells.sizes)
        return self

    def set_cell_colours(self, colours: ByteArray) -> Self:
        """Set the colour of every cell: uint8 of shape (cells, 3)."""
        cells = self.current
        if not np.array_equal(colours, cells.colours):
            self.current = CellState(colours, cells.alphas, cells.lefts, cells.tops, cells.sizes)
        return self

    def state(self) -> Hashable:
        """Return the cells, opacity and corners."""
        return (self.current, self.opacity, self.corners())

    def pixel_box(self, viewport: Viewport) -> Box:
        """Return the smallest box around all cells that can be seen."""
        lefts, tops, rights, bottoms = self._pixel_edges(viewport)
        seen = self.current.alphas > 0
        if not seen.any():
            return Box(0, 0, 0, 0)
        return Box(
            int(lefts[seen].min()),
            int(tops[seen].min()),
            int(rights[seen].max()),
            int(bottoms[seen].max()),
        )

    def paint(
        self, context: cairo.Context[Any], viewport: Viewport, within: Box | None = None
    ) -> None:
        """Paint the cells onto whole pixels; of cells on top of each other, the later one."""
        box = self.pixel_box(viewport)
        if not self.is_visible or box.right <= box.left or box.bottom <= box.top:
            return
        pixels = self._pixels(viewport, box)
        surface = surface_of(pixels.view(np.uint32)[..., 0])
        paint_pixels(context, surface, box.left, box.top, self.opacity)

    def get_pixel_array(self) -> npt.NDArray[Any]:
        """Return the box's RGBA at the resolution of 1080p, opacity included."""
        left, top, right, bottom = self.corners()
        width, height = right - left, top - bottom
        centre = ((left + right) / 2, (top + bottom) / 2)
        columns = max(1, round(width * SCREEN_PIXELS_PER_UNIT))
        rows = max(1, round(height * SCREEN_PIXELS_PER_UNIT))
        viewport = Viewport(columns, rows, width, height, centre)
        pixels = self._pixels(viewport, Box(0, 0, columns, rows), premultiplied=False)
        pixels[..., 3] = np.rint(pixels[..., 3] * min(self.opacity, 1.0))
        return pixels

    def _pixel_edges(self, viewport: Viewport) -> tuple[IntArray, ...]:
        """Return left, top, right and bottom of each cell in pixels: neighbours touch."""
        cells, room = self.current, self._room
        left, top, right, bottom = self.corners()
        x_scale, y_scale = (right - left) / room.width, (top - bottom) / room.height
        x = left + (cells.lefts - room.left) * x_scale
        y = top - (room.top - cells.tops) * y_scale
        x0, y0 = viewport.to_pixels(0.0, 0.0)
        per_x = viewport.pixel_width / viewport.frame_width
        per_y = viewport.pixel_height / viewport.frame_height
        lefts = np.rint(x0 + x * per_x)
        tops = np.rint(y0 - y * per_y)
        rights = np.maximum(np.rint(x0 + (x + cells.sizes * x_scale) * per_x), lefts + 1)
        bottoms = np.maximum(np.rint(y0 - (y - cells.sizes * y_scale) * per_y), tops + 1)
        return tuple(edge.astype(np.int64) for edge in (lefts, tops, rights, bottoms))

    def _pixels(self, viewport: Viewport, box: Box, *, premultiplied: bool = True) -> ByteArray:
        """Return the RGBA of a box; cells outside of it are left out."""
        cells = self.current
        pixels = np.zeros((box.bottom - box.top, box.right - box.left, 4), np.uint8)
        lefts, tops, rights, bottoms = self._pixel_edges(viewport)
        alphas = cells.alphas[:, np.newaxis].astype(np.uint16)
        colours = cells.colours
        if premultiplied:
            product = colours * alphas + 128
            colours = ((product + (product >> 8)) >> 8).astype(np.uint8)
        rgba = np.hstack([colours, cells.alphas[:, np.newaxis]])
        inside = (lefts >= box.left) & (rights <= box.right)
        inside &= (tops >= box.top) & (bottoms <= box.bottom) & (cells.alphas > 0)
        values, picture = rgba.view(np.uint32)[:, 0], pixels.view(np.uint32)[..., 0]
        widths, heights = rights - lefts, bottoms - tops
        sizes = set(zip(heights[inside].tolist(), widths[inside].tolist(), strict=True))
        for height, width in sorted(sizes):
            chosen = inside & (heights == height) & (widths == width)
            places = sliding_window_view(picture, (height, width), writeable=True)
            places[tops[chosen] - box.top, lefts[chosen] - box.left] = values[
                chosen, np.newaxis, np.newaxis
            ]
        return pixels
