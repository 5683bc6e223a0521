"""Two maps that go from beside each other to one below the other, or back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from cnnviz.explain.places import Place
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.model.trace import Trace
from cnnviz.scenes.compare.board import CompareBoard
from cnnviz.scenes.compare.difference import Difference
from cnnviz.scenes.compare.pair_maps import PairMaps
from cnnviz.scenes.compare.scene import CompareScene
from cnnviz.scenes.pool.board import PoolBoard
from cnnviz.staging.crossing import fly_along, fly_apart, fly_by_turns
from cnnviz.style.geometry import Corners, point
from cnnviz.style.names import ASPECTS, Aspect
from cnnviz.style.theme import theme_of
from tests.scenes.stage import pair_setting, visit_beats, words_of

Flight = tuple[list[HeatMap], list[Corners]]


def of_difference(trace: Trace, aspect: Aspect) -> Flight:
    setting = pair_setting(CompareScene, (trace, trace), theme_of("dark", aspect))
    board = visit_beats(CompareScene, setting, lambda stage, beat: None).board
    assert isinstance(board, CompareBoard)
    ends = Difference(board, words_of("compare")).maps[:2]
    return PairMaps(board).maps, [each.corners() for each in ends]


def of_pooling(trace: Trace, aspect: Aspect) -> Flight:
    theme = theme_of("dark", aspect)
    board = PoolBoard(trace, Place("max_pool_1", 0, 3, 3), theme, words_of("pool"))
    large = [board.whole.map, board.whole_after.map]
    return large, [board.before.map.corners(), board.after.map.corners()]


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("flight", [of_difference, of_pooling])
def test_one_map_hardly_passes_over_the_other(
    small_trace: Trace, flight: Callable[[Trace, Aspect], Flight], aspect: Aspect
) -> None:
    """In square frames one lay over a fourth of the other for a while, in upright ones less."""
    maps, ends = flight(small_trace, aspect)
    flights = fly_apart(maps, ends, 1.0)
    covered = []
    for each in flights:
        each.begin()
    for time in np.linspace(0.0, 1.0, 41):
        for each in flights:
            each.interpolate(float(time))
        one, two = (each.corners() for each in maps)
        wide = min(one[2], two[2]) - max(one[0], two[0])
        high = min(one[1], two[1]) - max(one[3], two[3])
        covered.append(max(wide, 0.0) * max(high, 0.0) / (maps[1].width * maps[1].height))
    assert max(covered) < 0.01
    assert np.allclose([each.corners() for each in maps], ends)


def test_a_flight_along_a_lane_passes_under_what_stands_beside_it() -> None:
    """Across, a map flew over the counts that stand between the maps of a row."""
    flown = HeatMap(np.zeros((2, 2, 3), np.uint8), 0.4, 0.4).move_to(point(-2.0, 3.0))
    end = (1.5, 0.5, 2.5, -0.5)
    flight = fly_along(flown, end, 1.0, lane=2.0)
    flight.begin()
    for time in np.linspace(0.0, 1.0, 61):
        flight.interpolate(float(time))
        x, y, _ = flown.get_center()
        assert abs(x + 2) < 1e-6 or abs(x - 2) < 1e-6 or abs(y - 2) < 1e-6
    assert np.allclose(flown.corners(), end)


@pytest.mark.parametrize("across_first", [True, False])
def test_a_flight_by_turns_goes_around_the_corner(*, across_first: bool) -> None:
    """Straight on, a sum flew over its products, and small maps over a formula."""
    flown = HeatMap(np.zeros((2, 2, 3), np.uint8), 1.0, 1.0).move_to(point(-2.0, -1.0))
    end = (1.5, 1.5, 2.5, 0.5)
    flight = fly_by_turns(flown, end, 1.0, across_first=across_first)
    flight.begin()
    flight.interpolate(0.4)
    x, y, _ = flown.get_center()
    ways = ((x + 2) / 4, (y + 1) / 2)
    first, then = ways if across_first else ways[::-1]
    assert first > 0.8
    assert then < 0.01
    flight.interpolate(1.0)
    assert np.allclose(flown.corners(), end)
