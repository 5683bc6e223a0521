"""Maps much higher than wide, or wider than high: arranged so that they are large."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.layers import Conv2d, Flatten, Linear
from cnnviz.model.trace import Trace
from cnnviz.network import trace
from cnnviz.scenes.compare.places import DifferencePlaces, PairPlaces
from cnnviz.scenes.compare.scene import CompareScene
from cnnviz.staging.scene import LectureScene
from cnnviz.style.names import ASPECTS, Aspect
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import faults_in, pair_setting, visit_beats


def noise_pair(rows: int, columns: int) -> tuple[Trace, Trace]:
    features = 2 * (rows - 2) * (columns - 2)
    layers = (Conv2d("conv", 3, 2, 3), Flatten("flatten"), Linear("output", features, 2))
    network = fixed_network(layers, ("one", "two"), (3, rows, columns))
    one, two = (
        trace(np.random.default_rng(seed).random((rows, columns, 3)).astype(np.float32), network)
        for seed in (1, 2)
    )
    return one, two


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("size", [(32, 8), (8, 32)])
def test_nothing_overlaps(size: tuple[int, int], aspect: Aspect) -> None:
    setting = pair_setting(CompareScene, noise_pair(*size), theme_of("dark", aspect))
    assert not faults_in(CompareScene, setting)


@pytest.mark.parametrize(("aspect", "least"), [("16:9", 0.9), ("9:16", 0.5), ("1:1", 0.5)])
def test_high_maps_are_high_while_both_windows_glide(aspect: Aspect, least: float) -> None:
    """They were as high as square ones, 30 % of the stage for seven seconds."""
    layout = theme_of("dark", aspect).layout
    one = PairPlaces.of(layout, (62, 14), 1.8).halves[0]
    assert one.map.height > least * layout.stage.height
    assert one.map.height > PairPlaces.of(layout, (62, 62), 1.8).halves[0].map.height


@pytest.mark.parametrize("aspect", ASPECTS)
def test_square_maps_stand_as_before_where_names_are_long(aspect: Aspect) -> None:
    layout = theme_of("dark", aspect).layout
    assert PairPlaces.of(layout, (62, 14), 9.0) == PairPlaces.of(layout, (62, 62), 9.0)
    assert DifferencePlaces.of(layout, (62, 14), 9.0) == DifferencePlaces.of(layout, (9, 9), 9.0)


@pytest.mark.parametrize(
    ("aspect", "size", "least"),
    [("9:16", (32, 8), 0.7), ("1:1", (32, 8), 0.7), ("16:9", (8, 32), 0)],
)
def test_maps_that_fill_are_large_and_so_are_their_pictures(
    aspect: Aspect, size: tuple[int, int], least: float
) -> None:
    stage = theme_of("dark", aspect).layout.stage
    sizes: list[tuple[float, float]] = []
    seen: list[float] = []

    def look(scene: LectureScene, beat: str) -> None:
        if beat == "maps":
            halves = scene.board.halves
            sizes[:] = [(half.map.width, half.map.height) for half in halves]
            seen[:] = [half.picture.height for half in halves if half.picture in scene.mobjects]

    visit_beats(
        CompareScene, pair_setting(CompareScene, noise_pair(*size), theme_of("dark", aspect)), look
    )
    assert len(seen) == 2
    assert all(height > least * stage.height for _, height in sizes)
    if size[1] > size[0]:
        assert all(width > 0.5 * stage.width for width, _ in sizes)
