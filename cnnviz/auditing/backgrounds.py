"""What lies behind a text: the colours that a shape, a map or any other raster has there."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Hashable
from functools import cached_property, lru_cache

import numpy as np
from manim import Mobject, VMobject

from cnnviz.arrays import ByteArray, IntArray
from cnnviz.mobjects.frames import corners_of
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.raster import Bitmap, Raster
from cnnviz.style.colour import rgb_of_hex
from cnnviz.style.geometry import Corners, Zone, meet

OPAQUE = 0.99
"""A shape whose fill has at least this opacity hides what is behind it."""

SLACK = 0.01
"""In Manim units: as far as a text may stand out of what it stands on."""

THINNEST = 0.003
"""Less than half a pixel at 1080p, in Manim units: a bar without length hides nothing."""

CELL_SLACK = 0.02
"""In cells: as far as a text may reach into the next one."""

UNSEEN = -1
"""In place of the colour of what has no opacity."""


class Cover(ABC):
    """Something that hides what is behind it."""

    corners: Corners
    clip: Zone | None = None
    """Nothing of it is seen outside of this."""

    def overlaps(self, corners: Corners) -> bool:
        """Return whether it lies behind a part of these corners."""
        if not meet(self.corners, corners):
            return False
        clip = self.clip
        return clip is None or meet((clip.left, clip.top, clip.right, clip.bottom), corners)

    def holds(self, corners: Corners) -> bool:
        """Return whether it lies behind all of these corners."""
        left, top, right, bottom = self.corners
        return (
            corners[0] >= left - SLACK
            and corners[2] <= right + SLACK
            and corners[1] <= top + SLACK
            and corners[3] >= bottom - SLACK
        )

    @abstractmethod
    def under(self, corners: Corners, background: str) -> tuple[tuple[str, ...], bool]:
        """Return its colours there, and whether its edge is there, too.

        Parameters
        ----------
        corners
            Where, overlapping its own.
        background
            What shines through where it is translucent, ``"#rrggbb"``.

        Returns
        -------
        tuple of str
            ``"#rrggbb"`` each; none where nothing of it is seen.
        bool
            Whether a part of the corners is not covered.
        """


class ShapeCover(Cover):
    """A filled vector mobject."""

    def __init__(self, shape: VMobject) -> None:
        self.corners = corners_of(shape)
        self._colour = str(shape.get_fill_color().to_hex())

    def under(self, corners: Corners, background: str) -> tuple[tuple[str, ...], bool]:
        """Return its one colour."""
        return (self._colour,), not self.holds(corners)


class MapCover(Cover):
    """A heat map: its cells are known exactly."""

    def __init__(self, heat_map: HeatMap) -> None:
        self._map = heat_map
        self.corners = heat_map.corners()
        self.clip = heat_map.clip

    def under(self, corners: Corners, background: str) -> tuple[tuple[str, ...], bool]:
        """Return the colours of the cells that can be seen there."""
        left, top, _, _ = self.corners
        width, height = self._map.cell_size()
        first_column, last_column = _cells((corners[0] - left, corners[2] - left), width)
        first_row, last_row = _cells((top - corners[1], top - corners[3]), height)
        mixed = _mixed_cells(self._map.bitmap, self._map.opacity, background)
        cells = mixed[first_row : last_row + 1, first_column : last_column + 1]
        return _colours(cells), not self.holds(corners)


class RasterCover(Cover):
    """Any other raster, such as cells in flight: what it paints is looked at."""

    def __init__(self, raster: Raster) -> None:
        self._raster = raster
        self.corners = raster.corners()
        self.clip = raster.clip

    @cached_property
    def _pixels(self) -> ByteArray:
        return _painted(self._raster, self._raster.state())

    def under(self, corners: Corners, background: str) -> tuple[tuple[str, ...], bool]:
        """Return the colours of the pixels that can be seen there."""
        left, top, right, bottom = self.corners
        height, width = self._pixels.shape[:2]
        across, down = width / (right - left), height / (top - bottom)
        columns = slice(*_cells((corners[0] - left, corners[2] - left), 1 / across))
        rows = slice(*_cells((top - corners[1], top - corners[3]), 1 / down))
        pixels = self._pixels[rows, columns]
        is_partly_seen = not pixels[..., 3].all() or not self.holds(corners)
        return _colours(_mixed(_different(pixels), 1.0, background)), is_partly_seen


def cover_of(mobject: Mobject) -> Cover | None:
    """Return a mobject as a cover, or None if it hides nothing: only filled shapes do."""
    if isinstance(mobject, Raster):
        left, top, right, bottom = mobject.corners()
        if not mobject.is_visible or min(right - left, top - bottom) < THINNEST:
            return None
        return MapCover(mobject) if isinstance(mobject, HeatMap) else RasterCover(mobject)
    if isinstance(mobject, VMobject) and mobject.has_points():
        return ShapeCover(mobject) if mobject.get_fill_opacity() >= OPAQUE else None
    return None


@lru_cache(maxsize=8)
def _painted(raster: Raster, state: Hashable) -> ByteArray:
    """Return the pixels of a raster in a state of it: most stay as they are for many looks."""
    return np.asarray(raster.get_pixel_array(), np.uint8)


def _cells(span: tuple[float, float], size: float) -> tuple[int, int]:
    first = math.floor(span[0] / size + CELL_SLACK)
    last = math.floor(span[1] / size - CELL_SLACK)
    return max(first, 0), max(last, 0)


def _different(rgba: ByteArray) -> ByteArray:
    """Return the different ones among RGBA values of which something is seen: (n, 4).

    Of most rasters they are few: much of one is empty, and the rest is of few colours.
    """
    seen = rgba[rgba[..., 3] > 0]
    return np.unique(seen.view(np.uint32)).view(np.uint8).reshape(-1, 4)


def _mixed(rgba: ByteArray, opacity: float, background: str) -> IntArray:
    """Return the colours of RGBA values over a background: a number each, or :data:`UNSEEN`."""
    shares = rgba[..., 3:] / 255 * min(opacity, 1.0)
    mixed = np.rint(rgba[..., :3] * shares + np.array(rgb_of_hex(background)) * (1 - shares))
    numbers = mixed.astype(np.int64) @ np.array([1 << 16, 1 << 8, 1])
    return np.where(rgba[..., 3] > 0, numbers, UNSEEN)


@lru_cache(maxsize=64)
def _mixed_cells(bitmap: Bitmap, opacity: float, background: str) -> IntArray:
    """Return the same for all cells of a map: many texts lie on one, each on a few cells."""
    return _mixed(bitmap.rgba, opacity, background)


def _colours(mixed: IntArray) -> tuple[str, ...]:
    """Return the different colours among some, ``"#rrggbb"`` each, without what is not seen."""
    numbers = set(mixed.ravel().tolist()) - {UNSEEN}
    return tuple(f"#{number:06x}" for number in sorted(numbers))
