"""The way of the view: it begins and ends exactly, and the world stays one picture."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.mobjects.network_map.view import ViewPath
from cnnviz.style.geometry import Corners

SIDES = st.floats(0.1, 5)
PLACES = st.floats(-7, 7)
SHARES = st.floats(0, 1)


@st.composite
def rectangles(draw: st.DrawFn) -> Corners:
    left, bottom = draw(PLACES), draw(PLACES)
    return left, bottom + draw(SIDES), left + draw(SIDES), bottom


@st.composite
def paths(draw: st.DrawFn) -> ViewPath:
    count = draw(st.integers(1, 4))
    starts = tuple(draw(rectangles()) for _ in range(count))
    return ViewPath(starts, tuple(draw(rectangles()) for _ in range(count)))


@given(paths())
def test_things_begin_and_end_exactly_at_their_places(path: ViewPath) -> None:
    for index in range(len(path.starts)):
        assert path.place(index, 0.0) == path.starts[index]
        assert path.place(index, 1.0) == path.ends[index]
    points = np.array([[0.3, -2.0, 0.0]])
    assert (path.moved(points, 0.0) == points).all()


@given(paths(), SHARES)
def test_things_stay_between_their_places(path: ViewPath, share: float) -> None:
    """So what begins and ends on the stage never leaves it."""
    for index, ends in enumerate(zip(path.starts, path.ends, strict=True)):
        for value, one, other in zip(path.place(index, share), *ends, strict=True):
            assert min(one, other) - 1e-9 <= value <= max(one, other) + 1e-9


@given(rectangles(), SIDES, PLACES, PLACES, SHARES)
def test_the_world_moves_with_what_grows(
    start: Corners, scale: float, x: float, y: float, share: float
) -> None:
    """A thing that keeps its proportions and the world around it are one picture."""
    scale = 1 + scale
    left, top, right, bottom = (value * scale for value in start)
    path = ViewPath((start,), ((left + x, top + y, right + x, bottom + y),))
    corner = path.moved(np.array([[start[0], start[1], 0.0]]), share)[0]
    assert corner[:2] == pytest.approx(path.place(0, share)[:2], abs=1e-6)


def test_equal_times_multiply_sizes_by_equal_factors() -> None:
    path = ViewPath(((0.0, 1.0, 1.0, 0.0),), ((0.0, 8.0, 8.0, 0.0),))
    sizes = [path.place(0, share)[2] for share in np.linspace(0, 1, 7)]
    factors = [other / one for one, other in pairwise(sizes)]
    assert factors == pytest.approx([8 ** (1 / 6)] * 6)
