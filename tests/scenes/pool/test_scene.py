"""Max pooling as a film: what it shows is true, legible, and the same on every machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnnviz.explain.places import Place
from cnnviz.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from cnnviz.model.trace import Trace
from cnnviz.network import trace
from cnnviz.scenes.pool.board import PoolBoard
from cnnviz.scenes.pool.scene import PoolScene
from cnnviz.style.names import ASPECTS, Aspect
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.pooled import pooled
from tests.scenes.stage import (
    faults_but_small_type,
    faults_in,
    manifest_of_film,
    numbers_in,
    setting_of,
    visit_beats,
    words_of,
)

BEATS = ["photo", "place", "window", "more", "sweep", "result"]


CONV = Conv2d("conv", 3, 4, 3)
LONG_NAME = Conv2d("a_convolution_whose_name_is_far_too_long_for_its_place", 3, 70, 3)
STACKS = {
    "overlapping, odd": pooled(MaxPool2d("pool", 3, 2), (3, 24, 17), CONV, ReLU("relu")),
    "gaps": pooled(MaxPool2d("pool", 2, 3), (3, 20, 20), CONV, ReLU("relu")),
    "left over": pooled(MaxPool2d("pool", 2, 2), (3, 23, 31), LONG_NAME, ReLU("relu")),
    "large, signed": pooled(MaxPool2d("pool", 9, 9), (3, 42, 42), CONV),
    "first": pooled(MaxPool2d("pool", 2, 2), (1, 9, 13), after=(Conv2d("conv", 1, 1, 1),)),
    "single": pooled(MaxPool2d("pool", 6, 6), (3, 8, 8), CONV),
    "nothing dropped": pooled(MaxPool2d("pool", 1, 1), (3, 8, 8), CONV),
    "skipping": pooled(MaxPool2d("pool", 1, 2), (3, 8, 8), CONV, ReLU("relu")),
    "padded": pooled(MaxPool2d("pool", 3, 2, 1), (3, 22, 19), CONV),
    "wide": pooled(MaxPool2d("pool", (1, 3), (2, 2), (0, 1, 0, 0)), (3, 18, 18), CONV),
    "tall": pooled(MaxPool2d("pool", (3, 1), (3, 1)), (3, 18, 23), CONV, ReLU("relu")),
    "large, padded": pooled(MaxPool2d("pool", 9, 9, 4), (3, 42, 42), CONV),
}


def test_no_windows_formula_stays_while_others_go_together(small_trace: Trace) -> None:
    """And what is said then is of as many windows as go."""
    setting = setting_of(PoolScene, small_trace, pixel=(7, 7))
    seen = []

    def look(scene: Any, beat: str) -> None:
        calculation = scene.board.calculation
        if beat == "more":
            seen.append(len(scene.present([*calculation.parts, calculation.rest])))
            seen.append(calculation.rest.text)

    visit_beats(PoolScene, setting, look)
    assert seen[1] == ""
    assert seen[0] > 1
    assert seen[-2] == 1
    assert seen[-1].startswith("the other 4 windows at once")


def test_the_command_makes_a_whole_clip(tmp_path: Path, small_weights: Path) -> None:
    film = tmp_path / "pool.mp4"
    manifest = manifest_of_film("pool", film, small_weights, "--pixel", "7,7")
    assert [beat["name"] for beat in manifest["beats"]] == BEATS


@pytest.mark.parametrize("name", STACKS)
def test_every_number_is_the_networks(name: str) -> None:
    setting = setting_of(PoolScene, STACKS[name])
    layer_trace, channel = STACKS[name]["pool"], setting.parameters.channel
    window = layer_trace.layer.window
    (high, wide), (down, across) = window.kernel_sizes, window.strides
    top, left, bottom, right = window.paddings
    values = layer_trace.input[channel]
    padded = np.pad(values, ((top, bottom), (left, right)), constant_values=-np.inf)
    rows, columns = layer_trace.output.shape[1:]
    wins = np.zeros(values.shape, int)
    places = np.zeros((high, wide), int)
    largest = np.zeros((rows, columns), np.float32)
    for row in range(rows):
        for column in range(columns):
            patch = padded[row * down :, column * across :][:high, :wide]
            u, v = divmod(int(patch.argmax()), wide)
            wins[row * down + u - top, column * across + v - left] += 1
            places[u, v] += patch[np.isfinite(patch)].any()
            largest[row, column] = patch[u, v]
    shown = numbers_in(PoolScene, setting)
    activations = [number for number in shown if number["quantity"] == "activation"]
    for number in activations:
        source = largest if number["layer"] == "pool" else values
        assert number["value"] == source[number["row"], number["column"]]
    assert any(number["layer"] == "pool" for number in activations)
    row, column = setting.parameters.pixel
    assert any(
        number["layer"] == "pool" and (number["row"], number["column"]) == (row, column)
        for number in activations
    )
    for number in shown:
        if number["quantity"] == "share":
            assert number["value"] == pytest.approx((wins == 0).mean())
        if "kernel_row" in number:
            assert number["value"] == places[number["kernel_row"], number["kernel_column"]]
    sizes = [number["value"] for number in shown if number["quantity"] == "size"]
    assert set(sizes) == {*values.shape, rows, columns}


@pytest.mark.parametrize(
    ("name", "theme", "aspect", "language"),
    [
        ("overlapping, odd", "dark", "16:9", "zh"),
        ("gaps", "light", "1:1", "en"),
        ("left over", "light", "16:9", "en"),
        pytest.param("left over", "dark", "9:16", "zh", marks=pytest.mark.slow),
        ("large, signed", "dark", "16:9", "en"),
        ("padded", "dark", "16:9", "en"),
        ("padded", "light", "1:1", "zh"),
        pytest.param("padded", "dark", "9:16", "en", marks=pytest.mark.slow),
        ("wide", "dark", "9:16", "en"),
        ("tall", "dark", "1:1", "zh"),
        pytest.param("large, padded", "dark", "16:9", "en", marks=pytest.mark.slow),
        pytest.param("first", "light", "9:16", "en", marks=pytest.mark.slow),
        ("single", "dark", "16:9", "en"),
        pytest.param("nothing dropped", "dark", "1:1", "zh", marks=pytest.mark.slow),
        pytest.param("skipping", "light", "16:9", "zh", marks=pytest.mark.slow),
    ],
)
def test_nothing_overlaps_or_leaves_the_frame(
    name: str, theme: str, aspect: str, language: str
) -> None:
    setting = setting_of(PoolScene, STACKS[name], theme_of(theme, aspect), language)
    faults = faults_but_small_type if name == "left over" else faults_in
    assert not faults(PoolScene, setting)


@pytest.mark.parametrize(
    ("aspect", "language"),
    [
        ("9:16", "zh"),
        pytest.param("16:9", "en", marks=pytest.mark.slow),
        pytest.param("1:1", "zh", marks=pytest.mark.slow),
    ],
)
def test_the_usual_window(small_trace: Trace, aspect: str, language: str) -> None:
    setting = setting_of(PoolScene, small_trace, theme_of("dark", aspect), language)
    assert not faults_in(PoolScene, setting)


@pytest.mark.parametrize(("shade", "aspect"), [(0.0, "16:9"), (1.0, "1:1")])
def test_pictures_of_one_colour_are_all_ties(shade: float, aspect: str) -> None:
    network = fixed_network(
        (CONV, ReLU("relu"), MaxPool2d("pool", 2, 2), Flatten("flatten"), Linear("out", 196, 2)),
        ("cat", "dog"),
        (3, 16, 16),
    )
    flat = trace(np.full((5, 9, 3), shade, np.float32), network)
    setting = setting_of(PoolScene, flat, theme_of("dark", aspect))
    assert not faults_in(PoolScene, setting)
    beats = visit_beats(PoolScene, setting, lambda scene, beat: None).beats
    is_zero = "are zero: a zero goes on" in beats[2].caption
    assert is_zero or "tie" in beats[2].caption
    counts = [number for number in beats[-1].numbers if number.kernel_row is not None]
    assert [count.value for count in counts] == [0 if is_zero else 49, 0, 0, 0]


@pytest.mark.parametrize(
    ("name", "caption", "words"),
    [
        ("overlapping, odd", 1, "overlap"),
        ("gaps", 1, "never looked at"),
        ("left over", 1, "left over"),
        ("nothing dropped", -1, "nothing is dropped"),
        ("wide", 1, "reach over the edge"),
        ("tall", -1, "From 16×21 to 5×21"),
        ("skipping", -1, "75% of the numbers are skipped"),
        ("left over", -1, "From 21×29 to 10×14"),
    ],
)
def test_captions_say_how_the_windows_lie(name: str, caption: int, words: str) -> None:
    setting = setting_of(PoolScene, STACKS[name])
    beats = visit_beats(PoolScene, setting, lambda scene, beat: None).beats
    assert words in beats[caption].caption


def test_a_single_window_overlaps_no_other_whatever_its_stride() -> None:
    setting = setting_of(PoolScene, pooled(MaxPool2d("pool", 6, 1), (3, 8, 8), CONV))
    beats = visit_beats(PoolScene, setting, lambda scene, beat: None).beats
    assert "overlap" not in beats[1].caption


def test_of_a_single_window_is_not_said_that_a_frame_passes_over_windows() -> None:
    setting = setting_of(PoolScene, STACKS["single"])
    place = visit_beats(PoolScene, setting, lambda *_: None).beats[1]
    assert "through one window" in place.caption
    assert "passes over" not in place.description


def test_a_single_window_has_no_others() -> None:
    setting = setting_of(PoolScene, STACKS["single"])
    beats = visit_beats(PoolScene, setting, lambda scene, beat: None).beats
    assert [beat.name for beat in beats] == ["photo", "place", "window", "sweep", "result"]


def test_padding_is_minus_infinity_and_said_to_be_never_chosen() -> None:
    setting = setting_of(PoolScene, STACKS["padded"], pixel=(0, 0))
    beats = visit_beats(PoolScene, setting, lambda scene, beat: None).beats
    assert "padding there counts as −∞ and is never chosen" in beats[1].caption
    assert beats[2].caption.startswith("Of 4 numbers only the largest")
    shown = [number for number in numbers_in(PoolScene, setting) if number["quantity"] == "padding"]
    assert {number["shown"] for number in shown} == {"−∞"}
    assert {(number["row"], number["column"]) for number in shown} >= {(-1, -1), (0, -1), (-1, 0)}


def test_beside_an_upright_map_what_it_becomes_is_as_high() -> None:
    upright = pooled(MaxPool2d("pool", 2), (3, 50, 14), CONV)
    made = visit_beats(PoolScene, setting_of(PoolScene, upright), lambda *_: None)
    board = made.board
    assert board.whole_after.map.height > 0.85 * board.whole.map.height


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("size", [1.0, 0.004])
def test_lines_to_the_enlarged_block_pass_the_legend(aspect: Aspect, size: float) -> None:
    """In square frames one ran through the last number below the map's colours."""
    layers = (Conv2d("conv", 3, 1, 3), MaxPool2d("pool", 2, 2), Flatten("flatten"))
    network = fixed_network((*layers, Linear("output", 900, 2)), ("one", "two"), (3, 62, 62))
    network.module.conv.weight.data.mul_(size)
    network.module.conv.bias.data.fill_(0.033)
    noise = np.random.default_rng(2).random((62, 62, 3), np.float32)
    theme, seen = theme_of("dark", aspect), trace(noise, network)
    for row in (0, 14, 29):
        board = PoolBoard(seen, Place("pool", 0, row, 29), theme, words_of("pool"))
        assert board.before.legend is not None
        ends = [each.corners() for each in board.before.legend.numbers]
        for curve in board.guides.get_cubic_bezier_tuples():
            for share in np.linspace(0.0, 1.0, 60):
                x, y, _ = curve[0] + share * (curve[-1] - curve[0])
                assert not any(a < x < c and d < y < b for a, b, c, d in ends)
