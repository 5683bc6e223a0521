"""What is written below the window: its sum, the mean, and what is special about them."""

from __future__ import annotations

from manim import Mobject

from cnnviz.explain.averaging import MeanWindow
from cnnviz.explain.places import Pixel
from cnnviz.locales import Words
from cnnviz.mobjects.expression import Expression
from cnnviz.mobjects.text import Label
from cnnviz.scenes.average.numbers import MeanNumbers
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

NOTE_DROP = 0.5
"""From the calculation down to the note below it, in Manim units."""


class MeanCalculation:
    """The calculation of a window's mean, and a note below it; none is in the scene at first.

    Parameters
    ----------
    numbers
        The channel's numbers.
    zone
        The room there is.
    theme, words
        Looks and words.
    """

    def __init__(self, numbers: MeanNumbers, zone: Zone, theme: Theme, words: Words) -> None:
        self._numbers, self._words = numbers, words
        pixel = numbers.place.row, numbers.place.column
        middle = point(0.0, NOTE_DROP / 2)
        self.expression = Expression(
            numbers.calculation(pixel), theme.sizes.number, zone.centre + middle, zone.width, theme
        )
        self.sum = Expression(
            [numbers.sum_so_far(numbers.window(pixel), pixel, 1)],
            theme.sizes.number,
            zone.centre + middle,
            zone.width,
            theme,
            has_result=False,
        )
        """What the values seen so far add up to, in place of the calculation."""
        self.note = Label("", theme.sizes.label, theme.palette.text_muted)
        self.note.move_to(zone.centre - middle)

    @property
    def parts(self) -> list[Mobject]:
        """All that is written."""
        return [*self.expression.parts, self.note]

    def show(self, pixel: Pixel) -> None:
        """Show how one window's mean comes about."""
        self.expression.set_parts(self._numbers.calculation(pixel))
        self.note.set_text(self._note(self._numbers.window(pixel)))

    def show_sum(self, pixel: Pixel, count: int) -> None:
        """Show what the first `count` values of a window add up to."""
        window = self._numbers.window(pixel)
        self.sum.set_parts([self._numbers.sum_so_far(window, pixel, count)])
        self.note.set_text(self._words("average.sum_so_far", count=count, total=window.count))

    def _note(self, window: MeanWindow) -> str:
        if not window.is_counted.all():
            return self._words("average.not_counted", count=window.count)
        if not self._numbers.lists_values:
            return self._words("average.sum", count=window.count)
        return ""
