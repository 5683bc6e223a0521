"""One number that is shown, and what it stands for."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any, Literal, TypedDict, Unpack

from cnnviz.explain.rounding import Sign, format_number, format_percent, format_share

QuantityKind = Literal[
    "pixel",
    "activation",
    "padding",
    "weight",
    "bias",
    "product",
    "channel_sum",
    "window_sum",
    "mean",
    "contribution",
    "own_part",
    "logit",
    "shifted_logit",
    "exp",
    "exp_sum",
    "probability",
    "what_if",
    "count",
    "share",
    "index",
    "size",
    "scale_end",
    "extreme",
    "difference",
    "distance",
    "example",
]
"""What a number is.

``pixel``: a value of the picture before normalisation. ``activation``: an output of `layer`,
or of what the first layer receives where `layer` is ``"input"``. ``padding``: what lies around
a map, zero for a convolution and minus infinity for max pooling. ``product``: one value times
one weight. ``channel_sum``: the products of one input channel, added up. ``window_sum``: the first
`index` values under the window of an average pooling, added up. ``mean``: of all values of one
channel's map, of which ``activation`` is one. ``contribution``: what a cell adds to a score.
``own_part``: what of a later value or a score comes from one pixel of the picture.
``shifted_logit``: a logit minus the largest. ``what_if``: a probability as it would
be with another score, which is no value of the network. ``size``: a hyperparameter or a number
of cells along a side. ``scale_end``: a value on a legend, at an end or in the middle of a colour
scale. ``extreme``: the smallest or largest of the values that a legend is for. ``difference``: a
value less that at the same place in what is compared with. ``distance``: how far apart two
outputs of `layer` are: see :mod:`cnnviz.explain.comparison`. ``example``: a number of a small
made-up example, no value of the network.
"""


class Indices(TypedDict, total=False):
    """The indices a quantity can have, all counted from 0, except the two names.

    Attributes
    ----------
    layer
        Name of the layer; None for what belongs to no layer.
    channel, row, column
        Of a value in maps.
    input_channel, kernel_row, kernel_column
        Of a weight, or of the value or product that belongs to it.
    index
        Of a value in a vector.
    class_name
        The class, as the network's file calls it.
    """

    layer: str | None
    channel: int
    input_channel: int
    row: int
    column: int
    kernel_row: int
    kernel_column: int
    index: int
    class_name: str
    side: int


@dataclass(frozen=True)
class Quantity:
    """One number that is drawn. The mobject that draws it and the manifest share it.

    Attributes
    ----------
    quantity
        What the number is.
    value
        The number itself, as the network computed it.
    shown
        The number as it is written on screen.
    layer, channel, input_channel, row, column, kernel_row, kernel_column, index, class_name, side
        Where it lives, as far as that applies. `channel`, `row` and `column` are those of
        `layer`'s output; `input_channel` is a channel of its input; `kernel_row` and
        `kernel_column` are a weight's place in its kernel; `index` is a place in a vector;
        `side` is 0 or 1 where two are compared. Counted from 0.
    """

    quantity: QuantityKind
    value: float
    shown: str
    layer: str | None = None
    channel: int | None = None
    input_channel: int | None = None
    row: int | None = None
    column: int | None = None
    kernel_row: int | None = None
    kernel_column: int | None = None
    index: int | None = None
    class_name: str | None = None
    side: int | None = None

    @classmethod
    def of(
        cls,
        quantity: QuantityKind,
        value: float,
        decimals: int,
        *,
        sign: Sign = "auto",
        width: int | None = None,
        **indices: Unpack[Indices],
    ) -> Quantity:
        """Return the quantity written by the one rule, :func:`rounding.format_number`."""
        shown = format_number(value, decimals, sign, width)
        return cls(quantity, float(value), shown, **indices)

    @classmethod
    def of_share(cls, share: float, **indices: Unpack[Indices]) -> Quantity:
        """Return a counted share as a percentage, by :func:`rounding.format_share`."""
        return cls("share", float(share), format_share(float(share)), **indices)

    @classmethod
    def of_probability(
        cls,
        value: float,
        decimals: int = 2,
        kind: QuantityKind = "probability",
        **indices: Unpack[Indices],
    ) -> Quantity:
        """Return a probability as a percentage, by :func:`rounding.format_percent`."""
        return cls(kind, float(value), format_percent(value, decimals), **indices)

    def to_json(self) -> dict[str, Any]:
        """Return the manifest's entry: what is set, `value` and `shown` last.

        `value` is None where the number is not finite, because JSON has no such numbers.
        """
        entry = {field.name: getattr(self, field.name) for field in fields(self)}
        value, shown = entry.pop("value"), entry.pop("shown")
        entry = {name: item for name, item in entry.items() if item is not None}
        return {**entry, "value": value if math.isfinite(value) else None, "shown": shown}


Grid = tuple[tuple[Quantity, ...], ...]
"""Numbers in rows and columns, as they stand in a grid of cells."""
