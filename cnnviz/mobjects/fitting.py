"""Texts whose length nobody knows beforehand, such as class names: shown whole in any room."""

from __future__ import annotations

from typing import Any

from cnnviz.mobjects.text import POINTS_PER_UNIT, Anchor, Label, line_width
from cnnviz.style.line_breaking import break_anywhere

SMALLEST = 13.0
"""Nothing is set smaller, in points."""


def fit_text(
    text: str, font_size: float, max_width: float, weight: int = 400
) -> tuple[tuple[str, ...], float]:
    """Return the lines and the font size in which a text is whole in its room.

    It is set smaller where it must be, down to `SMALLEST`, and only then in lines.

    Parameters
    ----------
    text
        One line.
    font_size, weight
        As it is set where there is room.
    max_width
        In Manim units.
    """
    width = line_width(text, font_size, weight)
    if width <= max_width:
        return (text,), font_size
    smallest = min(SMALLEST, font_size)
    size = float(font_size * max_width / width)
    if size >= smallest:
        return (text,), size
    longest = max_width * POINTS_PER_UNIT / smallest
    return tuple(break_anywhere(text, longest, weight)), smallest


class FittedLabel(Label):
    """A text that is never wider than its room, and never cut: see :func:`fit_text`.

    Parameters
    ----------
    text, font_size, colour, weight, anchor
        As for :class:`Label`; the size is that where there is room.
    max_width
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
        **kwargs: Any,
    ) -> None:
        self.max_width = max_width
        self._usual_size = font_size
        super().__init__(text, font_size, colour, weight, anchor, **kwargs)

    def _fit(self) -> tuple[str, ...]:
        lines, self.font_size = fit_text(self.text, self._usual_size, self.max_width, self.weight)
        return lines
