"""A sum written out as on paper: its terms, each with its name, and the total."""

from __future__ import annotations

from collections.abc import Sequence

from manim import Line, Mobject

from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.text import Label, Number, line_width
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

TERM_PITCH = 0.31
"""From one line of terms to the next, at most, in Manim units, as all lengths here."""

TOTAL_ROOM = 0.5
"""Of the total below the rule."""

NAME_DROP = 0.27
"""From a name down to its number where terms stand side by side."""

NUMBER_WIDTH = 0.92
"""Of the column of numbers."""

WIDEST_TOTAL = "−00.000"
"""A total is so wide at most, as a rule."""

SIGN_ROOM = 0.42
"""Left of it, for its sign."""


class SumTable:
    """The terms of one sum with their total; nothing is in the scene at first.

    Parameters
    ----------
    names, terms
        What each term is called, and its value.
    total, sign
        The total, and the sign before it: ``"="`` or ``"≈"``.
    zone
        The room there is.
    theme
        Sizes and colours.
    is_long
        Whether the terms stand side by side.
    colours
        Of the names.
    """

    def __init__(
        self,
        names: Sequence[str],
        terms: Sequence[Quantity],
        total: Quantity,
        sign: str,
        zone: Zone,
        theme: Theme,
        *,
        is_long: bool,
        colours: Sequence[str],
    ) -> None:
        sizes, palette = theme.sizes, theme.palette
        self.terms = [Number(each, sizes.label, palette.text, anchor="right") for each in terms]
        self.total = Number(total, sizes.settled_title, palette.text, weight=600, anchor="right")
        self.sign = Label(sign, sizes.settled_title, palette.text_muted)
        self.rule = Line(stroke_color=palette.line, stroke_width=theme.strokes.thin)
        self.names = [
            FittedLabel(
                name, sizes.label, colour, self._name_room(zone, len(terms), is_long=is_long)
            )
            for name, colour in zip(names, colours, strict=True)
        ]
        (self._stand_side_by_side if is_long else self._stand_in_lines)(zone)

    @property
    def parts(self) -> list[Mobject]:
        """All of it."""
        return [*self.names, *self.numbers, self.sign, self.rule]

    @property
    def numbers(self) -> list[Number]:
        """The terms and the total."""
        return [*self.terms, self.total]

    def show(self, terms: Sequence[Quantity], total: Quantity, sign: str) -> None:
        """Show another sum of the same terms."""
        for number, quantity in zip(self.terms, terms, strict=True):
            number.set_quantity(quantity)
        self.total.set_quantity(total)
        self.sign.set_text(sign)

    @staticmethod
    def _name_room(zone: Zone, count: int, *, is_long: bool) -> float:
        return zone.width / (count + 1.4) - 0.1 if is_long else zone.width - NUMBER_WIDTH

    def _stand_in_lines(self, zone: Zone) -> None:
        pitch = min(TERM_PITCH, (zone.height - TOTAL_ROOM) / len(self.terms))
        height = pitch * len(self.terms) + TOTAL_ROOM
        right = zone.x + (NUMBER_WIDTH + max(name.width for name in self.names)) / 2
        y = zone.y + height / 2 - pitch / 2
        for name, number in zip(self.names, self.terms, strict=True):
            number.move_to(point(right - number.width / 2, y))
            name.move_to(point(right - NUMBER_WIDTH - name.width / 2, y))
            y -= pitch
        y += pitch / 2 - 0.05
        widest = line_width(WIDEST_TOTAL, self.total.font_size, self.total.weight)
        left = right - max(widest, self.total.width) - SIGN_ROOM
        self.rule.put_start_and_end_on(point(left, y), point(right, y))
        y -= TOTAL_ROOM / 2
        self.total.move_to(point(right - self.total.width / 2, y))
        self.sign.move_to(point(left + SIGN_ROOM / 2, y))

    def _stand_side_by_side(self, zone: Zone) -> None:
        pitch = zone.width / (len(self.terms) + 1.4)
        top, below = zone.y + NAME_DROP / 2, zone.y - NAME_DROP / 2
        for place, (name, number) in enumerate(zip(self.names, self.terms, strict=True)):
            right = zone.left + (place + 1) * pitch - 0.05
            number.move_to(point(right - number.width / 2, below))
            name.move_to(point(right - name.width / 2, top))
        left = zone.left + len(self.terms) * pitch
        self.sign.move_to(point(left + 0.2, zone.y))
        self.total.move_to(point(zone.right - self.total.width / 2, zone.y))
        self.rule.put_start_and_end_on(point(left, zone.y + 0.3), point(left + 1e-3, zone.y - 0.3))
