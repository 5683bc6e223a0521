"""Bars on an axis that does not stretch, and texts cut to their room."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.mobjects.bar_axis import Bar, BarAxis
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import dark_theme

ZONE = Zone(1.0, 2.0, 5.0, -2.0)


def test_values_lie_in_proportion() -> None:
    axis = BarAxis(0.0, 1.0, ZONE, dark_theme())
    assert [axis.x_of(value) for value in (0.0, 0.28, 1.0)] == pytest.approx([1.0, 2.12, 5.0])
    assert axis.x_of(7.0) == 5.0
    assert [number.text for number in axis.numbers] == ["0", "0.2", "0.4", "0.6", "0.8", "1"]


def test_numbers_stand_at_their_values_and_zero_is_marked() -> None:
    axis = BarAxis(-14.3, 0.5, ZONE, dark_theme())
    for number, line in zip(axis.numbers, axis.lines, strict=True):
        assert number.get_center()[0] == pytest.approx(line.get_center()[0], abs=0.1)
        assert line.get_center()[0] == pytest.approx(axis.x_of(number.quantity.value))
    assert "0" in [number.text for number in axis.numbers]


@given(low=st.floats(-1e30, -1e-30), high=st.floats(1e-30, 1e30))
def test_no_axis_has_numbers_on_top_of_each_other(low: float, high: float) -> None:
    axis = BarAxis(low, high, ZONE, dark_theme())
    corners = [number.ink_corners() for number in axis.numbers]
    assert all(one[2] < other[0] for one, other in pairwise(corners))


def test_bars_reach_from_one_end_to_the_other() -> None:
    bar = Bar("#4aa3ff", 0.5, 0.2)
    bar.set_span(3.0, 1.0)
    assert bar.corners() == (1.0, 0.6, 3.0, 0.4)
    bar.set_bar_colour("#ff0000")
    assert bar.bitmap.rgba[0, 0].tolist() == [255, 0, 0, 255]
