"""The comparison of one filter: what it shows is true, legible and in step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from manim import smooth

from cnnviz.errors import UserError
from cnnviz.explain.comparison import telling_channel, widest_gap
from cnnviz.layers import Conv2d, Flatten, Linear, ReLU
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.text import Label
from cnnviz.model.trace import Trace
from cnnviz.network import Network, trace
from cnnviz.scenes.compare.places import DifferencePlaces
from cnnviz.scenes.compare.scene import CompareParameters, CompareScene
from cnnviz.staging.crossing import rates_apart
from cnnviz.staging.scene import LectureScene
from cnnviz.staging.visibility import Visibility
from cnnviz.style.geometry import between
from cnnviz.style.names import ASPECTS, Aspect
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

BEATS = ["pictures", "filter", "sweep", "maps", "difference", "gap", "worked", "answers"]

LOOKS = [("16:9", "en"), ("9:16", "zh"), ("1:1", "en")]

Pair = tuple[Trace, Trace]


@pytest.fixture(scope="module")
def other_trace(small_network: Network) -> Trace:
    """What the small network sees in a picture of noise."""
    return trace(np.random.default_rng(5).random((32, 32, 3)).astype(np.float32), small_network)


@pytest.fixture(scope="module")
def pair(small_trace: Trace, other_trace: Trace) -> Pair:
    return small_trace, other_trace


@pytest.fixture(scope="module")
def networks(small_trace: Trace) -> Pair:
    """One picture in two networks of the same layers, with other weights."""
    layers = tuple(layer.layer for layer in small_trace.layers)
    other = fixed_network(layers, ("cat", "dog", "owl"), (3, 32, 32))
    for parameter in other.module.parameters():
        parameter.data.mul_(-0.5)
    seen = np.moveaxis(small_trace.picture, 0, 2)
    return small_trace, trace(np.ascontiguousarray(seen), other)


def noise_pair(network: Network, size: tuple[int, int]) -> Pair:
    """Return what a network sees in two pictures of noise."""
    one, other = (
        trace(np.random.default_rng(seed).random((*size, 3)).astype(np.float32), network)
        for seed in (1, 2)
    )
    return one, other


@pytest.mark.parametrize(("aspect", "language"), LOOKS)
def test_nothing_overlaps_and_every_number_is_true(pair: Pair, aspect: str, language: str) -> None:
    theme = theme_of("dark", aspect)
    assert not faults_in(CompareScene, pair_setting(CompareScene, pair, theme, language))


@pytest.mark.parametrize(
    ("layer", "channel"),
    [("conv_2", None), pytest.param("conv_1", 0, marks=pytest.mark.slow)],
)
def test_every_filter_can_be_compared(pair: Pair, layer: str, channel: int | None) -> None:
    setting = pair_setting(
        CompareScene, pair, theme_of("light", "1:1"), layer=layer, channel=channel
    )
    assert not faults_in(CompareScene, setting)


@pytest.mark.parametrize(
    ("kernel_size", "aspect"), [((1, 7), "16:9"), ((7, 1), "9:16"), ((2, 3), "1:1")]
)
def test_kernels_that_are_no_squares(kernel_size: tuple[int, int], aspect: str) -> None:
    conv = Conv2d("conv", 3, 4, kernel_size)
    features = int(np.prod(conv.output_shape((3, 12, 12))))
    layers = (conv, ReLU("relu"), Flatten("flatten"), Linear("output", features, 2))
    network = fixed_network(layers, ("cat", "dog"), (3, 12, 12))
    seen = noise_pair(network, (12, 12))
    tiles: list[float] = []

    def look(scene: CompareScene, beat: str) -> None:
        if beat == "sweep":
            tiles.extend(tile.width / tile.height for tile in scene.board.tiles)

    setting = pair_setting(CompareScene, seen, theme_of("dark", aspect))
    assert not faults_in(CompareScene, setting)
    visit_beats(CompareScene, setting, look)
    rows, columns = kernel_size
    assert tiles == [pytest.approx(columns / rows)] * len(tiles)
    assert tiles


def test_a_filter_that_sees_one_colour_names_it() -> None:
    conv = Conv2d("conv", 3, 3, 3, groups=3)
    layers = (conv, ReLU("relu"), Flatten("flatten"), Linear("output", 300, 2))
    network = fixed_network(layers, ("cat", "dog"), (3, 12, 12))
    seen = noise_pair(network, (12, 12))
    theme = theme_of("dark", "16:9")
    setting = pair_setting(CompareScene, seen, theme, channel=2)
    assert not faults_in(CompareScene, setting)
    colours: set[str] = set()

    def look(scene: CompareScene, beat: str) -> None:
        if beat == "worked":
            family = scene.get_mobject_family_members()
            labels = [part for part in family if isinstance(part, Label)]
            colours.update(part.colour for part in labels if part.text == "blue")

    visit_beats(CompareScene, setting, look)
    assert theme.palette.channels[2] in colours


@pytest.mark.parametrize("aspect", ["16:9", "1:1"])
def test_names_above_narrow_maps_are_legible(aspect: str) -> None:
    conv = Conv2d("features_conv_1", 3, 2, 3, padding=1)
    layers = (conv, ReLU("relu"), Flatten("flatten"), Linear("output", 320, 2))
    network = fixed_network(layers, ("cat", "dog"), (3, 20, 8))
    seen = noise_pair(network, (20, 8))
    setting = pair_setting(CompareScene, seen, theme_of("dark", aspect))
    assert not [fault for fault in faults_in(CompareScene, setting) if "points" in fault]


def test_equal_pictures_are_said_to_be_equal(small_trace: Trace) -> None:
    setting = pair_setting(CompareScene, (small_trace, small_trace))
    assert not faults_in(CompareScene, setting)
    beats = visit_beats(CompareScene, setting, lambda stage, beat: None).beats
    captions = {beat.name: beat.caption for beat in beats}
    assert "nothing is left" in captions["difference"]
    assert "the same value" in captions["gap"]
    assert "both are taken for" in captions["answers"]


@pytest.mark.slow
def test_without_captions_what_stands_beside_the_pictures_has_its_room(pair: Pair) -> None:
    theme = theme_of("dark", "1:1")
    roomy = replace(theme, layout=theme.layout.without_captions())
    setting = pair_setting(CompareScene, pair, roomy, layer="conv_2")
    unseen = replace(setting, visibility=Visibility(captions=False))
    assert not faults_in(CompareScene, unseen)


@pytest.mark.parametrize("aspect", ["16:9", pytest.param("9:16", marks=pytest.mark.slow)])
def test_two_networks_have_weights_of_their_own(networks: Pair, aspect: str) -> None:
    setting = pair_setting(CompareScene, networks, theme_of("dark", aspect))
    assert not faults_in(CompareScene, setting)
    beats = visit_beats(CompareScene, setting, lambda stage, beat: None).beats
    assert beats[0].caption.startswith("One picture, two networks, A and B")
    for beat in (beats[1], beats[-2]):
        weights = {number for number in beat.numbers if number.quantity == "weight"}
        assert {number.side for number in weights} == {0, 1}


def test_the_place_that_is_worked_can_be_chosen(pair: Pair) -> None:
    setting = pair_setting(CompareScene, pair, pixel=(0, 27))
    assert not faults_in(CompareScene, setting)
    beats = {each.name: each for each in visit_beats(CompareScene, setting, _nothing).beats}
    assert beats["gap"].caption.startswith("At row 0, column 27, counted from 0")
    framed = [n.to_json() for n in beats["gap"].numbers]
    channel = setting.parameters.channel
    values = [float(each["conv_1"].output[channel, 0, 27]) for each in pair]
    shown = [n["value"] for n in framed]
    assert all(pytest.approx(value) in shown for value in values)


def test_the_usual_place_is_said_to_be_that(pair: Pair) -> None:
    one, two = (each["conv_1"] for each in pair)
    channel = telling_channel(one, two)
    usual = widest_gap(one.output[channel], two.output[channel])
    for given in (None, usual):
        setting = pair_setting(CompareScene, pair, pixel=given)
        beats = visit_beats(CompareScene, setting, _nothing).beats
        assert next(each for each in beats if each.name == "gap").caption.startswith("They differ")


def _nothing(stage: object, beat: str) -> None:
    """Look at nothing."""


def test_a_picture_of_one_colour_and_a_map_without_positives(small_network: Network) -> None:
    black, white = (
        trace(np.full((32, 32, 3), value, np.float32), small_network) for value in (0, 1)
    )
    lowest = min(range(6), key=lambda c: black["conv_1"].output[c].max())
    assert black["conv_1"].output[lowest].max() < 0
    setting = pair_setting(CompareScene, (black, white), channel=lowest)
    assert not faults_in(CompareScene, setting, but=["pale_maps"])
    setting = pair_setting(CompareScene, (black, black), channel=lowest)
    beats = visit_beats(CompareScene, setting, lambda stage, beat: None).beats
    assert "0% of the values in A, 0% in B" in beats[3].caption.replace("0.0%", "0%")


def test_the_worked_sums_are_torchs(pair: Pair) -> None:
    setting = pair_setting(CompareScene, pair)
    channel = setting.parameters.channel
    assert channel == telling_channel(*(each["conv_1"] for each in pair))
    outputs = []
    for each in pair:
        layer = each["conv_1"]
        picture, weight, bias = map(torch.tensor, (layer.input, layer.weight, layer.bias))
        outputs.append(torch.nn.functional.conv2d(picture[None], weight, bias)[0, channel].numpy())
    gap = np.abs(outputs[0] - outputs[1])
    row, column = np.unravel_index(gap.argmax(), gap.shape)
    assert (row, column) == widest_gap(*(each["conv_1"].output[channel] for each in pair))
    shown = [
        number
        for number in numbers_in(CompareScene, setting)
        if (number.get("layer"), number.get("row"), number.get("column")) == ("conv_1", row, column)
    ]
    for side in (0, 1):
        mine = [number for number in shown if number.get("side") == side]
        (total,) = {n["value"] for n in mine if n["quantity"] == "activation"}
        assert total == pytest.approx(float(outputs[side][row, column]), abs=1e-5)
        sums = {n["input_channel"]: n["value"] for n in mine if n["quantity"] == "channel_sum"}
        bias = float(pair[side]["conv_1"].bias[channel])
        assert sum(sums.values()) + bias == pytest.approx(total, abs=1e-5)
    (left,) = {n["value"] for n in shown if n["quantity"] == "difference"}
    assert abs(left) == pytest.approx(float(gap.max()), abs=1e-5)


def test_both_windows_are_in_one_place(pair: Pair) -> None:
    places: list[tuple[float, ...]] = []

    def look(stage: CompareScene, beat: str) -> None:
        if beat == "sweep":
            one, two = stage.board.halves
            for half in (one, two):
                if half.cursor not in stage.mobjects:
                    continue
                left, top, _, _ = half.map.corners()
                corner = half.cursor.points.min(axis=0)[0] - left, half.cursor.points[0, 1] - top
                places.append(tuple(np.round(corner, 6)))
            assert np.array_equal(one.map.cell_alpha, two.map.cell_alpha)

    visit_beats(CompareScene, pair_setting(CompareScene, pair), look)  # type: ignore[arg-type]
    assert places
    assert all(one == two for one, two in zip(places[::2], places[1::2], strict=True))


def test_its_beats(pair: Pair) -> None:
    beats: list[str] = []
    visit_beats(
        CompareScene, pair_setting(CompareScene, pair), lambda stage, beat: beats.append(beat)
    )
    assert list(dict.fromkeys(beats)) == BEATS


def test_each_beat_looks_as_stored(pair: Pair, request: pytest.FixtureRequest) -> None:
    assert_looks_as_stored(CompareScene, pair_setting(CompareScene, pair), request)


@pytest.mark.slow
def test_frames_are_those_of_a_full_repaint(pair: Pair) -> None:
    assert_is_exact(CompareScene, pair_setting(CompareScene, pair))


def test_what_cannot_be_compared_is_one_line(pair: Pair, small_trace: Trace) -> None:
    for given, message in (
        ({"layer": "conv_9"}, 'no convolution "conv_9": choose conv_1, conv_2'),
        ({"layer": "relu_1"}, 'no convolution "relu_1": choose conv_1, conv_2'),
        ({"channel": 6}, "no channel 6: choose 0 to 5"),
        ({"pixel": (30, 0)}, "no pixel 30,0: choose row 0 to 29 and column 0 to 29"),
        ({"pixel": (0, -1)}, "no pixel 0,-1: choose row"),
    ):
        with pytest.raises(UserError, match=message) as caught:
            CompareScene.resolve_both(*pair, CompareParameters(**given))  # type: ignore[arg-type]
        assert "\n" not in str(caught.value)
    with pytest.raises(UserError, match="compares two pictures, or two networks"):
        CompareScene.resolve(small_trace, CompareParameters())


def test_networks_with_other_layers_are_one_line(small_trace: Trace) -> None:
    layers = (
        Conv2d("conv_1", 3, 6, 5),
        ReLU("relu_1"),
        Conv2d("conv_b", 6, 2, 3),
        Flatten("flatten"),
        Linear("output", 2 * 26 * 26, 2),
    )
    network = fixed_network(layers, ("cat", "dog"), (3, 32, 32))
    other = trace(np.moveaxis(small_trace.picture, 0, 2).copy(), network)
    for given in ({}, {"layer": "conv_1"}):
        with pytest.raises(UserError, match="no convolution of one name and one size"):
            CompareScene.resolve_both(small_trace, other, CompareParameters(**given))


@pytest.mark.parametrize("aspect", ASPECTS)
def test_the_difference_fills_its_part_of_the_stage(aspect: Aspect) -> None:
    """In 1:1 and 9:16 three maps in a line left a third of the stage empty."""
    layout = theme_of("dark", aspect).layout
    places = DifferencePlaces.of(layout, (62, 62), 2.0)
    *operands, result = (min(zone.width, zone.height) for zone in places.maps)
    assert result >= max(operands)
    widths = {"16:9": 0.28, "1:1": 0.45, "9:16": 0.5}
    assert result >= widths[aspect] * layout.stage.width


def test_in_square_frames_products_are_written_out(pair: Pair) -> None:
    """They were tiny cells of colours without numbers, far apart."""
    setting = pair_setting(CompareScene, pair, theme_of("dark", "1:1"))
    scene = visit_beats(CompareScene, setting, lambda stage, beat: None)
    assert scene.worked.has_numbers
    for table in scene.worked.tables:
        assert table.sign.get_right()[0] < table.total.get_left()[0] - 0.02
    assert not faults_in(CompareScene, setting)


def test_a_gap_that_is_everywhere_is_not_said_to_be_in_one_place(small_network: Network) -> None:
    black, white = (
        trace(np.full((32, 32, 3), value, np.float32), small_network) for value in (0, 1)
    )
    beats = visit_beats(CompareScene, pair_setting(CompareScene, (black, white)), lambda *_: None)
    (caption,) = (beat.caption for beat in beats.beats if beat.name == "gap")
    assert caption.startswith("Nowhere do they differ more")


def test_no_place_of_equal_plain_maps_is_said_to_be_the_highest(small_network: Network) -> None:
    white = trace(np.full((32, 32, 3), 1, np.float32), small_network)
    beats = visit_beats(CompareScene, pair_setting(CompareScene, (white, white)), lambda *_: None)
    (caption,) = (beat.caption for beat in beats.beats if beat.name == "gap")
    assert caption.startswith("Nowhere is the map higher")


@pytest.mark.parametrize("aspect", ASPECTS)
def test_while_windows_glide_what_they_lie_on_is_seen_from_near(pair: Pair, aspect: Aspect) -> None:
    """Below the pictures there was the filter alone, small, when the sums were gone."""
    setting = pair_setting(CompareScene, pair, theme_of("dark", aspect))
    seen = []

    def look(scene: CompareScene, beat: str) -> None:
        drawn = scene.get_mobject_family_members()
        if beat == "sweep" and any(getattr(each, "text", "") == "A: patch" for each in drawn):
            seen.extend(each.bitmap.rgba[..., :3] for each in drawn if _is_patch(each))

    scene = visit_beats(CompareScene, setting, look)
    side = scene.board.numbers[0].layer.window.kernel_sizes
    half = scene.board.halves[0]
    assert {each.shape[:2] for each in seen} == {side}
    for row, column in ((0, 0), (4, 7)):
        own = np.moveaxis(pair[0].picture, 0, 2)[row : row + side[0], column : column + side[1]]
        assert np.allclose(half.patch_at(row, column), 255 * own, atol=1)


def _is_patch(mobject: object) -> bool:
    return isinstance(mobject, HeatMap) and mobject.bitmap.rgba.shape[:2] == (3, 3)


def test_one_picture_does_not_pass_over_the_other(pair: Pair) -> None:
    """In square frames the second comes from the right to below the first."""
    setting = pair_setting(CompareScene, pair, theme_of("dark", "1:1"))
    scene = visit_beats(CompareScene, setting, lambda stage, beat: None)
    ends = [half.picture.corners() for half in scene.board.halves]
    layout = setting.theme.layout
    side = layout.stage.width / 2 - 0.15
    starts = [
        (left, side / 2, left + side, -side / 2) for left in (layout.left, layout.right - side)
    ]
    rates = rates_apart(starts, ends)
    covered = []
    for time in np.linspace(0.0, 1.0, 41):
        one, two = (
            between(start, end, rate(float(time)))
            for start, end, rate in zip(starts, ends, rates, strict=True)
        )
        wide = min(one[2], two[2]) - max(one[0], two[0])
        high = min(one[1], two[1]) - max(one[3], two[3])
        covered.append(max(wide, 0.0) * max(high, 0.0) / (ends[0][2] - ends[0][0]) ** 2)
    assert max(covered) < 0.1
    assert rates_apart(starts, starts) == (smooth, smooth)


def test_in_square_frames_maps_grow_over_their_pictures_and_cross_nothing(pair: Pair) -> None:
    """The stage was two empty frames, which crossed each other, until they were filled."""
    overlaps, shares = [], []

    def note(scene: LectureScene, beat: str) -> None:
        if beat != "sweep":
            return
        halves = scene.board.halves
        shown = scene.present(half.picture for half in halves)
        if len(shown) < 2 or shown[0].opacity == 1:
            return
        one, two = (half.picture.corners() for half in halves)
        wide = min(one[2], two[2]) - max(one[0], two[0])
        high = min(one[1], two[1]) - max(one[3], two[3])
        overlaps.append(max(wide, 0.0) * max(high, 0.0))
        shares.append(2 * (one[2] - one[0]) * (one[1] - one[3]))

    setting = pair_setting(CompareScene, pair, theme_of("dark", "1:1"))
    visit_beats(CompareScene, setting, note)
    stage = setting.theme.layout.stage
    assert max(overlaps) == 0
    assert max(shares) > stage.width * stage.height / 3
