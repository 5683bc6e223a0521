"""Over which chains of maps most comes from the picture to one score."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cnnviz.explain.edges import edge_shares
from cnnviz.layers import Flatten
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

    def onwards(self, layer: str, channel: int, share: float) -> Path:
        """Return the path with one more map at its end."""
        return Path((*self.layers, layer), (*self.channels, channel), self.strength * share)


Reached = Mapping[int, Sequence[Path]]
"""The strongest paths to each map of one layer."""


def strongest_paths(
    trace: Trace,
    class_index: int,
    count: int,
    shown: Mapping[str, Collection[int]] | None = None,
) -> tuple[Path, ...]:
    """Return the strongest paths from the picture to a score, the strongest first.

    Exact: of the paths to a map only the `count` strongest can be part of the result, so
    those are kept, layer by layer. Of equals, the ones with lower channels come first, then
    those by the branch that is read first.

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
    allowed = {} if shown is None else shown
    channels = range(trace.architecture.input.channels)
    best: dict[str, Reached] = {
        INPUT: {
            each: [Path((INPUT,), (each,), 1.0)]
            for each in channels
            if _is_allowed(allowed, INPUT, each)
        }
    }
    widths = {INPUT: len(channels)}
    for layer_trace in trace.layers:
        layer = layer_trace.layer
        sources = trace.architecture.sources_of(layer.name)
        width = widths[sources[0]]
        widths[layer.name] = width if isinstance(layer, Flatten) else len(layer_trace.output)
        is_last = layer_trace is trace.layers[-1]
        wanted = (class_index,) if is_last else range(widths[layer.name])
        feeders = [_Feeder(best[source], width) for source in sources]
        best[layer.name] = {
            channel: _strongest(layer_trace, channel, width, feeders, count)
            for channel in wanted
            if is_last or _is_allowed(allowed, layer.name, channel)
        }
    return tuple(best[trace.layers[-1].name].get(class_index, []))


class _Feeder:
    """The paths to each map of a layer that is read, and the strength of each map's best."""

    def __init__(self, paths: Reached, width: int) -> None:
        self.paths = paths
        self.strengths = np.full(width, -1.0)
        for channel, found in paths.items():
            if found:
                self.strengths[channel] = found[0].strength


def _strongest(
    layer_trace: LayerTrace, channel: int, width: int, feeders: Sequence[_Feeder], count: int
) -> list[Path]:
    """Return the strongest paths to one map, from those to the maps before it."""
    layer = layer_trace.layer
    shares = edge_shares(layer_trace, channel, width)
    feeding = range(width) if layer.joins_all else layer.feeding(channel)
    edges = [(feeder, source) for feeder in feeders for source in feeding]
    heads = np.concatenate([each.strengths[feeding.start : feeding.stop] for each in feeders])
    heads = np.where(heads < 0, -1.0, heads * shares)
    # Paths over an edge whose best is not among the `count` best cannot be among them either.
    least = np.partition(heads, -count)[-count] if count < len(heads) else 0.0
    reaching = []
    for order in np.flatnonzero((heads >= least) & (heads >= 0)):
        feeder, source = edges[order]
        share = float(shares[order])
        reaching += [path.onwards(layer.name, channel, share) for path in feeder.paths[source]]
    return heapq.nsmallest(count, reaching, key=lambda path: (-path.strength, path.channels))


def path_count(architecture: Architecture) -> int:
    """Return how many paths lead from the picture to one score: 30,000 in Tiny VGG."""
    paths = {INPUT: [1] * architecture.input.channels}
    for layer, _, output_shape in architecture.shapes():
        sources = [paths[each] for each in architecture.sources_of(layer.name)]
        if isinstance(layer, Flatten):
            paths[layer.name] = sources[0]
        elif layer.joins_all:
            paths[layer.name] = [sum(sources[0])] * output_shape[0]
        else:
            paths[layer.name] = [
                sum(branch[each] for branch in sources for each in layer.feeding(channel))
                for channel in range(output_shape[0])
            ]
    return paths[architecture.layers[-1].name][0]


def _is_allowed(allowed: Mapping[str, Collection[int]], layer: str, channel: int) -> bool:
    return layer not in allowed or channel in allowed[layer]
