"""The legend of a map: its colours, ticks, the values at its ends, and how far values reach."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import Group, VMobject

from cnnviz.explain.legend import Extremes
from cnnviz.explain.quantity import Quantity
from cnnviz.explain.ticks import nice_ticks
from cnnviz.locales import Words
from cnnviz.mobjects.expression import Expression, Part
from cnnviz.mobjects.frames import map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.text import Number
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import point
from cnnviz.style.theme import Theme

STEPS = 129
"""Cells of the bar: odd, so that one of them is the middle."""

TICK = 0.05
"""Length of a tick below the bar, in Manim units, as all lengths here."""

TICK_ROOM = 0.2
"""Least distance of two ticks."""

NOTE_GAP = 0.05
"""Between the numbers and the note below them."""


class ColourBar(Group):
    """A horizontal bar of a scale's colours with ticks and numbers below it.

    Ticks stand at round values at equal distances, and at the numbers.

    Parameters
    ----------
    scale
        The colours.
    marks
        The numbers to write, each at the place of its value.
    theme
        Sizes and colours.
    width
        In Manim units.
    note
        What is written in a line below the numbers, such as :func:`extremes_note`.
    """

    def __init__(
        self,
        scale: ColourScale,
        marks: tuple[Quantity, ...],
        theme: Theme,
        width: float,
        note: Sequence[Part] = (),
    ) -> None:
        values = np.linspace(scale.low, scale.high, STEPS)
        height = theme.sizes.small / 72 * 0.6
        self.bar = HeatMap(scale.colours(values)[np.newaxis], width, height)
        self.ticks = _ticks(scale, marks, theme, width, -height / 2)
        self.numbers = []
        for mark in marks:
            number = Number(mark, theme.sizes.small, theme.palette.text_muted)
            x = _share(scale, mark.value) * width
            number.move_to(point(x, -height / 2 - TICK - number.height / 2))
            self.numbers.append(number)
        super().__init__(self.bar, map_frame(self.bar, theme), self.ticks, *self.numbers)
        if note:
            below = self.get_bottom()[1] - NOTE_GAP
            line = Expression(
                note, theme.sizes.small, point(0.0, below), np.inf, theme, has_result=False
            )
            self.add(*line.shift(point(0.0, -line.height / 2)))


def extremes_note(extremes: Extremes, words: Words, layer: str | None = None) -> list[Part]:
    """Return what says how far the values of a legend really reach."""
    least, most = extremes.quantities(layer)
    return [words("common.least") + " ", least, " · " + words("common.most") + " ", most]


def _share(scale: ColourScale, value: float) -> float:
    """Return where a value lies on the bar: from -0.5, its left end, to 0.5."""
    share = (value - scale.low) / (scale.high - scale.low)
    return min(max(share, 0.0), 1.0) - 0.5


def _ticks(
    scale: ColourScale, marks: tuple[Quantity, ...], theme: Theme, width: float, y: float
) -> VMobject:
    """Return the ticks as one mobject, each from the height `y` downwards."""
    ticks = VMobject(
        stroke_color=theme.palette.text_muted,
        stroke_width=theme.strokes.hairline,
        fill_opacity=0,
    )
    most = max(int(width / TICK_ROOM), 2)
    values = {mark.value for mark in marks} | set(nice_ticks(scale.low, scale.high, most))
    for x in sorted(_share(scale, value) * width for value in values):
        ticks.start_new_path(point(x, y))
        ticks.add_line_to(point(x, y - TICK))
    return ticks
