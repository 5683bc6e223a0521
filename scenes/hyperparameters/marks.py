"""What is drawn around and over a grid of cells: the window with its gaps, spans, crosses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import Group, VMobject

from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.frames import KernelWindow
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.text import POINTS_PER_UNIT, Label, Number
from cnnviz.style.geometry import point
from cnnviz.style.theme import Theme
from cnnviz.style.typography import CAP_HEIGHT

TICK = 0.06
"""Half the height of a span's end strokes, in Manim units."""

SPAN_GAP = 0.25
"""From a span's line to the middle of its label, in Manim units."""


EQUATION_GAP = 0.08
"""Between a text and its number, in Manim units."""


class DilatedWindow(VMobject):
    """A kernel's window in which the cells that its weights meet stand out.

    Without gaps it is one outline; with gaps each cell that a weight meets has an outline of
    its own.

    Parameters
    ----------
    on
        The map it moves over.
    size
        Weights along one side.
    theme
        Colour and line width.
    """

    def __init__(self, on: HeatMap, size: int, theme: Theme) -> None:
        super().__init__(
            stroke_color=theme.palette.accent, stroke_width=theme.strokes.normal, fill_opacity=0
        )
        self._map = on
        self._size = size
        self._margin = theme.layout.pixel * theme.strokes.normal / 2

    def show_position(
        self, row: float, column: float, spacing: float, size: float | None = None
    ) -> None:
        """Put the upper left cell at (row, column); weights lie `spacing` cells apart.

        Another `size` than its own is that of a window that grows; without gaps it may be
        between two whole numbers.
        """
        size = self._size if size is None else size
        taps = [tap * spacing for tap in range(round(size))] if spacing > 1 else [0.0]
        side = 1.0 if spacing > 1 else float(size)
        self.clear_points()
        for down in taps:
            for right in taps:
                self._add_rectangle(row + down, column + right, side)

    def _add_rectangle(self, row: float, column: float, side: float) -> None:
        x, y, _, _ = self._map.corners()
        width, height = self._map.cell_size()
        margin = self._margin if side > 1 else -self._margin
        left, right = x + column * width - margin, x + (column + side) * width + margin
        top, bottom = y - row * height + margin, y - (row + side) * height - margin
        corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
        self.start_new_path(np.array([*corners[0], 0.0]))
        for corner in corners[1:]:
            self.add_line_to(np.array([*corner, 0.0]))


class ReachFrame(KernelWindow):
    """A thin frame around all that a dilated kernel reaches over."""

    def __init__(self, on: HeatMap, size: float, theme: Theme) -> None:
        super().__init__(on, size, theme)
        self.set_stroke(width=theme.strokes.hairline)


class Span(Group):
    """A measured length: a line between two strokes, and what it says beside it.

    Parameters
    ----------
    start, end, y
        Where the line lies, horizontally, in scene coordinates.
    side
        1 puts the label above the line, -1 below it.
    text
        What stands before the number, such as ``"n ="``.
    quantity
        The length.
    limits
        Leftmost and rightmost place for the label.
    theme
        Sizes and colours.
    """

    def __init__(
        self,
        start: float,
        end: float,
        y: float,
        side: int,
        text: str,
        quantity: Quantity,
        limits: tuple[float, float],
        theme: Theme,
    ) -> None:
        sizes, colour = theme.sizes, theme.palette.text
        self.line = VMobject(stroke_color=colour, stroke_width=theme.strokes.thin, fill_opacity=0)
        for (x0, y0), (x1, y1) in (
            ((start, y), (end, y)),
            ((start, y - TICK), (start, y + TICK)),
            ((end, y - TICK), (end, y + TICK)),
        ):
            self.line.start_new_path(point(x0, y0))
            self.line.add_line_to(point(x1, y1))
        self.equation = Equation(text, quantity, sizes.body, theme)
        half = self.equation.width / 2
        middle = min(max((start + end) / 2, limits[0] + half), limits[1] - half)
        self.equation.move_to(point(middle, y + side * SPAN_GAP))
        super().__init__(self.line, self.equation)


class Equation(Group):
    """A text and a number on one line, centred at the origin.

    Parameters
    ----------
    text
        What stands before the number.
    quantity
        The number.
    font_size
        In points.
    theme
        Colours.
    """

    def __init__(self, text: str, quantity: Quantity, font_size: float, theme: Theme) -> None:
        label = Label(text, font_size, theme.palette.text)
        self.number = Number(quantity, font_size, theme.palette.text, weight=600, anchor="left")
        total = label.width + EQUATION_GAP + self.number.width
        label.move_to(point((label.width - total) / 2, 0.0))
        self.number.move_to(point((total - self.number.width) / 2, 0.0))
        super().__init__(label, self.number)


def cross(centre: Sequence[float], size: float, theme: Theme) -> VMobject:
    """Return a mark that says "not possible": two diagonal strokes, `size` wide and high."""
    mark = VMobject(
        stroke_color=theme.palette.accent, stroke_width=theme.strokes.window, fill_opacity=0
    )
    x, y = centre[0], centre[1]
    for slope in (1, -1):
        mark.start_new_path(point(x - size / 2, y - slope * size / 2))
        mark.add_line_to(point(x + size / 2, y + slope * size / 2))
    return mark


def floor_bracket(side: str, x: float, y: float, font_size: float, theme: Theme) -> VMobject:
    """Return one of the two lines that mean "round down", as fonts for maths draw them.

    Parameters
    ----------
    side
        ``"⌊"`` or ``"⌋"``.
    x, y
        Its middle, in scene coordinates.
    font_size
        Of the text beside it, in points.
    theme
        Colour and line width.
    """
    unit = font_size / POINTS_PER_UNIT
    toward = 1 if side == "⌊" else -1
    edge, foot = x - toward * 0.1 * unit, x + toward * 0.14 * unit
    reach = (CAP_HEIGHT / 2 + 0.16) * unit
    bracket = VMobject(
        stroke_color=theme.palette.text, stroke_width=theme.strokes.thin, fill_opacity=0
    )
    corners = [(edge, y + reach), (edge, y - reach), (foot, y - reach)]
    return bracket.set_points_as_corners(np.array([(*corner, 0.0) for corner in corners]))
