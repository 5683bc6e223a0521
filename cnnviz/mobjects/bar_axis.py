"""Bars along an axis with a zero: for scores of either sign, and for probabilities."""

from __future__ import annotations

import numpy as np
from manim import Group, Line

from cnnviz.explain.quantity import Quantity
from cnnviz.explain.ticks import nice_ticks, tick_decimals
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.text import Number, line_width
from cnnviz.style.colour import rgb_of_hex
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

TICK_CHARACTERS = 6
"""Room for the number at a tick."""

TICK_ROOM = 1.4
"""From one number to the next, in widths of the widest."""

MOST_TICKS = 6

OVERHANG = "0.0"
"""A number at an end of the axis may be so wide and still stand right above its line."""


class BarAxis(Group):
    """A horizontal axis: numbers along its top edge, a thin line down from each.

    The axis does not stretch to its bars: 0.28 on an axis from 0 to 1 looks like 0.28.

    Parameters
    ----------
    low, high
        The values at the left and right edge; 0 lies between them or at one of them.
    zone
        What the bars lie in; the numbers stand above it.
    theme
        Sizes and colours.
    """

    def __init__(self, low: float, high: float, zone: Zone, theme: Theme) -> None:
        self.low, self.high, self.zone = low, high, zone
        size, palette, strokes = theme.sizes.small, theme.palette, theme.strokes
        self.lines, self.numbers = [], []
        for mark in self._choose_marks(size):
            tick = mark.value
            x = self.x_of(tick)
            is_zero = tick == 0
            self.lines.append(
                Line(
                    point(x, zone.top),
                    point(x, zone.bottom),
                    stroke_width=strokes.thin if is_zero else strokes.hairline / 2,
                    color=palette.text_muted if is_zero else palette.line,
                )
            )
            number = Number(mark, size, palette.text_muted)
            reach = zone.width / 2 + line_width(OVERHANG, size) / 2 - number.width / 2
            x = zone.x + min(max(x - zone.x, -reach), reach)
            number.move_to(point(x, zone.top + number.height / 2))
            self.numbers.append(number)
        super().__init__(*self.lines, *self.numbers)

    def _choose_marks(self, font_size: float) -> list[Quantity]:
        """Return as many numbers as stand well apart from each other; at least the zero."""
        for most in range(MOST_TICKS, 1, -1):
            marks = [
                Quantity.of("scale_end", tick, tick_decimals(tick), width=TICK_CHARACTERS)
                for tick in nice_ticks(self.low, self.high, most)
            ]
            if len(marks) < 2:
                break
            step = self.x_of(marks[1].value) - self.x_of(marks[0].value)
            if TICK_ROOM * max(line_width(mark.shown, font_size) for mark in marks) <= step:
                return marks
        return [Quantity.of("scale_end", 0.0, 0)]

    def x_of(self, value: float) -> float:
        """Return where a value lies, in Manim units; beyond an end, that end."""
        share = (value - self.low) / (self.high - self.low)
        return self.zone.left + min(max(share, 0.0), 1.0) * self.zone.width


class PlainRectangle(HeatMap):
    """A rectangle of one colour, set by its edges.

    Parameters
    ----------
    colour
        ``"#rrggbb"``.
    """

    def __init__(self, colour: str) -> None:
        super().__init__(_one_cell(colour), 1.0, 1.0)

    def set_edges(self, left: float, top: float, right: float, bottom: float) -> None:
        """Move the four edges, in scene coordinates."""
        corners = [(left, top), (right, top), (left, bottom), (right, bottom)]
        self.points = np.array([(x, y, 0.0) for x, y in corners])

    def set_bar_colour(self, colour: str) -> None:
        """Change the colour, ``"#rrggbb"``."""
        self.set_colours(_one_cell(colour))


class Bar(PlainRectangle):
    """One horizontal bar, set by its two ends.

    Parameters
    ----------
    colour
        ``"#rrggbb"``.
    y
        Of its middle.
    height
        In Manim units.
    """

    def __init__(self, colour: str, y: float, height: float) -> None:
        super().__init__(colour)
        self.y = y
        self.thickness = height
        self.set_span(0.0, 0.0)

    def set_span(self, start: float, end: float) -> None:
        """Reach from one x to another, in either order."""
        left, right = sorted((start, end))
        self.set_edges(left, self.y + self.thickness / 2, right, self.y - self.thickness / 2)


def _one_cell(colour: str) -> np.ndarray:
    return np.array([[rgb_of_hex(colour)]], np.uint8)
