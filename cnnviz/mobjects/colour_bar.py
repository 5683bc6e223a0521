"""The legend of a map: its colours with the smallest, middle and largest value in numbers."""

from __future__ import annotations

import numpy as np
from manim import Group

from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.frames import map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.text import Number
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import point
from cnnviz.style.theme import Theme

STEPS = 129
"""Cells of the bar: odd, so that one of them is the middle."""


class ColourBar(Group):
    """A horizontal bar of a scale's colours with numbers below it.

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
    """

    def __init__(
        self, scale: ColourScale, marks: tuple[Quantity, ...], theme: Theme, width: float
    ) -> None:
        values = np.linspace(scale.low, scale.high, STEPS)
        height = theme.sizes.small / 72 * 0.6
        self.bar = HeatMap(scale.colours(values)[np.newaxis], width, height)
        self.numbers = []
        for mark in marks:
            share = (mark.value - scale.low) / (scale.high - scale.low)
            number = Number(mark, theme.sizes.small, theme.palette.text_muted)
            x = (min(max(share, 0.0), 1.0) - 0.5) * width
            number.move_to(point(x, -height / 2 - number.height / 2))
            self.numbers.append(number)
        super().__init__(self.bar, map_frame(self.bar, theme), *self.numbers)
