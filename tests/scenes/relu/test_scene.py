"""ReLU as a film: what it shows is true, legible, and the same on every machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnnviz.errors import UserError
from cnnviz.layers import Conv2d, Flatten, Linear, ReLU, ReLU6
from cnnviz.model.trace import Trace
from cnnviz.network import trace
from cnnviz.scenes.relu.board import ReluBoard, row_zones
from cnnviz.scenes.relu.scene import ReluScene
from cnnviz.staging.scene import LectureScene
from cnnviz.style.names import Aspect
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import (
    faults_but_small_type,
    faults_in,
    manifest_of_film,
    numbers_in,
    setting_of,
    visit_beats,
    words_of,
)

BEATS = ["photo", "place", "row", "graph", "clip", "keep", "wave", "count"]


def biased(bias: float, size: tuple[int, int, int] = (3, 12, 20)) -> Trace:
    """Return what noise does where a convolution's biases are all the same."""
    rows, columns = size[1] - 2, size[2] - 2
    layers = (
        Conv2d("conv_whose_name_is_far_too_long_for_its_place", size[0], 2, 3),
        ReLU("relu_whose_name_is_far_too_long_for_its_place"),
        Flatten("flatten"),
        Linear("output", 2 * rows * columns, 2),
    )
    network = fixed_network(layers, ("cat", "dog"), size)
    convolution = network.module[0]
    convolution.bias.data.fill_(bias)
    if not bias:
        convolution.weight.data.fill_(0.0)
    return trace(np.random.default_rng(2).random((40, 40)).astype(np.float32), network)


def first_layer() -> Trace:
    """Return a network that begins with ReLU, on a grey picture of few pixels."""
    layers = (
        ReLU("relu"),
        Conv2d("conv", 1, 1, 1),
        Flatten("flatten"),
        Linear("output", 20, 2),
    )
    network = fixed_network(layers, ("cat", "dog"), (1, 4, 5))
    return trace(np.random.default_rng(2).random((40, 40)).astype(np.float32), network)


def limited(bias: float, spread: float) -> Trace:
    """Return what noise does before a ReLU6, where a convolution's outputs lie so."""
    layers = (Conv2d("conv", 3, 2, 1), ReLU6("limited"), Flatten("flatten"), Linear("out", 480, 2))
    network = fixed_network(layers, ("cat", "dog"), (3, 12, 20))
    convolution = network.module[0]
    convolution.weight.data.fill_(spread / 3)  # the mean of red, green and blue, from 0 to 1
    convolution.bias.data.fill_(bias)
    return trace(np.random.default_rng(2).random((40, 40, 3)).astype(np.float32), network)


CASES = {
    "nothing": biased(100.0),
    "everything": biased(-100.0),
    "zeros": biased(0.0),
    "large": biased(0.1, (3, 70, 70)),
    "first": first_layer(),
}


def test_the_command_makes_a_whole_clip(tmp_path: Path, small_weights: Path) -> None:
    film = tmp_path / "relu.mp4"
    manifest = manifest_of_film("relu", film, small_weights, "--layer", "relu_2")
    assert [beat["name"] for beat in manifest["beats"]] == BEATS


@pytest.mark.parametrize(
    "parameters", [{}, {"layer": "relu_1", "channel": 2, "pixel": (0, 29)}, {"layer": "relu_2"}]
)
def test_every_number_is_the_networks(small_trace: Trace, parameters: dict[str, Any]) -> None:
    setting = setting_of(ReluScene, small_trace, **parameters)
    layer, channel = setting.parameters.layer, setting.parameters.channel
    values = small_trace[layer].input[channel].astype(np.float64)
    shown = numbers_in(ReluScene, setting)
    followed = set()
    for number in shown:
        if number["quantity"] == "activation":
            pixel = (number["row"], number["column"])
            expected = values[pixel] if number["layer"] != layer else max(0.0, values[pixel])
            assert number["value"] == pytest.approx(expected)
            assert float(number["shown"].replace("−", "-")) == pytest.approx(expected, abs=0.00501)
            followed.add((pixel, np.sign(values[pixel])))
    assert {sign for _, sign in followed} == {-1.0, 1.0}
    assert setting.parameters.pixel in {pixel for pixel, _ in followed}
    clipped = int((values < 0).sum())
    assert {number["value"] for number in shown if number["quantity"] == "count"} == {
        clipped,
        values.size,
    }
    shares = [number["value"] for number in shown if number["quantity"] == "share"]
    assert shares == [pytest.approx(clipped / values.size)]


