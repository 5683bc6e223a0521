"""Layouts of maps and vectors: every cell in its own place, in the network's order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.scenes.flatten.board import LARGEST_AT_FIRST
from cnnviz.scenes.flatten.layouts import Flights, map_grid, vector_layout
from cnnviz.scenes.flatten.maps import MapsBoard
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import Theme, dark_theme, theme_of

THEME = dark_theme()
ZONE = Zone(-6.5, 2.5, 6.5, -1.0)
SLACK = 2 * THEME.layout.pixel

shapes = st.tuples(st.integers(1, 12), st.integers(1, 15), st.integers(1, 15))


def assert_apart(lefts: np.ndarray, tops: np.ndarray, size: float, theme: Theme = THEME) -> None:
    """No two cells share a pixel of 1080p."""
    pixel = theme.layout.pixel
    side = round(size / pixel)
    columns = np.rint(lefts / pixel).astype(int)
    rows = np.rint(-tops / pixel).astype(int)
    taken = set()
    for u in range(side):
        taken |= set(zip(rows + u, columns + u, strict=True))
    assert len(taken) == side * len(lefts)


@given(shape=shapes)
def test_maps_are_pictures_side_by_side(shape: tuple[int, int, int]) -> None:
    grid = map_grid(shape, ZONE, THEME)
    cell = grid.layout.size
    lefts, tops = grid.layout.lefts.reshape(shape), grid.layout.tops.reshape(shape)
    assert np.allclose(np.diff(lefts, axis=2), cell)
    assert np.allclose(np.diff(tops, axis=1), -cell)
    assert_apart(grid.layout.lefts, grid.layout.tops, cell)
    around = grid.layout.zone_of(0, lefts.size - 1)
    assert around.left >= ZONE.left - SLACK
    assert around.right <= ZONE.right + SLACK
    assert around.top <= ZONE.top + SLACK
    assert around.bottom >= ZONE.bottom - SLACK
    assert len(grid.maps) == shape[0]


@given(shape=shapes)
def test_the_vector_is_read_line_by_line(shape: tuple[int, int, int]) -> None:
    layout = vector_layout(shape, ZONE, THEME)
    assert_apart(layout.lefts, layout.tops, layout.size)
    order = np.lexsort((layout.lefts, -np.rint(layout.tops / THEME.layout.pixel)))
    assert (order == np.arange(len(layout.lefts))).all()
    around = layout.zone_of(0, len(layout.lefts) - 1)
    assert around.left >= ZONE.left - SLACK
    assert around.right <= ZONE.right + SLACK
    assert around.bottom >= ZONE.bottom - SLACK
    rows = layout.tops.reshape(shape)
    assert np.allclose(rows, rows[:, :, :1])  # no row of a map is broken


def test_each_line_is_one_map_of_tiny_vgg() -> None:
    layout = vector_layout((10, 13, 13), Zone(-6.69, 0.0, 6.69, -0.82), THEME)
    lines = layout.tops.reshape(10, 169)
    assert np.allclose(lines, lines[:, :1])
    assert len(np.unique(np.rint(lines / THEME.layout.pixel))) == 10


def test_few_maps_of_one_cell_are_one_row() -> None:
    assert len(np.unique(vector_layout((4, 1, 1), Zone(-4.0, 0.0, 4.0, -4.0), THEME).tops)) == 1
    maps = map_grid((4, 1, 1), Zone(-4.0, 0.0, 4.0, -5.0), THEME).layout
    assert len(np.unique(maps.tops)) == len(np.unique(maps.lefts)) == 2


def test_cells_leave_in_the_order_of_the_vector() -> None:
    flights = Flights.of((10, 13, 13))
    assert len(flights.starts) == 1690
    assert (np.diff(flights.starts) >= 0).all()
    assert flights.starts[12] == flights.starts[0] < flights.starts[13]
    assert not flights.progress(0.0).any()
    assert (flights.progress(flights.end) == 1).all()
    half = flights.progress(flights.end / 2)
    assert half[0] == 1
    assert half[-1] == 0


@pytest.mark.parametrize("shape", [(1, 1, 1), (70, 7, 7), (8, 46, 46)])
def test_extreme_shapes_have_a_place(shape: tuple[int, int, int]) -> None:
    layout = vector_layout(shape, Zone(-6.5, 0.0, 6.5, -0.8), THEME)
    around = layout.zone_of(0, int(np.prod(shape)) - 1)
    assert 0 < around.width <= 13 + SLACK
    assert 0 < around.height <= 0.8 + SLACK
    assert map_grid(shape, ZONE, THEME).layout.size > 0


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
def test_a_thousand_maps_of_one_cell_are_seen_each(aspect: str) -> None:
    theme = theme_of("dark", aspect)
    stage = theme.layout.stage
    for share in (0.25, 0.8):
        zone = Zone(stage.left, stage.top, stage.right, stage.top - share * stage.height)
        board = MapsBoard((1280, 1, 1), zone, theme)
        assert board.layout.size >= 4 * theme.layout.pixel
        assert_apart(board.layout.lefts, board.layout.tops, board.layout.size, theme)
        assert not board.labels  # 1,280 numbers would lie on each other
        assert not board.frames.has_points()


def test_maps_fill_an_upright_stage() -> None:
    theme = theme_of("dark", "9:16")
    stage = theme.layout.stage
    zone = Zone(stage.left, stage.top, stage.right, stage.top - 0.8 * stage.height)
    grid = map_grid((10, 13, 13), zone, theme)
    around = grid.layout.zone_of(0, 1689)
    assert around.height > 0.9 * zone.height
    assert around.width > 0.8 * zone.width


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
@pytest.mark.parametrize("channels", [16, 20, 64])
def test_few_maps_of_one_cell_fill_the_opening(aspect: str, channels: int) -> None:
    theme = theme_of("dark", aspect)
    stage = theme.layout.stage
    zone = Zone(stage.left, stage.top, stage.right, stage.top - 0.8 * stage.height)
    grid = map_grid((channels, 1, 1), zone, theme, LARGEST_AT_FIRST)
    around = grid.layout.zone_of(0, channels - 1)
    assert around.width > 0.75 * zone.width
    if channels > 16 and aspect != "9:16":
        assert around.height > 0.5 * zone.height


@pytest.mark.parametrize("height", [0.7, 0.8, 0.82, 0.9, 1.0, 1.1])
@pytest.mark.parametrize("shape", [(16, 26, 26), (8, 45, 9), (10, 30, 30)])
def test_gaps_of_whole_pixels_do_not_make_a_vector_higher_than_its_room(
    shape: tuple[int, int, int], height: float
) -> None:
    layout = vector_layout(shape, Zone(-6.5, 0.0, 6.5, -height), THEME)
    assert (layout.tops - layout.size).min() >= -height - SLACK
