"""Two traces side by side: where one filter's answers part, and how far apart layers are.

How far apart two outputs a and b of a layer are is said by their relative distance,

    d(a, b) = |a - b| / (|a| + |b|),

with Euclidean norms over all of the layer's values: 0 where they are equal, 1 where nothing of
the one is found in the other (one of them is zero, or b = -k a with k > 0), and never more, by
the triangle inequality. It does not change if both are multiplied by one number, so layers with
large and with small values can be compared. It is Ren-Cang Li's p-relative distance with p = 1;
see P. A. Hästö, "A New Weighted Metric: the Relative Metric I", arXiv:math/0108025.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnviz.explain.interest import maps_of
from cnnviz.explain.places import Pixel
from cnnviz.explain.softmax import ranking
from cnnviz.model.trace import LayerTrace, Trace

Values = npt.NDArray[np.floating]

ROUNDING = 1e-5
"""Equal sums may differ by that share of a map's largest value: torch adds in several orders."""


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


def widest_gap(one: Values, other: Values) -> Pixel:
    """Return the row and column where two maps differ most, the first of equals.

    In float64, so that no rounding decides; (0, 0) where they are the same.
    """
    return strongest_place(np.abs(one.astype(np.float64) - other))


def strongest_place(values: Values) -> Pixel:
    """Return the row and column of a map's highest value, the first of equals."""
    row, column = np.unravel_index(int(values.argmax()), values.shape)
    return int(row), int(column)


def has_equals(values: Values, place: Pixel) -> bool:
    """Return whether other places of a map have the value of one, but for rounding in float32."""
    margin = ROUNDING * float(np.abs(values).max())
    return int((np.abs(values - values[place]) <= margin).sum()) > 1


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


def telling_pixel(one: LayerTrace, other: LayerTrace, channel: int) -> Pixel:
    """Return the row and column that are worked if nobody says which.

    Where both maps differ most, or if they are the same, where they are highest.
    """
    first, second = maps_of(one)[channel], maps_of(other)[channel]
    return widest_gap(first, second) if (first != second).any() else strongest_place(first)


@dataclass(frozen=True)
class ComparedLayer:
    """A layer with maps, as a comparison of whole networks shows it.

    Attributes
    ----------
    name
        The layer's.
    channels
        Those of its maps that are shown, ascending.
    """

    name: str
    channels: tuple[int, ...]


def have_same_layers(trace: Trace, other: Trace) -> bool:
    """Return whether both networks have the same layers in the same order, weights apart."""
    return trace.architecture.layers == other.architecture.layers and all(
        one.output.shape == two.output.shape
        for one, two in zip(trace.layers, other.layers, strict=True)
    )


def map_layers(trace: Trace, most: int) -> tuple[LayerTrace, ...]:
    """Return the layers whose outputs are maps; of more than `most`, evenly spaced ones.

    The first and the last of them are always among these.
    """
    layers = [layer for layer in trace.layers if layer.output.ndim == 3]
    if len(layers) <= most:
        return tuple(layers)
    places = np.linspace(0, len(layers) - 1, most).round().astype(int)
    return tuple(layers[place] for place in places)


def compared_layers(
    trace: Trace, other: Trace, most: int, channels: int
) -> tuple[tuple[ComparedLayer, ...], tuple[ComparedLayer, ...]]:
    """Return what is shown of two networks, or of one network with two pictures.

    Where both have the same layers, the same layers and channels are shown of both: those whose
    maps differ most, and where a layer works map by map those of the layer that it reads. Else of
    each its own layers, and of them the channels with the largest sum of absolute values.

    Parameters
    ----------
    trace, other
        What is compared.
    most, channels
        How many layers are shown, and how many maps of each, at most.
    """
    if have_same_layers(trace, other):
        pairs = zip(trace.layers, other.layers, strict=True)
        shown = _chosen(trace, [_furthest(one, two, channels) for one, two in pairs], most)
        return shown, shown
    first, second = (_strongest_of(each, most, channels) for each in (trace, other))
    return first, second


def _furthest(one: LayerTrace, other: LayerTrace, count: int) -> tuple[int, ...]:
    return channels_furthest_apart(one, other, count) if one.output.ndim == 3 else ()


def _strongest_of(trace: Trace, most: int, count: int) -> tuple[ComparedLayer, ...]:
    # Not those of the layer that it reads: ReLU leaves nothing of the most negative.
    layers = map_layers(trace, most)
    strengths = [np.abs(layer.output).sum(axis=(1, 2), dtype=np.float64) for layer in layers]
    return tuple(
        ComparedLayer(layer.name, tuple(sorted(ranking(strength)[:count])))
        for layer, strength in zip(layers, strengths, strict=True)
    )


def _chosen(trace: Trace, own: Sequence[tuple[int, ...]], most: int) -> tuple[ComparedLayer, ...]:
    """Return the layers that are shown, each with channels of its own, or with its source's."""
    found: dict[str, tuple[int, ...]] = {}
    for layer, channels in zip(trace.layers, own, strict=True):
        sources = trace.architecture.sources_of(layer.name)
        follows = layer.layer.keeps_channels and sources[0] in found
        found[layer.name] = found[sources[0]] if follows else channels
    return tuple(ComparedLayer(each.name, found[each.name]) for each in map_layers(trace, most))