def test_the_bars_are_the_values(small_trace: Trace) -> None:
    """Areas of the bars, in values: all of them, at every pause, piled at zero at the end."""
    setting = setting_of(ReluScene, small_trace)
    values = small_trace[setting.parameters.layer].input[setting.parameters.channel]
    heights: list[tuple[float, float, float]] = []

    def height(part: Any) -> float:
        corners = part.points.reshape(-1, 16, 3)
        return float((corners[:, :, 1].max(axis=1) - corners[:, :, 1].min(axis=1)).sum())

    def look(scene: LectureScene, beat: str) -> None:
        if beat in ("wave", "count"):
            bars = scene.board.graph.bars  # type: ignore[attr-defined]
            heights.append(tuple(height(part) for part in (bars.below, bars.above, bars.pile)))

    visit_beats(ReluScene, setting, look)
    unit = sum(heights[-1]) / values.size
    negative = int((values < 0).sum())
    assert np.array(heights[-1]) / unit == pytest.approx([0, values.size - negative, negative])
    grown = next(each for each in heights if each[0] > 0)
    assert grown[0] / sum(grown) == pytest.approx(negative / values.size)


@pytest.mark.parametrize(
    ("name", "theme", "aspect", "language", "parameters"),
    [
        ("nothing", "dark", "16:9", "en", {}),
        ("everything", "light", "9:16", "zh", {}),
        ("everything", "dark", "1:1", "en", {"channel": 1, "pixel": (9, 17)}),
        ("zeros", "dark", "16:9", "zh", {}),
        pytest.param("zeros", "light", "1:1", "en", {"pixel": (0, 0)}, marks=pytest.mark.slow),
        ("large", "dark", "9:16", "en", {"pixel": (67, 67)}),
        ("first", "light", "16:9", "en", {}),
    ],
)
def test_nothing_overlaps_or_leaves_the_frame(
    name: str, theme: str, aspect: str, language: str, parameters: dict[str, Any]
) -> None:
    setting = setting_of(ReluScene, CASES[name], theme_of(theme, aspect), language, **parameters)
    assert not faults_but_small_type(ReluScene, setting)


@pytest.mark.parametrize(
    ("aspect", "language"),
    [
        ("9:16", "zh"),
        pytest.param("16:9", "en", marks=pytest.mark.slow),
        pytest.param("1:1", "zh", marks=pytest.mark.slow),
    ],
)
def test_the_usual_map(small_trace: Trace, aspect: str, language: str) -> None:
    setting = setting_of(ReluScene, small_trace, theme_of("light", aspect), language)
    assert not faults_in(ReluScene, setting)


@pytest.mark.parametrize(
    ("name", "beats", "captions"),
    [
        ("nothing", ["keep"], ("no value of this map is below zero", "Nothing was clipped")),
        (
            "everything",
            ["clip"],
            ("no value of this map is above zero", "Nothing above zero is left"),
        ),
        ("zeros", ["zero"], ("no value of this map is below zero", "Nothing was clipped")),
    ],
)
def test_maps_with_nothing_or_everything_to_clip(
    name: str, beats: list[str], captions: tuple[str, str]
) -> None:
    setting = setting_of(ReluScene, CASES[name])
    beats_shown = visit_beats(ReluScene, setting, lambda scene, beat: None).beats
    assert [beat.name for beat in beats_shown] == [*BEATS[:4], *beats, *BEATS[-2:]]
    assert captions[0] in beats_shown[1].caption
    assert captions[1] in beats_shown[-1].caption


