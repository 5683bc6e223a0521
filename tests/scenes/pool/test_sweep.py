"""The sweep over all windows: each winner leaves when its window is done, and all arrive."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.explain.places import Place
from cnnviz.model.trace import Trace
from cnnviz.scenes.pool.board import PoolBoard
from cnnviz.scenes.pool.result import PoolResult
from cnnviz.scenes.pool.sweep import PoolSweep
from cnnviz.style.theme import dark_theme
from tests.scenes.stage import words_of


@pytest.fixture
def result(small_trace: Trace) -> PoolResult:
    place = Place("max_pool_1", 0, 3, 3)
    return PoolResult(PoolBoard(small_trace, place, dark_theme(), words_of("pool")))


def test_a_winner_leaves_when_its_window_is_done(result: PoolResult) -> None:
    sweep = PoolSweep(result, first_row=1, other_rows=2, flight=1.5)
    columns = result.numbers.output_shape[1]
    sweep.show(0.0)
    at_first = sweep.winners.current.lefts.copy()
    for time in (0.25, 1.0, 2.0, sweep.over):
        sweep.show(time)
        done = columns * time if time <= 1 else columns + (result.count - columns) * (time - 1) / 2
        has_moved = sweep.winners.current.lefts != at_first
        assert not has_moved[int(done) + 1 :].any()
        assert has_moved[: max(int(done) - 1, 0)].all()


def test_all_winners_arrive_in_their_places(result: PoolResult) -> None:
    sweep = PoolSweep(result, first_row=1, other_rows=2, flight=1.5)
    sweep.show(sweep.end)
    rows, columns = result.numbers.output_shape
    left, top, right, bottom = result.after.map.corners()
    cells = sweep.winners.current
    assert cells.lefts.reshape(rows, columns)[0] == pytest.approx(
        np.linspace(left, right, columns, endpoint=False)
    )
    assert cells.tops.reshape(rows, columns)[:, 0] == pytest.approx(
        np.linspace(top, bottom, rows, endpoint=False)
    )
    assert np.array_equal(
        cells.colours, result.after.scale.colours(result.numbers.output).reshape(-1, 3)
    )
