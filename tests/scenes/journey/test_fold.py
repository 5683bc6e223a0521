"""Telescopes that are bent: larger than in one row, whole, and nothing on top of another."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.scenes.journey.cone import cone_side
from cnnviz.scenes.journey.fold import Spacing, best_fold
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import dark_theme

GROWING = [(4.0, 4.0), (4.0, 4.0), (8.0, 8.0), (12.0, 12.0), (14.0, 14.0), (16.0, 16.0)]
SPACING = Spacing(gap=0.1, least=0.6, line=0.4, ahead=1.0)


@pytest.mark.parametrize("zone", [Zone(-4.5, 2.0, 4.5, -2.5), Zone(-4.0, 2.0, 4.0, -5.7)])
@pytest.mark.parametrize(
    "sizes", [GROWING, GROWING[:2], [(1.0, 1.0), (1.0, 1.0), (1.0, 1.0), (40.0, 30.0)]]
)
def test_boxes_of_a_fold_are_apart_and_inside(zone: Zone, sizes: list[tuple[float, float]]) -> None:
    fold = best_fold(sizes, zone, SPACING)
    assert fold is not None
    for box, (width, height) in zip(fold.boxes, sizes, strict=True):
        assert (box.width, box.height) == pytest.approx((width * fold.unit, height * fold.unit))
        half = max(box.width, SPACING.least) / 2
        assert zone.left - 1e-6 <= box.x - half
        assert box.x + half <= zone.right + 1e-6
        assert zone.bottom + SPACING.line - 1e-6 <= box.bottom
        assert box.top <= zone.top - SPACING.line + 1e-6
    for one, other in combinations(fold.boxes, 2):
        is_beside = one.right < other.left or other.right < one.left
        assert is_beside or one.top < other.bottom or other.top < one.bottom
    # The upper row goes to the right, the lower one comes back below its end.
    upper, lower = fold.boxes[: fold.upper], fold.boxes[fold.upper :]
    assert [box.x for box in upper] == sorted(box.x for box in upper)
    assert [box.x for box in lower] == sorted((box.x for box in lower), reverse=True)
    assert upper[-1].x == pytest.approx(lower[0].x)
    assert fold.boxes[0].left - SPACING.ahead >= zone.left - 1e-6


def test_in_high_rooms_a_fold_is_much_larger_than_a_row() -> None:
    zone = Zone(-4.0, 2.0, 4.0, -5.7)
    fold = best_fold(GROWING, zone, SPACING)
    assert fold is not None
    in_a_row = (zone.width - 0.5) / sum(width for width, _ in GROWING)
    assert fold.unit > 1.5 * in_a_row


def test_one_box_has_no_fold() -> None:
    assert best_fold(GROWING[:1], Zone(-4.0, 2.0, 4.0, -2.0), SPACING) is None


def test_a_cone_turns_the_corner() -> None:
    cells = np.zeros((2, 2, 3), np.uint8)
    low = HeatMap(cells, 2.0, 2.0)
    high = HeatMap(cells, 1.0, 1.0).move_to(point(0.0, 2.0))
    side = cone_side(low, high, dark_theme())
    assert side.get_bottom()[1] == pytest.approx(low.get_top()[1])
    assert side.get_top()[1] == pytest.approx(high.get_bottom()[1])
    assert side.width == pytest.approx(low.width)
