"""The size formula as lines whose letters and numbers stand below each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from manim import Animation, AnimationGroup, Group, Mobject, VMobject

from cnnviz.explain.quantity import Indices, Quantity
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.text import POINTS_PER_UNIT, Label, Number, line_width
from cnnviz.scenes.hyperparameters.marks import floor_bracket
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import point
from cnnviz.style.theme import Theme

EXPRESSION = (
    *("⌊", "(", "n", "+", "2", "·", "p", "−", "d", "·", "(", "k", "−", "1", ")", "−", "1", ")"),
    *("/", "s", "⌋", "+", "1"),
)
"""``floor((n + 2 p - d (k - 1) - 1) / s) + 1``, as in the documentation of torch."""

LETTERS = ("n", "p", "d", "k", "s")
"""Input size, padding, dilation, kernel size and stride."""

QUOTIENT = EXPRESSION.index("/")
"""The first token of what stays when what is divided has become one number."""

SPACED = {"+": 0.24, "−": 0.24, "/": 0.3, "=": 0.4, "·": 0.08}
"""Room on both sides of a sign, in em."""

BRACKET_WIDTH = 0.4
"""Of the lines that mean "round down", in em; fonts for text lack them."""

LONGEST_NAME = 9.0
"""Room for a layer's name, in em: a longer one is set smaller, or in lines."""

NAME_GAP = 1.2
"""Between a layer's name and its formula, in em."""


@dataclass(frozen=True)
class FormulaNumbers:
    """What one line of numbers says.

    Attributes
    ----------
    numbers
        One for each of `LETTERS`.
    result
        The output size.
    name
        What stands before it: a layer's name.
    """

    numbers: Mapping[str, Quantity]
    result: Quantity
    name: str = ""


class FormulaLine(Group):
    """One line: the signs between, and the letters or numbers that change.

    Attributes
    ----------
    letters
        The texts in the places of `LETTERS`.
    signs
        Everything else of the expression, brackets included.
    ending
        The equals sign and the result.
    name_label
        What stands before it, or None.
    """

    def __init__(
        self,
        letters: dict[str, Label],
        signs: list[Mobject],
        ending: list[Label],
        name_label: Label | None = None,
    ) -> None:
        self.letters = letters
        self.signs = signs
        self.ending = ending
        self.name_label = name_label
        super().__init__(*self.names, *self.parts)

    @property
    def parts(self) -> list[Mobject]:
        """All of the formula; the same things in the same order in every full line."""
        return [*self.signs, *self.letters.values(), *self.ending]

    def write(self, line: FormulaNumbers) -> None:
        """Show other numbers in the same places; letters stay as they are."""
        shown = [*(line.numbers[letter] for letter in self.letters), line.result]
        for label, quantity in zip([*self.letters.values(), self.ending[-1]], shown, strict=True):
            if isinstance(label, Number):
                label.set_quantity(quantity)

    @property
    def names(self) -> list[Mobject]:
        """What stands before it: one label or none."""
        return [] if self.name_label is None else [self.name_label]