def test_vectors_have_no_map_to_show() -> None:
    layers = (
        Conv2d("conv", 3, 3, 1),
        Flatten("flatten"),
        Linear("hidden", 12, 4),
        ReLU("relu"),
        Linear("output", 4, 2),
    )
    network = fixed_network(layers, ("cat", "dog"), (3, 2, 2))
    with pytest.raises(UserError, match="no pixels"):
        ReluScene.resolve(trace(np.zeros((8, 8, 3), np.float32), network), ReluScene.Parameters())


LIMITED = {
    "both": (limited(-18.0, 40.0), ["clip", "keep", "above"]),
    "below": (limited(-3.0, 6.0), ["clip", "keep"]),
    "above": (limited(2.0, 10.0), ["keep", "above"]),
    "none": (limited(1.0, 4.0), ["keep"]),
    "only above": (limited(100.0, 1.0), ["above"]),
}


@pytest.mark.parametrize("name", LIMITED)
def test_relu6_counts_what_is_clipped_at_both_ends(name: str) -> None:
    looked, expected = LIMITED[name]
    setting = setting_of(ReluScene, looked)
    values = looked["limited"].input[setting.parameters.channel].astype(np.float64)
    beats = visit_beats(ReluScene, setting, lambda scene, beat: None).beats
    named = [beat.name for beat in beats]
    assert named == [*BEATS[:4], *expected, *BEATS[-2:]]
    below, above = int((values < 0).sum()), int((values > 6).sum())
    counts = [number.value for number in beats[-1].numbers if number.quantity == "count"]
    assert {below, above, values.size} == set(counts)
    assert f"of {values.size} values" in beats[-1].description
    for count in (below, above):
        assert not count or str(count) in beats[-1].description
    shares = [number.value for number in beats[-1].numbers if number.quantity == "share"]
    assert sorted(shares) == pytest.approx(sorted({below / values.size, above / values.size}))
    assert ("is negative" in beats[-2].caption) == (below == 0)
    assert ("above 6 pile up" in beats[-2].caption) == (above > 0)
    for number in (number for beat in beats for number in beat.numbers):
        if number.quantity == "activation" and number.layer == "limited":
            assert number.value == pytest.approx(np.clip(values[number.row, number.column], 0, 6))


@pytest.mark.parametrize(
    ("name", "aspect", "language"),
    [
        ("both", "1:1", "zh"),
        ("above", "9:16", "en"),
        ("below", "16:9", "en"),
        ("none", "1:1", "en"),
    ],
)
def test_relu6_is_legible(name: str, aspect: str, language: str) -> None:
    setting = setting_of(ReluScene, LIMITED[name][0], theme_of("light", aspect), language)
    assert not faults_in(ReluScene, setting)


def test_relu6_rises_to_six_and_goes_on_flat() -> None:
    setting = setting_of(ReluScene, LIMITED["both"][0])
    corners = []

    def look(scene: LectureScene, beat: str) -> None:
        if beat == "graph":
            graph = scene.board.graph  # type: ignore[attr-defined]
            places = (-graph.axes.limit, 0.0), (0.0, 0.0), (6.0, 6.0), (graph.axes.limit, 6.0)
            corners.append([graph.axes.point(*place) for place in places])
            corners.append([graph.curve.points[0], *graph.curve.points[3::4]])

    visit_beats(ReluScene, setting, look)
    np.testing.assert_allclose(corners[-2], corners[-1], atol=1e-6)


@pytest.mark.parametrize("aspect", ["9:16", "1:1"])
def test_the_map_has_its_room_alone_until_the_map_after_comes(
    small_trace: Trace, aspect: Aspect
) -> None:
    """Half of the maps' room was empty beside the row's curve."""
    setting = setting_of(ReluScene, small_trace, theme_of("dark", aspect))
    maps, _ = row_zones(setting.theme.layout)
    centres: dict[str, Any] = {}

    def look(scene: Any, beat: str) -> None:
        for panel in (scene.board.alone, scene.board.before):
            if scene.present([panel.map]):
                centres[beat] = panel.map.get_center()

    visit_beats(ReluScene, setting, look)
    along = int(aspect == "1:1")  # x or y
    assert centres["row"][along] == pytest.approx(maps.centre[along], abs=0.3)  # with its legend
    assert abs(centres["graph"][along] - maps.centre[along]) > 1


