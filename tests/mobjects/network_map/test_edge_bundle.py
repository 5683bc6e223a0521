"""Edges of an overview: grown from their source, painted inside their box, weighted, lit."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.mobjects.network_map.edge_bundle import EdgeBundle, among_strongest, first_part
from cnnviz.mobjects.viewport import Viewport
from cnnviz.style.colour import rgb_of_hex
from cnnviz.style.theme import dark_theme
from tests.mobjects.painting import painted_in

VIEWPORT = Viewport(320, 180, 128 / 9, 8.0)


painted = partial(painted_in, VIEWPORT)


def fan(strengths: tuple[float, float] = (1.0, 1.0), *, runs_down: bool = False) -> EdgeBundle:
    """Two edges from one source: one up, one down."""
    starts = np.array([[-2.0, 0.0], [-2.0, 0.0]])
    ends = np.array([[2.0, 2.0], [2.0, -2.0]])
    return EdgeBundle(starts, ends, np.array(strengths), runs_down=runs_down, theme=dark_theme())


@pytest.mark.parametrize("runs_down", [False, True])
@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_edges_are_painted_inside_their_box(share: float, runs_down: bool) -> None:
    bundle = fan(runs_down=runs_down)
    bundle.grow(np.array([share, share]))
    bundle.light(frozenset({0}))
    rows, columns = np.nonzero(painted(bundle)[..., 3])
    box = bundle.pixel_box(VIEWPORT)
    assert len(rows)
    assert box.left <= columns.min()
    assert columns.max() < box.right
    assert box.top <= rows.min()
    assert rows.max() < box.bottom


def test_edges_grow_from_their_source_one_by_one() -> None:
    bundle = fan()
    assert not bundle.is_visible
    bundle.grow(np.array([0.5, 0.0]))
    half = painted(bundle)[..., 3]
    assert half[:, :160].any()
    assert not half[:, 165:].any()
    assert not half[95:].any(), "the edge that leads down has not begun"
    bundle.grow(np.array([1.0, 1.0]))
    whole = painted(bundle)[..., 3]
    assert whole[:85].any()
    assert whole[95:].any()


def test_strong_edges_are_brighter_and_lit_ones_golden() -> None:
    bundle = fan((1.0, 0.1))
    bundle.grow(np.ones(2))
    plain = painted(bundle)
    assert plain[:85, ..., 3].sum() > 2 * plain[95:, ..., 3].sum()
    bundle.light(frozenset({1}), others=0.3)
    lit = painted(bundle)
    assert lit[:85, ..., 3].sum() < 0.5 * plain[:85, ..., 3].sum()
    red, _, blue = lit[95:, :, :3].reshape(-1, 3).astype(int).sum(axis=0)
    assert red > 1.5 * blue


def test_every_change_shows_in_the_state() -> None:
    bundle = fan()
    states = {bundle.state()}
    bundle.grow(np.array([0.5, 1.0]))
    states.add(bundle.state())
    bundle.light(frozenset({0}), 0.5)
    states.add(bundle.state())
    bundle.light(frozenset({0}), 0.5, others=0.2)
    states.add(bundle.state())
    bundle.set_opacity(0.4)
    states.add(bundle.state())
    bundle.shift(np.array([1.0, 0.0, 0.0]))
    states.add(bundle.state())
    assert len(states) == 6


def test_straight_edges_and_single_points() -> None:
    ends = np.array([[1.0, 0.0]])
    for start in (np.array([[-1.0, 0.0]]), ends):
        bundle = EdgeBundle(start, ends, np.ones(1), runs_down=False, theme=dark_theme())
        bundle.grow(np.ones(1))
        assert np.isfinite(bundle.points).all()
        painted(bundle)


def test_manims_own_renderer_gets_the_same_picture() -> None:
    bundle = fan()
    bundle.grow(np.ones(2))
    pixels = bundle.get_pixel_array()
    assert pixels.dtype == np.uint8
    assert pixels.shape[1] / pixels.shape[0] == pytest.approx(1, abs=0.01)
    seen = pixels[pixels[..., 3] > 50]
    assert len(seen)
    muted = rgb_of_hex(dark_theme().palette.text_muted)
    assert np.abs(seen[:, :3].astype(int) - muted).max() <= 8


@given(st.lists(st.tuples(*[st.floats(-5, 5)] * 2), min_size=4, max_size=4), st.floats(0, 1))
def test_the_first_part_of_a_curve_lies_on_it(points: list[tuple[float, float]], t: float) -> None:
    curve = np.array(points)
    part = first_part(curve, t)
    u = 1 - t
    weights = np.array([u**3, 3 * u * u * t, 3 * u * t * t, t**3])
    assert part[0] == pytest.approx(curve[0])
    assert part[-1] == pytest.approx(weights @ curve, abs=1e-9)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_the_strongest_tenth_is_bright(strengths: list[float]) -> None:
    is_bright = among_strongest(np.array(strengths))
    bright = [each for each, is_ in zip(strengths, is_bright, strict=True) if is_]
    faint = [each for each, is_ in zip(strengths, is_bright, strict=True) if not is_]
    assert len(bright) <= len(strengths) / 10 + 1
    assert all(each > 0 for each in bright)
    assert max(faint, default=0.0) <= min(bright, default=0.0)


@pytest.mark.parametrize("strengths", [(1.0, 0.5), (0.5, 1.0)])
def test_where_edges_cross_the_stronger_one_is_seen(strengths: tuple[float, float]) -> None:
    starts, ends = np.array([[-1.0, 0.4], [-1.0, -0.4]]), np.array([[1.0, -0.4], [1.0, 0.4]])
    crossing = EdgeBundle(starts, ends, np.array(strengths), runs_down=False, theme=dark_theme())
    crossing.grow(np.ones(2))
    viewport = Viewport(1920, 1080, 128 / 9, 8.0)
    together = painted_in(viewport, crossing)[535:545, 955:965, 3].max()
    crossing.grow(np.array(strengths) == 1)
    assert painted_in(viewport, crossing)[535:545, 955:965, 3].max() == together
