"""The overview of any network is legible, and says what it leaves out."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch

from cnnviz.layers import Add, Conv2d, Flatten, Layer, Linear, MaxPool2d, ReLU
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.network_map.network_map import NetworkMap
from cnnviz.model.trace import Trace
from cnnviz.network import load_network, trace
from cnnviz.photos import bundled_photo
from cnnviz.scenes.overview.large_maps import large_copies
from cnnviz.scenes.overview.picture import PictureChannels
from cnnviz.scenes.overview.scene import OverviewScene
from cnnviz.scenes.overview.words import legends_caption, scores_caption
from cnnviz.staging.scene import LectureScene
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.overview.conftest import last_stage
from tests.scenes.stage import (
    faults_in,
    setting_of,
    visit_beats,
    words_of,
)


def blocks(filters: list[int], classes: int, hidden: int = 0) -> tuple[Layer, ...]:
    """Return layers for 3x16x16: a convolution, ReLU and pooling for each number of filters."""
    layers: list[Layer] = []
    channels, size = 3, 16
    for index, count in enumerate(filters, start=1):
        layers += [Conv2d(f"conv_{index}", channels, count, 3, padding=1), ReLU(f"relu_{index}")]
        layers.append(MaxPool2d(f"max_pool_{index}", 1, 1))
        channels = count
    layers.append(Flatten("flatten"))
    features = channels * size * size
    if hidden:
        layers += [Linear("hidden", features, hidden), ReLU("relu_hidden")]
        features = hidden
    return (*layers, Linear("output", features, classes))


GREY = (Conv2d("conv", 1, 2, 7, stride=3, padding=3), Flatten("flatten"), Linear("output", 70, 2))
ODD: dict[str, tuple[tuple[Layer, ...], tuple[int, int, int], int, dict[str, Any]]] = {
    "grey": (GREY, (1, 19, 13), 2, {}),
    "wide": (blocks([32, 70], 4), (3, 16, 16), 4, {"layer": "conv_2", "channel": 69}),
    "deep": (blocks([4] * 11, 20), (3, 16, 16), 20, {"layer": "relu_6", "channel": 3}),
    "hidden": (blocks([2], 3, 40), (3, 16, 16), 3, {"layer": "hidden", "channel": 39}),
}


@pytest.mark.parametrize(
    ("name", "theme", "language", "aspect"),
    [
        ("grey", "light", "zh", "9:16"),
        ("wide", "dark", "en", "16:9"),
        pytest.param("deep", "light", "zh", "16:9", marks=pytest.mark.slow),
        ("deep", "dark", "en", "9:16"),
        ("hidden", "light", "en", "1:1"),
    ],
)
def test_odd_networks_are_legible(name: str, theme: str, language: str, aspect: str) -> None:
    layers, size, classes, parameters = ODD[name]
    names = ("a class whose name is longer than any bar is wide", *map(str, range(1, classes)))
    seen = trace(np.random.default_rng(1).random((40, 40)), fixed_network(layers, names, size))
    look = theme_of(theme, aspect)
    setting = setting_of(OverviewScene, seen, look, language, **parameters)
    assert not faults_in(OverviewScene, setting)


@pytest.mark.parametrize(
    ("language", "aspect"),
    [
        ("zh", "9:16"),
        pytest.param("en", "16:9", marks=pytest.mark.slow),
        pytest.param("en", "1:1", marks=pytest.mark.slow),
    ],
)
def test_tiny_vgg_is_legible(tiny_vgg: Trace, language: str, aspect: str) -> None:
    look = theme_of("light", aspect)
    setting = setting_of(OverviewScene, tiny_vgg, look, language, layer="output", channel=0)
    assert not faults_in(OverviewScene, setting)


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
def test_names_of_layers_of_twenty_letters_are_legible(aspect: str) -> None:
    layers = (
        Conv2d("stem_of_all_branches", 3, 4, 3),
        ReLU("first_rectified_unit"),
        Conv2d("conv5_block16_concat", 4, 4, 3),
        Flatten("flatten"),
        Linear("output", 4 * 12 * 12, 3),
    )
    network = fixed_network(layers, tuple("abc"), (3, 16, 16))
    seen = trace(np.random.default_rng(3).random((16, 16, 3)).astype(np.float32), network)
    setting = setting_of(OverviewScene, seen, theme_of("dark", aspect))
    assert not faults_in(OverviewScene, setting)


def test_the_stage_moves_where_nothing_is_seen_to_be_clipped() -> None:
    """Of a convolution whose sums are all positive, ReLU changes not a single value."""
    network = fixed_network(blocks([4], 3), tuple("abc"), (3, 16, 16))
    with torch.no_grad():
        network.module.conv_1.weight.abs_()
        network.module.conv_1.bias.fill_(1.0)
    seen = trace(np.random.default_rng(3).random((16, 16, 3)).astype(np.float32), network)
    assert not faults_in(OverviewScene, setting_of(OverviewScene, seen))


def test_what_is_left_out_is_counted() -> None:
    layers, size, classes, parameters = ODD["deep"]
    names = tuple(f"class {index}" for index in range(classes))
    seen = trace(np.zeros((16, 16)), fixed_network(layers, names, size))
    scene: LectureScene = last_stage(seen, **parameters)
    texts = [each.text for each in scene.get_mobject_family_members() if hasattr(each, "text")]
    shown = scene.board.plan.layers  # type: ignore[attr-defined]
    skipped = [layer.skipped for layer in shown if layer.skipped]
    assert len(shown) + sum(skipped) == len(layers) + 1
    assert [text for text in texts if text.startswith("+") and " " in text] == [
        f"+{each} layers" for each in skipped
    ]
    assert f"{len(shown[-1].channels)} of 20" in texts
    assert "a plus counts the others" in scene.beats[4].caption


def test_a_layer_alone_gets_a_channel(small_trace: Trace) -> None:
    resolved = OverviewScene.resolve(small_trace, OverviewScene.Parameters(layer="conv_2"))
    assert resolved.channel in range(4)
    assert OverviewScene.resolve(small_trace, OverviewScene.Parameters()).layer is None


def test_the_vector_makes_the_scores_only_where_nothing_lies_between() -> None:
    """As two linear layers do in LeNet-5; what is said of legends holds without ReLU, too."""
    hidden = (Flatten("flatten"), Linear("hidden", 27, 4), ReLU("relu"), Linear("output", 4, 2))
    direct = (Flatten("flatten"), Linear("output", 27, 2))
    first = (Conv2d("conv", 3, 3, 1), Add("add", inputs=("input", "conv")))
    for layers, scores, legends in (
        ((first[0], *hidden), "classes_through", "legends_shared"),
        ((*first, *direct), "classes", "legends_shared"),
        ((first[0], ReLU("relu"), *direct), "classes", "legends_unit"),
    ):
        network = fixed_network(layers, ("cat", "dog"), (3, 3, 3))
        made = trace(np.ones((3, 3, 3), np.float32), network)
        assert (scores_caption(made), legends_caption(made, "unit")) == (scores, legends)
        assert not faults_in(OverviewScene, setting_of(OverviewScene, made))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_kernels_that_are_no_squares_are_said_with_both_sides(language: str) -> None:
    layers = (
        Conv2d("wide", 3, 2, (3, 5)),
        ReLU("relu"),
        MaxPool2d("pool", (2, 1), (2, 1)),
        Flatten("flatten"),
        Linear("output", 24, 2),
    )
    network = fixed_network(layers, ("cat", "dog"), (3, 10, 7))
    made = trace(np.random.default_rng(5).random((9, 9, 3)).astype(np.float32), network)
    setting = setting_of(OverviewScene, made, theme_of("dark", "16:9"), language)
    beats = visit_beats(OverviewScene, setting, lambda scene, beat: None).beats
    (first,) = [beat.caption for beat in beats if beat.name == "first"]
    assert "3×5" in first


def test_channels_of_an_upright_picture_are_as_wide_as_there_is_room() -> None:
    theme = theme_of("dark", "1:1")
    network = fixed_network(
        (Conv2d("conv", 3, 2, 3), Flatten("flatten"), Linear("output", 2760, 2)),
        ("cat", "dog"),
        (3, 48, 32),
    )
    made = trace(np.random.default_rng(5).random((48, 32, 3)).astype(np.float32), network)
    stage = theme.layout.stage
    channels = PictureChannels(made, stage, theme, words_of("overview")).grey
    assert sum(each.width for each in channels) > 0.75 * stage.width


def test_narrow_channels_are_as_high_as_the_stage_and_their_names() -> None:
    theme = theme_of("dark", "16:9")
    network = fixed_network(
        (Conv2d("conv", 3, 2, 3), Flatten("flatten"), Linear("output", 4136, 2)),
        ("cat", "dog"),
        (3, 96, 24),
    )
    made = trace(np.random.default_rng(5).random((96, 24, 3)).astype(np.float32), network)
    stage = theme.layout.stage
    channels = PictureChannels(made, stage, theme, words_of("overview"))
    for grey, label in zip(channels.grey, channels.labels, strict=True):
        _, top, _, bottom = grey.corners()
        assert top < stage.top
        assert label.get_bottom()[1] > stage.bottom
        assert top - bottom > 0.7 * stage.height


@pytest.mark.parametrize(("aspect", "share"), [("16:9", 0.3), ("9:16", 0.8), ("1:1", 0.6)])
def test_photos_of_224_cells_fill_the_first_seconds(aspect: str, share: float) -> None:
    theme = theme_of("dark", aspect)
    network = fixed_network(
        (Conv2d("conv", 3, 2, 8, stride=8), Flatten("flatten"), Linear("output", 1568, 2)),
        ("cat", "dog"),
        (3, 224, 224),
    )
    made = trace(np.random.default_rng(5).random((224, 224, 3)).astype(np.float32), network)
    widest: dict[str, float] = {}

    def note(scene: LectureScene, beat: str) -> None:
        pictures = [each for each in scene.mobjects if isinstance(each, HeatMap)]
        if pictures:
            widest[beat] = max(each.width for each in pictures)

    visit_beats(OverviewScene, setting_of(OverviewScene, made, theme), note)
    assert widest["photo"] > share * theme.layout.stage.width
    # Three channels, side by side or in what is left of the height.
    assert widest["channels"] > 0.28 * min(theme.layout.stage.width, theme.layout.stage.height)


@pytest.mark.parametrize(("aspect", "share"), [("16:9", 0.5), ("9:16", 0.45), ("1:1", 0.5)])
def test_a_grey_digit_and_its_first_maps_are_large_and_move_while_they_are_read(
    aspect: str, share: float
) -> None:
    made = trace(bundled_photo("digit"), load_network("lenet_5"))
    theme = theme_of("dark", aspect)
    areas: dict[str, float] = {}
    places: list[tuple[int, tuple[float, ...]]] = []

    def note(scene: LectureScene, beat: str) -> None:
        maps = [each for each in scene.mobjects if isinstance(each, HeatMap)]
        areas[beat] = max(areas.get(beat, 0.0), sum(each.width * each.height for each in maps))
        if beat == "channels":
            places.append((scene.frame, max(maps, key=lambda each: each.width).corners()))

    visit_beats(OverviewScene, setting_of(OverviewScene, made, theme), note)
    stage = theme.layout.stage
    side = min(stage.width, stage.height)
    assert areas["channels"] > 0.75 * side**2
    assert areas["first"] > share * stage.width * stage.height
    plays = [(b[0] - a[0], b[1] != a[1]) for a, b in pairwise(places)]
    assert max(plays)[1], "the longest motion is the picture's own, not a change of like for like"


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
def test_no_large_map_is_left_alone_in_a_row(aspect: str) -> None:
    """Of 13 maps one stood below three rows of four."""
    layers = (Conv2d("conv", 1, 13, 1), Flatten("flatten"), Linear("output", 13 * 64, 2))
    made = trace(np.eye(8, dtype=np.float32), fixed_network(layers, ("a", "b"), (1, 8, 8)))
    theme = theme_of("dark", aspect)
    network = NetworkMap(made, theme.layout.stage, theme, words_of("overview"), None, "unit")
    copies = large_copies(network, network.columns[1], theme)
    rows = Counter(round(float(each.get_y()), 3) for each in copies)
    assert max(rows.values()) - min(rows.values()) <= 1


def test_a_first_layer_of_one_map_moves_while_it_is_read_of() -> None:
    """It was there in a second; then nothing moved for five."""
    layers = (
        Conv2d("conv", 1, 1, 3),
        ReLU("relu"),
        Flatten("flatten"),
        Linear("output", 30 * 30, 2),
    )
    picture = np.random.default_rng(6).random((32, 32)).astype(np.float32)
    made = trace(picture, fixed_network(layers, ("cat", "dog"), (1, 32, 32)))
    assert not [
        each
        for each in faults_in(OverviewScene, setting_of(OverviewScene, made), ["nearly_empty"])
        if "first" in each
    ]


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
def test_ten_large_maps_of_a_photo_use_the_stage(aspect: str) -> None:
    """In square frames a pixel's lack of room made them two thirds as large."""
    made, theme = trace(bundled_photo("cat"), load_network()), theme_of("dark", aspect)
    stage = theme.layout.stage
    network = NetworkMap(made, stage, theme, words_of("overview"), None, "unit")
    copies = large_copies(network, network.columns[1], theme)
    assert sum(each.width * each.height for each in copies) > 0.4 * stage.width * stage.height


def test_in_upright_frames_the_classes_are_there_when_the_large_maps_have_left() -> None:
    """Three quarters of the stage were empty when the next layer began to come."""
    made, theme = trace(bundled_photo("cat"), load_network()), theme_of("dark", "9:16")
    found = []

    def note(scene: LectureScene, beat: str) -> None:
        if beat == "deeper" and not scene.present(scene.board.columns[3].maps):
            found.append(len(scene.present(scene.board.bars.ground)))

    visit_beats(OverviewScene, setting_of(OverviewScene, made, theme), note)
    assert found[-1] > 0
