"""Which layers and channels a network map shows where it has so much room, each chosen once."""

from __future__ import annotations

from cnnviz.explain.overview import Node, ShownLayer, with_channels, with_room
from cnnviz.model.trace import Trace

Layers = tuple[ShownLayer, ...]


class LayerChoice:
    """What is shown of a trace: a planner asks for the same again and again.

    Parameters
    ----------
    trace
        What the network computed.
    node
        As for :func:`~cnnviz.explain.overview.shown_layers`.
    """

    def __init__(self, trace: Trace, node: Node | None) -> None:
        self._trace, self._node = trace, node
        self._all: dict[tuple[int, int], Layers] = {}
        self._some: dict[tuple[int, int, int], Layers] = {}

    def all_layers(self, most_channels: int, most_classes: int) -> Layers:
        """Return all layers with at most so many channels, or classes."""
        key = most_channels, most_classes
        if key not in self._all:
            self._all[key] = with_channels(self._trace, *key, self._node)
        return self._all[key]

    def layers(self, most_channels: int, most_classes: int, most_layers: int) -> Layers:
        """Return at most so many of them."""
        key = most_channels, most_classes, most_layers
        if key not in self._some:
            every = self.all_layers(most_channels, most_classes)
            self._some[key] = with_room(every, most_layers, self._node)
        return self._some[key]
