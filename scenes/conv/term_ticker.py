"""One term of a sum after the other in one line, for kernels too large for numbers in cells."""

from __future__ import annotations

from manim import Group

from cnnviz.explain.quantity import Grid
from cnnviz.explain.rounding import equals_sign
from cnnviz.locales import Words
from cnnviz.mobjects.text import Label, Number, line_width
from cnnviz.style.geometry import point
from cnnviz.style.theme import Theme

CHARACTERS = 6
"""Room for each number."""


class TermTicker(Group):
    """``term 12 of 25   0.53 × −0.08 ≈ −0.04``.

    Parameters
    ----------
    patch, kernel, products
        The numbers, row by row.
    theme, words
        Looks and words.
    """

    def __init__(
        self, patch: Grid, kernel: Grid, products: Grid, theme: Theme, words: Words
    ) -> None:
        self._words = words
        self._terms = list(
            zip(
                *([cell for row in grid for cell in row] for grid in (patch, kernel, products)),
                strict=True,
            )
        )
        size, palette = theme.sizes.body, theme.palette
        numbers = self._terms[0]
        self.count = Label("", theme.sizes.label, palette.text_muted, anchor="left")
        self.numbers = [Number(number, size, palette.text) for number in numbers]
        self.numbers[2].weight = 600
        self.times = Label("×", size, palette.text_muted)
        self.equals = Label("=", size, palette.text_muted)
        self.show_term(0)
        step = line_width("0" * CHARACTERS, size) / 2
        parts = [self.numbers[0], self.times, self.numbers[1], self.equals, self.numbers[2]]
        for index, part in enumerate(parts):
            part.move_to(point(index * step, 0.0))
        self.count.move_to(point(-2 * step - self.count.width / 2, 0.0))
        super().__init__(self.count, *parts)

    def show_term(self, index: int) -> None:
        """Show one term, counted from 0."""
        value, weight, product = self._terms[index]
        for mobject, quantity in zip(self.numbers, (value, weight, product), strict=True):
            mobject.set_quantity(quantity)
        self.equals.set_text(equals_sign([value.shown, weight.shown], product.shown, "product"))
        self.count.set_text(self._words("common.term", term=index + 1, terms=len(self._terms)))
