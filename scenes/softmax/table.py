"""Softmax as a table: a line for each class, one quantity after the other in its columns."""

from __future__ import annotations

from manim import Mobject

from cnnviz.explain.quantity import Quantity
from cnnviz.locales import Words
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.text import Label, Number
from cnnviz.scenes.softmax.layout import ColumnTexts, SoftmaxLayout
from cnnviz.scenes.softmax.shown import ShownClass, ShownOthers, ShownSoftmax
from cnnviz.scenes.softmax.what_if_numbers import what_if_stops
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

SCORES = ("score", "shifted")
"""What stands in the first column of numbers, one after the other."""

VALUES = ("exp", "probability")
"""And in the second."""

LINE_SHARE = 0.85
"""What a name in several lines may take of the height of its class's line."""


class ClassLine:
    """The texts of one class, or of the classes that share the last line."""

    def __init__(
        self,
        entry: ShownClass | ShownOthers,
        name: str,
        y: float,
        layout: SoftmaxLayout,
        theme: Theme,
    ) -> None:
        self._size, self._colour = layout.font_size, theme.palette.text
        room = layout.name_width + 1e-6
        self.name = FittedLabel(
            name,
            self._size,
            self._colour,
            room,
            anchor="left",
            max_height=LINE_SHARE * layout.line_height,
        )
        self.name.move_to(point(layout.names_left + self.name.width / 2, y))
        self.score: Number | None = None
        self.shifted: Number | None = None
        if isinstance(entry, ShownClass):
            self.score = self._number(entry.score, layout.score_right, y)
            self.shifted = self._number(entry.shifted, layout.score_right, y)
        self.exp = self._number(entry.exp, layout.value_right, y)
        self.probability = self._number(entry.probability, layout.value_right, y)

    @property
    def parts(self) -> list[Label]:
        """All texts."""
        numbers = (self.score, self.shifted, self.exp, self.probability)
        return [self.name, *(number for number in numbers if number)]

    def set_colour(self, colour: str) -> None:
        """Give all texts a colour."""
        for part in self.parts:
            part.set_colour(colour)

    def _number(self, quantity: Quantity, right: float, y: float) -> Number:
        number = Number(quantity, self._size, self._colour, anchor="right")
        return number.move_to(point(right - number.width / 2, y))


class SoftmaxTable:
    """The table's mobjects; none is in the scene at first.

    Parameters
    ----------
    shown
        The numbers.
    theme, words
        Looks and words.
    stage
        The room for the whole film, from which :attr:`layout` follows.

    Attributes
    ----------
    layout
        Where everything lies.
    lines
        One for each class, the last one for all others if there are.
    heads
        The names of the columns by what stands in them.
    """

    def __init__(self, shown: ShownSoftmax, theme: Theme, words: Words, stage: Zone) -> None:
        about = "" if shown.shift_equals == "=" else f"{shown.shift_equals} "
        heads = {
            column: words(f"softmax.head_{column}", about=about) for column in (*SCORES, *VALUES)
        }
        names = [each.name for each in shown.classes]
        entries: list[ShownClass | ShownOthers] = list(shown.classes)
        if shown.others:
            names.append(words("common.others", count=shown.others.count))
            entries.append(shown.others)
        stops = what_if_stops(shown)
        if_changed = [each.shown for stop in stops for each in stop.probabilities]
        texts = ColumnTexts(
            names,
            [getattr(each, column).shown for each in shown.classes for column in SCORES],
            [*(getattr(each, column).shown for each in entries for column in VALUES), *if_changed],
            [heads[column] for column in SCORES],
            [heads[column] for column in VALUES],
        )
        self.layout = SoftmaxLayout.of(texts, stage, theme.sizes)
        self.lines = [
            ClassLine(entry, name, self.layout.line_y(line), self.layout, theme)
            for line, (entry, name) in enumerate(zip(entries, names, strict=True))
        ]
        self.heads = {column: self._head(text, column, theme) for column, text in heads.items()}

    def column(self, name: str) -> list[Number]:
        """Return the numbers of one of `SCORES` or `VALUES`, with its head left out."""
        numbers = (getattr(line, name) for line in self.lines)
        return [number for number in numbers if number]

    def whole_column(self, name: str) -> list[Mobject]:
        """Return the same with the head."""
        return [self.heads[name], *self.column(name)]

    def _head(self, text: str, column: str, theme: Theme) -> Label:
        head = Label(text, theme.sizes.small, theme.palette.text_muted, anchor="right")
        layout = self.layout
        right = layout.score_right if column in SCORES else layout.value_right
        return head.move_to(point(right - head.width / 2, layout.bars.top + head.height / 2))
