"""Cells that move: painted exactly where they are, in their own colours."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from manim import RIGHT

from cnnviz.mobjects.cells import CellLayout, Cells
from cnnviz.mobjects.viewport import Viewport
from cnnviz.style.geometry import Zone
from tests.mobjects.painting import painted_in

VIEWPORT = Viewport(160, 90, 16.0, 9.0)
ROOM = Zone(-6.0, 4.0, 6.0, -4.0)
COLOURS = np.array([[200, 10, 20], [30, 180, 40], [50, 60, 220]], np.uint8)


def layout(lefts: list[float], tops: list[float], size: float = 0.5) -> CellLayout:
    return CellLayout(np.array(lefts), np.array(tops), size)


ROW = layout([-2.0, -1.5, -1.0], [3.0, 3.0, 3.0])
COLUMN = layout([2.0, 2.0, 2.0], [1.0, 0.0, -1.0], 1.0)


painted = partial(painted_in, VIEWPORT)


def test_every_cell_is_where_its_layout_says() -> None:
    picture = painted(Cells(COLOURS, ROW, ROOM))
    expected = np.zeros_like(picture)
    for index in range(3):
        left = 80 + round(10 * ROW.lefts[index])
        expected[15:20, left : left + 5] = [*COLOURS[index], 255]
    assert (picture == expected).all()


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_cells_keep_their_colour_on_their_way(share: float) -> None:
    cells = Cells(COLOURS, ROW, ROOM).set_between(ROW, COLUMN, np.full(3, share))
    picture = painted(cells)
    for index in range(3):
        x = ROW.lefts[index] + share * (COLUMN.lefts[index] - ROW.lefts[index])
        y = ROW.tops[index] + share * (COLUMN.tops[index] - ROW.tops[index])
        size = ROW.size + share * (COLUMN.size - ROW.size)
        middle = picture[int(45 - 10 * (y - size / 2)), int(80 + 10 * (x + size / 2))]
        assert (middle == [*COLOURS[index], 255]).all()


def test_each_cell_goes_at_its_own_pace() -> None:
    cells = Cells(COLOURS, ROW, ROOM).set_between(ROW, COLUMN, np.array([1.0, 0.0, 0.0]))
    picture = painted(cells)
    assert (picture[36, 105, :3] == COLOURS[0]).all()
    assert (picture[17, 67, :3] == COLOURS[1]).all()
    assert not picture[17, 62].any()


def test_nothing_is_painted_outside_the_box() -> None:
    cells = Cells(COLOURS, COLUMN, ROOM)
    rows, columns = np.nonzero(painted(cells)[..., 3])
    box = cells.pixel_box(VIEWPORT)
    assert (box.left, box.top) == (columns.min(), rows.min())
    assert (box.right, box.bottom) == (columns.max() + 1, rows.max() + 1)


def test_opacities() -> None:
    cells = Cells(COLOURS, ROW, ROOM).set_alphas(np.array([255, 100, 0], np.uint8))
    picture = painted(cells)
    assert picture[17, 62, 3] == 255
    assert picture[17, 67, 3] == 100
    assert picture[17, 67, 1] == pytest.approx(180 * 100 / 255, abs=1)
    assert not picture[17, 72].any()
    assert painted(cells.set_opacity(0.5))[17, 62, 3] in (127, 128)
    assert not painted(cells.set_opacity(0.0)).any()


def test_states_differ_exactly_when_pictures_may() -> None:
    cells = Cells(COLOURS, ROW, ROOM)
    before = cells.state()
    cells.set_alphas(cells.current.alphas.copy()).set_cell_colours(COLOURS.copy())
    assert cells.state() == before
    copy = cells.copy().set_cell_colours(COLOURS[::-1].copy())
    assert copy.state() != before
    assert cells.state() == before
    assert cells.shift(RIGHT).state() != before


def test_they_move_and_scale_as_any_mobject() -> None:
    picture = painted(Cells(COLOURS, ROW, ROOM).shift(RIGHT))
    assert (picture[17, 72, :3] == COLOURS[0]).all()
    scaled = Cells(COLOURS, ROW, ROOM).scale(0.5)
    assert (painted(scaled)[31, 71, :3] == COLOURS[0]).all()


def test_pixels_for_manims_own_renderer() -> None:
    pixels = Cells(COLOURS, ROW, ROOM).get_pixel_array()
    assert pixels.shape == (8 * 135, 12 * 135, 4)
    middle = pixels[round(1.25 * 135), round(4.25 * 135)]
    assert (middle == [*COLOURS[0], 255]).all()
