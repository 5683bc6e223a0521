"""Texts whose length nobody knows beforehand, such as class names: shown whole in any room."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from cnnviz.mobjects.text import LINE_STEP, POINTS_PER_UNIT, Anchor, Label, line_width
from cnnviz.style.line_breaking import break_anywhere, break_name
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
        if len(lines) == 1 or lines_height(len(lines), size) <= max_height:
            return lines, size
        size *= STEP


def wrap_text(
    text: str, font_size: float, max_width: float, weight: int = 400, max_height: float = math.inf
) -> tuple[str, ...] | None:
    """Return the lines in which a text is whole at its size; None if in none.

    Words are unbroken but for names that are put together: see :func:`break_name`.

    Parameters
    ----------
    text, font_size, max_width, weight, max_height
        As for :func:`fit_text`.
    """
    lines = tuple(break_name(text, max_width * POINTS_PER_UNIT / font_size, weight))
    widest = max(line_width(line, font_size, weight) for line in lines)
    is_whole = widest <= max_width and lines_height(len(lines), font_size) <= max_height
    return lines if is_whole else None


def even_size(
    texts: Sequence[str],
    font_size: float,
    smallest: float,
    max_width: float,
    max_height: float,
    weight: int = 400,
) -> float:
    """Return the size at which all of some texts are whole in rooms alike, in lines or not.

    It is as near to `font_size` as can be; `smallest` if they are whole in no larger one.
    """
    size = font_size
    while size > smallest:
        if all(wrap_text(text, size, max_width, weight, max_height) for text in texts):
            return size
        size *= STEP
    return smallest


def lines_height(count: int, font_size: float) -> float:
    """Return the height of so many lines, from the first capitals to the last baseline."""
    return (CAP_HEIGHT + (count - 1) * LINE_STEP) * font_size / POINTS_PER_UNIT


class FittedLabel(Label):
    """A text that is never wider than its room, and never cut: see :func:`fit_text`.

    Parameters
    ----------
    text, font_size, colour, weight, anchor
        As for :class:`Label`; the size is that where there is room.
    max_width, max_height
        The room, in Manim units, of this text and of all that it is changed to.
    wraps
        Whether it is set in lines before it is set smaller.
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
        *,
        wraps: bool = False,
        **kwargs: Any,
    ) -> None:
        self.max_width, self.max_height, self._wraps = max_width, max_height, wraps
        self._usual_size = font_size
        super().__init__(text, font_size, colour, weight, anchor, **kwargs)

    def _fit(self) -> tuple[str, ...]:
        room = self.max_width, self.weight, self.max_height
        wrapped = wrap_text(self.text, self._usual_size, *room) if self._wraps else None
        if wrapped is not None:
            self.font_size = self._usual_size
            return wrapped
        lines, self.font_size = fit_text(self.text, self._usual_size, *room)
        return lines
