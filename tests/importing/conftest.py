from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import onnx
import pytest
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from cnnviz.errors import UserError
from cnnviz.importing import ImportResult, ImportSettings, import_network


@pytest.fixture
def import_file(tmp_path: Path) -> Callable[..., ImportResult]:
    """Import a file into tmp_path."""

    def run(source: Path, **settings: Any) -> ImportResult:
        output = tmp_path / "imported" / "net.safetensors"
        return import_network(source, output, ImportSettings(**settings), force=True)

    return run


@st.composite
def damaged(draw: st.DrawFn, content: bytes, kept: int = 0) -> bytes:
    """Change a few bytes of a file behind the first `kept`, and cut it somewhere there."""
    changed = bytearray(content)
    for _ in range(draw(st.integers(1, 6))):
        changed[draw(st.integers(kept, len(changed) - 1))] = draw(st.integers(0, 255))
    return bytes(changed[: draw(st.integers(kept + 1, len(changed)))])


def assert_no_fault(import_file: Callable[..., ImportResult], path: Path, **settings: Any) -> None:
    """Import what may be damaged: it works, or a UserError says in one line why not."""
    message = ""
    try:
        import_file(path, **settings)
    except UserError as error:
        message = str(error)
    assert "\n" not in message
    assert not message or path.name in message


def numbers(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.5, shape).astype(np.float32)


def onnx_model_of(
    nodes: Sequence[onnx.NodeProto],
    constants: dict[str, np.ndarray],
    picture: Sequence[int | str] = ("batch", 3, 8, 8),
    output: str = "scores",
    opset: int = 17,
) -> onnx.ModelProto:
    graph = helper.make_graph(
        list(nodes),
        "graph",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, picture)],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    model.ir_version = 8
    return model


def save_onnx(path: Path, model: onnx.ModelProto) -> Path:
    path.write_bytes(model.SerializeToString())
    return path


def small_onnx(
    middle: Sequence[onnx.NodeProto] = (),
    constants: dict[str, np.ndarray] | None = None,
    channels: int = 4,
    **model: Any,
) -> onnx.ModelProto:
    """Return conv, what is in between (from "maps" to "more"), global mean, linear."""
    nodes = [
        helper.make_node("Conv", ["image", "w", "b"], ["maps"], "first", kernel_shape=[3, 3]),
        *middle,
        helper.make_node("GlobalAveragePool", ["more" if middle else "maps"], ["means"], "mean"),
        helper.make_node("Flatten", ["means"], ["flat"], "flat"),
        helper.make_node("Gemm", ["flat", "v", "c"], ["scores"], "last", transB=1),
    ]
    held = {
        "w": numbers(4, 3, 3, 3),
        "b": numbers(4, seed=1),
        "v": numbers(5, channels, seed=2),
        "c": numbers(5, seed=3),
        **(constants or {}),
    }
    return onnx_model_of(nodes, held, **model)


def two_branches() -> onnx.ModelProto:
    """Return a model in which a ReLU and a ReLU6 of the same maps are added."""
    middle = [
        helper.make_node("Relu", ["maps"], ["left"], "left"),
        helper.make_node("Clip", ["maps", "zero", "six"], ["right"], "right"),
        helper.make_node("Add", ["left", "right"], ["more"], "sum"),
    ]
    return small_onnx(middle, {"zero": np.array(0, np.float32), "six": np.array(6, np.float32)})


def keras_layer(kind: str, name: str, **config: Any) -> dict[str, Any]:
    return {"class_name": kind, "config": {"name": name, **config}}


def keras_config(*layers: dict[str, Any], shape: Sequence[int] = (6, 6, 1)) -> dict[str, Any]:
    entry = keras_layer("InputLayer", "picture", batch_input_shape=[None, *shape])
    return {"class_name": "Sequential", "config": {"name": "small", "layers": [entry, *layers]}}


SMALL_KERAS = keras_config(
    keras_layer("Conv2D", "conv_a", filters=2, kernel_size=[3, 3], activation="relu"),
    keras_layer("Flatten", "flat"),
    keras_layer("Dense", "scores", units=3, activation="softmax"),
)


def small_weights() -> dict[str, np.ndarray]:
    return {
        "conv_a/kernel": numbers(3, 3, 1, 2),
        "conv_a/bias": numbers(2, seed=1),
        "scores/kernel": numbers(32, 3, seed=2),
        "scores/bias": numbers(3, seed=3),
    }


def small_keras_scores(picture: np.ndarray, weights: dict[str, np.ndarray]) -> np.ndarray:
    """Return the scores of SMALL_KERAS, by loops over (height, width, channels)."""
    kernel, bias = weights["conv_a/kernel"], weights["conv_a/bias"]
    maps = np.zeros((4, 4, 2))
    for row in range(4):
        for column in range(4):
            patch = picture[row : row + 3, column : column + 3]
            maps[row, column] = np.einsum("ijk,ijkl->l", patch, kernel) + bias
    return np.maximum(maps, 0).reshape(-1) @ weights["scores/kernel"] + weights["scores/bias"]


def save_tfjs(
    folder: Path,
    config: dict[str, Any] = SMALL_KERAS,
    weights: dict[str, np.ndarray] | None = None,
    manifest: dict[str, Any] | None = None,
    shards: int = 2,
) -> Path:
    """Write model.json and its shards; `manifest` changes its one group."""
    weights = small_weights() if weights is None else weights
    content = b"".join(array.astype("<f4").tobytes() for array in weights.values())
    cuts = np.linspace(0, len(content), shards + 1).astype(int)
    names = [f"group1-shard{number + 1}of{shards}.bin" for number in range(shards)]
    for name, start, end in zip(names, cuts, cuts[1:], strict=False):
        (folder / name).write_bytes(content[start:end])
    entries = [
        {"name": name, "shape": list(array.shape), "dtype": "float32"}
        for name, array in weights.items()
    ]
    group = {"paths": names, "weights": entries, **(manifest or {})}
    path = folder / "model.json"
    model = {"modelTopology": {"model_config": config}, "weightsManifest": [group]}
    path.write_text(json.dumps(model))
    return path


def save_h5(
    path: Path, config: dict[str, Any] = SMALL_KERAS, weights: dict[str, np.ndarray] | None = None
) -> Path:
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(config)
        group = file.create_group("model_weights")
        for name, array in (small_weights() if weights is None else weights).items():
            layer, variable = name.split("/")
            group.create_dataset(f"{layer}/{layer}/{variable}:0", data=array)
    return path
