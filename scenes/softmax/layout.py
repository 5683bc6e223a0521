"""Where the stage of softmax has its lines of classes, its curve and its strip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cnnviz.mobjects.fitting import SMALLEST
from cnnviz.mobjects.text import POINTS_PER_UNIT, line_width
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import FontSizes

WIDE_STAGE = 12.0
"""From this width on the curve stands at the right of the lines, else below them."""

HEAD_HEIGHT = 0.42
"""Of the columns' names and the axis' numbers, in Manim units."""

STRIP_HEIGHT = 0.95
"""Of the strip with its numbers."""

GAP = 0.2
"""Between lines, curve and strip."""

LOWEST_LINE = 0.235
TALLEST_LINE = 1.15
"""Of one class, in Manim units: few classes do not fill the stage."""

OPEN = 1.6
"""While the stage is theirs alone, lines may be so many times taller."""

LEAST_OPEN = 0.56
"""Share of the stage's height that they take then, however few: an upright stage is high."""

AXIS_FOOT = 0.4
"""Below the bars of the scores, for their axis."""

LINES_SHARE = 0.55
"""Of the height that lines and curve share on a narrow stage, what the lines take."""

TYPE_SHARE = 0.62
"""Font size in relation to a line's height, within the theme's limits."""

END_NUMBER = "0.0"
"""A number at an end of an axis is about so wide, and stands half beyond it."""

GAP_SHARE = 0.02
"""Between two columns, as a share of the table's width."""

LONGEST_BAR = 3.6
"""Of the lines' axis beside the curve: about as long as the curve is high."""

BAR_SHARE = 0.45
"""Of the width right of the numbers, what the bars' axis takes where the curve is beside it."""

LEAST_PLOT = 4.0
"""Of a curve that has the stage for itself, in Manim units."""

LEAST_REST = 8.0, 4.0
"""Right of the numbers, on a wide stage and on a narrow one, as long as the type can shrink."""

TWO_LINES = 0.6
"""Width of a name in two lines, as a share of that in one: lines are not equally long."""

LEAST_BAR = 1.0
"""Of the bars' axis, in Manim units, whatever the names: only names longer than that are cut."""

BAR_THICKNESS = 0.7
"""As a share of a line."""


@dataclass(frozen=True)
class ColumnTexts:
    """What the columns must have room for: names, and two columns of numbers with heads."""

    names: Sequence[str]
    scores: Sequence[str]
    values: Sequence[str]
    score_heads: Sequence[str]
    value_heads: Sequence[str]

    def name_width(self, font_size: float) -> float:
        """Return the width of the longest name in one line, in Manim units."""
        return max(line_width(name, font_size) for name in self.names)

    def widths(self, font_size: float, head_size: float) -> list[float]:
        """Return the widths of the columns, in Manim units."""
        columns: tuple[tuple[Sequence[str], Sequence[str]], ...] = (
            (self.names, ()),
            (self.scores, self.score_heads),
            (self.values, self.value_heads),
        )
        return [
            max(
                [line_width(text, font_size) for text in texts]
                + [line_width(head, head_size) for head in heads]
            )
            for texts, heads in columns
        ]


