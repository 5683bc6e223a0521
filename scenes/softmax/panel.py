"""The texts above the curve: an exponential, the formula filled with numbers, a question."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from manim import Group, Line, MathTypst

from cnnviz.locales import Words
from cnnviz.mobjects.formula import formula
from cnnviz.mobjects.text import POINTS_PER_UNIT, Label, Number, TextBlock, line_width
from cnnviz.scenes.softmax.curve import ExponentialCurve
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

BASE_ROOM = 2.8
QUOTIENT_ROOM = 4.0
"""Heights of an exponential and of a quotient with their headings, in em."""


class SoftmaxPanel:
    """What stands in the corner above the curve, one after the other.

    None of the mobjects is in the scene at first.

    Parameters
    ----------
    shown
        The numbers.
    theme, words
        Looks and words.
    curve
        What they stand above.

    Attributes
    ----------
    exponential
        One class's exponential, as long as there is no strip.
    formula, quotient
        The formula, and the same filled with one class's numbers.
    question
        What is asked at the end: said to be no value of the network.
    """

    def __init__(
        self, shown: ShownSoftmax, theme: Theme, words: Words, curve: ExponentialCurve
    ) -> None:
        zone = curve.corner
        upper, lower = zone.parts(1, 1.15, gap=GAP)
        self.formula: MathTypst = formula(FORMULA, theme, max_width=0.9 * upper.width)
        if self.formula.height > 0.9 * upper.height:
            self.formula.scale_to_fit_height(0.9 * upper.height)
        self.formula.move_to(upper.centre)
        self.exponential = Exponential(shown, theme, curve.tall_corner)
        self.quotient = Quotient(shown, theme, lower)
        sizes, palette = theme.sizes, theme.palette
        heading = Label(words("softmax.what_if"), sizes.caption, palette.text, weight=600)
        note = TextBlock(words("softmax.what_if_note"), sizes.label, palette.text_muted, zone.width)
        self.question = Group(heading, note).arrange(point(0.0, -1.0), buff=0.15)
        self.question.move_to(zone.centre)


class Exponential(Group):
    """``e`` to the power of a class's shifted score, and what that is.

    The class's name stands below: numbers come from above, and go there.
    """

    def __init__(self, shown: ShownSoftmax, theme: Theme, zone: Zone) -> None:
        sizes, palette = theme.sizes, theme.palette
        self._zone, self._shown = zone, shown
        self._colours = palette.accent, palette.text
        first = shown.classes[shown.emphasised]
        base_size = min(sizes.number, zone.height * POINTS_PER_UNIT / BASE_ROOM)
        self.heading = Label("", sizes.body, palette.text, weight=BOLD)
        self.base = Label("e", base_size, palette.text)
        self.power = Number(first.shifted, sizes.body, palette.text, anchor="left")
        self.sign = Label("≈", sizes.caption, palette.text_muted)
        self.result = Number(first.exp, sizes.caption, palette.text)
        super().__init__(self.heading, self.base, self.power, self.sign, self.result)
        self.show_class(shown.emphasised)

    def show_class(self, line: int) -> None:
        """Show the numbers of a line's class."""
        shown, em = self._shown.classes[line], self.base.em
        self.heading.set_text(_if_it_fits(shown.name, self.heading, self._zone))
        self.heading.set_colour(self._colours[line != self._shown.emphasised])
        self.power.set_quantity(shown.shifted)
        self.result.set_quantity(shown.exp)
        self.sign.set_text(shown.exp_equals)
        row = (self.base, self.power, self.sign, self.result)
        _place_in_a_row(row, self._zone.centre + point(0.0, 0.4 * em))
        self.power.shift(point(-GAP, 0.4 * em))
        self.heading.move_to(self._zone.centre - point(0.0, 0.9 * em))

    def reveal(self, *, power: bool, result: bool) -> None:
        """Show the power or not, and likewise the result with its sign."""
        self.power.set_opacity(float(power))
        for part in (self.sign, self.result):
            part.set_opacity(float(result))


class Quotient(Group):
    """A class's exponential divided by the sum of all, and the probability that is."""

    def __init__(self, shown: ShownSoftmax, theme: Theme, zone: Zone) -> None:
        first, palette = shown.classes[shown.emphasised], theme.palette
        width, size = _fitting_size(first, shown, theme, zone)
        self.heading = Label("", size, palette.accent, weight=BOLD)
        self.heading.set_text(_if_it_fits(f"p({first.name})", self.heading, zone) or "p")
        self.numerator = Number(first.exp, size, palette.text)
        self.denominator = Number(shown.exp_sum, size, palette.text)
        self.bar = Line(
            point(-width / 2, 0.0),
            point(width / 2, 0.0),
            stroke_width=theme.strokes.thin,
            color=palette.text,
        )
        self.sign = Label(first.quotient_equals, size, palette.text_muted)
        self.result = Number(first.probability, size, palette.accent, weight=BOLD)
        super().__init__(
            self.heading, self.numerator, self.denominator, self.bar, self.sign, self.result
        )
        em = self.denominator.em
        middle = zone.centre - point(0.0, 0.6 * em)
        _place_in_a_row((self.bar, self.sign, self.result), middle)
        for part, step in ((self.numerator, 0.75), (self.denominator, -0.75)):
            part.move_to(self.bar.get_center() + point(0.0, step * em))
        self.heading.move_to(middle + point(0.0, 1.95 * em))


def _fitting_size(
    first: ShownClass, shown: ShownSoftmax, theme: Theme, zone: Zone
) -> tuple[float, float]:
    """Return the fraction bar's width and the largest font size with which a quotient fits."""
    sizes = theme.sizes
    for size in (sizes.caption, sizes.body, sizes.label, sizes.small):
        parts = (shown.exp_sum.shown, first.exp.shown)
        bar = BAR_EXCESS * max(line_width(part, size) for part in parts)
        widest = line_width(first.probability.shown, size, BOLD)
        is_wide_enough = bar + line_width("≈", size) + widest + 2 * GAP <= zone.width
        if is_wide_enough and QUOTIENT_ROOM * size / POINTS_PER_UNIT <= zone.height:
            break
    return bar, size


def _if_it_fits(text: str, label: Label, zone: Zone) -> str:
    """Return a text, or none where it would be wider than the zone."""
    return text if line_width(text, label.font_size, label.weight) <= zone.width else ""


def _place_in_a_row(parts: tuple[Label | Line, ...], centre: npt.NDArray[np.float64]) -> None:
    """Set parts side by side, all of them together around `centre`."""
    x = -(sum(part.width for part in parts) + GAP * (len(parts) - 1)) / 2
    for part in parts:
        part.move_to(centre + point(x + part.width / 2, 0.0))
        x += part.width + GAP
