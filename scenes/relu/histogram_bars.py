"""A histogram whose bars can change every frame: three mobjects, however many bars."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from manim import Group, VMobject

from cnnviz.explain.relu import Histogram
from cnnviz.style.theme import Theme

if TYPE_CHECKING:
    from manim.typing import Point3D

GAP_PIXELS = 2
"""Between two bars, in pixels at 1080p."""

CORNERS = np.array([(0, 0), (0, 1), (1, 1), (1, 0), (0, 0)])
"""Of a bar: which of left and right, which of bottom and top, all the way round."""


class HistogramBars(Group):
    """Bars side by side, coloured by sign, and piles on some of them.

    Parameters
    ----------
    histogram
        How many bars there are, which of them begins at 0, and the most that one may hold.
    origin
        Where the bar at zero begins, on the baseline, in scene coordinates.
    bar_width, height
        Of one bar with its gap, and of a bar of `most` values, in Manim units.
    most
        The largest number of values in a bar, at any time.
    theme
        Colours.
    """

    def __init__(
        self,
        histogram: Histogram,
        origin: Point3D,
        bar_width: float,
        height: float,
        theme: Theme,
    ) -> None:
        self.zero_bin = histogram.zero_bin
        self._unit = height / int(max(histogram.before.max(), histogram.after.max()))
        self._base = float(origin[1])
        bins = np.arange(len(histogram.before)) - self.zero_bin
        self._lefts = float(origin[0]) + bins * bar_width
        self._width = bar_width - GAP_PIXELS * theme.layout.pixel
        palette = theme.palette
        self.below, self.above, self.pile = (
            VMobject(fill_color=colour, fill_opacity=1, stroke_width=0)
            for colour in (palette.negative, palette.positive, palette.accent)
        )
        super().__init__(self.below, self.above, self.pile)

    def show_counts(
        self, counts: npt.NDArray[np.int64], piled: Mapping[int, int], grown: float = 1.0
    ) -> None:
        """Show so many values in each bar.

        Parameters
        ----------
        counts
            One per bar, the piles included.
        piled
            By bar, how many of those in it make the pile on top.
        grown
            Share of their height that the bars have reached.
        """
        zero, unit = self.zero_bin, self._unit * grown
        heights = (counts * unit).astype(np.float64)
        own = heights.copy()
        for index, number in piled.items():
            own[index] -= number * unit
        bases = np.full(len(counts), self._base)
        self._set(self.below, slice(0, zero), bases, own)
        self._set(self.above, slice(zero, len(counts)), bases, own)
        self._set(self.pile, slice(0, len(counts)), bases + own, heights - own)

    def _set(
        self,
        bars: VMobject,
        part: slice,
        bases: npt.NDArray[np.float64],
        heights: npt.NDArray[np.float64],
    ) -> None:
        """Set the outlines of some bars at once: Manim's own way takes milliseconds."""
        left, base, height = self._lefts[part], bases[part], heights[part]
        is_there = height > 0
        left, base, height = left[is_there], base[is_there], height[is_there]
        x = np.stack([left, left + self._width])[CORNERS[:, 0]]
        y = np.stack([base, base + height])[CORNERS[:, 1]]
        corners = np.stack([x, y, np.zeros_like(x)], axis=-1)  # (5, bars, 3)
        starts, ends = corners[:-1], corners[1:]
        thirds = np.linspace(0, 1, 4)[:, None, None, None]
        curves = starts + (ends - starts) * thirds  # (4 points, 4 sides, bars, 3)
        bars.points = np.ascontiguousarray(curves.transpose(2, 1, 0, 3).reshape(-1, 3))
