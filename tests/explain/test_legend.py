from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.explain.legend import Extremes, scale_marks
from cnnviz.explain.scaling import symmetric_range

FINITE = st.floats(-1e5, 1e5, width=32)


def shown(low: float, high: float, least: float, most: float) -> list[str]:
    return [mark.shown for mark in scale_marks(low, high, Extremes(least, most))]


def test_an_end_says_whether_values_lie_beyond_it() -> None:
    assert shown(-5.7, 5.7, -12.15, 9.8) == ["≤ −5.7", "0", "≥ 5.7"]
    assert shown(-5.7, 5.7, -5.7, 9.8) == ["−5.7", "0", "≥ 5.7"]
    assert shown(-5.7, 5.7, -1.0, 5.6) == ["−5.7", "0", "5.7"]
    assert shown(0.0, 3.2, 0.0, 6.0) == ["0", "≥ 3.2"]
    assert shown(0.0, 1.0, 0.0, 1.0) == ["0", "1"]


@pytest.mark.parametrize(
    ("end", "text"), [(0.00012, "0.00012"), (1.2e-5, "1.20e-5"), (120.0, "120"), (3.4e8, "3.400e8")]
)
def test_ends_are_written_as_they_are(end: float, text: str) -> None:
    assert shown(0.0, end, 0.0, end)[-1] == text


@given(st.lists(FINITE, min_size=1, max_size=300))
def test_a_legend_is_true_of_every_value(values: list[float]) -> None:
    array = np.array(values)
    limits, extremes = symmetric_range(array), Extremes.of(array)
    low, *_, high = scale_marks(limits.low, limits.high, extremes)
    assert low.shown.startswith("≤") == any(value < low.value for value in values)
    assert high.shown.startswith("≥") == any(value > high.value for value in values)
    least, most = extremes.quantities()
    assert (least.value, most.value) == (min(values), max(values))


def test_extremes_leave_out_what_is_not_finite() -> None:
    assert Extremes.of(np.array([np.nan, -2.0, np.inf]), np.array([1.0])) == Extremes(-2, 1)
    assert Extremes.of(np.array([np.nan])) == Extremes.of() == Extremes(0, 0)
