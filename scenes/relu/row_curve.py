"""One row of the map as a curve: what is below zero, or above a ceiling, becomes what it does."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from manim import Line, Mobject, VMobject

from cnnviz.explain.bend import Bend
from cnnviz.explain.interest import first_of_best
from cnnviz.explain.quantity import Quantity
from cnnviz.explain.rounding import written_extent
from cnnviz.explain.ticks import nice_ticks, tick_decimals
from cnnviz.locales import Words
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.frames import KernelWindow
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.text import Number, line_width
from cnnviz.scenes.relu.signed_area import SignedArea
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

NAME_ROOM = 0.5
"""Above the curve, in Manim units, as all lengths here."""

NUMBER_GAP = 0.12
"""Between a number and the curve."""

TALLEST = 4.2
"""Height of the curve where there is more room."""

MOST_TICKS = 5

NUMBER_ROOM = 0.3
"""Least distance from the ceiling's number to another, in Manim units."""


def interesting_row(values: npt.NDArray[np.float32], ceiling: float = math.inf) -> int:
    """Return the row that shows best what falls and what stays.

    The one where the least of the sums is largest: of what is below zero, of what is above,
    and, if there is any, of what goes beyond the ceiling; where no row has all of them, the one
    with the most beyond the ceiling, or else with the largest values. Of rows within a
    thousandth of the best, the first.
    """
    below = np.maximum(-values, 0).sum(axis=1, dtype=np.float64)
    above = np.maximum(values, 0).sum(axis=1, dtype=np.float64)
    beyond = np.maximum(values - ceiling, 0).sum(axis=1, dtype=np.float64)
    has_beyond = bool(beyond.any())
    least = np.min([below, above, beyond] if has_beyond else [below, above], axis=0)
    score = least if least.any() else beyond if has_beyond else below + above
    return first_of_best(score)


class RowCurve:
    """The mobjects of the curve; none is in the scene at first.

    Parameters
    ----------
    on
        The map that the row is of.
    values
        The map's, (rows, columns), with two columns or more.
    row
        Which row.
    bend
        What becomes of each value.
    zone
        The room there is.
    theme, words
        Looks and words.

    Attributes
    ----------
    extent
        Which row it is, its least and its largest value, as descriptions say them.
    """

    def __init__(
        self,
        on: HeatMap,
        values: npt.NDArray[np.float32],
        row: int,
        bend: Bend,
        zone: Zone,
        theme: Theme,
        words: Words,
    ) -> None:
        self._row, self._columns = row, values.shape[1]
        ceiling = bend.ceiling
        self._places, self._heights = with_crossings(values[row].astype(np.float64), ceiling)
        self._after = bend(self._heights)
        self.has_above = bool((self._heights > ceiling).any())
        """Whether anything is above the ceiling."""
        self.extent = {"row": row, **written_extent(values[row])}
        shown = [self._heights.min(), self._heights.max(), self._after.min(), self._after.max()]
        low, high = min(*shown, 0.0), max(*shown, 0.0)
        height = min(zone.height - NAME_ROOM - 0.3, TALLEST)
        self._unit = height / ((high - low) or 1.0)
        self._zero = zone.y - NAME_ROOM / 2 - height / 2 - low * self._unit
        palette = theme.palette
        self.name = FittedLabel(
            words("relu.row"), theme.sizes.label, palette.text_muted, zone.width
        )
        self.name.move_to(point(zone.x, zone.y - NAME_ROOM / 2 + height / 2 + NAME_ROOM))
        self._make_axis(self._ticks(low, high, ceiling), zone, theme)
        levels = [0.0, ceiling] if self.has_above else [0.0]
        self.levels = [self._level_line(level, theme) for level in levels]
        self.area = SignedArea(self._zero, theme)
        self.curve = VMobject(
            stroke_color=palette.text, stroke_width=theme.strokes.normal, fill_opacity=0
        )
        self.band = KernelWindow(on, 1, theme)
        self.show_drawn(0.0)

    def _ticks(self, low: float, high: float, ceiling: float) -> Sequence[float]:
        """Return which values are written on the upright axis; the ceiling is, if it is reached."""
        ticks = nice_ticks(low, high, MOST_TICKS) if high > low else [0.0]
        if not self.has_above:
            return ticks
        room = NUMBER_ROOM / self._unit
        return [*(tick for tick in ticks if abs(tick - ceiling) > room), ceiling]

    def _make_axis(self, ticks: Sequence[float], zone: Zone, theme: Theme) -> None:
        """Write the numbers of the upright axis, and note where the curve has room beside them."""
        size = theme.sizes.small
        marks = [Quantity.of("scale_end", tick, tick_decimals(tick), width=7) for tick in ticks]
        beside = max(line_width(mark.shown, size) for mark in marks) + NUMBER_GAP
        self._left, self._right = zone.left + beside, zone.right
        self.numbers = []
        for mark in marks:
            number = Number(mark, size, theme.palette.text_muted)
            x = self._left - NUMBER_GAP - number.width / 2
            self.numbers.append(number.move_to(point(x, self._zero + mark.value * self._unit)))

    def _level_line(self, level: float, theme: Theme) -> Line:
        """Return the line across the curve at a value."""
        y = self._zero + level * self._unit
        return Line(
            point(self._left, y),
            point(self._right, y),
            stroke_width=theme.strokes.thin,
            color=theme.palette.text_muted,
        )

    @property
    def axes(self) -> list[Mobject]:
        """What is there before the curve."""
        return [self.name, *self.levels, *self.numbers]

    @property
    def drawn(self) -> list[Mobject]:
        """What is drawn along the row."""
        return [*self.area.parts, self.curve, self.band]

    @property
    def has_negative(self) -> bool:
        """Whether anything is below zero."""
        return bool((self._heights < 0).any())

    def show_drawn(self, share: float) -> None:
        """Draw so much of the curve from the left, and frame so much of the row on the map."""
        end = share * (self._columns - 1)
        self._show(self._heights, end)
        self.band.show_area(self._row, 0, self._row + 1, end + 1)

    def show_fallen(self, share: float) -> None:
        """Let what is below zero or above the ceiling be at this share of its way."""
        self._show(self._heights + share * (self._after - self._heights), self._columns - 1)

    def _show(self, heights: npt.NDArray[np.float64], end: float) -> None:
        """Set the curve, and the area between it and zero, up to a place in columns."""
        reached = self._places < end
        places = np.append(self._places[reached], end)
        shown = np.append(heights[reached], np.interp(end, self._places, heights))
        width = (self._right - self._left) / (self._columns - 1)
        x, y = self._left + places * width, self._zero + shown * self._unit
        self.curve.set_points_as_corners(np.column_stack([x, y, np.zeros_like(x)]))
        self.area.show(x, y)


def with_crossings(
    heights: npt.NDArray[np.float64], ceiling: float = math.inf
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return places and heights of a polyline, with a point wherever it crosses zero or `ceiling`.

    Parameters
    ----------
    heights
        At the places 0, 1, 2 and so on, (n,).
    """
    places = np.arange(len(heights), dtype=np.float64)
    for level in (0.0, ceiling):
        above = heights - level
        start, end = above[:-1], above[1:]
        crosses = np.sign(start) * np.sign(end) < 0
        if not crosses.any():
            continue
        width = np.diff(places)[crosses]
        crossings = places[:-1][crosses]
        crossings = crossings + width * start[crosses] / (start[crosses] - end[crosses])
        order = np.argsort(np.concatenate([places, crossings]), kind="stable")
        heights = np.concatenate([heights, np.full(len(crossings), level)])[order]
        places = np.concatenate([places, crossings])[order]
    return places, heights
