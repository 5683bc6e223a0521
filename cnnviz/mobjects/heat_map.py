"""Maps and photos: one bitmap each, never a square per cell."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, Any, Self

import cairo
import numpy as np
import numpy.typing as npt
from manim import RESAMPLING_ALGORITHMS

from cnnviz.arrays import ByteArray, IntArray
from cnnviz.mobjects.raster import Bitmap, Raster, paint_pixels, surface_of
from cnnviz.mobjects.viewport import Box, Viewport
from cnnviz.style.geometry import Corners, point

if TYPE_CHECKING:
    from manim.typing import Point3D


ROUNDING_NOISE = 1e-6
"""In pixels; more than floating point adds to a place, so that it is rounded one way."""


class HeatMap(Raster):
    """A grid of coloured cells with hard edges.

    Parameters
    ----------
    colours
        uint8 of shape (rows, columns, 3).
    width, height
        Size in Manim units. Cells are exactly as large as each other wherever a cell spans
        a whole number of pixels.
    cell_alpha
        Opacity of each cell, uint8 of shape (rows, columns); all 255 by default.
    """

    def __init__(
        self,
        colours: ByteArray,
        width: float,
        height: float,
        cell_alpha: ByteArray | None = None,
        **kwargs: Any,
    ) -> None:
        rows, columns = colours.shape[:2]
        if cell_alpha is None:
            cell_alpha = np.full((rows, columns), 255, np.uint8)
        self.bitmap = Bitmap(np.dstack([colours, cell_alpha]))
        super().__init__(width, height, **kwargs)
        self.set_resampling_algorithm(RESAMPLING_ALGORITHMS["nearest"])

    @property
    def rows(self) -> int:
        """Number of rows of cells."""
        return self.bitmap.height

    @property
    def columns(self) -> int:
        """Number of columns of cells."""
        return self.bitmap.width

    @property
    def cell_alpha(self) -> ByteArray:
        """Opacity of each cell, read-only, shape (rows, columns)."""
        return self.bitmap.rgba[..., 3]

    def set_cell_alpha(self, cell_alpha: ByteArray) -> Self:
        """Set the opacity of every cell: uint8 of shape (rows, columns)."""
        if not np.array_equal(cell_alpha, self.cell_alpha):
            self.bitmap = Bitmap(np.dstack([self.bitmap.rgba[..., :3], cell_alpha]))
        return self

    def set_colours(self, colours: ByteArray) -> Self:
        """Set the colour of every cell: uint8 of shape (rows, columns, 3)."""
        if not np.array_equal(colours, self.bitmap.rgba[..., :3]):
            self.bitmap = Bitmap(np.dstack([colours, self.cell_alpha]))
        return self

    def cell_size(self) -> tuple[float, float]:
        """Return (width, height) of one cell in Manim units, as the map now stands."""
        left, top, right, bottom = self.corners()
        return (right - left) / self.columns, (top - bottom) / self.rows

    def cell_centre(self, row: float, column: float) -> Point3D:
        """Return the centre of a cell in scene coordinates; fractions lie between cells."""
        left, top, _, _ = self.corners()
        cell_width, cell_height = self.cell_size()
        return point(left + (column + 0.5) * cell_width, top - (row + 0.5) * cell_height)

    def area(self, top: float, left: float, bottom: float, right: float) -> Corners:
        """Return where the cells from (top, left) up to but without (bottom, right) lie."""
        x, y, _, _ = self.corners()
        width, height = self.cell_size()
        return x + left * width, y - top * height, x + right * width, y - bottom * height

    def state(self) -> Hashable:
        """Return the bitmap, opacity and corners."""
        return (self.bitmap, self.opacity, self.corners())

    def pixel_box(self, viewport: Viewport) -> Box:
        """Return a box of whole pixels: edges are always hard.

        How large it is depends on the map's size only, wherever the map lies.
        """
        left, top, right, bottom = self.corners()
        x0, y0 = viewport.to_pixels(left, top)
        x1, y1 = viewport.to_pixels(right, bottom)
        x0, x1 = _whole_pixels(x0, x1)
        y0, y1 = _whole_pixels(y0, y1)
        return Box(x0, y0, x1, y1)

    def damage(self, before: Hashable, viewport: Viewport) -> list[Box] | None:
        """Return one box around the cells that changed, if cells are all that changed."""
        if not isinstance(before, tuple) or before[1:] != (self.opacity, self.corners()):
            return None
        old = before[0].rgba
        if old.shape != self.bitmap.rgba.shape:
            return None
        rows, columns = np.nonzero((old != self.bitmap.rgba).any(axis=2))
        if not len(rows):
            return []
        box = self.pixel_box(viewport)
        x_scale = (box.right - box.left) / self.columns
        y_scale = (box.bottom - box.top) / self.rows
        return [
            Box(
                int(box.left + columns.min() * x_scale),
                int(box.top + rows.min() * y_scale),
                int(np.ceil(box.left + (columns.max() + 1) * x_scale)),
                int(np.ceil(box.top + (rows.max() + 1) * y_scale)),
            )
        ]

    def is_blended(self, viewport: Viewport) -> bool:
        """Return whether cells run into each other, rather than having hard edges."""
        return False

    def paint(
        self, context: cairo.Context[Any], viewport: Viewport, within: Box | None = None
    ) -> None:
        """Paint the cells onto whole pixels."""
        box = self.pixel_box(viewport)
        part = box.common(viewport.whole if within is None else within)
        if part is None or not self.is_visible:
            return
        if self.is_blended(viewport):
            surface = self.bitmap.blended(box.right - box.left, box.bottom - box.top)
            paint_pixels(context, surface, box.left, box.top, self.opacity)
        else:
            surface = surface_of(self._enlarged(box, part))
            paint_pixels(context, surface, part.left, part.top, self.opacity)

    def _enlarged(self, box: Box, part: Box) -> npt.NDArray[np.uint32]:
        """Return `part` of the pixels that fill `box`: each takes the cell its centre lies in."""
        rows = _pixels_of_cells(box.top, box.bottom, part.top, part.bottom, self.rows)
        columns = _pixels_of_cells(box.left, box.right, part.left, part.right, self.columns)
        return self.bitmap.premultiplied.repeat(columns, axis=1).repeat(rows, axis=0)

    def get_pixel_array(self) -> Any:
        """Return the cells' RGBA, one pixel a cell, opacity included."""
        pixels = self.bitmap.rgba.copy()
        if self.opacity < 1:
            pixels[..., 3] = np.rint(pixels[..., 3] * self.opacity)
        return pixels


