"""Concatenations and leaky ReLUs of other programs, read, written and refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from onnx import helper
from onnx.reference import ReferenceEvaluator

from cnnviz.errors import UserError
from cnnviz.importing.exporter import export_network
from cnnviz.layers import Concat, Conv2d, Flatten, LeakyReLU, Linear, MaxPool2d, ReLU
from cnnviz.model.architecture import Architecture, InputDescription
from cnnviz.network import Network, save_network
from tests.importing.conftest import (
    keras_layer,
    numbers,
    save_onnx,
    save_tfjs,
    small_onnx,
)
from tests.importing.test_keras import save_keras


def relu_and(*others: Any, joined: tuple[str, ...]) -> list[Any]:
    relu = helper.make_node("Relu", ["maps"], ["left"], "left")
    join = helper.make_node("Concat", list(joined), ["more"], "stack", axis=1)
    return [relu, *others, join]


def test_a_concatenation_in_onnx_is_read_and_proved(import_file, tmp_path):
    middle = relu_and(joined=("left", "maps", "left"))
    result = import_file(save_onnx(tmp_path / "m", small_onnx(middle, channels=12)))
    network = result.network
    assert network.architecture.sources_of("concat_1") == ("relu_1", "conv_1", "relu_1")
    assert result.proof.pictures == 2
    assert result.proof.difference < 1e-5


def test_batch_normalisation_behind_a_concatenation_stays_exact(import_file, tmp_path):
    middle = [
        *relu_and(joined=("left", "maps"))[:-1],
        helper.make_node("Concat", ["left", "maps"], ["stacked"], "stack", axis=-3),
        helper.make_node("BatchNormalization", ["stacked", "s", "t", "m", "n"], ["more"], "norm"),
    ]
    constants = {name: numbers(8, seed=seed) for seed, name in enumerate("stm", start=4)}
    constants["n"] = np.abs(numbers(8, seed=7)) + 0.5
    result = import_file(save_onnx(tmp_path / "m", small_onnx(middle, constants, channels=8)))
    assert [layer.kind for layer in result.network.layers][:4] == ["conv", "relu", "concat", "conv"]
    assert result.proof.difference < 1e-5


@pytest.mark.parametrize(
    ("axis", "reason"), [(2, "it joins along axis 2; only channels"), (3, "it joins along axis 3")]
)
def test_other_axes_are_refused(import_file, tmp_path, axis, reason):
    middle = relu_and(joined=("left", "maps"))
    del middle[-1].attribute[:]
    middle[-1].attribute.append(helper.make_attribute("axis", axis))
    with pytest.raises(UserError, match=rf"'stack' \(Concat\): {reason}"):
        import_file(save_onnx(tmp_path / "m", small_onnx(middle)))


def test_maps_of_different_sizes_are_refused_and_padded_ones_joined(import_file, tmp_path):
    pool = helper.make_node("MaxPool", ["maps"], ["small"], "pool", kernel_shape=[2, 2])
    model = small_onnx(relu_and(pool, joined=("left", "small")))
    with pytest.raises(UserError, match="layer 'stack': it joins maps of different sizes"):
        import_file(save_onnx(tmp_path / "m", model))
    pad = helper.make_node("Pad", ["small", "border"], ["padded"], "frame")
    border = {"border": np.array([0, 0, 0, 0, 0, 0, 1, 1], np.int64)}
    model = small_onnx(relu_and(pool, pad, joined=("left", "padded")), border, channels=8)
    network = import_file(save_onnx(tmp_path / "m", model)).network  # proves itself
    frame = network.layers[-5]
    assert (frame.kind, frame.window.paddings) == ("conv", (0, 0, 1, 1))


def test_vectors_are_not_joined(import_file, tmp_path):
    model = small_onnx()
    model.graph.node.insert(3, helper.make_node("Concat", ["flat", "flat"], ["two"], "j", axis=1))
    model.graph.node[4].input[0] = "two"
    with pytest.raises(UserError, match="layer 'j': it joins vectors; only maps can be joined"):
        import_file(save_onnx(tmp_path / "m", model))


def called(layer: dict[str, Any], *sources: str) -> dict[str, Any]:
    nodes = [[[source, 0, 0, {}] for source in sources]] if sources else []
    return {**layer, "name": layer["config"]["name"], "inbound_nodes": nodes}


def keras_branches(axis: int = -1) -> dict[str, Any]:
    layers = [
        called(keras_layer("InputLayer", "x", batch_input_shape=[None, 6, 6, 1])),
        called(keras_layer("Conv2D", "a", kernel_size=3, padding="same"), "x"),
        called(keras_layer("LeakyReLU", "b", negative_slope=0.2), "a"),
        called(keras_layer("Concatenate", "stack", axis=axis), "a", "b"),
        called(keras_layer("GlobalAveragePooling2D", "mean"), "stack"),
        called(keras_layer("Dense", "scores"), "mean"),
    ]
    outputs = [["scores", 0, 0]]
    config = {"name": "two", "layers": layers, "output_layers": outputs}
    return {"class_name": "Model", "config": config}


KERAS_WEIGHTS = {
    "a/kernel": numbers(3, 3, 1, 2),
    "a/bias": numbers(2),
    "scores/kernel": numbers(4, 3),
    "scores/bias": numbers(3),
}


@pytest.mark.parametrize("axis", [-1, 3])
def test_a_concatenation_of_keras_stacks_channels(import_file, tmp_path, axis):
    network = import_file(save_tfjs(tmp_path, keras_branches(axis), KERAS_WEIGHTS)).network
    assert network.architecture.sources_of("stack") == ("a", "b")
    picture = np.random.default_rng(1).random((6, 6)).astype(np.float32)
    kernel, bias = KERAS_WEIGHTS["a/kernel"], KERAS_WEIGHTS["a/bias"]
    padded = np.pad(picture, 1)
    taps = [(u, v, padded[u : u + 6, v : v + 6]) for u in range(3) for v in range(3)]
    sums = [sum(seen * kernel[u, v, 0, channel] for u, v, seen in taps) for channel in range(2)]
    maps = np.stack(sums) + bias[:, None, None]
    stacked = np.concatenate([maps, np.where(maps > 0, maps, 0.2 * maps)]).mean(axis=(1, 2))
    expected = stacked @ KERAS_WEIGHTS["scores/kernel"] + KERAS_WEIGHTS["scores/bias"]
    with torch.no_grad():
        scores = network.module(torch.from_numpy(picture)[None, None])[0]
    np.testing.assert_allclose(scores, expected, atol=1e-5)


def test_other_axes_of_keras_are_refused(import_file, tmp_path):
    path = save_tfjs(tmp_path, keras_branches(1), KERAS_WEIGHTS)
    with pytest.raises(UserError, match=r"'stack' \(Concatenate\): it joins along axis 1"):
        import_file(path)


def test_slopes_of_keras(import_file, tmp_path):
    layers = [
        keras_layer("Conv2D", "conv2d", kernel_size=3),
        keras_layer("PReLU", "p_re_lu", shared_axes=[1, 2]),
        keras_layer("ReLU", "re_lu", negative_slope=0.5),
        keras_layer("Activation", "activation", activation="leaky_relu"),
        keras_layer("GlobalAveragePooling2D", "global_average_pooling2d"),
        keras_layer("Dense", "dense", use_bias=False),
    ]
    entry = keras_layer("InputLayer", "picture", batch_input_shape=[None, 6, 6, 1])
    config = {"class_name": "Sequential", "config": {"name": "small", "layers": [entry, *layers]}}
    places = {
        "conv2d/vars/0": numbers(3, 3, 1, 2),
        "conv2d/vars/1": numbers(2),
        "p_re_lu/vars/0": np.array([[[0.25, -0.5]]], np.float32),
        "dense/vars/0": numbers(2, 3),
    }
    network = import_file(save_keras(tmp_path / "m", config, places)).network
    slopes = [each.negative_slope for each in network.layers if isinstance(each, LeakyReLU)]
    assert slopes == [(0.25, -0.5), 0.5, 0.2]


@pytest.mark.parametrize(
    ("activation", "reason"),
    [
        ("swish", "its slope changes with every value, .*train the network with ReLU"),
        (
            "sigmoid",
            r"its slope changes.*; over classes it judges each class by itself \(multi-label",
        ),
        ("hard_sigmoid", "its activation is hard_sigmoid: train the network with ReLU, ReLU6 or a"),
    ],
)
def test_other_activations_of_keras_are_refused_with_a_reason(
    import_file, tmp_path, activation, reason
):
    entry = keras_layer("InputLayer", "picture", batch_input_shape=[None, 6, 6, 1])
    layers = [entry, keras_layer("Conv2D", "conv2d", kernel_size=3, activation=activation)]
    config = {"class_name": "Sequential", "config": {"name": "small", "layers": layers}}
    places = {"conv2d/vars/0": numbers(3, 3, 1, 2), "conv2d/vars/1": numbers(2)}
    with pytest.raises(UserError, match=rf"'conv2d' \(Conv2D\): .*{reason}") as caught:
        import_file(save_keras(tmp_path / "m", config, places))
    assert "\n" not in str(caught.value)


def test_slopes_of_onnx(import_file, tmp_path):
    middle = [
        helper.make_node("LeakyRelu", ["maps"], ["a"], alpha=0.5),
        helper.make_node("PRelu", ["a", "one"], ["u"]),
        helper.make_node("PRelu", ["u", "four"], ["more"]),
    ]
    constants = {
        "one": np.array([0.25], np.float32),
        "four": np.array([1, 0.5, 0, -2], np.float32).reshape(4, 1, 1),
    }
    result = import_file(save_onnx(tmp_path / "m", small_onnx(middle, constants)))
    slopes = [x.negative_slope for x in result.network.layers if isinstance(x, LeakyReLU)]
    assert slopes == [0.5, (0.25,), (1.0, 0.5, 0.0, -2.0)]
    assert result.proof.difference < 1e-5


LAYERS = (
    Conv2d("stem", 3, 2, 3),
    LeakyReLU("leaky", 0.25),
    MaxPool2d("pool", 3, 1, 1, inputs=("stem",)),
    Concat("stack", inputs=("leaky", "pool", "stem")),
    LeakyReLU("learned", (0.5, 0.25, -0.125, 0.0, 1.5, 0.75)),
    ReLU("relu"),
    Concat("again", inputs=("relu", "learned")),
    Flatten("flat"),
    Linear("hidden", 12 * 9, 4),
    LeakyReLU("gate", (0.5,)),
    Linear("scores", 4, 3),
)


def test_all_of_it_goes_out_and_comes_back(import_file, tmp_path):
    description = InputDescription(3, 5, 5, mean=(0.0,) * 3, std=(1.0,) * 3)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(2)
        network = Network.build(Architecture("all", description, LAYERS, ("a", "b", "c")))
    save_network(network, tmp_path / "net.safetensors")
    path = export_network(tmp_path / "net.safetensors", tmp_path / "net.onnx")
    picture = np.random.default_rng(0).random((1, 3, 5, 5)).astype(np.float32)
    (scores,) = ReferenceEvaluator(str(path)).run(None, {"image": picture})
    with torch.no_grad():
        expected = network.module(torch.from_numpy(picture))
    np.testing.assert_allclose(scores, expected, atol=1e-5)
    back = import_file(path).network.architecture
    assert [layer.kind for layer in back.layers] == [layer.kind for layer in LAYERS]
    slopes = [each.negative_slope for each in back.layers if isinstance(each, LeakyReLU)]
    assert slopes == [0.25, (0.5, 0.25, -0.125, 0.0, 1.5, 0.75), (0.5,)]
    assert [len(back.sources_of(name)) for name in ("concat_1", "concat_2")] == [3, 2]


DESCRIPTION = """
name = "two branches"
input = { channels = 1, height = 5, width = 5 }
layers = [
    { kind = "conv", name = "a", out_channels = 2, kernel_size = 3 },
    { kind = "leaky_relu", name = "b", negative_slope = 0.25 },
    { kind = "concat", name = "c", inputs = ["b", "a"] },
    { kind = "flatten", name = "d" },
    { kind = "linear", name = "e" },
]
"""


def test_a_state_dict_of_branches_is_read_by_its_description(import_file, tmp_path):
    (tmp_path / "net.toml").write_text(DESCRIPTION)
    weight, bias, scores = numbers(2, 1, 3, 3), numbers(2, seed=1), numbers(3, 4 * 9, seed=2)
    state = {"conv.weight": weight, "conv.bias": bias, "fc.weight": scores, "fc.bias": np.zeros(3)}
    torch.save({name: torch.tensor(each) for name, each in state.items()}, tmp_path / "net.pt")
    network = import_file(tmp_path / "net.pt", like=tmp_path / "net.toml").network
    picture = torch.rand(1, 1, 5, 5, generator=torch.Generator().manual_seed(3))
    maps = torch.nn.functional.conv2d(picture, torch.tensor(weight), torch.tensor(bias))
    stacked = torch.cat([torch.nn.functional.leaky_relu(maps, 0.25), maps], 1)
    with torch.no_grad():
        given = network.module(picture)
    torch.testing.assert_close(given, stacked.flatten(1) @ torch.tensor(scores).T)
