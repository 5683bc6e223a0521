"""Damaged models of other programs: imported, or refused in one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from torture.attack import Attack
from torture.attacks.files import small_network, use_or_refuse
from torture.materials import DESCRIPTION
from torture.mutation import mutated, mutated_text

MINIMAL_CONFIG = {
    "class_name": "Sequential",
    "config": {
        "name": "small",
        "layers": [
            {
                "class_name": "Conv2D",
                "config": {
                    "name": "conv",
                    "filters": 2,
                    "kernel_size": [3, 3],
                    "strides": [1, 1],
                    "padding": "valid",
                    "activation": "relu",
                    "use_bias": True,
                    "batch_input_shape": [None, 6, 6, 1],
                },
            },
            {"class_name": "Flatten", "config": {"name": "flatten"}},
            {
                "class_name": "Dense",
                "config": {
                    "name": "output",
                    "units": 3,
                    "activation": "softmax",
                    "use_bias": True,
                },
            },
        ],
    },
}
"""What Keras says of a small network."""

SHAPES = {
    "conv/kernel": (3, 3, 1, 2),
    "conv/bias": (2,),
    "output/kernel": (32, 3),
    "output/bias": (3,),
}


def _exported(ending: str) -> bytes:
    from cnnviz.importing.exporter import export_network
    from cnnviz.network.weights import weights_bytes

    with TemporaryDirectory(prefix="torture-") as folder:
        weights = Path(folder) / "net.safetensors"
        weights.write_bytes(weights_bytes(small_network()))
        return export_network(weights, Path(folder) / f"exported.{ending}").read_bytes()


@cache
def onnx_model() -> bytes:
    """Return a small network as ONNX."""
    return _exported("onnx")


@cache
def _torch() -> bytes:
    import torch

    file = BytesIO()
    torch.save(small_network().module.state_dict(), file)
    return file.getvalue()


@cache
def _tfjs() -> tuple[str, bytes]:
    """Return model.json and the one file of weights."""
    weights = [{"name": name, "shape": shape, "dtype": "float32"} for name, shape in SHAPES.items()]
    model = {
        "format": "layers-model",
        "modelTopology": {"model_config": MINIMAL_CONFIG},
        "weightsManifest": [{"paths": ["group1-shard1of1.bin"], "weights": weights}],
    }
    random = np.random.default_rng(0)
    numbers = [random.normal(0, 0.3, shape).astype("<f4") for shape in SHAPES.values()]
    return json.dumps(model), b"".join(each.tobytes() for each in numbers)


@cache
def _h5() -> bytes:
    import h5py

    file, random = BytesIO(), np.random.default_rng(0)
    with h5py.File(file, "w") as content:
        content.attrs["model_config"] = json.dumps(MINIMAL_CONFIG)
        group = content.create_group("model_weights")
        group.attrs["layer_names"] = [b"conv", b"output"]
        for layer in ("conv", "output"):
            inner = group.create_group(layer)
            inner.attrs["weight_names"] = [f"{layer}/kernel:0".encode(), f"{layer}/bias:0".encode()]
            for name in ("kernel", "bias"):
                values = random.normal(0, 0.3, SHAPES[f"{layer}/{name}"]).astype("f4")
                inner.create_dataset(f"{layer}/{name}:0", data=values)
    return file.getvalue()


def _import(path: Path, **settings: Any) -> None:
    from cnnviz.importing import ImportSettings, import_network

    output = path.parent / "out" / "net.safetensors"
    use_or_refuse(lambda: import_network(path, output, ImportSettings(**settings), force=True))


def damaged(
    ending: str, content: Callable[[], bytes], random: Random, folder: Path, *, like: bool
) -> None:
    """Import a damaged file."""
    (folder / "small.toml").write_text(DESCRIPTION)
    path = folder / f"model.{ending}"
    path.write_bytes(mutated(content(), random))
    _import(path, **({"like": folder / "small.toml"} if like else {}))


def tfjs(random: Random, folder: Path) -> None:
    """Import a damaged model of TensorFlow.js: its JSON or its weights."""
    model, weights = _tfjs()
    if random.random() < 0.7:
        model = mutated_text(model, random)
    else:
        weights = mutated(weights, random)
    path = folder / "model.json"
    path.write_text(model, encoding="utf-8", errors="surrogatepass")
    (folder / "group1-shard1of1.bin").write_bytes(weights)
    _import(path)


def class_list(random: Random, folder: Path) -> None:
    """Import with a damaged list of classes."""
    (folder / "model.onnx").write_bytes(onnx_model())
    given = random.choice(("red\nblue sky\n", '["red", "blue sky"]', '{"0": "red", "1": "blue"}'))
    path = folder / "classes.txt"
    path.write_text(mutated_text(given, random), encoding="utf-8", errors="surrogatepass")
    _import(folder / "model.onnx", classes=path)


ATTACKS = [
    Attack(
        "ONNX models", "damaged ONNX models", partial(damaged, "onnx", onnx_model, like=False), 10
    ),
    Attack("PyTorch files", "damaged state_dicts", partial(damaged, "pt", _torch, like=True), 10),
    Attack("Keras files", "damaged .h5 files", partial(damaged, "h5", _h5, like=False), 3),
    Attack("TensorFlow.js models", "damaged models of TensorFlow.js", tfjs, 10),
    Attack("class lists", "damaged lists of classes", class_list, 10),
]
