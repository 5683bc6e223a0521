"""The way a window takes over a map."""

from __future__ import annotations

from itertools import pairwise

import pytest

from cnnviz.explain.routes import winding_route


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (2, 3), (30, 30), (62, 5)])
def test_each_step_goes_to_a_neighbour_and_all_columns_are_seen(size: tuple[int, int]) -> None:
    rows, columns = size
    route = winding_route(rows, columns)
    assert len(set(route)) == len(route)
    assert all(0 <= row < rows and 0 <= column < columns for row, column in route)
    for (row, column), (next_row, next_column) in pairwise(route):
        assert abs(next_row - row) + abs(next_column - column) == 1
    assert {column for _, column in route} == set(range(columns))
