from __future__ import annotations

import numpy as np
import pytest

from cnnviz.explain.relu import Histogram
from cnnviz.scenes.relu.histogram_bars import HistogramBars
from cnnviz.style.theme import dark_theme


def bars() -> HistogramBars:
    edges = np.arange(-2.0, 3.0)
    histogram = Histogram(edges, np.array([0, 7, 6, 2]), np.array([0, 0, 10, 2]), zero_bin=2)
    return HistogramBars(histogram, np.array([1.0, -1.0, 0.0]), 0.5, 2.0, dark_theme())


def boxes(part) -> list[tuple[float, float, float]]:
    """Return (left, bottom, height) of each bar."""
    corners = part.points.reshape(-1, 16, 3)
    return [(float(c[:, 0].min()), float(c[:, 1].min()), float(np.ptp(c[:, 1]))) for c in corners]


def test_bars_stand_by_sign_and_the_pile_on_the_zero_bar() -> None:
    made = bars()
    made.show_counts(np.array([0, 3, 10, 2]), {2: 4})
    assert boxes(made.below) == [pytest.approx((0.5, -1.0, 0.6))]
    assert boxes(made.above) == [pytest.approx((1.0, -1.0, 1.2)), pytest.approx((1.5, -1.0, 0.4))]
    assert boxes(made.pile) == [pytest.approx((1.0, 0.2, 0.8))]


def test_a_ceiling_has_a_pile_of_its_own() -> None:
    made = bars()
    made.show_counts(np.array([0, 0, 5, 6]), {2: 4, 3: 1})
    assert boxes(made.pile) == [pytest.approx((1.0, -0.8, 0.8)), pytest.approx((1.5, 0.0, 0.2))]


def test_bars_grow() -> None:
    made = bars()
    made.show_counts(np.array([5, 0, 0, 10]), {2: 0}, grown=0.5)
    assert boxes(made.below) == [pytest.approx((0.0, -1.0, 0.5))]
    assert boxes(made.above) == [pytest.approx((1.5, -1.0, 1.0))]
    assert boxes(made.pile) == []


def test_manim_sees_closed_outlines() -> None:
    made = bars()
    made.show_counts(np.array([1, 2, 3, 4]), {2: 1})
    paths = made.above.get_subpaths()
    assert len(paths) == 2
    for path in paths:
        assert len(path) == 16
        np.testing.assert_allclose(path[0], path[-1])