@pytest.mark.parametrize(("aspect", "share"), [("9:16", 0.6), ("1:1", 0.4)])
def test_the_map_beside_its_rows_curve_is_large(
    small_trace: Trace, aspect: str, share: float
) -> None:
    """It was as small as beside the map after, and half of the stage was empty."""
    theme = theme_of("dark", aspect)
    board = ReluBoard(small_trace, "relu_1", 0, theme, words_of("relu"))
    assert board.alone.map.width > share * theme.layout.stage.width
    curve = board.row_curve()
    assert curve is not None
    axis = 1 if aspect == "9:16" else 0  # below the map, or at its right
    ends = [part.get_corner([1, -1, 0])[axis] for part in board.alone.parts]
    start = curve.name.get_corner([-1, 1, 0])[axis]
    assert start < min(ends) if aspect == "9:16" else start > max(ends)


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
def test_the_map_alone_takes_a_third_of_the_stage(small_trace: Trace, aspect: Aspect) -> None:
    """In 16:9 the legend below it left it a quarter."""
    theme = theme_of("dark", aspect)
    board = ReluBoard(small_trace, "relu_1", 0, theme, words_of("relu"))
    stage, (legend,) = theme.layout.stage, board.whole.legends
    assert board.whole.map.width * board.whole.map.height > stage.width * stage.height / 3
    assert stage.left <= legend.get_left()[0]
    assert legend.get_right()[0] <= stage.right


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75, 1.0])
def test_the_area_under_the_function_reaches_as_far_as_its_curve(
    small_trace: Trace, share: float
) -> None:
    board = ReluBoard(small_trace, "relu_1", 0, theme_of("dark", "16:9"), words_of("relu"))
    graph = board.graph
    graph.show_area(share)
    above, below = graph.area.parts
    assert np.ptp(below.points[:, 1]) == pytest.approx(0)
    if share <= 0.5:
        assert np.ptp(above.points[:, 1]) == pytest.approx(0)
    else:
        end = graph.axes.limit * (2 * share - 1)
        assert above.points[:, 0].max() == pytest.approx(graph.axes.point(end, 0.0)[0])
        assert above.points[:, 1].max() == pytest.approx(graph.axes.point(end, end)[1])


def test_a_number_on_the_area_under_the_function_stands_on_a_plate(small_trace: Trace) -> None:
    """Grey on blue it was too pale."""
    board = ReluBoard(small_trace, "relu_1", 0, theme_of("light", "1:1"), words_of("relu"))
    values = board.values
    small = np.unravel_index(np.argmin(np.where(values > 0, values, np.inf)), values.shape)
    low, high = np.unravel_index([values.argmin(), values.argmax()], values.shape)
    pixels = [small, (low[0], high[0]), (low[1], high[1])]
    points = [board.graph.point(board.quantities((int(r), int(c)))[0]) for r, c in pixels]
    assert [len(point.texts) for point in points] == [2, 1, 1]
    plate, label = points[0].texts
    assert plate.get_left()[0] < label.get_left()[0] < label.get_right()[0] < plate.get_right()[0]


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (limited(-2.0, 12.0), "A value from 0 to 6 stays"),
        (CASES["large"], "A positive value stays"),
    ],
)
def test_what_is_kept_is_said_of_those_that_are(seen: Trace, said: str) -> None:
    """Of a ReLU6 not every positive value stays as it is."""
    beats = visit_beats(ReluScene, setting_of(ReluScene, seen), lambda scene, beat: None).beats
    (kept,) = (beat for beat in beats if beat.name == "keep")
    assert kept.caption.startswith(said)
