"""What averaging does to the values: the largest, the mean and the smallest, before and after."""

from __future__ import annotations

import numpy as np
from manim import Mobject

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
        self._numbers, self._theme = numbers, theme
        before, after = self._of_both()
        rooms = zones.facts.parts(1.0, 1.0, 1.0, gap=GAP)
        names = ("largest", "mean", "smallest")
        self.facts = [
            self._make(words(f"average.{name}"), pair, room)
            for name, pair, room in zip(names, zip(before, after, strict=True), rooms, strict=True)
        ]
        """Of each, its name, and its numbers before and after."""
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

    def _make(self, name: str, pair: tuple[Quantity, Quantity], room: Zone) -> list[Mobject]:
        sizes, palette = self._theme.sizes, self._theme.palette
        label = FittedLabel(name, sizes.label, palette.text_muted, room.width)
        label.move_to(room.centre + point(0.0, NAME_RISE))
        centre = room.centre - point(0.0, NUMBERS_DROP)
        before, after = pair
        line = Expression([before, " → ", after], sizes.number, centre, room.width, self._theme)
        return [label, *line.parts]
