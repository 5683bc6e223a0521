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
"""From an axis to the middle of the numbers below it."""

NUMBER_ROOM = 0.95
"""Least distance from one number to the next."""

MOST_TICKS = 8
"""On an axis of its own unit, as if it reached as far down as up."""


class GraphAxes(Group):
    """A horizontal axis from -limit to limit, and a vertical one from 0 up to `top`.

    Both are equally long on each side of 0, so that where `top` is `limit`, what stays as it is
    rises at 45 degrees.

    Parameters
    ----------
    limit, top
        The largest values along and upwards, above 0.
    unit
        Manim units that one of the horizontal axis's units takes.
    origin
        Where 0 lies, in scene coordinates.
    theme
        Sizes and colours.
    """

    def __init__(
        self, limit: float, top: float, unit: float, origin: Point3D, theme: Theme
    ) -> None:
        self.limit, self.top = limit, top
        self._units = np.array([unit, unit * limit / top, 0.0])
        self._origin = np.asarray(origin, np.float64)
        self._theme = theme
        # As many as leave room between them, on the whole axis.
        count = max(3, int(2 * limit * unit / NUMBER_ROOM) + 1)
        ticks = nice_ticks(-limit, limit, count)
        self.x_axis = self._make_axis(ticks, is_vertical=False)
        self.x_numbers = [self._number(tick) for tick in ticks]
        for number, tick in zip(self.x_numbers, ticks, strict=True):
            number.move_to(self.point(tick, 0.0) - point(0.0, NUMBER_GAP))
        upwards = ticks if top == limit else nice_ticks(-top, top, MOST_TICKS)
        above = [tick for tick in upwards if tick > 0]
        self.y_axis = self._make_axis(above, is_vertical=True)
        self.y_numbers = [self._number(tick, "right") for tick in above]
        for number, tick in zip(self.y_numbers, above, strict=True):
            left = point(number.width / 2 + 2 * TICK, 0.0)
            number.move_to(self.point(0.0, tick) - left)
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
        low, high = (0.0, self.top) if is_vertical else (-self.limit, self.limit)

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