@dataclass(frozen=True)
class SoftmaxLayout:
    """Where everything lies, in scene coordinates.

    Attributes
    ----------
    font_size
        Of the lines' text.
    line_height
        From one class to the next.
    names_left, name_width
        Where the class names begin, and the room they have.
    score_right, value_right
        Right edges of the two columns of numbers.
    bars
        What the bars of exponentials and probabilities lie in; its top is the first line's.
    scores
        What the bars of scores lie in: all of the stage right of the numbers.
    plot
        Room for the curve with its axes.
    tall_plot
        The same as long as there is no strip.
    tall_line
        From one class to the next as long as bars stand beside them and there is no strip.
    strip
        The strip; its numbers stand below it.
    """

    font_size: float
    line_height: float
    names_left: float
    name_width: float
    score_right: float
    value_right: float
    bars: Zone
    scores: Zone
    plot: Zone
    tall_plot: Zone
    tall_line: float
    strip: Zone

    @classmethod
    def of(cls, texts: ColumnTexts, stage: Zone, sizes: FontSizes) -> SoftmaxLayout:
        """Divide `stage` so that everything written fits, and leave the rest to the pictures."""
        upper = Zone(stage.left, stage.top, stage.right, stage.bottom + STRIP_HEIGHT + GAP)
        count = len(texts.names)
        is_wide = stage.width >= WIDE_STAGE
        share = 1.0 if is_wide else LINES_SHARE
        height = _line_height(share * (upper.height - HEAD_HEIGHT), count)
        size = min(max(height * TYPE_SHARE * POINTS_PER_UNIT, sizes.small), sizes.caption)
        gap = GAP_SHARE * stage.width
        while True:
            widths = texts.widths(size, sizes.small)
            if size == sizes.small:  # names that leave too little are set in two lines
                fitting = stage.width - sum(widths[1:]) - 3 * gap - LEAST_REST[not is_wide]
                widths[0] = min(widths[0], max(fitting, TWO_LINES * texts.name_width(SMALLEST)))
            most = stage.width - sum(widths[1:]) - 3 * gap - LEAST_BAR
            widths[0] = min(widths[0], most)
            rights = stage.left + np.cumsum(np.array(widths) + gap)
            rest = stage.right - float(rights[2])
            if rest >= LEAST_REST[not is_wide] or size == sizes.small:
                break
            size = max(size - 1, sizes.small)
        first, second, third = (float(right) for right in rights)
        overhang = line_width(END_NUMBER, sizes.small) / 2
        left = third + overhang
        right = stage.right - overhang
        top = upper.top - HEAD_HEIGHT
        bottom = top - count * height
        opened = max(count * OPEN * TALLEST_LINE, LEAST_OPEN * stage.height)
        scores_bottom = max(stage.bottom + AXIS_FOOT, top - opened)
        scores = Zone(left, top, right, scores_bottom)
        if is_wide:
            end = left + min(BAR_SHARE * (right - left), LONGEST_BAR)
            plot = Zone(end + GAP + overhang, upper.top, stage.right, upper.bottom)
            tall_line = scores.height / count  # the lines stay as they are
            tall_plot = replace(plot, bottom=scores_bottom - AXIS_FOOT)
        else:
            end = right
            plot = Zone(stage.left, bottom - GAP, stage.right, upper.bottom)
            tall_line = _line_height(share * (stage.height - HEAD_HEIGHT), count)
            tall_plot = replace(plot, top=top - count * tall_line - GAP, bottom=stage.bottom)
        strip = Zone(stage.left, stage.bottom + STRIP_HEIGHT, stage.right, stage.bottom + 0.38)
        bars = Zone(left, top, end, bottom)
        return cls(
            size, height, stage.left, first - gap - stage.left, second - gap, third - gap,
            bars, scores, plot, tall_plot, tall_line, strip,
        )  # fmt: skip

    @property
    def has_wide_plot(self) -> bool:
        """Whether the curve can have the stage for itself first, and is larger there."""
        free, later = self._free, self.tall_plot
        is_larger = free.width * free.height >= later.width * later.height
        return self.scores.width >= LEAST_PLOT and is_larger

    @property
    def is_stacked(self) -> bool:
        """Whether the curve stands between the lines and the strip, not beside the lines."""
        return self.plot.top < self.bars.bottom

    @property
    def wide_plot(self) -> Zone:
        """Room for the curve as long as it has all of the stage right of the numbers.

        Where names or the few lines leave little there, it is the same as later.
        """
        return self._free if self.has_wide_plot else self.tall_plot

    def thickness(self, openness: float = 0.0) -> float:
        """Return the thickness of a bar, in Manim units: see :meth:`line_y`."""
        return self._height(openness) * BAR_THICKNESS

    def line_y(self, line: int, openness: float = 0.0) -> float:
        """Return the middle of a class's line, counted from 0.

        At an `openness` of 1 the lines fill the stage, at 0 they leave room for curve and strip,
        at :attr:`tall_openness` for the curve alone.
        """
        return self.bars.top - (line + 0.5) * self._height(openness)

    @property
    def tall_openness(self) -> float:
        """How open the lines are with bars beside them, as long as there is no strip."""
        more = self._opened - self.line_height
        return (self.tall_line - self.line_height) / more if more else 0.0

    @property
    def _free(self) -> Zone:
        """All of the stage right of the numbers, as far down as the open lines reach."""
        right, bottom = self.plot.right, self.scores.bottom - AXIS_FOOT
        return Zone(self.scores.left, self.bars.top + HEAD_HEIGHT, right, bottom)

    @property
    def _opened(self) -> float:
        return self.line_height * self.scores.height / self.bars.height

    def _height(self, openness: float) -> float:
        return self.line_height + openness * (self._opened - self.line_height)


def _line_height(room: float, count: int) -> float:
    """Return the height of one of `count` lines where all have so much."""
    return min(max(room / count, LOWEST_LINE), TALLEST_LINE)
