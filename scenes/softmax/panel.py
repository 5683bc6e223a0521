"""Softmax's formula, and the same filled with one class's numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from manim import Group, Line, MathTypst

from cnnviz.locales import Words
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.formula import formula
from cnnviz.mobjects.text import Label, Number, line_width
from cnnviz.scenes.softmax.shown import ShownClass, ShownSoftmax
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

FORMULA = "p_i = e^(z_i - m) / (sum_j e^(z_j - m))"
"""The classes are i and j, m is the largest score (Typst)."""

GAP = 0.09
"""Between a number and a sign, in Manim units."""

BAR_EXCESS = 1.1
"""Length of a fraction bar in relation to the longest number above or below it."""

BOLD = 600

HEADING_HEIGHT = 0.18
"""Of a class's name in several lines, in Manim units."""


class SoftmaxPanel:
    """Three places: the formula, one exponential, one quotient.

    None of the mobjects is in the scene at first.

    Parameters
    ----------
    shown
        The numbers.
    theme, words
        Looks and words.
    zones
        Where the three lie.
    """

    def __init__(
        self, shown: ShownSoftmax, theme: Theme, words: Words, zones: tuple[Zone, Zone, Zone]
    ) -> None:
        self._shown, self._theme = shown, theme
        self._zones = zones
        self.formula: MathTypst = formula(FORMULA, theme, max_width=0.8 * zones[0].width)
        self.maximum = self._make_maximum(words)
        first = shown.classes[shown.emphasised]
        self.exponential = Exponential(first, theme, zones[1])
        self.quotient = Quotient(first, shown, theme, zones[2])
        both = Group(self.formula, self.maximum).arrange(point(0.0, -1.0), buff=0.15)
        both.move_to(zones[0].centre)

    def show_class(self, line: int) -> None:
        """Fill in another class's numbers."""
        shown = self._shown.classes[line]
        self.exponential.show_class(shown)
        self.quotient.show_class(shown)

    def _make_maximum(self, words: Words) -> Group:
        """Return ``m = largest score = 7.08``, without the words where they do not fit."""
        sizes, palette = self._theme.sizes, self._theme.palette
        for text in (words("softmax.maximum"), "m ="):
            row = Group(
                Label(text, sizes.label, palette.text_muted),
                Number(self._shown.maximum, sizes.body, palette.accent),
            ).arrange(buff=GAP)
            if row.width <= self._zones[0].width:
                break
        return row


class Exponential(Group):
    """``e`` to the power of a class's shifted score, and what that is."""

    def __init__(self, shown: ShownClass, theme: Theme, zone: Zone) -> None:
        sizes, palette = theme.sizes, theme.palette
        self._zone = zone
        self.heading = FittedLabel(
            "", sizes.label, palette.accent, zone.width, max_height=HEADING_HEIGHT
        )
        self.base = Label("e", sizes.number, palette.text)
        self.power = Number(shown.shifted, sizes.body, palette.text, anchor="left")
        self.sign = Label("≈", sizes.caption, palette.text_muted)
        self.result = Number(shown.exp, sizes.caption, palette.text)
        super().__init__(self.heading, self.base, self.power, self.sign, self.result)
        self.show_class(shown)

    def show_class(self, shown: ShownClass) -> None:
        """Show another class's numbers."""
        self.heading.set_text(shown.name)
        self.power.set_quantity(shown.shifted)
        self.result.set_quantity(shown.exp)
        self.sign.set_text(shown.exp_equals)
        _place_in_a_row(
            (self.base, self.power, self.sign, self.result),
            self._zone.centre - point(0.0, self.base.em / 2),
        )
        self.power.shift(point(-GAP, 0.4 * self.base.em))
        self.heading.move_to(self._zone.centre + point(0.0, 0.8 * self.base.em))


class Quotient(Group):
    """A class's exponential divided by the sum of all, and the probability that is."""

    def __init__(self, first: ShownClass, shown: ShownSoftmax, theme: Theme, zone: Zone) -> None:
        sizes, palette = theme.sizes, theme.palette
        self._zone = zone
        self.heading = FittedLabel(
            "", sizes.label, palette.accent, zone.width, max_height=HEADING_HEIGHT
        )
        width, size = self._fit(shown, theme)
        self.numerator = Number(first.exp, size, palette.text)
        self.denominator = Number(shown.exp_sum, size, palette.text)
        self.bar = Line(
            point(-width / 2, 0.0),
            point(width / 2, 0.0),
            stroke_width=theme.strokes.thin,
            color=palette.text,
        )
        self.sign = Label("≈", size, palette.text_muted)
        self.result = Number(first.probability, size, palette.accent, weight=BOLD)
        super().__init__(
            self.heading, self.numerator, self.denominator, self.bar, self.sign, self.result
        )
        self.show_class(first)

    def show_class(self, shown: ShownClass) -> None:
        """Show another class's numbers."""
        self.heading.set_text(f"p({shown.name})")
        self.numerator.set_quantity(shown.exp)
        self.result.set_quantity(shown.probability)
        self.sign.set_text(shown.quotient_equals)
        em = self.denominator.em
        middle = self._zone.centre - point(0.0, 0.7 * em)
        _place_in_a_row((self.bar, self.sign, self.result), middle)
        for part, step in ((self.numerator, 0.75), (self.denominator, -0.75)):
            part.move_to(self.bar.get_center() + point(0.0, step * em))
        self.heading.move_to(middle + point(0.0, 2.1 * em))

    def _fit(self, shown: ShownSoftmax, theme: Theme) -> tuple[float, float]:
        """Return the fraction bar's width and the largest font size with which all fits."""
        sizes = theme.sizes
        for size in (sizes.caption, sizes.body, sizes.label):
            parts = [shown.exp_sum.shown, *(each.exp.shown for each in shown.classes)]
            bar = BAR_EXCESS * max(line_width(part, size) for part in parts)
            results = [each.probability.shown for each in shown.classes]
            widest = max(line_width(result, size, BOLD) for result in results)
            if bar + line_width("≈", size) + widest + 2 * GAP <= self._zone.width:
                break
        return bar, size


def _place_in_a_row(parts: tuple[Label | Line, ...], centre: npt.NDArray[np.float64]) -> None:
    """Set parts side by side, all of them together around `centre`."""
    x = -(sum(part.width for part in parts) + GAP * (len(parts) - 1)) / 2
    for part in parts:
        part.move_to(centre + point(x + part.width / 2, 0.0))
        x += part.width + GAP
