"""Concatenation and leaky ReLU: what is told of them, in numbers and on screen."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import cycle, pairwise

import numpy as np
import pytest

from cnnviz.cli.value_report import report_value
from cnnviz.errors import UserError
from cnnviz.explain.edges import edge_count, edges
from cnnviz.explain.overview import Limits, Node, shown_layers
from cnnviz.explain.paths import path_count, strongest_paths
from cnnviz.explain.scaling import layer_groups
from cnnviz.layers import (
    AvgPool2d,
    Concat,
    Conv2d,
    Flatten,
    Layer,
    LeakyReLU,
    Linear,
    MaxPool2d,
    ReLU,
)
from cnnviz.locales import LANGUAGES
from cnnviz.mobjects.network_map.network_map import NetworkMap
from cnnviz.model.architecture import Architecture, InputDescription
from cnnviz.model.trace import Trace
from cnnviz.network import trace
from cnnviz.network.descriptions import parse_architecture
from cnnviz.network.validation import check_architecture
from cnnviz.staging.registry import load_scene
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import faults_in, setting_of, visit_beats, words_of

LAYERS = (
    Conv2d("stem", 3, 4, 3),
    LeakyReLU("leaky", 0.25),
    Conv2d("near", 4, 3, 1),
    Conv2d("wide", 4, 2, (1, 3), padding=(0, 1), inputs=("leaky",)),
    ReLU("wide_relu"),
    Concat("stack", inputs=("near", "leaky", "wide_relu")),
    Conv2d("mix", 9, 5, 1),
    ReLU("mix_relu"),
    AvgPool2d("mean", 12),
    Flatten("flatten"),
    Linear("output", 5, 3),
)


@pytest.fixture(scope="module")
def looked() -> Trace:
    network = fixed_network(LAYERS, ("cat", "dog", "bird"), (3, 14, 14))
    return trace(np.random.default_rng(3).integers(0, 256, (14, 14, 3), np.uint8), network)


def test_maps_are_stacked_in_the_order_of_the_branches(looked: Trace) -> None:
    stack = looked["stack"]
    parts = [looked[name].output for name in ("near", "leaky", "wide_relu")]
    np.testing.assert_array_equal(stack.output, np.concatenate(parts))
    counts = [len(part) for part in parts]
    assert [stack.layer.fed_by(channel, counts) for channel in (0, 2, 3, 6, 7, 8)] == [
        [(0, 0)], [(0, 2)], [(1, 0)], [(1, 3)], [(2, 0)], [(2, 1)],
    ]  # fmt: skip
    with pytest.raises(IndexError):
        stack.layer.fed_by(9, counts)


def test_one_edge_arrives_at_each_map_of_a_stack_and_all_paths_make_up_the_score(
    looked: Trace,
) -> None:
    architecture = looked.architecture
    found = [edge for edge in edges(architecture) if edge.layer == "stack"]
    assert len(edges(architecture)) == edge_count(architecture)
    assert [(e.source_layer, e.source_channel, e.channel) for e in found][2:5] == [
        ("near", 2, 2), ("leaky", 0, 3), ("leaky", 1, 4),
    ]  # fmt: skip
    paths = strongest_paths(looked, 0, 10_000)
    assert len(paths) == path_count(architecture) == 3 * 4 * (3 + 1 + 2) * 5
    assert sum(path.strength for path in paths) == pytest.approx(1)


def test_a_stack_has_a_range_of_its_own_and_its_block_is_shown_whole(looked: Trace) -> None:
    assert ("stack",) in layer_groups(looked)
    shown = shown_layers(looked, Limits(9, 4, 3), Node("stack", 5))
    names = [layer.name for layer in shown]
    assert {"near", "wide", "wide_relu", "stack"} <= set(names)
    assert 5 in next(layer.channels for layer in shown if layer.name == "stack")


def test_values_are_explained(looked: Trace) -> None:
    report = report_value(looked, "stack", 4, (2, 3))
    assert "the same place of leaky, channel 1: nothing is computed" in report.lines[1]
    assert report.data["value"] == pytest.approx(float(looked["leaky"].output[1, 2, 3]))
    below = np.argwhere(looked["stem"].output[1] < 0)[0]
    report = report_value(looked, "leaky", 1, tuple(map(int, below)))
    assert report.lines[1].endswith("because it is not above zero")
    assert report.data["value"] == pytest.approx(0.25 * report.data["input_value"])


SCENES = ("overview", "conv", "flatten", "softmax", "journey")


@pytest.mark.parametrize(("name", "language"), list(zip(SCENES, cycle(LANGUAGES), strict=False)))
def test_scenes_play_without_faults(name: str, language: str, looked: Trace) -> None:
    setting = setting_of(load_scene(name), looked, language=language)
    assert faults_in(load_scene(name), replace(setting, pace=0.1)) == []


def test_nothing_is_said_to_be_added_where_maps_are_stacked(looked: Trace) -> None:
    scene = load_scene("overview")
    setting = replace(setting_of(scene, looked, layer="stack", channel=8), pace=0.1)
    beats = {beat.name: beat for beat in visit_beats(scene, setting, lambda *_: None).beats}
    assert "is channel 1 of wide_relu: branches are stacked, not added" in beats["node"].caption
    scene = load_scene("journey")
    beats = visit_beats(scene, setting_of(scene, looked), lambda *_: None).beats
    captions = [beat.caption for beat in beats]
    assert any(each.startswith("stack stacks the maps of 3 branches") for each in captions)
    assert any("multiplies the rest by 0.25" in each for each in captions)
    assert not any("adds" in each and "stack" in each for each in captions)


def test_the_light_of_a_node_reaches_over_other_branches(looked: Trace) -> None:
    scene = load_scene("overview")
    setting = replace(setting_of(scene, looked, layer="stack", channel=1), pace=0.1)
    lit: list[frozenset[int]] = []

    def look(made, beat: str) -> None:
        if beat == "channels":
            links = made.board.column("stack").links
            lit.extend(link.bundle.lit for link in links)

    visit_beats(scene, setting, look)
    assert [len(each) for each in lit].count(1) == 1
    assert sum(map(len, lit)) == 1


def test_relu_tells_of_a_leaky_one_and_skip_of_a_concatenation(looked: Trace) -> None:
    scene = load_scene("relu")
    assert faults_in(scene, setting_of(scene, looked, layer="leaky")) == []
    assert setting_of(scene, looked).parameters.layer == "leaky"  # the first of them
    assert looked[setting_of(load_scene("skip"), looked).parameters.layer].kind == "concat"


def description(**stack: object) -> dict[str, object]:
    return {
        "name": "small",
        "input": {"channels": 1, "height": 4, "width": 4},
        "layers": [
            {"kind": "conv", "name": "a", "out_channels": 2, "kernel_size": 1},
            {"kind": "leaky_relu", "name": "b", "negative_slope": [0.5, 0.25]},
            {"kind": "concat", "name": "c", "inputs": ["a", "b"], **stack},
            {"kind": "leaky_relu", "name": "d", "negative_slope": 0.125},
            {"kind": "flatten", "name": "f"},
            {"kind": "linear", "name": "g"},
        ],
    }


def test_descriptions_name_branches_and_slopes() -> None:
    architecture = parse_architecture(description(), ["x", "y"])
    assert architecture.layers[1].negative_slope == (0.5, 0.25)
    assert architecture.layers[3].negative_slope == 0.125
    assert architecture.layers[5].in_features == 4 * 16
    assert architecture.parameter_count == (2 + 2) + 2 + (64 * 2 + 2)


@pytest.mark.parametrize(
    ("layer", "change", "message"),
    [
        (1, {"negative_slope": [1, 2, 3]}, "negative_slope is 3 numbers; it must be one, or 2"),
        (1, {"negative_slope": "steep"}, "negative_slope is 'steep'; it must be a number, or a l"),
        (1, {"negative_slope": []}, "it must be a number, or a list"),
        (1, {"negative_slope": 1e9}, r"negative_slope is 1000000000\.0; allowed is -100 to 100"),
        (2, {"inputs": ["a"]}, r"'c' \(concat\) reads 1 layer; it must read 2 or more"),
    ],
)
def test_what_does_not_fit_is_told(layer: int, change: dict[str, object], message: str) -> None:
    table = description()
    table["layers"][layer] |= change
    with pytest.raises(UserError, match=message):
        parse_architecture(table, ["x", "y"])


def test_only_maps_of_one_size_are_stacked() -> None:
    layers = (
        Conv2d("a", 1, 2, 1),
        Conv2d("b", 1, 2, 3, inputs=("input",)),
        Concat("c", inputs=("a", "b")),
        Flatten("f"),
        Linear("g", 64, 2),
    )
    description = InputDescription(1, 4, 4, (0.0,), (1.0,))
    with pytest.raises(
        UserError, match=r"'c' \(concat\) reads outputs of different shapes that it cannot join"
    ):
        check_architecture(Architecture("n", description, layers, ("x", "y")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_edges_run_past_the_words_for_what_is_left_out(language: str) -> None:
    """In upright frames an edge from before such a gap to after it ran through them."""
    layers = (
        Conv2d("stem", 3, 6, 3),
        *(Conv2d(f"deep_{index}", 6, 6, 1) for index in range(24)),
        Concat("stack", inputs=("stem", "deep_23")),
        AvgPool2d("mean", 12),
        Flatten("flatten"),
        Linear("output", 12, 3),
    )
    network = fixed_network(layers, ("cat", "dog", "bird"), (3, 14, 14))
    made = trace(np.random.default_rng(3).integers(0, 256, (14, 14, 3), np.uint8), network)
    scene = load_scene("overview")
    setting = setting_of(scene, made, theme_of("dark", "9:16"), language)
    assert faults_in(scene, replace(setting, pace=0.1)) == []


@pytest.mark.parametrize(
    ("first", "said"),
    [
        (Concat("first", inputs=("input", "input")), "first stacks the maps that it reads"),
        (LeakyReLU("first", 0.5), "first keeps positive values and scales negative ones"),
    ],
)
def test_a_network_may_begin_with_it(first: Layer, said: str) -> None:
    channels = 6 if isinstance(first, Concat) else 3
    layers = (first, Conv2d("conv", channels, 2, 3), Flatten("flatten"), Linear("output", 200, 2))
    network = fixed_network(layers, ("cat", "dog"), (3, 12, 12))
    made = trace(np.random.default_rng(1).random((12, 12, 3)).astype(np.float32), network)
    scene = load_scene("overview")
    setting = replace(setting_of(scene, made), pace=0.1)
    assert faults_in(scene, setting) == []
    beats = {beat.name: beat for beat in visit_beats(scene, setting, lambda *_: None).beats}
    assert beats["first"].caption.startswith(said)


def test_padding_of_max_pooling_is_null_in_json(make_trace) -> None:
    layers = [MaxPool2d("pool", 2, 2, 1), Flatten("flatten"), Linear("output", 4, 2)]
    trace = make_trace(layers, (1, 2, 2))
    report = report_value(trace, "pool", 0, (0, 0))
    corner = float(trace.layers[0].input[0, 0, 0])
    values = json.loads(json.dumps(report.data, allow_nan=False))["values"]
    assert values == [[None, None], [None, pytest.approx(corner)]]


def test_legends_of_branches_do_not_lie_over_each_other() -> None:
    """A unit that goes on behind other branches spread its legend over theirs."""
    layers = (
        Conv2d("stem", 3, 4, 3),
        ReLU("relu"),
        Conv2d("one", 4, 2, 1),
        ReLU("one_relu"),
        Conv2d("two", 4, 2, 3, padding=1, inputs=("relu",)),
        ReLU("two_relu"),
        MaxPool2d("pool", 3, 1, 1, inputs=("relu",)),
        Conv2d("three", 4, 2, 1),
        Concat("stack", inputs=("one_relu", "two_relu", "three")),
        Flatten("flatten"),
        Linear("output", 6 * 144, 3),
    )
    network = fixed_network(layers, ("cat", "dog", "bird"), (3, 14, 14))
    made = trace(np.random.default_rng(3).integers(0, 256, (14, 14, 3), np.uint8), network)
    theme = theme_of("dark", "16:9")
    board = NetworkMap(made, theme.layout.stage, theme, words_of("overview"), None, "unit")
    edges = sorted((bar.bar.get_left()[0], bar.bar.get_right()[0]) for bar in board.legends.bars)
    assert len(edges) == 10  # the picture, and a bar for each run of columns: relu's unit has two
    for (_, end), (start, _) in pairwise(edges):
        assert end <= start
