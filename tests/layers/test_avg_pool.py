"""Average pooling, against torch; and on a network that has it, everything is told."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cnnviz.cli.main import main
from cnnviz.errors import UserError
from cnnviz.explain.places import require_layer
from cnnviz.explain.scaling import layer_groups, value_range
from cnnviz.layers import AvgPool2d, Conv2d, Flatten, Linear, ReLU
from cnnviz.layers.layer_trace import LayerTrace
from cnnviz.locales import LANGUAGES
from cnnviz.model.trace import Trace
from cnnviz.network import Network, trace
from cnnviz.network.descriptions import description_table, parse_architecture
from cnnviz.network.weights import save_network
from cnnviz.staging.registry import load_scene
from tests.conftest import fixed_network
from tests.scenes.stage import SINGLE_SCENES, faults_in, setting_of, visit_beats

SCENES = [*SINGLE_SCENES, "lecture"]


@st.composite
def average_pools(draw: st.DrawFn) -> LayerTrace:
    """One layer at work, computed by torch: windows that overlap, leave gaps, cover it all."""
    shape = draw(st.tuples(st.integers(1, 3), st.integers(1, 9), st.integers(1, 9)))
    size = draw(st.integers(1, min(shape[1:])))
    layer = AvgPool2d("pool", size, draw(st.integers(1, 4)))
    values = np.random.default_rng(draw(st.integers(0, 999))).normal(size=shape).astype(np.float32)
    output = torch.nn.functional.avg_pool2d(torch.tensor(values), size, layer.stride).numpy()
    return LayerTrace(layer, None, None, (values,), output)


@given(entry=average_pools())
def test_it_is_torchs(entry: LayerTrace) -> None:
    layer = entry.layer
    assert layer.output_shape(entry.input.shape) == entry.output.shape
    np.testing.assert_allclose(layer.forward(entry.input), entry.output, atol=1e-6)
    assert layer.parameter_count == 0


@given(entry=average_pools(), data=st.data())
def test_a_share_passes_as_gradient_times_input(entry: LayerTrace, data: st.DataObject) -> None:
    _, rows, columns = entry.input.shape
    row, column = data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, columns - 1))
    part = np.zeros(entry.input.shape)
    part[:, row, column] = entry.input[:, row, column]
    carried = entry.layer.carry(entry, part)
    module = torch.nn.AvgPool2d(entry.layer.kernel_size, entry.layer.stride).double()
    values = torch.tensor(entry.input, dtype=torch.float64)
    for index in np.ndindex(entry.output.shape):
        at = values.clone().requires_grad_()
        module(at)[index].backward()
        channel = index[0]
        expected = at.grad[channel, row, column] * values[channel, row, column]
        assert carried[index] == pytest.approx(float(expected), abs=1e-12)


@given(entry=average_pools(), data=st.data())
def test_the_best_path_leads_through_the_strongest_cell(
    entry: LayerTrace, data: st.DataObject
) -> None:
    strength = np.abs(entry.input).astype(np.float64)
    reached = entry.layer.strengthen(entry, strength)
    index = tuple(data.draw(st.integers(0, size - 1)) for size in entry.output.shape)
    step = entry.layer.step_back(entry, index, strength)
    cell, weight = step.index, step.weight
    assert weight == 1 / entry.layer.kernel_size**2
    assert reached[index] == pytest.approx(strength[cell] * weight)
    (channel, row, column), size, stride = index, entry.layer.kernel_size, entry.layer.stride
    window = strength[
        channel, row * stride : row * stride + size, column * stride : column * stride + size
    ]
    assert cell[0] == channel
    assert strength[cell] == window.max()


# -- in a description ---------------------------------------------------------------------------


def description(size: Any, width: int = 12) -> dict[str, Any]:
    return {
        "name": "averaging",
        "input": {"channels": 1, "height": 12, "width": width},
        "layers": [
            {"kind": "conv", "name": "conv", "out_channels": 4, "kernel_size": 3},
            {"kind": "avg_pool", "name": "pool", "kernel_size": size},
            {"kind": "flatten", "name": "flatten"},
            {"kind": "linear", "name": "output"},
        ],
    }


def test_all_is_the_size_of_the_maps() -> None:
    architecture = parse_architecture(description("all"), ["a", "b"])
    assert architecture.layers[1] == AvgPool2d("pool", 10, 10)
    assert [output for _, _, output in architecture.shapes()] == [
        (4, 10, 10), (4, 1, 1), (4,), (2,),
    ]  # fmt: skip
    again = parse_architecture(description_table(architecture), ["a", "b"])
    assert again == architecture


def test_a_number_is_one_of_cells() -> None:
    architecture = parse_architecture(description(2), ["a", "b"])
    assert architecture.layers[1] == AvgPool2d("pool", 2, 2)


@pytest.mark.parametrize(
    ("size", "width", "reason"),
    [
        ("whole", 12, "kernel_size is 'whole'; it must be a whole number, or 'all'"),
        (True, 12, "kernel_size is True; it must be a whole number"),
        (11, 12, "'pool': its window does not fit into the 10 x 10 cells"),
        (0, 12, "stride is 0; it must be 1 or more"),
    ],
)
def test_sizes_that_cannot_be_are_refused(size: Any, width: int, reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        parse_architecture(description(size, width), ["a", "b"])


def test_all_has_a_meaning_only_in_pooling() -> None:
    table = description(2)
    table["layers"][0]["kernel_size"] = "all"
    with pytest.raises(UserError, match=r"kernel_size is 'all'; it must be a whole number$"):
        parse_architecture(table, ["a", "b"])


def test_after_a_convolution_that_does_not_fit_the_convolution_is_told() -> None:
    table = description("all")
    table["layers"][0]["kernel_size"] = 20
    with pytest.raises(UserError, match="'conv': its window does not fit"):
        parse_architecture(table, ["a", "b"])


def test_after_the_flatten_it_is_refused() -> None:
    table = description("all")
    table["layers"][1:3] = reversed(table["layers"][1:3])
    with pytest.raises(UserError, match=r"'pool' \(avg_pool\) must come before the flatten"):
        parse_architecture(table, ["a", "b"])


# -- on screen ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def network() -> Network:
    layers = (
        Conv2d("conv_1", 3, 4, 3),
        ReLU("relu_1"),
        AvgPool2d("avg_pool_1", 2, 2),
        Conv2d("conv_2", 4, 5, 3),
        ReLU("relu_2"),
        AvgPool2d("avg_pool_2", 5, 5),
        Flatten("flatten"),
        Linear("output", 5, 3),
    )
    return fixed_network(layers, ("cat", "dog", "bird"), (3, 16, 16))


@pytest.fixture(scope="module")
def looked(network: Network) -> Trace:
    return trace(np.random.default_rng(3).integers(0, 256, (16, 16, 3), np.uint8), network)


@pytest.mark.parametrize(("name", "language"), list(zip(SCENES, cycle(LANGUAGES), strict=False)))
def test_every_scene_plays_or_says_why_not(name: str, language: str, looked: Trace) -> None:
    scene = load_scene(name)
    if name == "pool":
        with pytest.raises(UserError, match=r"^the scene pool tells which value wins each window"):
            setting_of(scene, looked)
        return
    if name == "skip":
        with pytest.raises(UserError, match=r"has no addition or concatenation$"):
            setting_of(scene, looked)
        return
    setting = replace(setting_of(scene, looked, language=language), pace=0.1)
    if name == "lecture":  # it is made of the others
        assert visit_beats(scene, setting, lambda made, beat: None).beats
    else:
        assert faults_in(scene, setting) == []


@pytest.mark.parametrize("layer", ["avg_pool_1", "avg_pool_2"])
def test_the_overview_tells_of_one_node(layer: str, looked: Trace) -> None:
    scene = load_scene("overview")
    setting = replace(setting_of(scene, looked, layer=layer, channel=1), pace=0.1)
    beats = visit_beats(scene, setting, lambda made, beat: None).beats
    caption = next(beat.caption for beat in beats if beat.name == "node")
    assert f"Channel 1 of {layer}" in caption


def test_what_a_scene_cannot_show_is_one_line(looked: Trace) -> None:
    with pytest.raises(UserError, match=r'^there is no ReLU "avg_pool_1": choose relu_1, relu_2$'):
        setting_of(load_scene("relu"), looked, layer="avg_pool_1")
    assert require_layer(looked, None, "avg_pool").name == "avg_pool_1"
    for parameters in ({}, {"layer": "avg_pool_2"}):
        name = parameters.get("layer", "avg_pool_1")
        said = f'in "{name}", an average pooling layer, none does.* render average --layer {name}"'
        with pytest.raises(UserError, match=said) as caught:
            setting_of(load_scene("pool"), looked, **parameters)
        assert "\n" not in str(caught.value)


def test_it_keeps_signs_and_ends_a_module(looked: Trace, make_trace) -> None:
    assert layer_groups(looked, "module")[:4] == (
        ("conv_1",), ("relu_1", "avg_pool_1"), ("conv_2",), ("relu_2", "avg_pool_2", "flatten"),
    )  # fmt: skip
    assert not value_range(looked, "avg_pool_1").is_signed
    layers = [AvgPool2d("pool", 2, 2), Flatten("flatten"), Linear("out", 4, 2)]
    assert value_range(make_trace(layers, (1, 4, 4), normalised=True), "pool").is_signed


def test_inspect_explains_a_value(network: Network, tmp_path: Path, capsys) -> None:
    weights = tmp_path / "averaging.safetensors"
    save_network(network, weights)
    photo = tmp_path / "photo.png"
    Image.fromarray(np.random.default_rng(3).integers(0, 256, (16, 16, 3), np.uint8)).save(photo)
    call = ["inspect", str(photo), "--layer", "avg_pool_1", "--channel", "1", "--pixel", "2,3"]
    call += ["--weights", str(weights)]
    assert main([*call, "--json"]) == 0
    value = json.loads(capsys.readouterr().out)["value"]
    assert (value["input_layer"], value["kind"]) == ("relu_1", "avg_pool")
    assert (value["input_rows"], value["input_columns"]) == ([4, 5], [6, 7])
    assert value["value"] == pytest.approx(np.mean(value["values"]), rel=1e-6)
    assert main(call) == 0
    text = capsys.readouterr().out
    assert "avg_pool_1, channel 1, row 2, column 3" in text
    assert "Window on relu_1: rows 4 to 5, columns 6 to 7." in text
    assert " / 4 " in text