class SizeFormula:
    """Makes lines that share their columns.

    Parameters
    ----------
    lines
        All numbers that will be shown, for the columns to be wide enough.
    theme
        Sizes and colours.
    left, width
        The room for a line, in Manim units.
    largest
        Font size in points where there is room enough.
    heading
        What stands above the names.
    """

    def __init__(
        self,
        lines: Sequence[FormulaNumbers],
        theme: Theme,
        left: float,
        width: float,
        largest: float,
        heading: str = "",
    ) -> None:
        self._theme = theme
        names = [heading, *(line.name for line in lines)]
        name_width = self._name_width = min(max(_em(name) for name in names), LONGEST_NAME)
        x = name_width + NAME_GAP if name_width else 0.0
        self._centres: list[float] = []
        for token in EXPRESSION:
            texts = [token, *(line.numbers[token].shown for line in lines if token in LETTERS)]
            space = SPACED.get(token, 0.02)
            column = max(BRACKET_WIDTH if text in "⌊⌋" else _em(text) for text in texts)
            self._centres.append(x + space + column / 2)
            x += column + 2 * space
        self._equals = x + SPACED["="] + _em("=") / 2
        self._result = x + 2 * SPACED["="] + _em("=")
        total = self._result + max(_em(text) for text in ["o", *(r.result.shown for r in lines)])
        self.font_size = min(largest, width * POINTS_PER_UNIT / total)
        self._unit = self.font_size / POINTS_PER_UNIT
        self._left = left + (width - total * self._unit) / 2

    def symbols(self, y: float, heading: str = "") -> FormulaLine:
        """Return the line of letters at the height `y`."""
        letters = {
            token: self._label(token, self._at(index), y, weight=600)
            for index, token in enumerate(EXPRESSION)
            if token in LETTERS
        }
        ending = [self._equals_sign(y), self._label("o", self._result, y, "left", weight=600)]
        return FormulaLine(letters, self._signs(y, 0), ending, self._name(heading, y, muted=True))

    def filled(self, line: FormulaNumbers, y: float) -> FormulaLine:
        """Return a line of numbers at the height `y`."""
        numbers: dict[str, Label] = {
            token: self._number(line.numbers[token], self._at(index), y)
            for index, token in enumerate(EXPRESSION)
            if token in LETTERS
        }
        return FormulaLine(
            numbers, self._signs(y, 0), self._ending(line.result, y), self._name(line.name, y)
        )

    def divided(
        self, numerator: Quantity, stride: Quantity, result: Quantity, y: float
    ) -> FormulaLine:
        """Return the line in which what is divided has become one number."""
        width = _em(numerator.shown)
        end = self._at(QUOTIENT) - _em("/") / 2 - SPACED["/"]
        numbers: dict[str, Label] = {
            "room": self._number(numerator, end - width / 2, y),
            "s": self._number(stride, self._at(EXPRESSION.index("s")), y),
        }
        bracket = self._bracket("⌊", end - width - BRACKET_WIDTH / 2, y)
        signs = [bracket, *self._signs(y, QUOTIENT)]
        return FormulaLine(numbers, signs, self._ending(result, y))

    def _at(self, index: int) -> float:
        return self._centres[index]

    def _signs(self, y: float, first: int) -> list[Mobject]:
        signs: list[Mobject] = []
        for index, token in enumerate(EXPRESSION):
            if index < first or token in LETTERS:
                continue
            make = self._bracket if token in "⌊⌋" else self._label
            signs.append(make(token, self._at(index), y))
        return signs

    def _ending(self, result: Quantity, y: float) -> list[Label]:
        return [self._equals_sign(y), self._number(result, self._result, y, "left", weight=600)]

    def _equals_sign(self, y: float) -> Label:
        return self._label("=", self._equals, y)

    def _name(self, name: str, y: float, *, muted: bool = False) -> Label | None:
        if not name:
            return None
        colour = self._theme.palette.text_muted if muted else self._theme.palette.text
        label = FittedLabel(name, self.font_size, colour, self._name_width * self._unit)
        return self._place(label, 0.0, y, "left")

    def _label(
        self, text: str, x: float, y: float, anchor: str = "centre", weight: int = 400
    ) -> Label:
        label = Label(text, self.font_size, self._theme.palette.text, weight)
        return self._place(label, x, y, anchor)

    def _number(
        self, quantity: Quantity, x: float, y: float, anchor: str = "centre", weight: int = 400
    ) -> Number:
        number = Number(quantity, self.font_size, self._theme.palette.text, weight)
        self._place(number, x, y, anchor)
        return number

    def _place(self, label: Label, x: float, y: float, anchor: str) -> Label:
        shift = label.width / 2 if anchor == "left" else 0.0
        label.move_to(point(self._left + x * self._unit + shift, y))
        return label

    def _bracket(self, side: str, x: float, y: float) -> VMobject:
        return floor_bracket(side, self._left + x * self._unit, y, self.font_size, self._theme)


def light(lines: Iterable[FormulaLine], lit: Iterable[Label], theme: Theme) -> None:
    """Let some texts of the formula stand out from its others; if there are none, none does.

    Not by the accent's colour, which the window has.
    """
    lit = list(lit)
    others = theme.palette.text_muted if lit else theme.palette.text
    for line in lines:
        for label in (*line.letters.values(), *line.ending):
            label.set_colour(others)
    for label in lit:
        label.set_colour(theme.palette.text)


def move_line(
    scene: LectureScene, line: FormulaLine, target: FormulaLine, along: Iterable[Animation]
) -> None:
    """Let a line of letters, which is on the stage, become another, while other things move.

    Those have run times of their own.
    """
    light([line, target], [], scene.theme)
    ratio = target.letters["n"].font_size / line.letters["n"].font_size
    motions: list[Any] = [
        part.animate.scale(ratio).move_to(goal)
        for part, goal in zip(line.parts, target.parts, strict=True)
    ]
    scene.play(*along, AnimationGroup(*motions, run_time=scene.timing.move))
    scene.remove(line, *line.parts)
    scene.add(*target.parts)


def formula_numbers(
    sizes: Mapping[str, int], result: int, layer: str | None = None, name: str = ""
) -> FormulaNumbers:
    """Return a line's numbers as quantities.

    Parameters
    ----------
    sizes
        One for each of `LETTERS`.
    result
        What the formula gives.
    layer
        The layer of the network that they belong to; None for an example.
    name
        What stands before the line.
    """
    where: Indices = {} if layer is None else {"layer": layer}
    return FormulaNumbers(
        {letter: Quantity.of("size", sizes[letter], 0, **where) for letter in LETTERS},
        Quantity.of("size", result, 0, **where),
        name,
    )


def _em(text: str) -> float:
    return line_width(text, POINTS_PER_UNIT, weight=600) if text else 0.0
