"""The wall of filters: as large as they fit, none too small to be read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.scenes.conv.filter_wall import KERNEL_SHARE, SMALLEST_MAP, WallPlan
from cnnviz.style.layout import Layout
from cnnviz.style.names import ASPECTS, Aspect

LABEL = 0.3


@settings(max_examples=40, deadline=None)
@given(filters=st.integers(1, 90), cells=st.integers(1, 128), aspect=st.sampled_from(list(ASPECTS)))
def test_filters_fit_and_are_legible(filters: int, cells: int, aspect: Aspect) -> None:
    layout = Layout.of_aspect(aspect)
    plan = WallPlan.of(filters, cells, layout, LABEL)
    rows = -(-plan.shown // plan.columns)
    assert plan.columns * plan.cell_width <= layout.stage.width + 1e-9
    assert rows * plan.cell_height <= layout.stage.height + 1e-9
    assert plan.map_side * (1 + KERNEL_SHARE) < plan.cell_width
    assert plan.map_side + LABEL < plan.cell_height
    assert plan.room >= SMALLEST_MAP
    assert 1 <= plan.shown <= filters
    if plan.shown < filters:
        assert filters > 40


@pytest.mark.parametrize(
    ("aspect", "cells", "columns"),
    [("16:9", 62, 5), ("16:9", 26, 5), ("9:16", 62, 2), ("9:16", 60, 2), ("1:1", 62, 4)],
)
def test_ten_filters(aspect: Aspect, cells: int, columns: int) -> None:
    plan = WallPlan.of(10, cells, Layout.of_aspect(aspect), LABEL)
    assert (plan.shown, plan.columns) == (10, columns)


def test_maps_are_whole_pixels_where_that_costs_little() -> None:
    layout = Layout.of_aspect("16:9")
    plan = WallPlan.of(10, 62, layout, LABEL)
    pixels = plan.map_side / 62 / layout.pixel
    assert pixels == pytest.approx(round(pixels))
    assert plan.map_side < plan.room


def test_filters_for_which_there_is_no_room_cost_nothing():
    layout = Layout.of_aspect("16:9")
    assert WallPlan.of(10**9, 32, layout, LABEL) == WallPlan.of(1000, 32, layout, LABEL)
