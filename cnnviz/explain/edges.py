"""Which maps each map is made from: the lines between the columns of an overview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cnnviz.arrays import Float64Array
from cnnviz.explain.places import require_channel
from cnnviz.layers import Linear
from cnnviz.model.architecture import INPUT, Architecture
from cnnviz.model.trace import LayerTrace


@dataclass(frozen=True)
class Edge:
    """One map feeds another (or a score): channels count from 0, layers by name.

    Attributes
    ----------
    source_layer, source_channel
        Where it begins; ``"input"`` for a channel of the picture.
    layer, channel
        The map, or the score, in which it ends.
    """

    source_layer: str
    source_channel: int
    layer: str
    channel: int


def edges(architecture: Architecture) -> tuple[Edge, ...]:
    """Return all edges, layer by layer and channel by channel.

    Convolutions are joined to the maps that their kernels see, linear layers to every map (or
    value) before them, ReLU and pooling to the one of the same channel, additions to that one
    of both branches, concatenations to the one map that they hand on. Flatten layers only reorder,
    so they are left out: a score is joined once to each map that is flattened. Tiny VGG has 490.
    """
    found: list[Edge] = []
    feeders = {INPUT: (INPUT, architecture.input.channels)}
    for layer, _, output_shape in architecture.shapes():
        sources = [feeders[each] for each in architecture.sources_of(layer.name)]
        if layer.unrolls:
            feeders[layer.name] = sources[0]
            continue
        channels = output_shape[0]
        for channel in range(channels):
            for place, each in layer.fed_by(channel, [count for _, count in sources]):
                found.append(Edge(sources[place][0], each, layer.name, channel))
        feeders[layer.name] = (layer.name, channels)
    return tuple(found)


def edge_count(architecture: Architecture) -> int:
    """Return the number of :func:`edges`, without making them: there may be millions."""
    total = 0
    maps = {INPUT: architecture.input.channels}
    for layer, _, output_shape in architecture.shapes():
        sources = [maps[each] for each in architecture.sources_of(layer.name)]
        if layer.unrolls:
            maps[layer.name] = sources[0]
            continue
        total += output_shape[0] * len(layer.fed_by(0, sources))
        maps[layer.name] = output_shape[0]
    return total


def edge_flows(layer_trace: LayerTrace, channel: int, maps: int) -> Float64Array:
    """Return what comes over each edge into one map (or score) in this picture.

    It is the sum, over all positions p, of the absolute values of what one source adds there:
    for a convolution ``sum_p |(w_c * x_c)(p)|`` over its intermediate map (one channel x_c
    under its own kernel w_c), for a linear layer ``sum_i |w_i x_i|`` over the source's cells,
    for an addition ``sum_p |x(p)|`` of each branch. The bias comes over no edge. Where a map is
    made from one map alone (ReLU, pooling, concatenation, the vector), all that it holds came over
    that edge: ``sum_p |y(p)|``.

    Parameters
    ----------
    layer_trace
        Any layer.
    channel
        The map's channel, or the score's index, from 0.
    maps
        How many maps (or values) there are before it: the channels of its input; for a linear
        layer the maps that were flattened, or the values of a hidden layer.

    Returns
    -------
    numpy.ndarray
        One number, not below 0, for each edge: of a convolution for each channel that its
        kernel sees, of an addition for each branch, of a linear layer for each of the `maps`.

    Raises
    ------
    UserError
        If there is no such channel.
    """
    if layer_trace.layer.adds_up:
        require_channel(layer_trace, channel)
    return np.asarray(_flows(layer_trace, [channel], maps)[0])


def edge_shares(layer_trace: LayerTrace, channel: int, maps: int) -> Float64Array:
    """Return how much of what one map (or score) receives comes over each of its edges.

    The edges' :func:`edge_flows` divided by their sum; parameters and errors are the same.

    Returns
    -------
    numpy.ndarray
        0..1 with a sum of 1; all equal where nothing comes at all.
    """
    if layer_trace.layer.adds_up:
        require_channel(layer_trace, channel)
    return np.asarray(all_edge_shares(layer_trace, [channel], maps)[0])


def all_edge_shares(layer_trace: LayerTrace, channels: Sequence[int], maps: int) -> Float64Array:
    """Return the :func:`edge_shares` of several maps at once: (channels, edges).

    Parameters
    ----------
    layer_trace
        The layer in which the edges end.
    channels
        Its maps (or scores), from 0.
    maps
        How many maps (or values) there are before it, as for :func:`edge_flows`.
    """
    received = _flows(layer_trace, channels, maps)
    totals = received.sum(axis=1, keepdims=True)
    equal = 1 / received.shape[1]
    return np.where(totals > 0, received / np.where(totals > 0, totals, 1), equal)


def _flows(layer_trace: LayerTrace, channels: Sequence[int], maps: int) -> Float64Array:
    """Return what comes over each edge into several maps: (channels, edges)."""
    layer = layer_trace.layer
    if not layer.adds_up:
        own = maps if layer.unrolls else len(layer_trace.output)
        held = layer_trace.output.reshape(own, -1)[list(channels)].astype(np.float64)
        return np.asarray(np.abs(held).sum(axis=1, keepdims=True))
    flows = layer.flows(layer_trace, channels)
    if isinstance(layer, Linear):
        return np.asarray(flows.reshape(len(channels), maps, -1).sum(axis=2))
    return flows
