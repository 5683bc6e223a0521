"""Numbers added up as on paper: one line each, a rule, the total."""

from __future__ import annotations

from collections.abc import Sequence

from manim import Group, Line, Mobject

from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.text import Label, Number
from cnnviz.style.geometry import point
from cnnviz.style.theme import Theme


class SumTable(Group):
    """A column of named numbers with their total below a rule.

    Parameters
    ----------
    entries
        (name, colour of the name, number) of each line.
    total
        (sign, number) of the last line.
    theme
        Sizes and colours.
    width, height
        The room the table takes, in Manim units.
    """

    def __init__(
        self,
        entries: Sequence[tuple[str, str, Quantity]],
        total: tuple[str, Quantity],
        theme: Theme,
        width: float,
        height: float,
    ) -> None:
        sizes, palette = theme.sizes, theme.palette
        step = height / (len(entries) + 1)
        self.names = [
            Label(name, sizes.label, colour, anchor="left") for name, colour, _ in entries
        ]
        self.numbers = [
            Number(number, sizes.body, palette.text, anchor="right") for _, _, number in entries
        ]
        self.total_sign = Label(total[0], sizes.body, palette.text, anchor="left")
        self.total = Number(total[1], sizes.body, palette.text, weight=600, anchor="right")
        names, numbers = [*self.names, self.total_sign], [*self.numbers, self.total]
        for index, (name, number) in enumerate(zip(names, numbers, strict=True)):
            y = (len(entries) / 2 - index) * step
            name.move_to(point((name.width - width) / 2, y))
            number.move_to(point((width - number.width) / 2, y))
        rule_y = (1 - len(entries)) / 2 * step
        self.rule = Line(
            point(-width / 2, rule_y),
            point(width / 2, rule_y),
            stroke_width=theme.strokes.thin,
            color=palette.line,
        )
        super().__init__(*names, *numbers, self.rule)

    @property
    def results(self) -> list[Mobject]:
        """All that is another at another position: the numbers and the total with its sign."""
        return [*self.numbers, self.total_sign, self.total]

    def show_numbers(self, numbers: Sequence[Quantity], total: tuple[str, Quantity]) -> None:
        """Show the numbers of another position."""
        for line, number in zip(self.numbers, numbers, strict=True):
            line.set_quantity(number)
        self.total_sign.set_text(total[0])
        self.total.set_quantity(total[1])
