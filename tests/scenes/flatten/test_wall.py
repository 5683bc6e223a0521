"""Very many maps as one picture."""

import numpy as np

from cnnviz.mobjects.network_map.columns import Thumbnail
from cnnviz.mobjects.viewport import Viewport
from cnnviz.scenes.flatten.wall import wall_of
from cnnviz.style.geometry import point
from cnnviz.style.theme import dark_theme
from tests.mobjects.painting import painted_in

PIXELS = Viewport(1920, 1080, 1920 / 135, 8.0)


def maps_side_by_side() -> list[Thumbnail]:
    """Return six coloured maps of 2x3 cells, 8 by 12 pixels each with 5 between them."""
    pixel, random = dark_theme().layout.pixel, np.random.default_rng(0)
    return [
        Thumbnail(
            random.integers(0, 256, (2, 3, 3), np.uint8), width=12 * pixel, height=8 * pixel
        ).move_to(point(17 * pixel * column, 13 * pixel * row))
        for row in range(2)
        for column in range(3)
    ]


def test_it_looks_like_the_maps_where_they_stand() -> None:
    tiles = maps_side_by_side()
    wall = wall_of(tiles, dark_theme().layout.pixel)
    together = painted_in(PIXELS, *tiles)
    assert together.any()
    np.testing.assert_array_equal(painted_in(PIXELS, wall), together)
