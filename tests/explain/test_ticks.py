from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.explain.ticks import nice_ticks, tick_decimals


@pytest.mark.parametrize(
    ("low", "high", "most", "ticks"),
    [
        (-6.5, 6.5, 7, [-6, -4, -2, 0, 2, 4, 6]),
        (0.0, 1.0, 3, [0.0, 0.5, 1.0]),
        (0.0, 3844.0, 5, [0, 1000, 2000, 3000]),
        (-0.3, 0.3, 3, [-0.2, 0.0, 0.2]),
    ],
)
def test_known_axes(low: float, high: float, most: int, ticks: list[float]) -> None:
    assert nice_ticks(low, high, most) == pytest.approx(ticks)


@given(low=st.floats(-1e6, 1e6), span=st.floats(1e-3, 1e6), most=st.integers(2, 10))
def test_ticks_are_few_round_and_inside(low: float, span: float, most: int) -> None:
    ticks = nice_ticks(low, low + span, most)
    assert len(ticks) <= most
    slack = 1e-6 * (abs(low) + span)
    assert all(low - slack <= tick <= low + span + slack for tick in ticks)


@pytest.mark.parametrize(
    ("tick", "decimals"), [(0.0, 0), (2.0, 0), (0.5, 1), (-0.25, 2), (1.2, 1), (1000.0, 0)]
)
def test_decimals_of_a_tick(tick: float, decimals: int) -> None:
    assert tick_decimals(tick) == decimals
