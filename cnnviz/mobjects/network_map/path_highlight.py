"""The strongest paths from the photo to the answer, lit in the whole network."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from manim import Mobject

from cnnviz.explain.paths import Path, strongest_paths
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.network_map.columns import LayerColumn, Link
from cnnviz.mobjects.network_map.network_map import NetworkMap
from cnnviz.model.trace import Trace

PATH_COUNT = 10
"""So many of the strongest paths to the answer are lit where nobody says."""

OTHER_EDGES, OTHER_TILES = 0.25, 0.5
"""Opacity of what lies on none of the paths."""


class PathHighlight:
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
        self._paths = paths
        self._lit = [
            {id(link.bundle): self._edges_of(index, link) for link in column.links}
            for index, column in enumerate(network.columns)
        ]
        self._others = self._tiles_beside()

    @classmethod
    def of_answer(cls, trace: Trace, network: NetworkMap) -> PathHighlight:
        """Return the light of the strongest paths to the answer, through maps that are shown."""
        shown = {layer.name: layer.channels for layer in network.plan.layers[:-1]}
        paths = strongest_paths(trace, trace.predicted_index, PATH_COUNT, shown)
        return cls(trace, network, paths)

    @property
    def count(self) -> int:
        """How many paths there are."""
        return len(self._paths)

    @property
    def strongest(self) -> Path:
        """The strongest of them."""
        return self._paths[0]

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
        # Before a gap of layers left out no edges end: a turn of theirs would light nothing.
        turns = [index for index, column in enumerate(columns) if column.bundles]
        for turn, index in enumerate(turns):
            for bundle in columns[index].bundles:
                emphasis = float(np.clip(share * len(turns) - turn, 0, 1))
                bundle.light(self._lit[index][id(bundle)], emphasis, OTHER_EDGES)
        for tile in self._others:
            tile.opacity = 1 + (OTHER_TILES - 1) * min(2 * share, 1.0)

    def _channels(self, column: LayerColumn) -> list[int]:
        """Return the channel that each path takes in a layer, of those that lead through it."""
        channels = [path.channel_in(column.layer.name) for path in self._paths]
        return [channel for channel in channels if channel is not None]

    def _edges_of(self, index: int, link: Link) -> frozenset[int]:
        """Return which edges to a column the paths take, by their places."""
        source, target = (self.network.columns[each].layer for each in (link.before, index))
        taken = set()
        for path in self._paths:
            steps = list(zip(path.layers, path.channels, strict=True))
            for (name, channel), (next_name, next_channel) in pairwise(steps):
                is_here = (name, next_name) == (source.name, target.name)
                if is_here and channel in source.channels and next_channel in target.channels:
                    places = source.channels.index(channel), target.channels.index(next_channel)
                    taken.add(places)
        return frozenset(place for place, pair in enumerate(link.pairs) if pair in taken)

    def _tiles_beside(self) -> list[HeatMap]:
        """Return the maps that lie on none of the paths."""
        return [
            tile
            for column in self.network.columns
            for tile, channel in zip(column.maps, column.layer.channels, strict=False)
            if channel not in self._channels(column)
        ]
