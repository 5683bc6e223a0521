"""Very many maps as one picture, which moves as fast as a single map."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cnnviz.mobjects.cells import OPAQUE
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.network_map.columns import Thumbnail
from cnnviz.style.geometry import around, point


def wall_of(tiles: Sequence[HeatMap], pixel: float) -> Thumbnail:
    """Return one picture of maps side by side as they stand, with nothing between them.

    Parameters
    ----------
    tiles
        The maps, whole pixels wide and high; at least one.
    pixel
        Of 1080p, in Manim units: so large are the picture's cells.
    """
    left, top, right, bottom = around([tile.corners() for tile in tiles])
    columns, rows = round((right - left) / pixel), round((top - bottom) / pixel)
    colours = np.zeros((rows, columns, 3), np.uint8)
    opacity = np.zeros((rows, columns), np.uint8)
    for tile in tiles:
        x, y, x_end, y_end = tile.corners()
        across = np.arange(round((x - left) / pixel), round((x_end - left) / pixel))
        down = np.arange(round((top - y) / pixel), round((top - y_end) / pixel))
        row = (down - down[0]) * tile.rows // len(down)
        column = (across - across[0]) * tile.columns // len(across)
        place = np.ix_(down, across)
        colours[place] = tile.bitmap.rgba[np.ix_(row, column)][..., :3]
        opacity[place] = OPAQUE
    wall = Thumbnail(colours, right - left, top - bottom, opacity)
    return wall.move_to(point((left + right) / 2, (top + bottom) / 2))
