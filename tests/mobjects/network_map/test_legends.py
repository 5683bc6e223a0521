"""Legends: numbers that do not lie on each other."""

from __future__ import annotations

import pytest

from cnnviz.mobjects.network_map.legends import free_line


@pytest.mark.parametrize("usual", [0, 1])
def test_a_number_alone_leaves_its_line_only_for_one_that_is_free(usual: int) -> None:
    other = 1 - usual
    assert free_line(usual, 2.0, {}) == usual
    assert free_line(usual, 2.0, {usual: 1.0, other: 3.0}) == usual
    assert free_line(usual, 2.0, {usual: 3.0, other: 1.0}) == other
    assert free_line(usual, 2.0, {usual: 3.0}) == other
    assert free_line(usual, 2.0, {usual: 3.0, other: 3.0}) == usual
