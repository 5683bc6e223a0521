"""The comparison of whole networks: what it shows is true and legible."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from cnnviz.layers import Conv2d, Flatten, Linear, ReLU
from cnnviz.model.trace import Trace
from cnnviz.network import Network, trace
from cnnviz.scenes.compare_overview.board import DistanceBars, telling_decimals
from cnnviz.scenes.compare_overview.places import OverviewPlaces
from cnnviz.scenes.compare_overview.scene import CompareOverviewScene, slowing
from cnnviz.staging.scene import LectureScene
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import (
    assert_is_exact,
    assert_looks_as_stored,
    faults_in,
    numbers_in,
    pair_setting,
    visit_beats,
)

Pair = tuple[Trace, Trace]


@pytest.fixture(scope="module")
def pair(small_trace: Trace, small_network: Network) -> Pair:
    noise = np.random.default_rng(5).random((32, 32, 3)).astype(np.float32)
    return small_trace, trace(noise, small_network)


@pytest.fixture(scope="module")
def networks(small_trace: Trace) -> Pair:
    """One picture in two networks that have other layers and other classes."""
    layers = [Conv2d("stem", 3, 8, 3), ReLU("stem_relu")]
    for place in range(12):  # more than are shown
        layers += [Conv2d(f"conv_with_a_long_name_{place}", 8, 8, 1)]
    layers += [Flatten("flatten"), Linear("output", 8 * 30 * 30, 4)]
    network = fixed_network(tuple(layers), ("ant", "bee", "bat", "eel"), (3, 32, 32))
    seen = np.moveaxis(small_trace.picture, 0, 2)
    return small_trace, trace(np.ascontiguousarray(seen), network)


@pytest.mark.parametrize(("aspect", "language"), [("16:9", "en"), ("9:16", "zh"), ("1:1", "en")])
def test_nothing_overlaps_and_every_number_is_true(pair: Pair, aspect: str, language: str) -> None:
    theme = theme_of("dark", aspect)
    setting = pair_setting(CompareOverviewScene, pair, theme, language)
    assert not faults_in(CompareOverviewScene, setting)


@pytest.mark.parametrize("aspect", ["16:9", "1:1", pytest.param("9:16", marks=pytest.mark.slow)])
def test_two_networks_of_other_layers(networks: Pair, aspect: str) -> None:
    for two in (networks, networks[::-1]):
        setting = pair_setting(CompareOverviewScene, two, theme_of("light", aspect))
        assert not faults_in(CompareOverviewScene, setting, but=["too_small"])
        beats = visit_beats(CompareOverviewScene, setting, lambda stage, beat: None).beats
        assert [beat.name for beat in beats] == ["pictures", "layers", "fields", "answers"]
        counts = ["5 of 5", "10 of 14"] if two is networks else ["10 of 14", "5 of 5"]
        assert f"here {' and '.join(counts)}" in beats[1].caption
        assert "3×3 of 32×32" in beats[2].caption  # of cells of 1×1 after one of 3×3


@pytest.mark.parametrize("aspect", ["16:9", "1:1"])
def test_names_of_twenty_letters_are_not_set_small(small_trace: Trace, aspect: str) -> None:
    layers = [Conv2d("depthwise_conv2d_100", 3, 8, 3)]
    layers += [Conv2d(f"depthwise_conv2d_10{place}", 8, 8, 1) for place in range(1, 10)]
    layers += [Flatten("flatten"), Linear("output", 8 * 30 * 30, 2)]
    network = fixed_network(tuple(layers), ("ant", "bee"), (3, 32, 32))
    seen = np.ascontiguousarray(np.moveaxis(small_trace.picture, 0, 2))
    two = trace(seen, network), trace(seen[::-1].copy(), network)
    setting = pair_setting(CompareOverviewScene, two, theme_of("light", aspect))
    assert not faults_in(CompareOverviewScene, setting, but=["pale_maps"])


def test_equal_pictures_are_said_to_be_equal(small_trace: Trace) -> None:
    setting = pair_setting(CompareOverviewScene, (small_trace, small_trace))
    assert not faults_in(CompareOverviewScene, setting)
    beats = visit_beats(CompareOverviewScene, setting, lambda stage, beat: None).beats
    assert [beat.name for beat in beats] == ["pictures", "layers", "distances", "answers"]
    assert "equal in all layers" in beats[2].caption
    assert "differ" not in beats[1].caption


def test_pictures_of_one_colour(small_network: Network) -> None:
    black, white = (
        trace(np.full((32, 32, 3), value, np.float32), small_network) for value in (0, 1)
    )
    assert not faults_in(CompareOverviewScene, pair_setting(CompareOverviewScene, (black, white)))


def test_distances_and_probabilities_are_torchs(pair: Pair) -> None:
    shown = numbers_in(CompareOverviewScene, pair_setting(CompareOverviewScene, pair))
    distances = {n["layer"]: n["value"] for n in shown if n["quantity"] == "distance"}
    assert list(distances) == ["conv_1", "relu_1", "max_pool_1", "conv_2", "relu_2"]
    for name, distance in distances.items():
        one, two = (torch.from_numpy(each[name].output).double() for each in pair)
        expected = torch.dist(one, two) / (one.norm() + two.norm())
        assert distance == pytest.approx(float(expected), abs=1e-9)
    for side, each in enumerate(pair):
        softmax = torch.softmax(torch.from_numpy(each.logits).double(), 0)
        found = {
            n["class_name"]: n["value"]
            for n in shown
            if n["quantity"] == "probability" and n["side"] == side
        }
        assert found == {
            name: pytest.approx(float(value), abs=1e-6)
            for name, value in zip(each.classes, softmax, strict=True)
        }


def test_each_beat_looks_as_stored(pair: Pair, request: pytest.FixtureRequest) -> None:
    assert_looks_as_stored(CompareOverviewScene, pair_setting(CompareOverviewScene, pair), request)


@pytest.mark.slow
def test_frames_are_those_of_a_full_repaint(pair: Pair) -> None:
    assert_is_exact(CompareOverviewScene, pair_setting(CompareOverviewScene, pair))


@pytest.mark.parametrize(
    ("distances", "expected"),
    [
        ([0.62, 0.691, 0.47], 2),
        ([0.62, 0.691, 0.694, 0.47], 3),  # "conv_2_1 is furthest apart, with 0.69", beside 0.69
        ([0.62, 0.69, 0.4701, 0.4704], 4),
        ([0.5, 0.5, 0.5], 2),
        ([0.5], 2),
    ],
)
def test_no_other_layer_is_written_as_the_furthest_is(
    distances: list[float], expected: int
) -> None:
    assert telling_decimals(distances) == expected


@pytest.mark.parametrize(
    ("distances", "expected"),
    [([0.5, 1.0, 1.0], True), ([0.2, 0.2, 1.0], True), ([0.2, 0.5, 1.0], False), ([0.3], False)],
)
def test_among_equals_none_is_furthest(distances: list[float], *, expected: bool) -> None:
    theme = theme_of("dark")
    count = len(distances)
    places = OverviewPlaces.of(theme.layout, (count, count), has_distances=True)
    bars = DistanceBars([f"layer {place}" for place in range(count)], distances, places, theme)
    assert bars.has_equals == expected


def test_small_pictures_are_never_alone_on_the_stage(pair: Pair) -> None:
    """They are so small above their maps that the stage was dark until these came."""
    alone: list[str] = []

    def look(scene: LectureScene, beat: str) -> None:
        assert isinstance(scene, CompareOverviewScene)
        board = scene.board
        maps = [each for columns in board.columns for column in columns for each in column.maps]
        assert board.bars is not None
        if scene.present(board.bars.tracks) and not scene.present(maps):
            alone.append(beat)

    visit_beats(CompareOverviewScene, pair_setting(CompareOverviewScene, pair), look)
    assert not alone


def test_the_last_layers_come_in_time_to_be_seen() -> None:
    """They came so slowly at last that the stage rested for more than two seconds."""
    assert slowing(0.0) == 0
    assert slowing(1.0) == pytest.approx(1)
    assert slowing(1.0) - slowing(0.9) > 0.04


def test_all_layers_but_the_furthest_step_back_and_return(pair: Pair) -> None:
    seen: list[tuple[bool, float]] = []

    def look(scene: LectureScene, beat: str) -> None:
        assert isinstance(scene, CompareOverviewScene)
        bars = scene.board.bars
        if beat != "furthest" or bars is None:
            return
        furthest = int(np.argmax(bars.distances))
        for columns in scene.board.columns:
            for place, column in enumerate(columns):
                seen.extend((place == furthest, map_.opacity) for map_ in column.maps)

    visit_beats(CompareOverviewScene, pair_setting(CompareOverviewScene, pair), look)
    assert {each for is_furthest, each in seen if is_furthest} == {1.0}
    dimmed = theme_of("dark").dimmed
    assert {round(each, 3) for is_furthest, each in seen if not is_furthest} == {dimmed, 1.0}


def test_a_single_layer_has_no_others_that_step_back() -> None:
    layers = (Conv2d("conv", 3, 2, 1), Flatten("flatten"), Linear("output", 32, 2))
    network = fixed_network(layers, ("cat", "dog"), (3, 4, 4))
    random = np.random.default_rng(3)
    two = tuple(trace(random.random((4, 4, 3)).astype(np.float32), network) for _ in range(2))
    played = visit_beats(
        CompareOverviewScene, pair_setting(CompareOverviewScene, two), lambda *_: None
    )
    assert played.beats[-1].name == "answers"
