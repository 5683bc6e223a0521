"""Keras files, old and new: read without Keras, and read with suspicion."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch.nn.functional import conv2d, max_pool2d, pad

from cnnviz.errors import UserError
from cnnviz.layers import Conv2d

from .conftest import (
    SMALL_KERAS,
    assert_no_fault,
    damaged,
    keras_config,
    keras_layer,
    numbers,
    save_h5,
    small_keras_scores,
    small_weights,
)

PLACES = {
    "conv_a/kernel": "conv2d/vars/0",
    "conv_a/bias": "conv2d/vars/1",
    "scores/kernel": "dense/vars/0",
    "scores/bias": "dense/vars/1",
}


def save_keras(
    path: Path,
    config: dict = SMALL_KERAS,
    places: dict[str, np.ndarray] | None = None,
    group: str = "layers",
    weights: bytes | None = None,
) -> Path:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        held = {PLACES[name]: array for name, array in small_weights().items()}
        for place, array in (held if places is None else places).items():
            file.create_dataset(f"{group}/{place}", data=array)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", buffer.getvalue() if weights is None else weights)
    return path


def scores_of(result, picture: np.ndarray) -> np.ndarray:
    with torch.no_grad():
        batch = torch.from_numpy(picture.transpose(2, 0, 1)[None].astype(np.float32))
        return result.network.module(batch)[0].numpy()


@pytest.mark.parametrize("group", ["layers", "_layer_checkpoint_dependencies", None])
def test_scores_are_those_of_the_definition(import_file, tmp_path, group):
    path = tmp_path / "model.bin"
    save_h5(path) if group is None else save_keras(path, group=group)
    picture = numbers(6, 6, 1, seed=9)
    expected = small_keras_scores(picture, small_weights())
    np.testing.assert_allclose(scores_of(import_file(path), picture), expected, atol=1e-5)


def test_check_files_prove_an_import_or_stop_it(import_file, tmp_path):
    pictures = numbers(2, 6, 6, 1, seed=9)
    scores = np.stack([small_keras_scores(each, small_weights()) for each in pictures])
    exponentials = np.exp(scores)
    np.save(tmp_path / "in.npy", pictures)
    np.save(tmp_path / "out.npy", exponentials / exponentials.sum(1, keepdims=True))
    check = (tmp_path / "in.npy", tmp_path / "out.npy")
    result = import_file(save_h5(tmp_path / "m.h5"), check=check)
    assert result.proof.pictures == 2
    assert "Proved on 2 inputs against 'out.npy'" in result.card.read_text()
    np.save(tmp_path / "out.npy", scores[:, ::-1])
    with pytest.raises(UserError, match=r"gives other outputs than 'out\.npy'"):
        import_file(save_h5(tmp_path / "m.h5"), check=check)
    np.save(tmp_path / "out.npy", scores[0, :2])
    with pytest.raises(UserError, match="shape"):
        import_file(save_h5(tmp_path / "m.h5"), check=check)


def test_kinds_of_layers(import_file, tmp_path):
    config = keras_config(
        keras_layer("Rescaling", "rescaling", scale=1 / 127.5, offset=-1.0),
        keras_layer("DepthwiseConv2D", "depthwise_conv2d", padding="same", strides=[2, 2]),
        keras_layer("BatchNormalization", "batch_normalization", axis=[3], epsilon=0.01),
        keras_layer("SeparableConv2D", "separable_conv2d", use_bias=False, activation="relu6"),
        keras_layer(
            "AveragePooling2D", "average_pooling2d", padding="same", pool_size=3, strides=1
        ),
        keras_layer("GlobalMaxPooling2D", "global_max_pooling2d"),
        keras_layer("Dropout", "dropout", rate=0.5),
        keras_layer("Dense", "dense", use_bias=False),
        shape=(7, 7, 3),
    )
    places = {
        "depthwise_conv2d/vars/0": numbers(2, 2, 3, 2),
        "depthwise_conv2d/vars/1": numbers(6),
        "batch_normalization/vars/0": numbers(6, seed=1),
        "batch_normalization/vars/1": numbers(6, seed=2),
        "batch_normalization/vars/2": numbers(6, seed=3),
        "batch_normalization/vars/3": np.abs(numbers(6, seed=4)) + 1,
        "separable_conv2d/vars/0": numbers(3, 3, 6, 1, seed=5),
        "separable_conv2d/vars/1": numbers(1, 1, 6, 5, seed=6),
        "dense/vars/0": numbers(5, 4, seed=7),
    }
    network = import_file(save_keras(tmp_path / "m", config, places)).network
    depthwise = network.layers[0]
    assert isinstance(depthwise, Conv2d)
    assert (depthwise.groups, depthwise.out_channels) == (3, 6)
    assert depthwise.window.paddings == (0, 0, 1, 1)
    np.testing.assert_allclose(network.input.mean, [0.5] * 3, rtol=1e-5)
    np.testing.assert_allclose(network.input.std, [0.5] * 3, rtol=1e-5)
    kernel = places["depthwise_conv2d/vars/0"]
    gain = places["batch_normalization/vars/0"] / np.sqrt(
        places["batch_normalization/vars/3"] + 0.01
    )
    weight = network.module.get_submodule("conv_1").get_parameter("weight").detach().numpy()
    np.testing.assert_allclose(weight[3, 0], kernel[:, :, 1, 1] * gain[3], rtol=1e-4)


def test_a_model_in_a_model(import_file, tmp_path):
    inner = keras_config(keras_layer("Conv2D", "conv2d_7", kernel_size=3))
    outer = keras_config(
        {"class_name": "Sequential", "config": {**inner["config"], "name": "base"}},
        keras_layer("Flatten", "flatten"),
        keras_layer("Dense", "dense_3"),
    )
    places = {
        "sequential/layers/conv2d/vars/0": numbers(3, 3, 1, 2),
        "sequential/layers/conv2d/vars/1": numbers(2),
        "dense/vars/0": numbers(32, 3),
        "dense/vars/1": numbers(3),
    }
    result = import_file(save_keras(tmp_path / "m", outer, places))
    assert [layer.name for layer in result.network.layers] == ["conv_1", "flatten", "output"]
    assert "base/conv2d_7" in result.card.read_text()


def hostile(path: Path, how: str) -> Path:
    """Write an .h5 whose dense kernel is not what it seems."""
    save_h5(path)
    secret = path.parent / "secret.h5"
    with h5py.File(secret, "w") as other:
        other.create_dataset("x", data=small_weights()["scores/kernel"])
    place = "model_weights/scores/scores/kernel:0"
    with h5py.File(path, "a") as file:
        del file[place]
        if how == "external link":
            file[place] = h5py.ExternalLink("secret.h5", "x")
        elif how == "soft link":
            file[place] = h5py.SoftLink("/model_weights/conv_a/conv_a/kernel:0")
        elif how == "external storage":
            (path.parent / "raw").write_bytes(bytes(384))
            file.create_dataset(
                place, (32, 3), "<f4", external=[(str(path.parent / "raw"), 0, 384)]
            )
        elif how == "virtual":
            layout = h5py.VirtualLayout((32, 3), "<f4")
            layout[:] = h5py.VirtualSource(str(secret), "x", shape=(32, 3))
            file.create_virtual_dataset(place, layout)
        elif how == "declared":
            file.create_dataset(place, (32, 1_000_000), "<f4")
        elif how == "huge":
            file.create_dataset(place, (2**40, 2**20), "<f4", chunks=(1, 1))
        elif how == "packed":
            data = np.zeros((3200, 3000), np.float32)
            file.create_dataset(place, data=data, compression="gzip")
        elif how == "text":
            file.create_dataset(place, data=[b"a", b"b"])
        elif how == "cycle":
            file["model_weights/scores/again"] = file["model_weights"]
    return path


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("external link", "link to another file"),
        ("soft link", "link to another place"),
        ("external storage", "other files"),
        ("virtual", "other files"),
        ("declared", "made to fill memory"),
        ("huge", "at most 150,000,000"),
        ("packed", "made to fill memory"),
        ("text", "no numbers"),
        ("cycle", "more groups and datasets"),
    ],
)
def test_what_is_not_in_the_file_is_never_read(import_file, tmp_path, how, reason):
    with pytest.raises(UserError, match=reason) as caught:
        import_file(hostile(tmp_path / "m.h5", how))
    assert "\n" not in str(caught.value)


def test_zip_bombs_are_refused(import_file, tmp_path):
    path = tmp_path / "m.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", json.dumps(SMALL_KERAS))
        archive.writestr("model.weights.h5", bytes(20_000_000))
    with pytest.raises(UserError, match="made to fill memory"):
        import_file(path)


def test_weights_without_a_model(import_file, tmp_path):
    with h5py.File(tmp_path / "m.weights.h5", "w") as file:
        file.create_dataset("layers/conv2d/vars/0", data=numbers(3, 3, 1, 2))
    with pytest.raises(UserError, match="weights, but no model"):
        import_file(tmp_path / "m.weights.h5")


def test_what_cannot_be_shown_is_named(import_file, tmp_path):
    config = keras_config(
        keras_layer("Conv2D", "swishing", kernel_size=3, activation="swish"),
        keras_layer("Multiply", "joined"),
        keras_layer("Dense", "dense"),
    )
    with pytest.raises(
        UserError, match=r"2 layers.*'swishing' \(Conv2D\).*'joined' \(Multiply"
    ) as caught:
        import_file(save_keras(tmp_path / "m", config, PLACED_CONV))
    assert "\n" not in str(caught.value)


PLACED_CONV = {"conv2d/vars/0": numbers(3, 3, 1, 2), "conv2d/vars/1": numbers(2)}


@settings(max_examples=20, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.data(), st.sampled_from([save_keras, save_h5]))
def test_damage_is_an_error_of_the_users(import_file, tmp_path, data, save):
    path = save(tmp_path / "damaged")
    path.write_bytes(data.draw(damaged(path.read_bytes(), kept=8)))
    assert_no_fault(import_file, path)


def test_zeros_around_what_relu_leaves_may_be_pooled(import_file, tmp_path):
    layers = [
        keras_layer("Conv2D", "conv2d", kernel_size=3, activation="relu"),
        keras_layer("ZeroPadding2D", "zero_padding2d", padding=[[1, 0], [0, 1]]),
        keras_layer("MaxPooling2D", "max_pooling2d", pool_size=3, strides=2),
        keras_layer("GlobalAveragePooling2D", "global_average_pooling2d"),
        keras_layer("Dense", "dense", use_bias=False),
    ]
    places = {**PLACED_CONV, "dense/vars/0": numbers(2, 3)}
    network = import_file(save_keras(tmp_path / "m", keras_config(*layers), places)).network
    assert network.layers[2].window.paddings == (1, 0, 0, 1)


def test_zeros_around_negative_values_are_a_layer_where_they_may_win(import_file, tmp_path):
    """Max pooling's own padding never wins, so that it cannot stand for zeros."""
    layers = [
        keras_layer("Conv2D", "conv2d", kernel_size=3),
        keras_layer("ZeroPadding2D", "zero_padding2d", padding=[[1, 0], [0, 1]]),
        keras_layer("MaxPooling2D", "max_pooling2d", pool_size=2),
        keras_layer("GlobalAveragePooling2D", "global_average_pooling2d"),
        keras_layer("Dense", "dense", use_bias=False),
    ]
    kernel, bias = PLACED_CONV["conv2d/vars/0"], np.full(2, -9.0, np.float32)
    places = {"conv2d/vars/0": kernel, "conv2d/vars/1": bias, "dense/vars/0": numbers(2, 3)}
    result = import_file(save_keras(tmp_path / "m", keras_config(*layers), places))
    assert any("'zero_padding2d', which puts zeros around" in note for note in result.notes)
    picture = torch.from_numpy(np.random.default_rng(2).random((1, 1, 6, 6), np.float32))
    maps = conv2d(picture, torch.from_numpy(kernel.transpose(3, 2, 0, 1).copy())) - 9
    pooled = max_pool2d(pad(maps, (0, 1, 1, 0)), 2)
    assert pooled.max() == 0 > maps.max()
    with torch.no_grad():
        scores = result.network.module(picture)
    expected = pooled.mean(dim=(2, 3)) @ torch.from_numpy(numbers(2, 3))
    torch.testing.assert_close(scores, expected)


def test_a_model_that_was_loaded_and_saved_again(import_file, tmp_path):
    path = tmp_path / "model.h5"
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(SMALL_KERAS)
        for name, array in small_weights().items():
            layer, variable = name.split("/")
            place = f"model_weights/{layer}/{layer}_1/{variable}:0"
            file.create_dataset(place, data=array)
    picture = numbers(6, 6, 1, seed=9)
    expected = small_keras_scores(picture, small_weights())
    np.testing.assert_allclose(scores_of(import_file(path), picture), expected, atol=1e-5)
