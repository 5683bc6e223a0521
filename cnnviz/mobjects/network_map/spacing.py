"""How far apart the layers of a network map lie: evenly, unless that takes room from maps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from cnnviz.arrays import Float64Array
from cnnviz.explain.overview import ShownLayer
from cnnviz.layers import Flatten
from cnnviz.mobjects.network_map.plan import LEAST_EDGE, STRIP
from cnnviz.mobjects.network_map.tile_sizes import LARGEST_MAP, crisp_tile_sides


@dataclass(frozen=True)
class Spacing:
    """Distances along, and how large tiles may be there, in Manim units.

    Attributes
    ----------
    steps
        From one layer to the next, (n,).
    longest
        Side of the largest tiles: see :func:`.tile_sizes.crisp_tile_sides`.
    """

    steps: Float64Array
    longest: float


@dataclass(frozen=True)
class Tiles:
    """How large the maps of each layer would be.

    Attributes
    ----------
    layers
        What is shown: the picture first, without the scores.
    rooms
        Of each across, as :func:`.tile_sizes.tile_rooms` returns them.
    pixel
        At 1080p, in Manim units.
    """

    layers: Sequence[ShownLayer]
    rooms: Sequence[float]
    pixel: float

    def sides(self, longest: float) -> tuple[float, ...]:
        """Return the longest side of each layer's maps, if the largest may be so long."""
        return crisp_tile_sides(self.layers, self.rooms, longest, self.pixel)

    def thicknesses(self, longest: float) -> Float64Array:
        """Return how far each layer reaches along then: a vector's cells take little, (n,)."""
        vectors = [STRIP if layer.kind == Flatten.kind else 2 * STRIP for layer in self.layers]
        return np.array(
            [
                side if layer.has_maps else vector
                for layer, side, vector in zip(
                    self.layers, self.sides(longest), vectors, strict=True
                )
            ]
        )


def even_spacing(steps: Float64Array) -> Spacing:
    """Return steps that do not look at tiles, and the tiles for which they leave room."""
    step = float(steps.min(initial=np.inf))
    return Spacing(steps, max(step - LEAST_EDGE, step / 2))


def roomy_spacing(
    even: Spacing, slots: Float64Array, tiles: Tiles, needed: Callable[[float], Float64Array]
) -> Spacing:
    """Return steps with which tiles are as large as they can be: longer ones between large maps.

    Where the even ones leave room enough, those.

    Parameters
    ----------
    even
        What :func:`even_spacing` gives.
    slots
        How many layers' room each step takes, those left out included, (n,).
    tiles
        All layers.
    needed
        The least steps for tiles with a side so long at most, (n,).
    """
    total = float(even.steps.sum())
    if tiles.sides(even.longest) == tiles.sides(LARGEST_MAP):
        return even
    fits, too_long = int(even.longest / tiles.pixel), int(LARGEST_MAP / tiles.pixel) + 1
    found = even
    while too_long - fits > 1:
        longest = (fits + too_long) // 2
        steps = needed(longest * tiles.pixel)
        if steps.sum() <= total:
            found = Spacing(_filled(steps, slots, total), longest * tiles.pixel)
            fits = longest
        else:
            too_long = longest
    return found


def _filled(steps: Float64Array, slots: Float64Array, total: float) -> Float64Array:
    """Return the steps with the shortest made longer, up to one level, so that they add up."""
    low, high = 0.0, total
    for _ in range(50):
        level = (low + high) / 2
        if np.maximum(steps, level * slots).sum() <= total:
            low = level
        else:
            high = level
    return np.maximum(steps, low * slots)
