"""Texts whose length nobody knows beforehand, such as class names: shown whole in any room."""

from __future__ import annotations

import math
from typing import Any

from cnnviz.mobjects.text import LINE_STEP, POINTS_PER_UNIT, Anchor, Label, line_width
from cnnviz.style.line_breaking import break_anywhere
from cnnviz.style.typography import CAP_HEIGHT

SMALLEST = 13.0
"""Nothing that is meant to be read is set smaller, in points."""

STEP = 0.95
"""Factor between the sizes that are tried for names too long for any room."""


def fit_text(
    text: str,
    font_size: float,
    max_width: float,
    weight: int = 400,
    max_height: float = math.inf,
) -> tuple[tuple[str, ...], float]:
    """Return the lines and the font size in which a text is whole in its room.

    It is set smaller where it must be, down to `SMALLEST`, and only then in lines. Where not
    even those fit it gets smaller still: names as long as a sentence are neither cut nor set
    over others.

    Parameters
    ----------
    text
        One line.
    font_size, weight
        As it is set where there is room.
    max_width, max_height
        In Manim units, the height from the capitals of the first line to the last baseline.
    """
    width = line_width(text, font_size, weight)
    if width <= max_width:
        return (text,), font_size
    smallest = min(SMALLEST, font_size)
    size = float(font_size * max_width / width)
    if size >= smallest:
        return (text,), size
    size = smallest
    while True:
        lines = tuple(break_anywhere(text, max_width * POINTS_PER_UNIT / size, weight))
        height = (CAP_HEIGHT + (len(lines) - 1) * LINE_STEP) * size / POINTS_PER_UNIT
        if len(lines) == 1 or height <= max_height:
            return lines, size
        size *= STEP


class FittedLabel(Label):
    """A text that is never wider than its room, and never cut: see :func:`fit_text`.

    Parameters
    ----------
    text, font_size, colour, weight, anchor
        As for :class:`Label`; the size is that where there is room.
    max_width, max_height
        The room, in Manim units, of this text and of all that it is changed to.
    """

    def __init__(
        self,
        text: str,
        font_size: float,
        colour: str,
        max_width: float,
        weight: int = 400,
        anchor: Anchor = "centre",
        max_height: float = math.inf,
        **kwargs: Any,
    ) -> None:
        self.max_width, self.max_height = max_width, max_height
        self._usual_size = font_size
        super().__init__(text, font_size, colour, weight, anchor, **kwargs)

    def _fit(self) -> tuple[str, ...]:
        lines, self.font_size = fit_text(
            self.text, self._usual_size, self.max_width, self.weight, self.max_height
        )
        return lines
