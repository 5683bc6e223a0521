"""What flattening and the scores are made of, as it is written on screen."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from cnnviz.arrays import Float64Array
from cnnviz.explain.flattening import IndexTerms, effective_weights, flat_index, flatten_layer
from cnnviz.explain.places import require_channel, require_pixel
from cnnviz.explain.quantity import Quantity, QuantityKind
from cnnviz.explain.rounding import decimals_that_fit, equals_sign
from cnnviz.explain.softmax import ranking
from cnnviz.layers import Shape
from cnnviz.model.trace import Trace

MOST_CLASSES = 10
"""So many classes' scores are shown; of more, those with the highest scores."""

NUMBER_CHARACTERS = 8
"""Room for a number: a sign, the point, and six digits."""

SIGNIFICANT_DIGITS = 3
FEWEST_DECIMALS = 2
MOST_DECIMALS = 5


@dataclass(frozen=True)
class Cell:
    """One cell of the maps that are flattened. Row and column count from 0."""

    channel: int
    row: int
    column: int


@dataclass(frozen=True)
class ShownProduct:
    """What one cell adds to a score: value times weight."""

    value: Quantity
    weight: Quantity
    contribution: Quantity
    equals: str


@dataclass(frozen=True)
class ShownScore:
    """One class's score as a sum.

    Attributes
    ----------
    name
        Of the class.
    positive, negative
        The sums of all contributions above and below 0.
    positive_count, negative_count
        How many cells those are.
    bias, total
        What is added at the end, and the score.
    equals
        The sign before the score.
    """

    name: str
    positive: Quantity
    negative: Quantity
    positive_count: int
    negative_count: int
    bias: Quantity
    total: Quantity
    equals: str


def significant_decimals(number: float, characters: int) -> int:
    """Return how many decimals show three digits of a number: 0.687, but 0.00412.

    At most five, and no more than fit into so many characters.
    """
    exponent = math.floor(math.log10(abs(number))) if number else 0
    most = min(max(SIGNIFICANT_DIGITS - 1 - exponent, FEWEST_DECIMALS), MOST_DECIMALS)
    return decimals_that_fit([number], characters, most=most)


def choose_cell(
    trace: Trace, class_index: int, channel: int | None, pixel: tuple[int, int] | None
) -> Cell:
    """Return the cell that is meant; of those left open, the one that contributes most.

    Raises
    ------
    UserError
        If the network does not flatten, or has no such channel or pixel.
    """
    flatten = flatten_layer(trace)
    if channel is not None:
        require_channel(flatten, channel)
    if pixel is not None:
        require_pixel(flatten, *pixel)
    weights, _ = effective_weights(trace, [class_index])
    sizes = np.abs(weights[0] * flatten.output).reshape(flatten.input.shape)
    is_allowed = np.zeros(sizes.shape, dtype=bool)
    rows, columns = ([pixel[0]], [pixel[1]]) if pixel else (slice(None), slice(None))
    is_allowed[slice(None) if channel is None else channel, rows, columns] = True
    place = np.unravel_index(np.where(is_allowed, sizes, -1).argmax(), sizes.shape)
    return Cell(*(int(index) for index in place))


class FlattenNumbers:
    """Vector, weights and contributions, and the numbers written about them.

    Parameters
    ----------
    trace
        What the network computed.
    cell
        The cell that is followed.
    language
        Of the classes' names.

    Attributes
    ----------
    layer, source
        Names of the layer that flattens, and of the one that its maps come from.
    shape
        (channels, height, width) of the maps.
    features
        The flattened vector, (features,).
    weights, contributions
        Arrays of shape (classes, features): see :func:`flattening.effective_weights`.
    index
        The arithmetic of the cell's index.
    is_direct
        Whether one linear layer makes the scores, so that the weights are simply its own.
    hands_on
        Whether its weights are 1 and 0 alone, and no bias was learned: each score is a cell.
    head
        That layer's name, or None.
    """

    def __init__(self, trace: Trace, cell: Cell, language: str = "en") -> None:
        flatten = flatten_layer(trace)
        channels, height, width = flatten.input.shape
        self.shape: Shape = (channels, height, width)
        self.layer = flatten.name
        self.source = trace.architecture.source_of(flatten.name)
        self.features = flatten.output
        self.weights, self.biases = effective_weights(trace)
        self.contributions: Float64Array = self.weights * self.features
        self.cell = cell
        self.index: IndexTerms = flat_index(self.shape, cell.channel, cell.row, cell.column)
        last = trace.layers[-1]
        self.is_direct = trace.architecture.source_of(last.name) == flatten.name
        is_identity = np.array_equal(self.weights, np.eye(*self.weights.shape))
        self.hands_on = self.is_direct and is_identity and not self.biases.any()
        self.head = last.name if self.is_direct else None
        self._trace, self._language = trace, language
        self._positive = np.where(self.contributions > 0, self.contributions, 0).sum(axis=1)
        self._negative = np.where(self.contributions < 0, self.contributions, 0).sum(axis=1)
        parts = [self._positive, self._negative, self.biases, trace.logits]
        self._decimals = decimals_that_fit(
            np.concatenate(parts), NUMBER_CHARACTERS, most=2, sign="always"
        )

    @property
    def shown_classes(self) -> list[int]:
        """The classes whose scores are shown, in the network's order."""
        return sorted(ranking(self._trace.logits)[:MOST_CLASSES])

    def product(self, class_index: int) -> ShownProduct:
        """Return the followed cell's arithmetic for one class."""
        place = self.index.index
        number = float(self.features[place])
        value = Quantity.of(
            "activation",
            number,
            significant_decimals(number, NUMBER_CHARACTERS),
            width=NUMBER_CHARACTERS,
            layer=self.layer,
            index=place,
        )
        weight = self._factor("weight", self.weights, class_index)
        contribution = self._factor("contribution", self.contributions, class_index)
        terms = [value.shown, weight.shown]
        equals = equals_sign(terms, contribution.shown, "product")
        return ShownProduct(value, weight, contribution, equals)

    def score(self, class_index: int) -> ShownScore:
        """Return one class's score as a sum."""
        contributions = self.contributions[class_index]
        positive = self._sum("contribution", self._positive[class_index], class_index)
        negative = self._sum("contribution", self._negative[class_index], class_index)
        bias = self._sum("bias", self.biases[class_index], class_index)
        total = self._sum("logit", float(self._trace.logits[class_index]), class_index)
        terms = [positive.shown, negative.shown, bias.shown]
        return ShownScore(
            name=self._trace.class_name(class_index, self._language),
            positive=positive,
            negative=negative,
            positive_count=int((contributions > 0).sum()),
            negative_count=int((contributions < 0).sum()),
            bias=bias,
            total=total,
            equals=equals_sign(terms, total.shown),
        )

    def _factor(self, kind: QuantityKind, numbers: Float64Array, class_index: int) -> Quantity:
        number = float(numbers[class_index, self.index.index])
        decimals = significant_decimals(number, NUMBER_CHARACTERS - 1)
        return replace(self._of_class(kind, number, decimals, class_index), index=self.index.index)

    def _sum(self, kind: QuantityKind, value: float, class_index: int) -> Quantity:
        return self._of_class(kind, value, self._decimals, class_index)

    def _of_class(
        self, kind: QuantityKind, value: float, decimals: int, class_index: int
    ) -> Quantity:
        name = self._trace.classes[class_index]
        shown = Quantity.of(
            kind, value, decimals, sign="always", width=NUMBER_CHARACTERS, class_name=name
        )
        return replace(shown, layer=self.head)
