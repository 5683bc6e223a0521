"""The axes of a function: 0 in the middle, the values before along, those after upwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from manim import Group, VMobject

from cnnviz.explain.quantity import Quantity
from cnnviz.explain.ticks import nice_ticks, tick_decimals
from cnnviz.mobjects.text import Anchor, Number
from cnnviz.style.geometry import point
from cnnviz.style.theme import Theme

if TYPE_CHECKING:
    from manim.typing import Point3D

TICK = 0.07
"""Half the length of a tick, in Manim units."""

NUMBER_GAP = 0.24
"""From an axis, or the least value, to the middle of the numbers below it."""

NUMBER_ROOM = 0.95
"""Least distance from one number to the next."""

MOST_TICKS = 8
"""On an axis of its own unit, as if it reached as far down as up."""


class GraphAxes(Group):
    """A horizontal axis from -limit to limit, and a vertical one, whose numbers stand beside it.

    Parameters
    ----------
    limit
        The largest value along, above 0.
    reach
        The least value upwards, 0 or less, and the largest, above 0.
    units
        Manim units that one of the horizontal axis's units takes, and one of the vertical's.
    origin
        Where 0 lies, in scene coordinates.
    theme
        Sizes and colours.
    """

    def __init__(
        self,
        limit: float,
        reach: tuple[float, float],
        units: tuple[float, float],
        origin: Point3D,
        theme: Theme,
    ) -> None:
        self.limit = limit
        self.low, self.top = reach
        unit, upright = units
        self._units = np.array([unit, upright, 0.0])
        self._origin = np.asarray(origin, np.float64)
        self._theme = theme
        # As many as leave room between them, on the whole axis.
        count = max(3, int(2 * limit * unit / NUMBER_ROOM) + 1)
        ticks = nice_ticks(-limit, limit, count)
        self.x_axis = self._make_axis(ticks, is_vertical=False)
        self.x_numbers = [self._number(tick) for tick in ticks]
        for number, tick in zip(self.x_numbers, ticks, strict=True):
            number.move_to(self.point(tick, self.low) - point(0.0, NUMBER_GAP))
        upwards = ticks if self.top == limit else nice_ticks(-self.top, self.top, MOST_TICKS)
        lowest = self.low + NUMBER_GAP / upright
        beside = [tick for tick in upwards if tick > 0 or lowest < tick < 0]
        self.y_axis = self._make_axis(beside, is_vertical=True)
        self.y_numbers = [self._number(tick, "right" if tick > 0 else "left") for tick in beside]
        for number, tick in zip(self.y_numbers, beside, strict=True):
            away = point(np.sign(tick) * (number.width / 2 + 2 * TICK), 0.0)  # from the curve
            number.move_to(self.point(0.0, tick) - away)
        super().__init__(self.x_axis, *self.x_numbers, self.y_axis, *self.y_numbers)

    @property
    def across(self) -> list[VMobject | Number]:
        """The horizontal axis and its numbers."""
        return [self.x_axis, *self.x_numbers]

    @property
    def upwards(self) -> list[VMobject | Number]:
        """The vertical axis and its numbers."""
        return [self.y_axis, *self.y_numbers]

    def point(self, x: float, y: float) -> Point3D:
        """Return where (x, y) lies, in scene coordinates."""
        return np.asarray(self._origin + self._units * point(x, y))

    def _number(self, value: float, anchor: Anchor = "centre") -> Number:
        quantity = Quantity.of("scale_end", value, tick_decimals(value), width=7)
        sizes, palette = self._theme.sizes, self._theme.palette
        return Number(quantity, sizes.small, palette.text_muted, anchor=anchor)

    def _make_axis(self, ticks: Sequence[float], *, is_vertical: bool) -> VMobject:
        """Return an axis with its ticks as one mobject."""
        axis = VMobject(
            stroke_color=self._theme.palette.text_muted,
            stroke_width=self._theme.strokes.thin,
            fill_opacity=0,
        )
        low, high = (self.low, self.top) if is_vertical else (-self.limit, self.limit)

        def at(along: float, beside: float) -> Point3D:
            if is_vertical:
                return np.asarray(self.point(0.0, along) + point(beside, 0.0))
            return np.asarray(self.point(along, 0.0) + point(0.0, beside))

        for start, end in [
            (at(low, 0.0), at(high, 0.0)),
            *((at(tick, -TICK), at(tick, TICK)) for tick in ticks),
        ]:
            axis.start_new_path(start)
            axis.add_line_to(end)
        return axis
