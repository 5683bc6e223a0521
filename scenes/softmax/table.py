"""Softmax as a table: a line for each class, a column for each step, a plot at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from manim import Group, Line

from cnnviz.explain.quantity import Quantity
from cnnviz.locales import Words
from cnnviz.mobjects.bar_axis import OVERHANG
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.text import POINTS_PER_UNIT, Label, Number, line_width
from cnnviz.scenes.softmax.shown import ShownClass, ShownOthers, ShownSoftmax
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

HEAD_HEIGHT = 0.5
"""Of the columns' names and the axis' numbers, in Manim units."""

SUM_LINES = 1.25
"""Height of the line with the sums, in lines of a class."""

TALLEST_LINE = 0.68
"""Of one class, in Manim units: few classes do not fill the stage."""

TYPE_SHARE = 0.62
"""Font size in relation to a line's height, within the theme's limits."""

GAP_SHARE = 0.027
"""Between two columns, as a share of the table's width."""

PLOT_SHARE = 0.24
"""The plot gets at least so much of the table's width, as long as the type can shrink."""

NAME_SHARE = 0.2
"""Largest width of the class names, as a share of the table."""

BAR_SHARE = 0.66
"""Thickness of a bar, as a share of a line."""

COLUMNS = ("score", "shifted", "exp", "probability")


@dataclass(frozen=True)
class TableGrid:
    """Where lines and columns of the table lie, in scene coordinates.

    Attributes
    ----------
    font_size
        Of the table's text.
    line_height
        From one class to the next.
    top
        Upper edge of the first class's line.
    names_left, name_width
        Where the class names begin, and the room they have.
    rights
        Right edge of each of `COLUMNS`.
    plot
        What the bars lie in, the line of the sums included.
    """

    font_size: float
    line_height: float
    top: float
    names_left: float
    name_width: float
    rights: tuple[float, ...]
    plot: Zone

    @classmethod
    def of(
        cls,
        shown: ShownSoftmax,
        heads: Sequence[str],
        names: Sequence[str],
        theme: Theme,
        zone: Zone,
    ) -> TableGrid:
        """Divide `zone` so that everything written fits, and leave the rest to the plot."""
        lines = len(names) + SUM_LINES
        height = min((zone.height - HEAD_HEIGHT) / lines, TALLEST_LINE)
        small = theme.sizes.small
        size = min(max(height * TYPE_SHARE * POINTS_PER_UNIT, small), theme.sizes.caption)
        margin = line_width(OVERHANG, small) / 2
        while True:
            name_width = min(max(line_width(name, size) for name in names), NAME_SHARE * zone.width)
            columns = zip(heads, COLUMNS, strict=True)
            widths = [_column_width(shown, head, column, size, small) for head, column in columns]
            gap = GAP_SHARE * zone.width
            rights = zone.left + name_width + np.cumsum(np.array(widths) + gap)
            plot_left = float(rights[-1]) + gap + margin
            if zone.right - margin - plot_left >= PLOT_SHARE * zone.width or size == small:
                break
            size = max(size - 1, small)
        top = zone.y + (lines * height + HEAD_HEIGHT) / 2 - HEAD_HEIGHT
        plot = Zone(plot_left, top, zone.right - margin, top - lines * height)
        return cls(size, height, top, zone.left, name_width, tuple(map(float, rights)), plot)

    def line_y(self, line: int) -> float:
        """Return the middle of a class's line, counted from 0."""
        return self.top - (line + 0.5) * self.line_height

    @property
    def sum_y(self) -> float:
        """Middle of the line with the sums."""
        return self.plot.bottom + self.line_height / 2


def _column_width(
    shown: ShownSoftmax, head: str, column: str, size: float, head_size: float
) -> float:
    texts = [getattr(each, column).shown for each in shown.classes]
    return max(line_width(head, head_size), *(line_width(text, size) for text in texts))


NAME_HEIGHT = 0.8
"""Of a name in several lines, as a share of the line's height."""


