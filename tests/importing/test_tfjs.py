"""TensorFlow.js layers models: CNN Explainer's own, small ones, and broken ones."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cnnviz.errors import UserError
from cnnviz.network import trace

from .conftest import (
    SMALL_KERAS,
    assert_no_fault,
    keras_config,
    keras_layer,
    numbers,
    save_tfjs,
    small_keras_scores,
    small_weights,
)

CNN_EXPLAINER = Path(__file__).parents[3] / "shared" / "data" / "cnn-explainer"


@pytest.mark.skipif(not CNN_EXPLAINER.is_dir(), reason="needs the reference data")
def test_cnn_explainers_own_weights_on_its_photos(import_file, tmp_path):
    reference = json.loads((CNN_EXPLAINER / "reference.json").read_text())
    classes = tmp_path / "classes.txt"
    classes.write_text("\n".join(reference["classes"]))
    result = import_file(CNN_EXPLAINER / "model.json", classes=classes)
    assert [layer.name for layer in result.network.layers][:3] == [
        "conv_1_1",
        "relu_1_1",
        "conv_1_2",
    ]
    for name, expected in reference["images"].items():
        seen = trace(CNN_EXPLAINER / "images" / name, result.network)
        np.testing.assert_allclose(seen.logits, expected["logits"], atol=1e-4)
        assert seen.predicted_class == expected["predicted_class"]


def scores_of(result, picture: np.ndarray) -> np.ndarray:
    with torch.no_grad():
        batch = torch.from_numpy(picture.transpose(2, 0, 1)[None].astype(np.float32))
        return result.network.module(batch)[0].numpy()


def test_channels_are_put_into_our_order(import_file, tmp_path):
    result = import_file(save_tfjs(tmp_path))
    picture = numbers(6, 6, 1, seed=9)
    expected = small_keras_scores(picture, small_weights())
    np.testing.assert_allclose(scores_of(result, picture), expected, atol=1e-5)
    assert [layer.name for layer in result.network.layers] == [
        "conv_a",
        "conv_a_relu",
        "flat",
        "scores",
    ]


@pytest.mark.parametrize("kind", ["uint8", "uint16", "float16"])
def test_quantised_weights(import_file, tmp_path, kind):
    plain = import_file(save_tfjs(tmp_path)).network
    content, entries = b"", []
    for name, array in small_weights().items():
        entry = {"name": name, "shape": list(array.shape), "dtype": "float32"}
        if kind == "float16":
            entry["quantization"] = {"dtype": kind, "original_dtype": "float32"}
            content += array.astype("<f2").tobytes()
        else:
            steps = np.iinfo(kind).max
            scale = float(np.ptp(array)) / steps
            entry["quantization"] = {"dtype": kind, "scale": scale, "min": float(array.min())}
            stored = np.rint((array - array.min()) / scale).astype(np.dtype(kind).newbyteorder("<"))
            content += stored.tobytes()
        entries.append(entry)
    (tmp_path / "q.bin").write_bytes(content)
    path = save_tfjs(tmp_path, manifest={"paths": ["q.bin"], "weights": entries})
    packed = import_file(path).network
    allowed = {"uint8": 0.02, "uint16": 1e-4, "float16": 1e-3}[kind]
    for one, other in zip(plain.module.parameters(), packed.module.parameters(), strict=True):
        torch.testing.assert_close(one, other, atol=allowed, rtol=0)


@pytest.mark.parametrize("key", ["batch_input_shape", "batchInputShape", "batch_shape"])
def test_ways_to_declare_the_picture(import_file, tmp_path, key):
    config = json.loads(json.dumps(SMALL_KERAS))
    first, *rest = config["config"]["layers"]
    shape = first["config"].pop("batch_input_shape")
    rest[0]["config"][key] = shape
    config["config"]["layers"] = rest
    assert import_file(save_tfjs(tmp_path, config)).network.input.shape == (1, 6, 6)


def test_two_branches_of_a_functional_model(import_file, tmp_path):
    def called(layer, *sources):
        return {
            **layer,
            "name": layer["config"]["name"],
            "inbound_nodes": [[[source, 0, 0, {}] for source in sources]] if sources else [],
        }

    layers = [
        called(keras_layer("InputLayer", "x", batch_input_shape=[None, 6, 6, 1])),
        called(keras_layer("Add", "sum"), "a", "b"),  # not in order, as in files of others
        called(keras_layer("Conv2D", "a", kernel_size=3, padding="same"), "x"),
        called(keras_layer("ReLU", "b", max_value=6), "a"),
        called(keras_layer("GlobalAveragePooling2D", "mean"), "sum"),
        called(keras_layer("Dense", "scores"), "mean"),
    ]
    config = {
        "class_name": "Model",
        "config": {"name": "two", "layers": layers, "output_layers": [["scores", 0, 0]]},
    }
    weights = {
        "a/kernel": numbers(3, 3, 1, 2),
        "a/bias": numbers(2),
        "scores/kernel": numbers(2, 3),
        "scores/bias": numbers(3),
    }
    architecture = import_file(save_tfjs(tmp_path, config, weights)).network.architecture
    assert architecture.sources_of("sum") == ("a", "b")


def changed(**group):
    return {"manifest": group}


OTHER = {"name": "x", "shape": [10**6, 10**6], "dtype": "float32"}


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        (changed(paths=["../shard.bin"]), "outside of its folder"),
        (changed(paths=["/etc/passwd"]), "no name of a file beside it"),
        (changed(paths=["none.bin"]), "'none.bin' is missing"),
        (changed(paths=[7]), "no name"),
        (changed(paths=["group1-shard1of2.bin"]), "cut off"),
        (changed(weights=[OTHER]), "at most 150,000,000"),
        (changed(weights=[{**OTHER, "shape": [-1]}]), "declares the shape"),
        (changed(weights=[{**OTHER, "shape": [2], "dtype": "string"}]), "of type string"),
        (changed(weights=[{"name": "x"}]), "no shape"),
        (changed(weights=7), "no paths or no weights"),
        ({"config": {"class_name": "Custom", "config": {}}}, "only Sequential and Functional"),
        ({"config": keras_config(keras_layer("Lambda", "code"))}, "never run"),
        ({"config": keras_config(keras_layer("ReLU", "d", max_value=3))}, "'d' \\(ReLU\\)"),
    ],
)
def test_bad_models_get_one_line(import_file, tmp_path, how, reason):
    with pytest.raises(UserError, match=reason) as caught:
        import_file(save_tfjs(tmp_path, **how))
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "imported").exists()


def test_graph_models_are_refused_by_name(import_file, tmp_path):
    path = tmp_path / "model.json"
    path.write_text('{"format": "graph-model", "modelTopology": {}, "weightsManifest": []}')
    with pytest.raises(UserError, match=r"graph model of TensorFlow.js.*tfjs_layers_model"):
        import_file(path)


@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.data())
def test_damage_is_an_error_of_the_users(import_file, tmp_path, data):
    path = save_tfjs(tmp_path)
    model = json.loads(path.read_text())
    place, key = {"all": model}, "all"
    while isinstance(place[key], dict | list) and place[key] and data.draw(st.integers(0, 5)):
        place = place[key]
        keys = list(place) if isinstance(place, dict) else range(len(place))
        key = data.draw(st.sampled_from(list(keys)))
    values = [None, 0, -1, 1e300, "", "x", [], {}, [[]], True, 10**20, ["a", 0, 0]]
    place[key] = data.draw(st.sampled_from(values))
    path.write_text(json.dumps(model))
    assert_no_fault(import_file, path)
