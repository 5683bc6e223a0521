"""The hyperparameters as a film: every combination is explained, legible, and calculated right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnnviz.cli.main import main
from cnnviz.errors import UserError
from cnnviz.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from cnnviz.layers.windows import WindowGeometry
from cnnviz.model.trace import Trace
from cnnviz.network import Network, trace
from cnnviz.scenes.hyperparameters.board import HyperparametersBoard
from cnnviz.scenes.hyperparameters.scene import HyperparametersScene
from cnnviz.scenes.hyperparameters.sizes import SlidingExample
from cnnviz.scenes.hyperparameters.turning import TURNS as TURNED
from cnnviz.scenes.hyperparameters.turning import with_value
from cnnviz.staging.scene import LectureScene
from cnnviz.style.names import ASPECTS
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

TURNS = [f"turn_{name}" for name in TURNED]
SLIDE = ["first", "slide", "formula"]
BEATS = ["input", "padding", "kernel", *SLIDE, *TURNS, "network"]

CASES: dict[str, dict[str, int]] = {
    "default": {},
    "left over and skipped": {
        "input_size": 6,
        "kernel_size": 2,
        "padding": 0,
        "stride": 2,
        "dilation": 2,
    },
    "stride beyond the window": {
        "input_size": 8,
        "kernel_size": 4,
        "padding": 1,
        "stride": 5,
        "dilation": 1,
    },
    "too large": {"input_size": 2, "kernel_size": 7, "padding": 1, "stride": 3, "dilation": 1},
    "too large by its gaps": {"input_size": 1, "padding": 0, "dilation": 5},
    "single cells": {"input_size": 1, "kernel_size": 1, "padding": 0, "stride": 1},
    "most cells": {"input_size": 12, "kernel_size": 1, "padding": 0, "stride": 1},
    "most cells, and overhang": {
        "input_size": 12,
        "kernel_size": 2,
        "padding": 0,
        "stride": 5,
        "dilation": 3,
    },
    "largest kernel": {"input_size": 6, "kernel_size": 7, "padding": 3, "stride": 1},
    "widest overhang": {"input_size": 4, "kernel_size": 7, "padding": 4, "stride": 6},
}


@pytest.fixture(scope="module")
def played(small_trace: Trace) -> Callable[[str], LectureScene]:
    """Return a function that plays the scene with the numbers of a case, each only once."""

    @cache
    def play(case: str) -> LectureScene:
        setting = setting_of(HyperparametersScene, small_trace, **CASES[case])
        return visit_beats(HyperparametersScene, setting, lambda scene, beat: None)

    return play


def names_of(scene: LectureScene) -> list[str]:
    return [beat.name for beat in scene.beats]


def test_the_command_makes_a_whole_clip(tmp_path: Path, small_weights: Path) -> None:
    film = tmp_path / "sizes.mp4"
    sizes = ["--input-size", "7", "--kernel-size", "2", "--stride", "3", "--dilation", "2"]
    manifest = manifest_of_film("hyperparameters", film, small_weights, *sizes)
    assert manifest["parameters"] == {
        "input_size": 7,
        "kernel_size": 2,
        "padding": 1,
        "stride": 3,
        "dilation": 2,
    }
    names = [beat["name"] for beat in manifest["beats"]]
    assert names == [*BEATS[:3], "dilation", *SLIDE, "skipped", *TURNS, "network"]
    assert film.stat().st_size > 10_000


@pytest.mark.parametrize(
    ("case", "beats"),
    [
        ("default", BEATS),
        (
            "left over and skipped",
            [*BEATS[:3], "dilation", *SLIDE, "left_over", "skipped", *TURNS, "network"],
        ),
        (
            "stride beyond the window",
            [*BEATS[:3], *SLIDE, "left_over", "skipped", *TURNS, "network"],
        ),
        ("too large", [*BEATS[:3], "too_large", "formula", "network"]),
        ("too large by its gaps", [*BEATS[:3], "dilation", "too_large", "formula", "network"]),
        ("single cells", BEATS),
    ],
)
def test_what_does_not_fit_has_a_beat(
    played: Callable[[str], LectureScene], case: str, beats: list[str]
) -> None:
    scene = played(case)
    assert names_of(scene) == beats
    assert scene.poster_beat in beats


def test_weights_of_a_square_span_a_square(played: Callable[[str], LectureScene]) -> None:
    """Four weights, two by two, were said to span 3 cells."""
    scene = played("left over and skipped")
    said = next(beat.caption for beat in scene.beats if beat.name == "dilation")
    size, reach = scene.parameters.kernel_size, scene.example.reach
    assert f"{size * size} weights span {reach}×{reach} cells" in said


def test_captions_name_what_is_never_reached(played: Callable[[str], LectureScene]) -> None:
    captions = {beat.name: beat.caption for beat in played("left over and skipped").beats}
    assert "row and column 5 of the picture (from 0)" in captions["left_over"]
    assert "rows and columns 1, 3 (from 0)" in captions["skipped"]
    assert captions["skipped"].startswith("At a stride of 2, the kernel's gaps")
    for beat in played("stride beyond the window").beats:
        if beat.name == "left_over":
            assert "only zeros of the padding" in beat.caption
            assert "reached" not in beat.caption  # gaps or strides may pass over others
        if beat.name == "skipped":
            assert beat.caption.startswith("A stride of 5 is longer than the window's 4 cells")
            assert "row and column 3 " in beat.caption


def test_a_kernel_that_fits_nowhere_is_told_what_would_help(
    played: Callable[[str], LectureScene],
) -> None:
    scene = played("too large")
    caption = next(beat.caption for beat in scene.beats if beat.name == "too_large")
    assert "needs 7 cells and has 4" in caption
    assert "a padding of 3 would make room." in caption


def test_marks_lie_on_what_is_never_reached_and_nothing_leaves_too_soon(small_trace: Trace) -> None:
    """Half the stage was once empty while the kernel came, and while moves were counted."""
    setting = setting_of(HyperparametersScene, small_trace, **CASES["left over and skipped"])
    seen: dict[str, np.ndarray] = {}
    beside: dict[str, set[str]] = {}
    totals: list[float] = []

    def look(scene: Any, beat: str) -> None:
        work = scene.board.work
        if beat in ("formula", "left_over", "skipped"):
            seen[beat] = scene.board.input.grid.cells.bitmap.rgba[..., :3]
        parts = {"legend": scene.board.legend, "products": work.arithmetic}
        beside[beat] = {name for name, each in parts.items() if scene.present(each)}
        if beat == "formula":
            totals.append(work.total.quantity.value)

    example = visit_beats(HyperparametersScene, setting, look).example  # type: ignore[attr-defined]
    accent = np.array([int(setting.theme.palette.accent[i : i + 2], 16) for i in (1, 3, 5)])
    for beat, lines in (("formula", []), ("left_over", [5]), ("skipped", [1, 3, 5])):
        is_line = np.isin(np.arange(6), lines)
        expected = is_line[:, None] | is_line[None, :]
        assert np.array_equal((seen[beat] == accent).all(axis=2), expected), beat
    assert beside["kernel"] == beside["dilation"] == {"legend"}
    assert beside["first"] == beside["formula"] == {"products"}
    assert beside["left_over"] == set()
    output = example.output  # back to the first stop, and along its row
    assert [total for total, _ in groupby(totals)] == [output[-1, -1], output[0, 0], output[0, -1]]


def test_what_is_said_of_each_number_is_true() -> None:
    """Turned up, each of the five does to the output what its caption says."""
    for name, values in TURNED.items():
        sizes = [with_value(name, value).output_size for value in values]
        is_rising = name in ("input_size", "padding")
        assert sizes == sorted(set(sizes), reverse=not is_rising), name


def test_the_kernel_answers_to_upright_edges_only() -> None:
    for size in range(2, 8):
        example = SlidingExample(12, WindowGeometry(size))
        assert not example.kernel.sum()
        assert example.output.min() < 0 < example.output.max()
        lying = np.repeat(np.arange(12)[:, None], 12, axis=1)
        patches = np.lib.stride_tricks.sliding_window_view(lying, (size, size))
        assert not (patches * example.kernel).sum(axis=(2, 3)).any()


@settings(max_examples=25)
@given(
    size=st.integers(1, 12),
    kernel=st.integers(1, 7),
    padding=st.integers(0, 4),
    stride=st.integers(1, 6),
    dilation=st.integers(1, 5),
)
def test_outputs_and_formula_are_torchs(
    small_trace: Trace, size: int, kernel: int, padding: int, stride: int, dilation: int
) -> None:
    parameters = {
        "input_size": size,
        "kernel_size": kernel,
        "padding": padding,
        "stride": stride,
        "dilation": dilation,
    }
    try:
        setting = setting_of(HyperparametersScene, small_trace, **parameters)
    except UserError:
        assume(False)
    board = HyperparametersBoard(
        HyperparametersScene.example_of(setting.parameters),
        setting.theme,
        words_of("hyperparameters"),
    )
    shown = {letter: label.quantity.value for letter, label in board.filled.letters.items()}
    assert shown == {"n": size, "p": padding, "d": dilation, "k": kernel, "s": stride}
    result = board.divided.ending[-1].quantity.value
    values = torch.tensor([[n.quantity.value for n in board.input.grid.numbers]]).double()
    side = size + 2 * padding
    weights = torch.tensor([[n.quantity.value for n in board.work.kernel.numbers]]).double()
    try:
        expected = torch.nn.functional.conv2d(
            values.reshape(1, 1, side, side),
            weights.reshape(1, 1, kernel, kernel),
            stride=stride,
            dilation=dilation,
        )[0, 0]
    except RuntimeError:
        assert result <= 0
        assert not board.work.has_output
        return
    assert result == len(expected)
    last = result**2 - 1
    for stop in (0, last):
        board.show_stop(stop)
        assert board.work.total.quantity.value == expected.flatten()[int(stop)]
    assert (board.work.output.cells.cell_alpha == 255).all()
    if board.work.output.has_numbers:
        shown_outputs = [number.quantity.value for number in board.work.output.numbers]
        assert shown_outputs == expected.flatten().tolist()


def test_the_networks_sizes_are_those_of_its_maps(
    small_trace: Trace, small_network: Network
) -> None:
    numbers = numbers_in(
        HyperparametersScene, setting_of(HyperparametersScene, small_trace, input_size=5)
    )
    sizes: dict[str, list[float]] = {}
    for number in numbers:
        if "layer" in number and number["quantity"] == "size":
            assert number["shown"] == str(int(number["value"]))
            sizes.setdefault(number["layer"], []).append(number["value"])
    assert list(sizes) == ["conv_1", "max_pool_1", "conv_2"]
    for name, values in sizes.items():
        entry = small_trace[name]
        assert {entry.input.shape[1], entry.output.shape[1]} <= set(values)


@pytest.mark.parametrize(
    ("case", "aspect", "theme", "language"),
    [
        ("default", "1:1", "dark", "en"),
        pytest.param("left over and skipped", "16:9", "dark", "zh", marks=pytest.mark.slow),
        ("left over and skipped", "9:16", "light", "en"),
        pytest.param("stride beyond the window", "16:9", "light", "zh", marks=pytest.mark.slow),
        ("too large", "1:1", "dark", "zh"),
        ("too large by its gaps", "16:9", "light", "en"),
        ("single cells", "9:16", "dark", "zh"),
        pytest.param("most cells", "16:9", "dark", "en", marks=pytest.mark.slow),
        ("most cells, and overhang", "1:1", "dark", "en"),
        pytest.param("largest kernel", "1:1", "light", "en", marks=pytest.mark.slow),
        pytest.param("widest overhang", "16:9", "dark", "en", marks=pytest.mark.slow),
    ],
)
def test_nothing_overlaps_or_leaves_the_frame(
    small_trace: Trace, case: str, aspect: str, theme: str, language: str
) -> None:
    setting = setting_of(
        HyperparametersScene, small_trace, theme_of(theme, aspect), language, **CASES[case]
    )
    assert not faults_in(HyperparametersScene, replace(setting, pace=0.5))


def test_few_stops_take_as_long_as_their_caption(small_trace: Trace) -> None:
    sizes = {"input_size": 7, "kernel_size": 3, "padding": 0, "stride": 3}
    setting = setting_of(HyperparametersScene, small_trace, **sizes)
    assert not faults_in(HyperparametersScene, setting)


DEEP = tuple(
    layer
    for index in range(12)
    for layer in (
        Conv2d(f"convolution_with_a_long_name_{index}", 3 if index == 0 else 1, 1, 3, padding=1),
        ReLU(f"relu_{index}"),
    )
)
NETWORKS: dict[str, tuple[Any, Any]] = {
    "deep and oblong": ((*DEEP, Flatten("f"), Linear("o", 9 * 14, 2)), (3, 9, 14)),
    "large": (
        (Conv2d("conv", 1, 1, 7, stride=6, padding=3), Flatten("f"), Linear("o", 35 * 35, 2)),
        (1, 210, 210),
    ),
    "odd pool": (
        (Conv2d("conv", 3, 1, 1), MaxPool2d("pool", 2, 3), Flatten("f"), Linear("o", 9, 2)),
        (3, 9, 9),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize(("network", "aspect"), list(zip(NETWORKS, ASPECTS, strict=True)))
def test_other_networks(network: str, aspect: str) -> None:
    layers, size = NETWORKS[network]
    built = fixed_network(layers, ("cat", "dog"), size)
    traced = trace(np.zeros((*size[1:], 3), np.float32), built)
    # Without an output the film is short; the table is the same.
    parameters = {"input_size": 1, "padding": 0}
    setting = setting_of(HyperparametersScene, traced, theme_of("light", aspect), **parameters)
    assert not faults_but_small_type(HyperparametersScene, setting)
    scene = visit_beats(HyperparametersScene, setting, lambda scene, beat: None)
    if network == "deep and oblong":
        assert "of this network's 12 layers" in scene.beats[-1].caption


def test_the_command_says_what_is_allowed(
    tmp_path: Path, small_weights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["render", "hyperparameters", "--input-size", "64", "-o", str(tmp_path / "film.mp4")]
    assert main([*call, "--weights", str(small_weights)]) == 2
    message = capsys.readouterr().err.strip()
    assert "'--input-size': 64 is not in the range 1<=x<=12" in message
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("aspect", ASPECTS)
def test_the_formula_is_as_large_as_captions_in_every_frame(
    small_trace: Trace, aspect: str
) -> None:
    theme = theme_of("dark", aspect)
    setting = setting_of(HyperparametersScene, small_trace, theme)
    example = HyperparametersScene.example_of(setting.parameters)
    board = HyperparametersBoard(example, theme, words_of("hyperparameters"))
    assert min(each.font_size for each in board.symbols.letters.values()) >= theme.sizes.caption
