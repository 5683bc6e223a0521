"""Over which chains of maps most comes from the picture to one score."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cnnviz.arrays import BoolArray, Float64Array
from cnnviz.explain.edges import all_edge_shares, edge_shares
from cnnviz.model.architecture import INPUT, Architecture
from cnnviz.model.trace import LayerTrace, Trace


@dataclass(frozen=True)
class Path:
    """A chain of maps, each made from the one before.

    Attributes
    ----------
    layers
        The layers that it leads through, ``"input"`` first: of two branches it takes one.
    channels
        One for each of them; of a flatten layer the map that is unrolled, of the last layer
        the class.
    strength
        The product of the shares of its edges (see :func:`cnnviz.explain.edges.edge_shares`):
        ``prod_l share(c_(l-1) -> c_l)``. It is the part of the score's incoming flow that is
        traced back along this path if every map hands on to its sources, in proportion, what
        comes over their edges; over all paths to one score these add up to 1.
    """

    layers: tuple[str, ...]
    channels: tuple[int, ...]
    strength: float

    def channel_in(self, layer: str) -> int | None:
        """Return the channel it takes in a layer, None where it goes another way."""
        return self.channels[self.layers.index(layer)] if layer in self.layers else None

    def backwards(self, layer: str, channel: int, share: float) -> Path:
        """Return the path with one more map at its beginning."""
        return Path((layer, *self.layers), (channel, *self.channels), self.strength * share)


Strengths = Float64Array
"""Of the best path to each map of a layer; below 0 where there is none."""


def strongest_paths(
    trace: Trace,
    class_index: int,
    count: int,
    shown: Mapping[str, Collection[int]] | None = None,
) -> tuple[Path, ...]:
    """Return the strongest paths from the picture to a score, the strongest first.

    Exact: the strength of the best path to each map is known first, layer by layer; then paths
    grow backwards from the score, always the one that can become the strongest. Of equals, up
    to rounding, any, but always the same.

    Parameters
    ----------
    trace
        What the network computed.
    class_index
        Whose score.
    count
        At most so many, 1 or more; there may be fewer.
    shown
        By layer (``"input"`` for the picture): the channels that paths may lead through. All
        channels of a layer that is not named.

    Returns
    -------
    tuple of Path
        Their strengths are those among all paths, whatever is shown.
    """
    best = _best_strengths(trace, class_index, {} if shown is None else shown)
    last = trace.layers[-1].name
    if best[last][class_index] < 0:
        return ()
    newest = itertools.count(0, -1)
    growing = [(0.0, next(newest), Path((last,), (class_index,), 1.0))]
    found: list[Path] = []
    while growing and len(found) < count:
        _, _, path = heapq.heappop(growing)
        name, channel = path.layers[0], path.channels[0]
        if name == INPUT:
            found.append(path)
            continue
        widths = [len(best[each]) for each in trace.architecture.sources_of(name)]
        for source, feeding, share in _edges(trace, name, channel, widths):
            if best[source][feeding] >= 0:
                longer = path.backwards(source, feeding, share)
                bound = _rounded_log(longer.strength * best[source][feeding])
                heapq.heappush(growing, (-bound, next(newest), longer))
    return tuple(sorted(found, key=lambda path: (-path.strength, path.channels)))


def _rounded_log(strength: float) -> float:
    """Return a logarithm in which equal strengths are equal, however they were multiplied."""
    return round(math.log(strength), 9) if strength > 0 else -math.inf


def _best_strengths(
    trace: Trace, class_index: int, shown: Mapping[str, Collection[int]]
) -> dict[str, Strengths]:
    """Return the strength of the best path to every map of every layer."""
    best = {INPUT: np.ones(trace.architecture.input.channels)}
    best[INPUT][~_is_shown(shown, INPUT, len(best[INPUT]))] = -1
    for layer_trace in trace.layers:
        name = layer_trace.name
        read = [best[each] for each in trace.architecture.sources_of(name)]
        is_last = layer_trace is trace.layers[-1]
        outputs = _map_count(layer_trace, len(read[0]))
        wanted = [class_index] if is_last else range(outputs)
        strengths = np.full(outputs, -1.0)
        strengths[list(wanted)] = _reached(layer_trace, wanted, read)
        if not is_last:
            strengths[~_is_shown(shown, name, outputs)] = -1
        best[name] = strengths
    return best


def _reached(
    layer_trace: LayerTrace, channels: Sequence[int], read: Sequence[Strengths]
) -> Strengths:
    """Return the strength of the best path to each of some maps, from those it may come by."""
    layer, before = layer_trace.layer, read[0]
    if len(read) == 1 and layer.keeps_channels:  # what comes over the only edge is all there is
        return before[list(channels)]
    shares = all_edge_shares(layer_trace, channels, len(before))
    if layer.joins_all:
        heads = before[None]
    else:
        widths = [len(each) for each in read]
        fed = [layer.fed_by(channel, widths) for channel in channels]
        heads = np.array([[read[place][each] for place, each in edges] for edges in fed])
    return np.asarray(np.where(heads < 0, -1, heads * shares).max(axis=1))


def _edges(
    trace: Trace, name: str, channel: int, widths: Sequence[int]
) -> Iterator[tuple[str, int, float]]:
    """Yield each edge into one map: the layer and the channel it comes from, and its share.

    `widths` says how many maps (or values) each of the layers has that it reads.
    """
    layer_trace, sources = trace[name], trace.architecture.sources_of(name)
    layer = layer_trace.layer
    if len(sources) == 1 and layer.keeps_channels:
        yield sources[0], channel, 1.0
        return
    shares = edge_shares(layer_trace, channel, widths[0])
    for (place, each), share in zip(layer.fed_by(channel, widths), shares, strict=True):
        yield sources[place], each, float(share)


def _map_count(layer_trace: LayerTrace, before: int) -> int:
    """Return how many maps (or values) a layer has, from those before it."""
    return before if layer_trace.layer.unrolls else len(layer_trace.output)


def _is_shown(shown: Mapping[str, Collection[int]], layer: str, count: int) -> BoolArray:
    if layer not in shown:
        return np.ones(count, bool)
    return np.isin(np.arange(count), list(shown[layer]))


def path_count(architecture: Architecture) -> int:
    """Return how many paths lead from the picture to one score: 30,000 in Tiny VGG."""
    paths = {INPUT: [1] * architecture.input.channels}
    for layer, _, output_shape in architecture.shapes():
        sources = [paths[each] for each in architecture.sources_of(layer.name)]
        if layer.unrolls:
            paths[layer.name] = sources[0]
        elif layer.joins_all:
            paths[layer.name] = [sum(sources[0])] * output_shape[0]
        else:
            paths[layer.name] = [
                sum(
                    sources[place][each]
                    for place, each in layer.fed_by(channel, [len(branch) for branch in sources])
                )
                for channel in range(output_shape[0])
            ]
    return paths[architecture.layers[-1].name][0]
