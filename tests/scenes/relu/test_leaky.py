"""ReLUs that scale what is below zero: the film shows their slope, and says what it does."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.layers import Conv2d, Flatten, LeakyReLU, Linear, ReLU
from cnnviz.model.trace import Trace
from cnnviz.network import trace
from cnnviz.scenes.relu.board import ReluBoard
from cnnviz.scenes.relu.scene import ReluScene
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import ODD, faults_in, numbers_in, setting_of, visit_beats, words_of

Slopes = float | tuple[float, ...]


def leaking(slopes: Slopes, bias: float = 0.0) -> Trace:
    """Return what noise does before a leaky ReLU of two channels."""
    layers = (
        Conv2d("conv", 3, 2, 3),
        LeakyReLU("leaky", slopes),
        Flatten("flatten"),
        Linear("output", 2 * 10 * 18, 2),
    )
    network = fixed_network(layers, ("cat", "dog"), (3, 12, 20))
    network.module[0].bias.data.fill_(bias)
    return trace(np.random.default_rng(2).random((40, 40, 3)).astype(np.float32), network)


@pytest.mark.parametrize(
    ("slopes", "aspect", "language"),
    [
        (0.01, "16:9", "en"),
        (0.1, "9:16", "zh"),
        (0.3, "1:1", "en"),
        ((0.25, 0.6), "16:9", "zh"),
        ((1.5, 1.5), "1:1", "zh"),
        (-0.4, "16:9", "en"),
    ],
)
def test_nothing_overlaps_and_every_number_is_true(
    slopes: Slopes, aspect: str, language: str
) -> None:
    setting = setting_of(ReluScene, leaking(slopes), theme_of("dark", aspect), language)
    assert not faults_in(ReluScene, setting)


def test_the_slope_is_that_of_the_channel_shown() -> None:
    seen = leaking((0.25, -0.5))
    for channel, slope in enumerate((0.25, -0.5)):
        setting = setting_of(ReluScene, seen, channel=channel)
        made = visit_beats(ReluScene, setting, lambda *_: None)
        board = made.board  # type: ignore[attr-defined]
        x0, y0 = (board.graph.curve.points[0] - board.graph.axes.point(0.0, 0.0))[:2]
        assert y0 / x0 == pytest.approx(slope)
        written = f"{slope}".replace("-", "−")
        graph = next(beat for beat in made.beats if beat.name == "graph")
        assert f"multiplied by {written}," in graph.caption
        values = seen["leaky"].input[channel].astype(np.float64)
        for number in numbers_in(ReluScene, setting):
            if number["quantity"] == "activation" and number["layer"] == "leaky":
                before = values[number["row"], number["column"]]
                assert number["value"] == pytest.approx(before if before > 0 else slope * before)


def test_no_sentence_says_that_anything_becomes_zero() -> None:
    made = visit_beats(ReluScene, setting_of(ReluScene, leaking(0.1)), lambda *_: None)
    said = " ".join(f"{beat.caption} {beat.description}" for beat in made.beats)
    for false in ("becomes zero", "to zero", "now zero", "onto the zero", "clipped"):
        assert false not in said


def test_where_nothing_is_below_zero_it_says_so() -> None:
    made = visit_beats(ReluScene, setting_of(ReluScene, leaking(0.1, 100.0)), lambda *_: None)
    assert made.beats[-1].caption.startswith("No value is below zero")
    assert "clip" not in {beat.name for beat in made.beats}


def test_a_slope_of_zero_is_told_as_a_relu() -> None:
    made = visit_beats(ReluScene, setting_of(ReluScene, leaking(0.0)), lambda *_: None)
    assert "becomes zero" in next(beat for beat in made.beats if beat.name == "graph").caption


def test_the_bars_end_as_the_values_do() -> None:
    seen = leaking(0.5)
    board = ReluBoard(seen, "leaky", 0, theme_of("dark"), words_of("relu"))
    board.graph.show_bars(np.ones(board.values.shape, bool))
    below = board.graph.bars.below.points
    values = seen["leaky"].output[0]
    axes = board.graph.bars_axes
    unit = axes.point(1.0, 0.0)[0] - axes.point(0.0, 0.0)[0]
    least = (below[:, 0].min() - axes.point(0.0, 0.0)[0]) / unit
    width = np.diff(board.graph.histogram.edges)[1]
    assert least <= values.min() < least + width * 1.01
    assert not len(board.graph.bars.pile.points)


def test_it_is_the_default_where_there_is_no_other() -> None:
    assert setting_of(ReluScene, leaking(0.1)).parameters.layer == "leaky"
    layers = (
        LeakyReLU("leaky"),
        Conv2d("conv", 1, 1, 1),
        ReLU("relu"),
        Flatten("flatten"),
        Linear("output", 12, 2),
    )
    network = fixed_network(layers, ("cat", "dog"), (1, 3, 4))
    seen = trace(np.random.default_rng(2).random((9, 9)).astype(np.float32), network)
    assert not faults_in(ReluScene, setting_of(ReluScene, seen, layer="leaky"), ODD)
