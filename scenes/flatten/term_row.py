"""Terms of a calculation side by side, each with what it is below it."""

from __future__ import annotations

from collections.abc import Sequence

from manim import Group

from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.text import LINE_STEP, POINTS_PER_UNIT, Label, Number
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

LEADING = 1.35
"""From one line of details to the next, in em."""

DETAIL_HEIGHT = 1.3
"""Of a detail that is broken, in em."""

ONLY_DETAIL_HEIGHT = 3.8
"""And of one below which there is no other: four lines of the smallest type."""

SPREAD = 7.5
"""Widest column, in em of the numbers: few terms stay together."""


class TermRow(Group):
    """``338 + 65 + 6 = 409``, the last number being the result, with details below.

    Parameters
    ----------
    numbers
        The terms and their result.
    details
        For each number, the lines below it.
    signs
        What stands between two numbers; empty where the numbers bring their own signs.
    theme
        Sizes and colours.
    zone
        The room; every number has an equal share of its width.
    font_size, detail_size
        Of the numbers, and of what is below them.
    """

    def __init__(
        self,
        numbers: Sequence[Quantity],
        details: Sequence[Sequence[str]],
        signs: Sequence[str],
        theme: Theme,
        zone: Zone,
        font_size: float,
        detail_size: float,
    ) -> None:
        self._theme, palette = theme, theme.palette
        self._detail_size = detail_size
        em = font_size / POINTS_PER_UNIT
        width = min(zone.width, SPREAD * em * len(numbers))
        room = Zone(zone.x - width / 2, zone.top, zone.x + width / 2, zone.bottom)
        columns = room.columns(*[1.0] * len(numbers))
        self._detail_width = columns[0].width - 0.1
        line_height = LEADING * detail_size / POINTS_PER_UNIT
        lines = len(details[0])
        height = em + lines * line_height
        number_y = zone.y + height / 2 - em / 2
        weights = [400] * (len(numbers) - 1) + [600]
        self.numbers = [
            Number(number, font_size, palette.text, weight).move_to(point(column.x, number_y))
            for number, column, weight in zip(numbers, columns, weights, strict=True)
        ]
        self._lines = [number_y - em / 2 - (k + 0.6) * line_height for k in range(lines)]
        self.details = [
            [
                self._place(self._detail(text, lines), column.x, y)
                for text, y in zip(texts, self._lines, strict=True)
            ]
            for texts, column in zip(details, columns, strict=True)
        ]
        self.signs = [
            Label(sign, font_size, palette.text_muted).move_to(point(column.right, number_y))
            for sign, column in zip(signs, columns[:-1], strict=True)
        ]
        super().__init__(
            *self.numbers, *self.signs, *(each for column in self.details for each in column)
        )

    @property
    def outline(self) -> list[Label]:
        """What says how it is calculated before there are numbers: signs, and what terms are.

        What a term is stands in its last line; of the result all lines say it.
        """
        return [*self.signs, *(lines[-1] for lines in self.details[:-1]), *self.details[-1]]

    def filling(self, index: int) -> list[Label]:
        """Return what of one column is not in the outline: its number, and what gives that."""
        is_result = index == len(self.numbers) - 1
        return [self.numbers[index], *([] if is_result else self.details[index][:-1])]

    def column(self, index: int) -> list[Label]:
        """Return one number with its details, and the sign before it."""
        signs = [self.signs[index - 1]] if index else []
        return [*signs, self.numbers[index], *self.details[index]]

    def show_numbers(
        self, numbers: Sequence[Quantity], details: Sequence[Sequence[str]], last_sign: str
    ) -> None:
        """Show another calculation in the same places."""
        for mobject, number in zip(self.numbers, numbers, strict=True):
            mobject.set_quantity(number)
        for labels, texts in zip(self.details, details, strict=True):
            for label, text, y in zip(labels, texts, self._lines, strict=True):
                label.set_text(text)
                self._place(label, label.get_x(), y)
        self.signs[-1].set_text(last_sign)

    def _detail(self, text: str, lines: int) -> Label:
        em = self._detail_size / POINTS_PER_UNIT
        return FittedLabel(
            text,
            self._detail_size,
            self._theme.palette.text_muted,
            self._detail_width,
            max_height=em * (ONLY_DETAIL_HEIGHT if lines == 1 else DETAIL_HEIGHT),
        )

    def _place(self, label: Label, x: float, y: float) -> Label:
        """Put a label's first line where those of others are."""
        below = (len(label.lines) - 1) * LINE_STEP * label.font_size / POINTS_PER_UNIT
        return label.move_to(point(x, y - below / 2))
