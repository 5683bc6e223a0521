"""Which maps each map is made from: the lines between the columns of an overview."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.architecture import INPUT, Architecture, Conv2d, Flatten, Linear


@dataclass(frozen=True)
class Edge:
    """One map feeds another (or a score): channels count from 0, layers by name."""

    source_layer: str
    source_channel: int
    layer: str
    channel: int


def edges(architecture: Architecture) -> tuple[Edge, ...]:
    """Return all edges, layer by layer and channel by channel.

    Convolutions and linear layers are joined to every map (or value) before them, ReLU
    and pooling to the one of the same channel. Flatten layers only reorder, so they are
    left out: a score is joined once to each map that is flattened. Tiny VGG has 490.
    """
    found: list[Edge] = []
    source, sources = INPUT, architecture.input.channels
    for layer, _, output_shape in architecture.shapes():
        if isinstance(layer, Flatten):
            continue
        channels = output_shape[0]
        joins_all = isinstance(layer, Conv2d | Linear)
        for channel in range(channels):
            feeding = range(sources) if joins_all else (channel,)
            found += (Edge(source, each, layer.name, channel) for each in feeding)
        source, sources = layer.name, channels
    return tuple(found)


def incoming_edges(architecture: Architecture, layer: str, channel: int) -> tuple[Edge, ...]:
    """Return the edges that end in one map or score; none for a flatten layer."""
    return tuple(
        edge for edge in edges(architecture) if edge.layer == layer and edge.channel == channel
    )
