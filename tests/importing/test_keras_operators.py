"""Operators on what layers of Keras give: ``x / 127.5 - 1``, sums; and pictures of two axes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from cnnviz.errors import UserError

from .conftest import SMALL_KERAS, keras_layer, numbers, save_h5, small_keras_scores, small_weights

OPERATORS = {
    "x / 127.5": ("TrueDivide", "math.truediv", 127.5, False),
    "x - 0.5": ("Subtract", "math.subtract", 0.5, False),
    "x * [2]": ("Multiply", "math.multiply", [2.0], False),
    "x + [[[3]]]": ("Add", "__operators__.add", [[[3.0]]], False),
    "1 - x": ("Subtract", "math.subtract", 1.0, True),
}
"""An operator in Keras 3 and in Keras 2, its constant, and whether that is before the sign."""

EXPECTED = {
    "x / 127.5": lambda x: x / 127.5,
    "x - 0.5": lambda x: x - 0.5,
    "x * [2]": lambda x: x * 2,
    "x + [[[3]]]": lambda x: x + 3,
    "1 - x": lambda x: 1 - x,
}


def tensor(name: str) -> dict[str, Any]:
    return {"class_name": "__keras_tensor__", "config": {"keras_history": [name, 0, 0]}}


def constant(values: Any) -> Any:
    is_tensor = isinstance(values, list)
    return {"class_name": "__tensor__", "config": {"value": values}} if is_tensor else values


def keras_3(kind: str, name: str, *arguments: Any) -> dict[str, Any]:
    given = [tensor(each) if isinstance(each, str) else constant(each) for each in arguments]
    return {**keras_layer(kind, name), "name": name, "inbound_nodes": [{"args": given}]}


def keras_2(function: str, name: str, *arguments: Any) -> dict[str, Any]:
    one, other = ([each, 0, 0] if isinstance(each, str) else each for each in arguments)
    first = one if isinstance(arguments[0], str) else ["_CONSTANT_VALUE", -1, one]
    layer = keras_layer("TFOpLambda", name, function=function)
    return {**layer, "name": name, "inbound_nodes": [[*first, {"y": other, "name": None}]]}


def functional(*middle: dict[str, Any], last: str) -> dict[str, Any]:
    """Return the small network with operators after its convolution, as a functional model."""
    picture, conv, flat, scores = SMALL_KERAS["config"]["layers"]
    sources = {"conv_a": "picture", "flat": last, "scores": "flat"}
    called = [
        {**layer, "name": name, "inbound_nodes": [[[sources[name], 0, 0, {}]]]}
        for layer in (conv, flat, scores)
        if (name := layer["config"]["name"])
    ]
    layers = [{**picture, "name": "picture", "inbound_nodes": []}, called[0], *middle, *called[1:]]
    config = {"name": "small", "layers": layers, "output_layers": [["scores", 0, 0]]}
    return {"class_name": "Functional", "config": config}


def scores_of(network: Any, picture: np.ndarray) -> np.ndarray:
    with torch.no_grad():
        return network.module(torch.from_numpy(picture.transpose(2, 0, 1)[None]))[0].numpy()


@pytest.mark.parametrize("is_old", [False, True])
@pytest.mark.parametrize("what", OPERATORS)
def test_an_operator_with_a_constant(import_file, tmp_path, what, is_old):
    kind, function, number, is_first = OPERATORS[what]
    operands = (number, "conv_a") if is_first else ("conv_a", number)
    node = keras_2(function, "op", *operands) if is_old else keras_3(kind, "op", *operands)
    network = import_file(save_h5(tmp_path / "m", functional(node, last="op"))).network
    weights = small_weights()
    picture = numbers(6, 6, 1, seed=9)
    kernel, bias = weights["scores/kernel"], weights["scores/bias"]
    before = (small_keras_scores(picture, {**weights, "scores/kernel": np.eye(32),
                                           "scores/bias": np.zeros(32)}))  # fmt: skip
    expected = EXPECTED[what](before) @ kernel + bias
    np.testing.assert_allclose(scores_of(network, picture), expected, atol=1e-4)


@pytest.mark.parametrize("is_old", [False, True])
def test_a_sum_of_two_branches_written_as_an_operator(import_file, tmp_path, is_old):
    node = (
        keras_2("__operators__.add", "op", "conv_a", "conv_a")
        if is_old
        else keras_3("Add", "op", "conv_a", "conv_a")
    )
    network = import_file(save_h5(tmp_path / "m", functional(node, last="op"))).network
    assert [layer.kind for layer in network.layers][2] == "add"
    picture, weights = numbers(6, 6, 1, seed=9), small_weights()
    doubled = {**weights, "scores/kernel": weights["scores/kernel"] * 2}
    expected = small_keras_scores(picture, doubled)
    np.testing.assert_allclose(scores_of(network, picture), expected, atol=1e-5)


def test_a_layer_that_is_called_by_a_number_is_no_constant(import_file, tmp_path):
    node = keras_2("__operators__.add", "2", "conv_a", "conv_a")
    total = keras_2("__operators__.add", "op", "conv_a", "2")
    network = import_file(save_h5(tmp_path / "m", functional(node, total, last="op"))).network
    assert [layer.kind for layer in network.layers].count("add") == 2


@pytest.mark.parametrize(
    ("kind", "operands", "reason"),
    [
        ("Multiply", ("conv_a", "conv_a"), "attention"),
        ("Subtract", ("conv_a", "conv_a"), "only Add and Concatenate"),
        ("TrueDivide", (1.0, "conv_a"), "divides by what the network computes"),
        ("Multiply", ("conv_a", [1.0, 2.0, 3.0]), "one number for each channel"),
    ],
)
def test_what_no_layer_does_is_refused(
    import_file, tmp_path: Path, kind: str, operands: tuple[Any, ...], reason: str
):
    config = functional(keras_3(kind, "op", *operands), last="op")
    with pytest.raises(UserError, match=reason):
        import_file(save_h5(tmp_path / "m", config))


def test_a_grey_picture_of_two_axes(import_file, tmp_path):
    entry = keras_layer("InputLayer", "picture", batch_input_shape=[None, 6, 6])
    axis = keras_layer("Reshape", "axis", target_shape=[6, 6, 1])
    config = json.loads(json.dumps(SMALL_KERAS))
    config["config"]["layers"][:1] = [entry, axis]
    picture = numbers(6, 6, seed=9)
    expected = small_keras_scores(picture[..., None], small_weights())
    np.save(tmp_path / "in.npy", picture[None])
    np.save(tmp_path / "out.npy", np.exp(expected) / np.exp(expected).sum())
    check = (tmp_path / "in.npy", tmp_path / "out.npy")
    result = import_file(save_h5(tmp_path / "m", config), check=check)
    assert result.network.input.shape == (1, 6, 6)
    assert result.proof.difference < 1e-5


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("Resizing", r"'fit' \(Resizing\): leave it out: cnnviz makes any picture as large"),
        ("GetItem", r"'fit' \(GetItem\): pictures are red, green, blue here; leave out"),
    ],
)
def test_what_should_be_left_out_is_said(import_file, tmp_path, kind: str, reason: str):
    config = json.loads(json.dumps(SMALL_KERAS))
    config["config"]["layers"].insert(1, keras_layer(kind, "fit", height=6, width=6))
    with pytest.raises(UserError, match=reason):
        import_file(save_h5(tmp_path / "m", config))


def test_the_sigmoid_of_one_score_tells_two_classes_apart(import_file, tmp_path):
    config = json.loads(json.dumps(SMALL_KERAS))
    config["config"]["layers"][-1]["config"].update(units=1, activation="sigmoid")
    weights = small_weights()
    weights["scores/kernel"], weights["scores/bias"] = numbers(32, 1, seed=2), numbers(1, seed=3)
    picture = numbers(6, 6, 1, seed=9)
    score = small_keras_scores(picture, weights)
    np.save(tmp_path / "in.npy", picture)
    np.save(tmp_path / "out.npy", 1 / (1 + np.exp(-score)))
    check = (tmp_path / "in.npy", tmp_path / "out.npy")
    result = import_file(save_h5(tmp_path / "m", config, weights), check=check)
    assert result.proof.difference < 1e-5
    np.testing.assert_allclose(
        scores_of(result.network, picture), [-score[0] / 2, score[0] / 2], atol=1e-5
    )
    assert "The one score of 'scores' became two" in result.card.read_text()
    config["config"]["layers"][1]["config"]["activation"] = "sigmoid"
    with pytest.raises(UserError, match="its slope changes with every value"):
        import_file(save_h5(tmp_path / "m", config, weights))
