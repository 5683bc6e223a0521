"""The verb of the one space: the view goes from the whole network into a part of it, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from manim import Mobject

from cnnviz.animations.drive import Drive
from cnnviz.animations.fade_to import opacity_of, set_leaf_opacity
from cnnviz.mobjects.network_map.columns import Thumbnail
from cnnviz.mobjects.network_map.edge_bundle import EdgeBundle
from cnnviz.mobjects.network_map.network_map import NetworkMap
from cnnviz.mobjects.network_map.view import Points, ViewPath
from cnnviz.mobjects.raster import Raster
from cnnviz.style.geometry import Corners, Zone

Place = tuple[str, int | None]
"""A layer, and one of its channels or None: see :meth:`NetworkMap.place`."""

FILLED = 0.8
"""How much of the map's zone a layer fills at the end where nothing grows out of it."""

TEXTS_GO, FAINT_EDGES_GO, EDGES_GO, TILES_GO = (0.0, 0.02), (0.0, 0.12), (0.15, 0.7), (0.5, 0.95)
"""Shares of the way between which what stays in the network is lost from sight.

Texts stay where they are: they go before a map or an edge slides into them.
"""

GROWN = 0.7
"""Share of the way after which a tile has become what grows out of it; a text at once."""


@dataclass(frozen=True, eq=False)
class _Leaf:
    """A part of a mobject, and how it was."""

    mobject: Mobject
    points: Points
    opacity: float

    @classmethod
    def all_of(cls, mobject: Mobject) -> list[_Leaf]:
        return [
            cls(leaf, leaf.points.copy(), opacity_of(leaf))
            for leaf in mobject.family_members_with_points()
        ]


class Zoom:
    """One way of the view: at 0 all of the network is seen, at 1 only what grew out of it.

    A tile and what grows out of it move as one, the one turning into the other; everything
    else of the network moves with them as one picture and slides out of sight, within the
    map's zone. Whatever the share, the stage follows from it alone.

    Parameters
    ----------
    network
        The map, as it is to look when all of it is seen.
    layer
        Where the view goes if nothing grows.
    grows
        What stands on the stage at the end, by its place in the network, as it stands there.
    """

    def __init__(self, network: NetworkMap, layer: str, grows: Mapping[Place, Mobject]) -> None:
        self.network = network
        self.grown = list(grows.values())
        starts = [network.place(*place) for place in grows] or [network.place(layer)]
        ends = [_corners(each) for each in self.grown] or [_filled(starts[0], network.zone)]
        self.path = ViewPath(tuple(starts), tuple(ends))
        self._tiles = [network.tile_at(*place) for place in grows]
        self._grown_leaves = [_Leaf.all_of(each) for each in self.grown]
        growing = {id(tile) for tile in self._tiles}
        self._others = [leaf for leaf in _Leaf.all_of(network) if id(leaf.mobject) not in growing]
        self._tile_leaves = [
            None if tile is None else _Leaf.all_of(tile)[0] for tile in self._tiles
        ]

    @property
    def parts(self) -> list[Mobject]:
        """What :meth:`show` changes, from back to front."""
        return [self.network, *self.grown]

    def drive(self, start: float, end: float, run_time: float) -> Drive:
        """Return the motion from one share to another; the parts must be in the scene."""
        return Drive(self.parts, self.show, start, end, run_time=run_time)

    def show(self, share: float) -> None:
        """Put everything where it is at a share, 0 to 1, of the way."""
        for index, leaves in enumerate(self._grown_leaves):
            place = self.path.place(index, share)
            grown = TEXTS_GO[1] if self._tiles[index] is None else GROWN
            for leaf in leaves:
                leaf.mobject.points = _fitted(leaf.points, self.path.ends[index], place)
                set_leaf_opacity(leaf.mobject, leaf.opacity * min(share / grown, 1.0))
        self.show_network(share)

    def show_network(self, share: float) -> None:
        """Put the network alone where it is at a share, 0 to 1, of the way."""
        for index, tile in enumerate(self._tile_leaves):
            if tile is not None:
                points = _raster_points(self.path.place(index, share))
                tile.mobject.points = points if share else tile.points.copy()
                set_leaf_opacity(tile.mobject, tile.opacity * _left((GROWN, 1.0), share))
        for leaf in self._others:
            self._show_other(leaf, share)

    def _show_other(self, leaf: _Leaf, share: float) -> None:
        """Put a part of the network that stays in it where the view leaves it."""
        mobject, network = leaf.mobject, self.network
        if isinstance(mobject, EdgeBundle | Thumbnail):
            mobject.points = self.path.moved(leaf.points, share)
            mobject.clip = network.zone if share else None
            span = TILES_GO
            if isinstance(mobject, EdgeBundle):
                mobject.faint_share = _left(FAINT_EDGES_GO, share)
                span = EDGES_GO
        elif mobject is network.light_frame:
            low, high = network.zone.corners
            moved = self.path.moved(leaf.points, share)
            mobject.points = np.clip(moved, low, high) if share else leaf.points.copy()
            span = EDGES_GO
        else:
            span = TEXTS_GO
        set_leaf_opacity(mobject, leaf.opacity * _left(span, share))


def _left(span: tuple[float, float], share: float) -> float:
    """Return how much is still seen of what goes between two shares, 1 to 0."""
    start, end = span
    return min(max((end - share) / (end - start), 0.0), 1.0)


def _corners(mobject: Mobject) -> Corners:
    """Return a mobject's place; that of a photo without its border."""
    if isinstance(mobject, Raster):
        return mobject.corners()
    left, top = float(mobject.get_left()[0]), float(mobject.get_top()[1])
    return left, top, float(mobject.get_right()[0]), float(mobject.get_bottom()[1])


def _filled(corners: Corners, zone: Zone) -> Corners:
    """Return a rectangle's place when it fills a zone."""
    left, top, right, bottom = corners
    scale = FILLED * min(zone.width / (right - left), zone.height / (top - bottom))
    half = scale * (right - left) / 2, scale * (top - bottom) / 2
    return zone.x - half[0], zone.y + half[1], zone.x + half[0], zone.y - half[1]


def _raster_points(corners: Corners) -> Points:
    """Return a raster's points at a place."""
    left, top, right, bottom = corners
    return np.array([(x, y, 0.0) for y in (top, bottom) for x in (left, right)])


def _fitted(points: Points, before: Corners, after: Corners) -> Points:
    """Return points that lay in one rectangle, at the same place in another."""
    if before == after:
        return points.copy()
    start = np.array([before[0], before[1], 0.0])
    end = np.array([after[0], after[1], 0.0])
    width, height = before[2] - before[0], before[1] - before[3]
    factor = np.array([(after[2] - after[0]) / width, (after[1] - after[3]) / height, 1.0])
    fitted: Points = end + (points - start) * factor
    return fitted
