"""What averaging does to the values: the largest, the mean and the smallest, before and after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from manim import Mobject

from cnnviz.arrays import FloatArray
from cnnviz.explain.legend import Extremes
from cnnviz.explain.quantity import Quantity, QuantityKind
from cnnviz.explain.rounding import decimals_that_fit
from cnnviz.locales import Words
from cnnviz.mobjects.expression import Expression
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.scenes.average.numbers import MeanNumbers
from cnnviz.staging.pooling.numbers import CELL_CHARACTERS
from cnnviz.staging.pooling.zones import GAP, ResultZones
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

NAME_RISE, NUMBERS_DROP = 0.28, 0.16
"""From the middle of a fact up to its name, and down to its numbers, in Manim units."""

MOST_DECIMALS = 3
"""Of values that are compared: means are small."""


MEAN = "mean"
NAMES = ("largest", MEAN, "smallest")

Area = tuple[int, int, int, int]
"""Cells of a map: from (top, left) up to but without (bottom, right)."""


@dataclass(frozen=True)
class Fact:
    """What one number was and is.

    Attributes
    ----------
    parts
        All that is written: its name, and its numbers before and after.
    areas
        Of which cells the numbers are, before and after.
    """

    parts: list[Mobject]
    areas: tuple[Area, Area]


class MeanFacts:
    """Three facts, one below or beside the other; none is in the scene at first.

    Parameters
    ----------
    numbers
        The channel's numbers.
    zones
        The rooms there are.
    theme, words
        Looks and words.
    """

    def __init__(
        self, numbers: MeanNumbers, zones: ResultZones, theme: Theme, words: Words
    ) -> None:
        self._numbers, self._theme, self._words = numbers, theme, words
        before, after = self._of_both()
        rooms = zones.facts.parts(1.0, 1.0, 1.0, gap=GAP)
        self.facts = [
            self._make(name, pair, room)
            for name, pair, room in zip(NAMES, zip(before, after, strict=True), rooms, strict=True)
        ]
        self.largest, self.mean = ((before[i], after[i]) for i in range(2))

    def _of_both(self) -> list[list[Quantity]]:
        """Return the largest, the mean and the smallest value of each map."""
        numbers, told = self._numbers, []
        for values, layer in (
            (numbers.values, numbers.source),
            (numbers.output, numbers.layer.name),
        ):
            extremes = Extremes.of(values)
            mean = float(np.mean(values, dtype=np.float64))
            most, least = (
                self._written("extreme", each, layer) for each in (extremes.most, extremes.least)
            )
            told.append([most, self._written("mean", mean, layer), least])
        return told

    def _written(self, kind: QuantityKind, value: float, layer: str) -> Quantity:
        room, channel = CELL_CHARACTERS + 1, self._numbers.place.channel
        decimals = decimals_that_fit(self._numbers.values, room, MOST_DECIMALS)
        return Quantity.of(
            kind,
            value,
            decimals,
            width=room,
            layer=layer,
            channel=channel,
        )

    def _make(self, name: str, pair: tuple[Quantity, Quantity], room: Zone) -> Fact:
        sizes, palette = self._theme.sizes, self._theme.palette
        written = self._words(f"average.{name}")
        label = FittedLabel(written, sizes.label, palette.text_muted, room.width)
        label.move_to(room.centre + point(0.0, NAME_RISE))
        centre = room.centre - point(0.0, NUMBERS_DROP)
        before, after = pair
        line = Expression([before, " → ", after], sizes.number, centre, room.width, self._theme)
        was, new = (_area(each, name) for each in (self._numbers.values, self._numbers.output))
        return Fact([label, *line.parts], (was, new))


def _area(values: FloatArray, name: str) -> Area:
    """Return which cells a fact is of: all of a map, or the first of the largest or smallest."""
    rows, columns = values.shape
    if name == MEAN:
        return 0, 0, rows, columns
    extremes = Extremes.of(values)
    cells = np.argwhere(values == (extremes.most if name == NAMES[0] else extremes.least))
    row, column = map(int, cells[0]) if len(cells) else (0, 0)  # where no value is finite
    return row, column, row + 1, column + 1
