"""Heat maps and text as mobjects: crisp, shared, and telling what changed."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from manim import RIGHT, FadeIn, Scene, tempconfig

from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.text import Label, Number, line_width
from cnnviz.mobjects.viewport import Box, Viewport
from tests.mobjects.painting import painted_in

VIEWPORT = Viewport(160, 90, 128 / 9, 8.0)


painted = partial(painted_in, VIEWPORT)


def checkerboard() -> HeatMap:
    cells = np.indices((4, 4)).sum(axis=0) % 2 * 255
    colours = np.repeat(cells[..., np.newaxis], 3, axis=2).astype(np.uint8)
    side = 40 * 8 / 90
    return HeatMap(colours, side, side)


def test_cells_have_hard_edges() -> None:
    board = checkerboard()
    picture = painted(board)
    left, top, right, bottom = board.pixel_box(VIEWPORT)
    inside = picture[top:bottom, left:right, 0]
    expected = np.kron(board.bitmap.rgba[..., 0], np.ones((10, 10)))
    assert (inside == expected).all()
    assert picture[..., 3].sum() == 255 * 40 * 40


@given(
    st.integers(1, 9),
    st.integers(1, 9),
    st.tuples(st.floats(-7, 7), st.floats(-4, 4), st.floats(0.1, 9), st.floats(0.1, 9)),
)
def test_each_pixel_takes_the_cell_that_its_centre_lies_in(
    rows: int, columns: int, place: tuple[float, float, float, float]
) -> None:
    x, y, width, height = place
    colours = np.random.default_rng(0).integers(0, 255, (rows, columns, 3), dtype=np.uint8)
    board = HeatMap(colours, width, height).move_to([x, y, 0])
    box = board.pixel_box(VIEWPORT)
    expected = np.zeros((VIEWPORT.pixel_height, VIEWPORT.pixel_width, 4), np.uint8)
    if seen := box.common(VIEWPORT.whole):
        across = (np.arange(seen.left, seen.right) - box.left + 0.5) / (box.right - box.left)
        down = (np.arange(seen.top, seen.bottom) - box.top + 0.5) / (box.bottom - box.top)
        cells = np.ix_((down * rows).astype(int), (across * columns).astype(int))
        expected[seen.top : seen.bottom, seen.left : seen.right, :3] = colours[cells]
        expected[seen.top : seen.bottom, seen.left : seen.right, 3] = 255
    assert (painted(board) == expected).all()


@given(
    st.tuples(st.floats(-7, 7), st.floats(-4, 4)),
    st.tuples(st.floats(-7, 7), st.floats(-4, 4)),
    st.floats(0.5, 3),
    st.floats(1, 3),
)
def test_a_map_on_its_way_never_shrinks_while_it_grows(
    start: tuple[float, float], end: tuple[float, float], side: float, growth: float
) -> None:
    """It was a pixel wider and narrower in turn, and its cells with it."""
    board = checkerboard()
    sizes = []
    for share in np.linspace(0, 1, 40):
        x, y = (a + (b - a) * share for a, b in zip(start, end, strict=True))
        half = side * (1 + (growth - 1) * share) / 2
        left, top, right, bottom = board.set_corners(
            x - half, y + half, x + half, y - half
        ).pixel_box(VIEWPORT)
        sizes.append((right - left, bottom - top))
    assert (np.diff(sizes, axis=0) >= 0).all()


@given(st.tuples(st.integers(0, 159), st.integers(0, 89)), st.floats(0.1, 1))
def test_what_is_needed_of_a_map_is_painted_like_all_of_it(
    corner: tuple[int, int], opacity: float
) -> None:
    board = checkerboard().scale(1.37).shift([0.4, -0.3, 0])
    board.opacity = opacity
    needed = Box(*corner, corner[0] + 23, corner[1] + 17)
    part = np.s_[needed.top : needed.bottom, needed.left : needed.right]
    assert (painted(board, within=needed)[part] == painted(board)[part]).all()


def test_damage_covers_exactly_what_changed() -> None:
    board = checkerboard()
    before, first = board.state(), painted(board)
    alpha = board.cell_alpha.copy()
    alpha[1, 2] = 0
    board.set_cell_alpha(alpha)
    assert board.state() != before
    (box,) = board.damage(before, VIEWPORT)
    rows, columns = np.nonzero((painted(board) != first).any(axis=2))
    assert (box.left, box.top) == (columns.min(), rows.min())
    assert (box.right, box.bottom) == (columns.max() + 1, rows.max() + 1)
    assert board.damage(board.state(), VIEWPORT) == []
    board.shift(RIGHT)
    assert board.damage(before, VIEWPORT) is None


def test_copies_share_pixels_but_not_changes() -> None:
    board = checkerboard()
    copy = board.copy()
    assert copy.bitmap is board.bitmap
    copy.set_cell_alpha(np.zeros((4, 4), np.uint8))
    assert board.cell_alpha.all()


def test_setting_equal_cells_is_no_change() -> None:
    board = checkerboard()
    before = board.state()
    board.set_cell_alpha(board.cell_alpha.copy())
    assert board.state() == before


def test_opacity_fades_what_is_painted() -> None:
    board = checkerboard().set_opacity(0.5)
    assert painted(board)[..., 3].max() in (127, 128)
    assert not board.set_opacity(0).is_visible


@pytest.mark.parametrize("text", ["−0.35", "gypsum", "Σ ≈"])
def test_labels_paint_inside_their_box(text: str) -> None:
    label = Label(text, 60, "#ff8000")
    picture = painted(label)
    rows, columns = np.nonzero(picture[..., 3])
    box = label.pixel_box(VIEWPORT)
    assert len(rows) > 0
    assert box.left <= columns.min() <= columns.max() < box.right
    assert box.top <= rows.min() <= rows.max() < box.bottom
    red, _, blue, _ = picture[rows, columns].max(axis=0)
    assert red > 200  # red comes first
    assert blue == 0


@pytest.mark.parametrize(("anchor", "edge"), [("left", 0), ("right", 2)])
def test_the_anchor_stays(anchor: str, edge: int) -> None:
    label = Label("1", 30, "#ffffff", anchor=anchor).shift(RIGHT)
    before = label.corners()
    label.set_text("1000")
    assert label.corners()[edge] == pytest.approx(before[edge])
    assert label.width == pytest.approx(line_width("1000", 30))


def test_scaled_labels_keep_their_size_when_the_text_changes() -> None:
    label = Label("one", 30, "#ffffff").scale(2)
    label.set_text("three")
    assert label.em * 72 == pytest.approx(60)


def test_a_number_shows_its_quantity() -> None:
    number = Number(Quantity.of("weight", -0.126, 2), 20, "#ffffff")
    assert number.text == "−0.13"
    number.set_quantity(Quantity.of("weight", 0.5, 2))
    assert number.text == "0.50"


def test_rasters_show_in_a_stock_scene() -> None:
    """On Manim's own renderer they go through its image path."""
    with tempconfig({"pixel_width": 160, "pixel_height": 90, "frame_rate": 5, "dry_run": True}):
        scene = Scene()
        board, label = checkerboard(), Label("a stock scene", 60, "#ff0000").shift(RIGHT * 3)
        scene.play(FadeIn(board), FadeIn(label), run_time=0.4)
        scene.renderer.update_frame(scene)
        picture = scene.renderer.get_frame()
    assert (picture[45 - 15 : 45 + 15, 80 - 15 : 80 + 15, :3] == 255).all(axis=2).mean() > 0.3
    assert ((picture[..., 0] > 150) & (picture[..., 1] < 100)).sum() > 20
