"""A row as a curve: it passes through zero where it changes its sign, and only there."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.scenes.relu.row_curve import interesting_row, with_crossings


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=20))
def test_points_are_added_only_where_the_sign_changes(heights: list[int]) -> None:
    values = np.array(heights, np.float64)
    places, all_heights = with_crossings(values)
    changes = int((values[:-1] * values[1:] < 0).sum())
    assert len(places) == len(values) + changes
    assert (np.diff(places) > 0).all()
    assert not (all_heights[:-1] * all_heights[1:] < 0).any()
    assert np.allclose(np.interp(places, np.arange(len(values)), values), all_heights, atol=1e-6)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(-20, 20), min_size=2, max_size=20))
def test_points_are_added_where_a_ceiling_is_crossed_too(heights: list[int]) -> None:
    values = np.array(heights, np.float64)
    places, all_heights = with_crossings(values, 6.0)
    for level in (0.0, 6.0):
        assert not ((all_heights[:-1] - level) * (all_heights[1:] - level) < 0).any()
    assert (np.diff(places) > 0).all()
    assert np.allclose(np.interp(places, np.arange(len(values)), values), all_heights, atol=1e-6)


def test_the_row_with_most_of_both_signs_is_told() -> None:
    values = np.array([[9, 9, 9], [-3, 0, 4], [-1, 0, 8], [-9, -9, -9]], np.float32)
    assert interesting_row(values) == 1
    assert interesting_row(np.array([[1, 1], [2, 3]], np.float32)) == 1
    assert interesting_row(np.zeros((3, 2), np.float32)) == 0


def test_of_a_map_beyond_the_ceiling_a_row_that_gets_there_is_told() -> None:
    values = np.array([[-9, 5, 5], [-1, 2, 8], [1, 2, 9]], np.float32)
    assert interesting_row(values, 6.0) == 1
    assert interesting_row(values[[0, 2]], 6.0) == 1
