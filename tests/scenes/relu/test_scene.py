"""ReLU as a film: what it shows is true, legible, and the same on every machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnnviz.cli.main import main
from cnnviz.errors import UserError
from cnnviz.layers import Conv2d, Flatten, Linear, ReLU
from cnnviz.layers.relu6 import ReLU6
from cnnviz.model.trace import Trace
from cnnviz.network import trace
from cnnviz.scenes.relu.scene import ReluScene
from cnnviz.staging.scene import LectureScene
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import (
    faults_but_small_type,
    faults_in,
    numbers_in,
    setting_of,
    visit_beats,
)

BEATS = ["place", "row", "graph", "clip", "keep", "wave", "count"]


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


CASES = {
    "nothing": biased(100.0),
    "everything": biased(-100.0),
    "zeros": biased(0.0),
    "large": biased(0.1, (3, 70, 70)),
    "first": first_layer(),
}


def test_the_command_makes_a_whole_clip(
    tmp_path: Path, small_weights: Path, small_trace: Trace
) -> None:
    film = tmp_path / "relu.mp4"
    call = ["render", "relu", "-q", "l", "--fps", "5", "--pace", "0.2", "--layer", "relu_2"]
    assert main([*call, "--weights", str(small_weights), "-o", str(film)]) == 0
    manifest = json.loads(film.with_suffix(".json").read_text(encoding="utf-8"))
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
        ("nothing", "light", "9:16", "zh", {}),
        ("everything", "light", "16:9", "zh", {}),
        ("everything", "dark", "1:1", "en", {"channel": 1, "pixel": (9, 17)}),
        ("zeros", "dark", "16:9", "zh", {}),
        ("zeros", "light", "1:1", "en", {"pixel": (0, 0)}),
        ("large", "dark", "9:16", "en", {}),
        ("large", "light", "1:1", "zh", {"pixel": (67, 67)}),
        ("first", "light", "16:9", "en", {}),
    ],
)
def test_nothing_overlaps_or_leaves_the_frame(
    name: str, theme: str, aspect: str, language: str, parameters: dict[str, Any]
) -> None:
    setting = setting_of(ReluScene, CASES[name], theme_of(theme, aspect), language, **parameters)
    assert not faults_but_small_type(ReluScene, setting)


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
@pytest.mark.parametrize("language", ["en", "zh"])
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
    assert [beat.name for beat in beats_shown] == ["place", "row", "graph", *beats, "wave", "count"]
    assert captions[0] in beats_shown[0].caption
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


def test_a_relu_that_ends_at_six_is_refused_by_its_name() -> None:
    layers = (
        Conv2d("conv", 3, 3, 1),
        ReLU6("limited"),
        Flatten("flatten"),
        Linear("output", 12, 2),
    )
    network = fixed_network(layers, ("cat", "dog"), (3, 2, 2))
    with pytest.raises(UserError, match='"limited" is a ReLU6, which also ends at 6'):
        ReluScene.resolve(trace(np.zeros((8, 8, 3), np.float32), network), ReluScene.Parameters())
