"""What is written below the windows: one window's values, the largest, and what is special."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import Mobject

from cnnviz.explain.places import Pixel
from cnnviz.explain.pooling import PoolingWindow
from cnnviz.locales import Words
from cnnviz.mobjects.expression import Expression, Part
from cnnviz.mobjects.text import Label, line_width
from cnnviz.scenes.pool.numbers import PoolingNumbers
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

LISTED = 4
"""So many values are listed in the calculation; of more it names the largest."""

NOTE_DROP = 0.46
"""From the calculation down to the note below it, in Manim units."""


class WindowCalculation:
    """The calculation of a window and a note below it; none is in the scene at first.

    Parameters
    ----------
    numbers
        The channel's numbers.
    zone
        The room there is.
    theme, words
        Looks and words.
    has_numbers
        Whether the numbers of the windows can be read on the stage.
    """

    def __init__(
        self,
        numbers: PoolingNumbers,
        zone: Zone,
        theme: Theme,
        words: Words,
        *,
        has_numbers: bool,
    ) -> None:
        self._numbers, self._has_numbers = numbers, has_numbers
        self._zone, self._theme, self._words = zone, theme, words
        place = numbers.place.row, numbers.place.column
        self.expression = Expression(
            self._parts(numbers.window(*place), place),
            theme.sizes.number,
            zone.centre + point(0.0, NOTE_DROP / 2),
            zone.width,
            theme,
        )
        self.note = Label("", theme.sizes.label, theme.palette.text_muted)
        self.note.move_to(zone.centre - point(0.0, NOTE_DROP / 2))
        self.rest = Label("", theme.sizes.body, theme.palette.text_muted)
        """What is going on where several windows are told at once, in place of a calculation."""
        self.rest.move_to(self.expression.get_center())

    @property
    def parts(self) -> list[Mobject]:
        """All that is about one window."""
        return [*self.expression.parts, self.note]

    def show_rest(self, places: Sequence[Pixel]) -> None:
        """Say what the windows have in common that are told at once, if they have anything."""
        are_empty = all(self._numbers.window(*place).is_empty for place in places)
        key = "pool.rest_empty" if are_empty else "pool.rest"
        self.rest.set_text(self._words(key, count=len(places)))

    def show(self, place: Pixel) -> None:
        """Show what one window's values are, and the largest of them."""
        window = self._numbers.window(*place)
        self.expression.set_parts(self._parts(window, place))
        self.note.set_text(self._note(window))

    def show_search(self, place: Pixel, count: int) -> int:
        """Show the largest of a window's first `count` cells, and return where it is.

        That is its index in the window, in reading order.
        """
        window = self._numbers.window(*place)
        index = int(window.values.ravel()[:count].argmax())
        row, column = divmod(index, len(window.columns))
        leader = self._numbers.value((window.rows[row], window.columns[column]))
        seen = int(np.count_nonzero(~np.isneginf(window.values.ravel()[:count])))
        text = self._words("pool.largest_so_far", count=seen, total=window.count) + " "
        self.expression.set_parts([text, leader])
        return index

    def _parts(self, window: PoolingWindow, place: Pixel) -> list[Part]:
        result = self._numbers.result(place)
        cells = [(row, column) for row in window.rows for column in window.columns]
        if len(cells) > LISTED:
            return [self._words("pool.largest", count=window.count) + " ", result]
        parts: list[Part] = ["max("]
        for cell in cells:
            parts += [self._numbers.value(cell), ", "]
        return [*parts[:-1], ") = ", result]

    def _note(self, window: PoolingWindow) -> str:
        """Return what must be said where the winner cannot be seen from the numbers."""
        if window.is_empty:
            return self._words("pool.empty", count=window.count)
        if window.is_tie:
            count, size = len(window.ties), self._theme.sizes.label
            note = self._words("pool.tie", count=count)
            fits = line_width(note, size) <= self._zone.width
            return note if fits else self._words("pool.tie_short", count=count)
        if self._has_numbers and self._numbers.looks_equal(window):
            return self._words("pool.looks_equal")
        if window.count < window.values.size:
            return self._words("pool.padding_note")
        return ""
