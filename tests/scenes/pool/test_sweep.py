"""The sweep over all windows: each winner leaves when its window is done, and all arrive."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from manim import Group, smooth

from cnnviz.explain.places import Place
from cnnviz.layers import Conv2d, Flatten, Linear, MaxPool2d
from cnnviz.mobjects.cells import Cells
from cnnviz.model.trace import Trace
from cnnviz.network import load_network, trace
from cnnviz.photos import bundled_photo
from cnnviz.scenes.pool.board import PoolBoard
from cnnviz.scenes.pool.result import PoolResult
from cnnviz.scenes.pool.scene import PoolScene
from cnnviz.scenes.pool.sweep import PoolSweep
from cnnviz.staging.pooling.sizes import MapSizes, around_maps
from cnnviz.staging.pooling.zones import pair_zones, sweep_zones
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import between
from cnnviz.style.names import ASPECTS, Aspect
from cnnviz.style.theme import dark_theme, theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import setting_of, visit_beats, words_of


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


@pytest.mark.parametrize("aspect", ASPECTS)
def test_the_sizes_stand_below_the_smaller_map_until_it_grows(
    small_trace: Trace, aspect: Aspect
) -> None:
    """They stood alone in the right third of the stage, far from both maps."""
    setting = setting_of(PoolScene, small_trace, theme_of("dark", aspect), layer="max_pool_1")
    stage = setting.theme.layout.stage
    tops: dict[str, list[float]] = {"sweep": [], "result": []}

    def look(scene: LectureScene, beat: str) -> None:
        drawn = scene.get_mobject_family_members()
        arrows = [each for each in drawn if getattr(each, "text", "").strip() == "→"]
        if beat in tops and arrows:
            assert all(stage.bottom < each.get_bottom()[1] for each in arrows)
            tops[beat].append(max(each.get_top()[1] for each in arrows))

    visit_beats(PoolScene, setting, look)
    board = PoolBoard(small_trace, Place("max_pool_1", 0, 3, 3), setting.theme, words_of("pool"))
    result = PoolResult(board)
    assert result.has_sizes_below
    assert tops["sweep"][-1] < result.after.map.get_bottom()[1]
    assert tops["result"][-1] == pytest.approx(result.zones.sizes.y, abs=0.5)


@pytest.mark.parametrize("aspect", ASPECTS)
def test_no_winner_crosses_the_sizes(small_trace: Trace, aspect: Aspect) -> None:
    """In square frames the last rows flew through both lines."""
    setting = setting_of(PoolScene, small_trace, theme_of("dark", aspect), layer="max_pool_1")
    swarms = 0

    def look(scene: LectureScene, beat: str) -> None:
        nonlocal swarms
        drawn = scene.get_mobject_family_members()
        if any(isinstance(each, Cells) for each in drawn):
            swarms += 1
            assert not any(getattr(each, "text", "").strip() == "→" for each in drawn)

    visit_beats(PoolScene, setting, look)
    assert swarms


@pytest.mark.parametrize(("aspect", "share"), [("16:9", 0.85), ("9:16", 0.7), ("1:1", 0.6)])
def test_the_map_is_large_while_the_window_passes(aspect: Aspect, share: float) -> None:
    seen = trace(bundled_photo("digit"), load_network("lenet_5"))
    theme = theme_of("dark", aspect)
    board = PoolBoard(seen, Place("max_pool_1", 5, 7, 8), theme, words_of("pool"))
    result, stage = PoolResult(board), theme.layout.stage
    assert result.swept.map.width > share * min(stage.width, stage.height)
    assert result.moves_on, "both become smaller for what is said of them"


def test_where_the_map_stays_as_large_the_sizes_stand_beside_it() -> None:
    network = fixed_network(
        (Conv2d("conv", 3, 1, 3), MaxPool2d("pool", 1, 1), Flatten("out"), Linear("end", 36, 2)),
        ("cat", "dog"),
        (3, 8, 8),
    )
    traced = trace(np.random.default_rng(0).random((8, 8, 3)).astype(np.float32), network)
    board = PoolBoard(traced, Place("pool", 0, 3, 3), dark_theme(), words_of("pool"))
    result = PoolResult(board)
    assert not result.has_sizes_below
    assert result.swept is result.before


def test_a_window_is_seen_where_the_caption_speaks_of_windows(small_trace: Trace) -> None:
    """There were but faint lines. What it becomes is framed at the same place of the other map."""
    setting = setting_of(PoolScene, small_trace, layer="max_pool_1")
    places: list[np.ndarray] = []

    def look(scene: Any, beat: str) -> None:
        window, cursor = scene.board.whole_frames
        if beat == "place" and scene.present([window, cursor]):
            maps = scene.board.whole.map, scene.board.whole_after.map
            seen, becomes = (
                (frame.get_center() - each.get_center()) / each.width
                for frame, each in zip((window, cursor), maps, strict=True)
            )
            assert seen == pytest.approx(becomes, abs=0.02)
            places.append(seen)

    visit_beats(PoolScene, setting, look)
    appears, arrives = places[0], places[-1]
    assert arrives[0] > 0.4 > appears[0]
    assert 0.25 < appears[1] < 0.45  # on the first row that it passes over, not in the corner


def test_narrow_maps_stand_side_by_side_in_upright_frames() -> None:
    """One above the other they used less than a third of the stage for seconds."""
    layout = theme_of("dark", "9:16").layout
    for zones in (pair_zones(layout, (96, 24)), sweep_zones(layout, (96, 24), 0.25)):
        before, after = zones
        assert before.right < after.left
        assert before.height == layout.stage.height
    before, after = pair_zones(layout, (24, 24))
    assert before.bottom > after.top


@pytest.mark.parametrize("aspect", ASPECTS)
def test_the_sizes_do_not_cross_a_map_on_their_way_beside_it(aspect: Aspect) -> None:
    """They flew straight on over the smaller map in upright frames, over the larger in square."""
    seen = trace(bundled_photo("digit"), load_network("lenet_5"))
    theme, words = theme_of("dark", aspect), words_of("pool")
    result = PoolResult(PoolBoard(seen, Place("max_pool_1", 5, 4, 3), theme, words))
    assert result.has_sizes_below
    texts = Group(*MapSizes(result, words).parts)
    start, end = result.sizes_place, result.zones.sizes.centre
    maps = ((result.swept.map, result.before.map), (result.after.map, result.enlarged.map))
    for share in np.linspace(0, 1, 40):
        texts.move_to(start + around_maps(share, end - start))
        for before, after in maps:
            left, top, right, bottom = between(before.corners(), after.corners(), smooth(share))
            is_beside = texts.get_left()[0] > right or texts.get_right()[0] < left
            assert is_beside or texts.get_top()[1] < bottom or texts.get_bottom()[1] > top
