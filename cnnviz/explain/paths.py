"""Over which chains of maps most comes from the picture to one score."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from cnnviz.explain.edges import edge_shares
from cnnviz.layers import Flatten
from cnnviz.model.architecture import INPUT, Architecture
from cnnviz.model.trace import Trace


@dataclass(frozen=True)
class Path:
    """A chain of maps, each made from the one before.

    Attributes
    ----------
    channels
        One for the picture and one for each layer, in their order; of a flatten layer the map
        that is unrolled, of the last layer the class.
    strength
        The product of the shares of its edges (see :func:`cnnviz.explain.edges.edge_shares`):
        ``prod_l share(c_(l-1) -> c_l)``. It is the part of the score's incoming flow that is
        traced back along this path if every map hands on to its sources, in proportion, what
        comes over their edges; over all paths to one score these add up to 1.
    """

    channels: tuple[int, ...]
    strength: float


def strongest_paths(
    trace: Trace,
    class_index: int,
    count: int,
    shown: Mapping[str, Collection[int]] | None = None,
) -> tuple[Path, ...]:
    """Return the strongest paths from the picture to a score, the strongest first.

    Exact: of the paths to a map only the `count` strongest can be part of the result, so
    those are kept, layer by layer. Of equals, the ones with lower channels come first.

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
    best = {each: [Path((each,), 1.0)] for each in channels if _is_allowed(allowed, INPUT, each)}
    width = len(channels)
    for layer_trace in trace.layers:
        layer = layer_trace.layer
        is_last = layer_trace is trace.layers[-1]
        outputs = width if isinstance(layer, Flatten) else len(layer_trace.output)
        wanted = (class_index,) if is_last else range(outputs)
        found = {}
        for channel in wanted:
            if not is_last and not _is_allowed(allowed, layer.name, channel):
                continue
            if layer.joins_all:
                shares = edge_shares(layer_trace, channel, width)
                reaching = [
                    Path((*path.channels, channel), path.strength * float(shares[source]))
                    for source, paths in best.items()
                    for path in paths
                ]
            else:
                reaching = [
                    Path((*path.channels, channel), path.strength) for path in best.get(channel, [])
                ]
            found[channel] = heapq.nsmallest(
                count, reaching, key=lambda path: (-path.strength, path.channels)
            )
        best, width = found, outputs
    return tuple(best.get(class_index, []))


def path_count(architecture: Architecture) -> int:
    """Return how many paths lead from the picture to one score: 30,000 in Tiny VGG."""
    paths = 1
    width = architecture.input.channels
    for layer, _, output_shape in architecture.shapes():
        if layer.joins_all:
            paths *= width
        if not isinstance(layer, Flatten):
            width = output_shape[0]
    return paths


def _is_allowed(allowed: Mapping[str, Collection[int]], layer: str, channel: int) -> bool:
    return layer not in allowed or channel in allowed[layer]
