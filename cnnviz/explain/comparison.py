"""Two traces side by side: where one filter's answers part, and how far apart layers are.

How far apart two outputs a and b of a layer are is said by their relative distance,

    d(a, b) = |a - b| / (|a| + |b|),

with Euclidean norms over all of the layer's values: 0 where they are equal, 1 where nothing of
the one is found in the other (one of them is zero, or b = -k a with k > 0), and never more, by
the triangle inequality. It does not change if both are multiplied by one number, so layers with
large and with small values can be compared. It is the relative distance with p = 1 of P. A.
Hästö, "A new weighted metric: the relative metric I", Journal of Mathematical Analysis and
Applications 274 (2002), 38-58.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnviz.explain.interest import maps_of
from cnnviz.explain.softmax import ranking
from cnnviz.model.trace import LayerTrace, Trace

Values = npt.NDArray[np.floating]
Pixel = tuple[int, int]


@dataclass(frozen=True)
class LayerDistance:
    """How far apart the outputs of one layer are.

    Attributes
    ----------
    layer
        Its name, the same in both.
    distance
        See :func:`relative_distance`.
    """

    layer: str
    distance: float


def relative_distance(one: Values, other: Values) -> float:
    """Return the distance of two arrays of one shape, 0 to 1; 0 where both are zero.

    The formula stands at the top of this module; it is calculated in float64.
    """
    first, second = one.astype(np.float64).ravel(), other.astype(np.float64).ravel()
    norms = float(np.linalg.norm(first) + np.linalg.norm(second))
    return float(np.linalg.norm(first - second)) / norms if norms else 0.0


def are_alike(one: LayerTrace, other: LayerTrace) -> bool:
    """Return whether two layers are of one kind and shape, so that their values compare."""
    return one.kind == other.kind and one.output.shape == other.output.shape


def layers_alike(trace: Trace, other: Trace) -> tuple[str, ...]:
    """Return the layers of the first trace that the other has, too, alike and so called."""
    theirs = {layer.name: layer for layer in other.layers}
    return tuple(
        layer.name
        for layer in trace.layers
        if layer.name in theirs and are_alike(layer, theirs[layer.name])
    )


def layer_distances(trace: Trace, other: Trace) -> tuple[LayerDistance, ...]:
    """Return how far apart the outputs of all layers are that both traces have, in order."""
    return tuple(
        LayerDistance(name, relative_distance(trace[name].output, other[name].output))
        for name in layers_alike(trace, other)
    )


def widest_gap(one: Values, other: Values) -> Pixel:
    """Return the row and column where two maps differ most, the first of equals.

    In float64, so that no rounding decides; (0, 0) where they are the same.
    """
    gap = np.abs(one.astype(np.float64) - other)
    row, column = np.unravel_index(int(gap.argmax()), gap.shape)
    return int(row), int(column)


def strongest_place(values: Values) -> Pixel:
    """Return the row and column of a map's highest value, the first of equals."""
    row, column = np.unravel_index(int(values.argmax()), values.shape)
    return int(row), int(column)


def channels_furthest_apart(one: LayerTrace, other: LayerTrace, count: int) -> tuple[int, ...]:
    """Return at most `count` channels whose maps differ most in both, ascending.

    By the Euclidean norm of their difference; of equals those that come first.
    """
    gap = maps_of(one).astype(np.float64) - maps_of(other)
    order = ranking(np.sqrt(np.square(gap).reshape(len(gap), -1).sum(axis=1)))
    return tuple(sorted(order[:count]))


def is_same_network(trace: Trace, other: Trace) -> bool:
    """Return whether one network made both traces: the same layers, weights and classes."""
    if trace.architecture != other.architecture or trace.classes != other.classes:
        return False
    pairs = zip(trace.layers, other.layers, strict=True)
    return all(
        _are_same(one.weight, two.weight) and _are_same(one.bias, two.bias) for one, two in pairs
    )


def _are_same(one: Values | None, other: Values | None) -> bool:
    return one is other if one is None or other is None else np.array_equal(one, other)


def telling_channel(one: LayerTrace, other: LayerTrace) -> int:
    """Return the channel that is told if nobody says: the one whose maps lie furthest apart."""
    return channels_furthest_apart(one, other, 1)[0]