def _whole_pixels(start: float, end: float) -> tuple[int, int]:
    """Return whole pixels around the middle of `start` and `end`, enough to fill what is between.

    Each end rounded alone, a map on its way would be a pixel wider or narrower from frame to frame.
    """
    size = ceil(end - start - ROUNDING_NOISE)
    first = round((start + end - size) / 2 + ROUNDING_NOISE)
    return first, first + size


def _pixels_of_cells(start: int, end: int, part_start: int, part_end: int, count: int) -> IntArray:
    """Return how many pixels of a part each of `count` cells between start and end takes."""
    edges = _cell_edges(start, end, count)
    if part_start > start or part_end < end:
        edges = edges.clip(part_start, part_end)
    return edges[1:] - edges[:-1]


@lru_cache(maxsize=128)  # maps on screen have few sizes and places
def _cell_edges(start: int, end: int, count: int) -> IntArray:
    """Return the first pixel of each of `count` cells, and the end of the last."""
    # cell k begins with the first pixel whose centre lies beyond its edge: x + 1/2 >= k size / n
    edges: IntArray = np.arange(count + 1) * (2 * (end - start)) + (count - 1)
    return edges // (2 * count) + start


class Photo(HeatMap):
    """A photograph: smooth between pixels where a map has hard edges.

    Parameters
    ----------
    pixels
        uint8 of shape (rows, columns, 3).
    width, height
        Size in Manim units.
    """

    def __init__(self, pixels: ByteArray, width: float, height: float, **kwargs: Any) -> None:
        super().__init__(pixels, width, height, **kwargs)
        self.set_resampling_algorithm(RESAMPLING_ALGORITHMS["bicubic"])

    def is_blended(self, viewport: Viewport) -> bool:
        """Return True."""
        return True

    def damage(self, before: Hashable, viewport: Viewport) -> list[Box] | None:
        """Return None: between smooth pixels a change has no sharp bounds."""
        return None
