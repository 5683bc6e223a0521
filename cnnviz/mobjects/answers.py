"""What a network answers to a picture: its classes, each with its bar and its probability."""

from __future__ import annotations

from collections.abc import Sequence

from manim import Mobject

from cnnviz.explain.quantity import Quantity
from cnnviz.explain.softmax import ranking
from cnnviz.mobjects.bars import Bar
from cnnviz.mobjects.fitting import SMALLEST, FittedLabel, even_size
from cnnviz.mobjects.text import Number, line_width
from cnnviz.model.trace import Trace
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

MOST = 5
"""Classes that are listed of each of two that know other classes."""

OF_EACH = 3
"""So many of the most probable of each are listed where both know the same classes."""

BAR_SHARE = 0.24
"""How thick a bar is, as a share of a class's room."""

NAME_RISE, BAR_DROP = 0.22, 0.28
"""From the middle of its room up to a name's middle, and down to a bar's, as shares of it."""

PERCENT_DECIMALS = 1

WIDEST_PERCENTAGE = ">99.9%"

NUMBER_GAP = 0.25
"""Between a name and its number, in Manim units."""

NAME_SHARE = 0.5
"""Height of a name, as a share of its class's room."""


class Answer:
    """Some classes of a network, with bars on an axis from 0 to 1; none in the scene at first.

    The class with the highest score is bright, and stands in semi-bold.

    Parameters
    ----------
    trace
        What the network did with the picture.
    classes
        Indices of the classes that are listed, in their order.
    zone
        The room there is.
    theme
        Sizes and colours.
    language
        Of the classes' names.
    side
        Which of two answers it is, 0 or 1.
    """

    def __init__(
        self,
        trace: Trace,
        classes: Sequence[int],
        zone: Zone,
        theme: Theme,
        language: str,
        side: int,
    ) -> None:
        palette = theme.palette
        self._zone = zone
        self._probabilities = [float(trace.probabilities[index]) for index in classes]
        self.names: list[FittedLabel] = []
        self.numbers: list[Number] = []
        self.tracks: list[Bar] = []
        self.bars: list[Bar] = []
        names = [trace.class_name(index, language) for index in classes]
        body, best = theme.sizes.body, 600
        room = zone.width - line_width(WIDEST_PERCENTAGE, body, best) - NUMBER_GAP
        highest = NAME_SHARE * zone.height / len(classes)
        size = min(even_size(names, body, SMALLEST, room, highest, each) for each in (400, best))
        for index, row in zip(classes, zone.rows(*[1.0] * len(classes)), strict=True):
            is_best = index == trace.predicted_index
            colour, weight = (palette.text, best) if is_best else (palette.text_muted, 400)
            quantity = Quantity.of_probability(
                float(trace.probabilities[index]),
                PERCENT_DECIMALS,
                class_name=trace.classes[index],
                side=side,
            )
            number = Number(quantity, body, colour, weight, anchor="right")
            name = FittedLabel(
                trace.class_name(index, language),
                size,
                colour,
                room,
                weight,
                anchor="left",
                max_height=highest,
                wraps=True,
            )
            y = row.y + NAME_RISE * row.height
            name.move_to(point(zone.left + name.width / 2, y))
            number.move_to(point(zone.right - number.width / 2, y))
            self.names.append(name)
            self.numbers.append(number)
            thickness = min(BAR_SHARE * row.height, 0.22)
            below = row.y - BAR_DROP * row.height
            self.tracks.append(Bar(palette.zero, below, thickness))
            self.tracks[-1].set_span(zone.left, zone.right)
            self.bars.append(Bar(colour, below, thickness))
        self.grow(0.0)

    @property
    def ground(self) -> list[Mobject]:
        """What is there before the bars grow: names and tracks."""
        return [*self.tracks, *self.names]

    @property
    def parts(self) -> list[Mobject]:
        """All of it, from back to front."""
        return [*self.ground, *self.bars, *self.numbers]

    def grow(self, share: float) -> None:
        """Let every bar have a share, 0 to 1, of its length."""
        for bar, probability in zip(self.bars, self._probabilities, strict=True):
            bar.set_span(self._zone.left, self._zone.left + self._zone.width * probability * share)


def listed_classes(trace: Trace, other: Trace) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return which classes are listed of two traces, each from the most probable on.

    Where both have the same classes, they are the same in the same order: the best of each, by
    the higher of their two probabilities. Else they are the best of its own.
    """
    if trace.classes != other.classes:
        return ranking(trace.logits)[:MOST], ranking(other.logits)[:MOST]
    best = {index for each in (trace, other) for index in ranking(each.logits)[:OF_EACH]}
    higher = [
        max(float(one), float(two))
        for one, two in zip(trace.probabilities, other.probabilities, strict=True)
    ]
    order = tuple(index for index in ranking(higher) if index in best)
    return order, order
