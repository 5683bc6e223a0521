"""The strongest paths from the photo to the answer, lit in the whole network."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import Mobject

from cnnviz.explain.paths import Path, strongest_paths
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.network_map.columns import LayerColumn
from cnnviz.mobjects.network_map.network_map import NetworkMap
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace

PATH_COUNT = 10
"""So many of the strongest paths to the answer are lit where nobody says."""

OTHER_EDGES, OTHER_TILES = 0.25, 0.5
"""Opacity of what lies on none of the paths."""


class PathLight:
    """Lights the edges and maps of some paths, from the picture on.

    Parameters
    ----------
    trace
        Whose paths they are.
    network
        Shows it, all of it.
    paths
        Those to light; what there is no room for is passed over.
    """

    def __init__(self, trace: Trace, network: NetworkMap, paths: Sequence[Path]) -> None:
        self.network = network
        self._depths = {INPUT: 0}
        self._depths |= {each.name: depth for depth, each in enumerate(trace.layers, start=1)}
        self._paths = paths
        self.edges = [self._edges_of(index) for index in range(len(network.columns))]
        self._others = self._tiles_beside()

    @classmethod
    def of_answer(cls, trace: Trace, network: NetworkMap) -> PathLight:
        """Return the light of the strongest paths to the answer, through maps that are shown."""
        shown = {layer.name: layer.channels for layer in network.plan.layers[:-1]}
        paths = strongest_paths(trace, trace.predicted_index, PATH_COUNT, shown)
        return cls(trace, network, paths)

    @property
    def count(self) -> int:
        """How many paths there are."""
        return len(self._paths)

    @property
    def parts(self) -> list[Mobject]:
        """What :meth:`light` changes."""
        return [*self.network.bundles, *self._others]

    @property
    def tiles(self) -> list[HeatMap]:
        """The maps that lie on a path."""
        beside = {id(tile) for tile in self._others}
        return [tile for tile in self.network.tiles if id(tile) not in beside]

    def light(self, share: float) -> None:
        """Light the paths: at 0 nothing, at 1 all of them up to the score."""
        columns = self.network.columns
        for index, column in enumerate(columns):
            if column.edges is not None:
                emphasis = float(np.clip(share * (len(columns) - 1) - (index - 1), 0, 1))
                column.edges.light(self.edges[index], emphasis, OTHER_EDGES)
        for tile in self._others:
            tile.opacity = 1 + (OTHER_TILES - 1) * min(2 * share, 1.0)

    def _channels(self, column: LayerColumn) -> list[int]:
        depth = self._depths[column.layer.name]
        return [path.channels[depth] for path in self._paths]

    def _edges_of(self, index: int) -> frozenset[int]:
        """Return which edges of a column's bundle the paths take."""
        column = self.network.columns[index]
        if column.edges is None:
            return frozenset()
        before = self.network.columns[index - 1]
        taken = {
            (before.layer.channels.index(source), column.layer.channels.index(target))
            for source, target in zip(self._channels(before), self._channels(column), strict=True)
            if source in before.layer.channels and target in column.layer.channels
        }
        return frozenset(place for place, pair in enumerate(column.pairs) if pair in taken)

    def _tiles_beside(self) -> list[HeatMap]:
        """Return the maps that lie on none of the paths."""
        return [
            tile
            for column in self.network.columns
            for tile, channel in zip(column.maps, column.layer.channels, strict=False)
            if channel not in self._channels(column)
        ]