class ClassLine:
    """The texts of one class, or of the classes that share the last line."""

    def __init__(
        self, entry: ShownClass | ShownOthers, name: str, line: int, grid: TableGrid, theme: Theme
    ) -> None:
        self._grid, self._theme = grid, theme
        self._y = grid.line_y(line)
        self.name = FittedLabel(
            name,
            grid.font_size,
            theme.palette.text,
            grid.name_width,
            anchor="left",
            max_height=NAME_HEIGHT * grid.line_height,
        )
        self.name.move_to(point(grid.names_left + self.name.width / 2, self._y))
        self.score: Number | None = None
        self.shifted: Number | None = None
        if isinstance(entry, ShownClass):
            self.score = self._number(entry.score, 0)
            self.shifted = self._number(entry.shifted, 1)
        self.exp = self._number(entry.exp, 2)
        self.probability = self._number(entry.probability, 3)

    @property
    def parts(self) -> list[Label]:
        """All texts."""
        numbers = (self.score, self.shifted, self.exp, self.probability)
        return [self.name, *(number for number in numbers if number)]

    def emphasise(self) -> None:
        """Mark it as the one we talk about."""
        for part in self.parts:
            part.set_colour(self._theme.palette.accent)

    def _number(self, quantity: Quantity, column: int) -> Number:
        number = Number(quantity, self._grid.font_size, self._theme.palette.text, anchor="right")
        right = self._grid.rights[column]
        return number.move_to(point(right - number.width / 2, self._y))


class SoftmaxTable:
    """The table's mobjects; none is in the scene at first.

    Parameters
    ----------
    shown
        The numbers.
    theme, words
        Looks and words.
    zone
        The room there is.
    """

    def __init__(self, shown: ShownSoftmax, theme: Theme, words: Words, zone: Zone) -> None:
        self._theme = theme
        about = "" if shown.shift_equals == "=" else f"{shown.shift_equals} "
        heads = [words(f"softmax.head_{column}", about=about) for column in COLUMNS]
        names = [each.name for each in shown.classes]
        entries: list[ShownClass | ShownOthers] = list(shown.classes)
        if shown.others:
            names.append(words("common.others", count=shown.others.count))
            entries.append(shown.others)
        self.grid = TableGrid.of(shown, heads, names, theme, zone)
        self.lines = [
            ClassLine(entry, name, line, self.grid, theme)
            for line, (entry, name) in enumerate(zip(entries, names, strict=True))
        ]
        self.lines[shown.emphasised].emphasise()
        self.heads = [self._head(text, column) for column, text in enumerate(heads)]
        self.rule = self._make_rule()
        self.exp_sum = self._make_sum(shown.exp_equals, shown.exp_sum, 2)
        self.probability_sum = self._make_sum(shown.probability_equals, shown.probability_sum, 3)

    def column(self, name: str) -> list[Number]:
        """Return the numbers of one of `COLUMNS`."""
        numbers = (getattr(line, name) for line in self.lines)
        return [number for number in numbers if number]

    def _head(self, text: str, column: int) -> Label:
        sizes, palette = self._theme.sizes, self._theme.palette
        head = Label(text, sizes.small, palette.text_muted, anchor="right")
        right = self.grid.rights[column]
        return head.move_to(point(right - head.width / 2, self.grid.top + head.height / 2))

    def _make_rule(self) -> Line:
        grid = self.grid
        y = grid.sum_y + SUM_LINES / 2 * grid.line_height
        return Line(
            point(grid.names_left, y),
            point(grid.rights[-1], y),
            stroke_width=self._theme.strokes.thin,
            color=self._theme.palette.line,
        )

    def _make_sum(self, sign: str, total: Quantity, column: int) -> Group:
        """Return a sum with its sign at the foot of a column."""
        size, colour = self.grid.font_size, self._theme.palette.text
        number = Number(total, size, colour, weight=600, anchor="right")
        number.move_to(point(self.grid.rights[column] - number.width / 2, self.grid.sum_y))
        before = Label(f"Σ {sign}", self._theme.sizes.small, self._theme.palette.text_muted)
        before.move_to(number.get_left() - point(before.width / 2 + 0.08, 0.0))
        return Group(before, number)
