"""Numbers that two traces decide together, calculated here once more in another way."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from cnnviz.auditing.lookups import activation_of
from cnnviz.auditing.sums import extreme_of, nearest, scale_end_of
from cnnviz.explain.quantity import Quantity, QuantityKind
from cnnviz.explain.scaling import SCALES, common_range
from cnnviz.model.trace import Trace

PairLookup = Callable[[Quantity, Trace, Trace], float | None]


def difference_of(quantity: Quantity, trace: Trace, other: Trace) -> float | None:
    """Return the first trace's value at a place less the second's."""
    one, two = (activation_of(quantity, each) for each in (trace, other))
    return None if one is None or two is None else one - two


def distance_of(quantity: Quantity, trace: Trace, other: Trace) -> float | None:
    """Return the relative distance of a layer's outputs, value by value."""
    if quantity.layer is None:
        return None
    one, two = (each[quantity.layer].output.astype(np.float64) for each in (trace, other))
    if not one.any() and not two.any():
        return 0.0
    apart, *lengths = (float(np.sqrt(np.sum(each * each))) for each in (one - two, one, two))
    return apart / sum(lengths)


def scale_end_of_both(quantity: Quantity, trace: Trace, other: Trace) -> float | None:
    """Return the nearest of the ends of a layer's scales, those over both traces included."""
    found = [scale_end_of(quantity, each) for each in (trace, other) if _has(each, quantity.layer)]
    if quantity.layer is not None and all(_has(each, quantity.layer) for each in (trace, other)):
        ends = (common_range([trace, other], quantity.layer, scale).high for scale in SCALES)
        found += [end for high in ends for end in (-high, high)]
    return nearest(quantity.value, [each for each in found if each is not None])


def extreme_of_both(quantity: Quantity, trace: Trace, other: Trace) -> float | None:
    """Return the nearest of a layer's values in either trace, and of what they differ by."""
    both = [each for each in (trace, other) if _has(each, quantity.layer)]
    found = [extreme_of(quantity, each) for each in both]
    outputs = [each[quantity.layer].output for each in both if quantity.layer is not None]
    if len(outputs) == 2 and outputs[0].shape == outputs[1].shape:
        found.append(nearest(quantity.value, (outputs[0].astype(np.float64) - outputs[1]).ravel()))
    return nearest(quantity.value, [each for each in found if each is not None])


DECIDED_BY_BOTH: Mapping[QuantityKind, PairLookup] = {
    "difference": difference_of,
    "distance": distance_of,
}
"""What only two traces together say."""

DECIDED_FOR_BOTH: Mapping[QuantityKind, PairLookup] = {
    "scale_end": scale_end_of_both,
    "extreme": extreme_of_both,
}
"""What one trace says, too, but two in another way."""


def _has(trace: Trace, layer: str | None) -> bool:
    return any(each.name == layer for each in trace.layers)
