"""Fixtures: traces to test on, made by torch alone, so that nothing of ours checks itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch
from hypothesis import strategies as st
from torch import nn

from cnnviz.layers import Conv2d, Flatten, Layer, Linear, MaxPool2d, ReLU
from cnnviz.model.architecture import Architecture, InputDescription
from cnnviz.model.trace import LayerTrace, Trace
from tests.random_networks import conv_traces, graph_traces, network_traces, pool_traces
from tests.torch_reference import build_trace, run, torch_module, torch_modules

CNN_EXPLAINER = Path(__file__).parents[2] / "shared" / "data" / "cnn-explainer"

TraceBuilder = Callable[..., Trace]


def tiny_vgg_layers(classes: int = 10) -> list[Layer]:
    return [
        Conv2d("conv_1_1", 3, 10, 3),
        ReLU("relu_1_1"),
        Conv2d("conv_1_2", 10, 10, 3),
        ReLU("relu_1_2"),
        MaxPool2d("max_pool_1", 2, 2),
        Conv2d("conv_2_1", 10, 10, 3),
        ReLU("relu_2_1"),
        Conv2d("conv_2_2", 10, 10, 3),
        ReLU("relu_2_2"),
        MaxPool2d("max_pool_2", 2, 2),
        Flatten("flatten"),
        Linear("output", 1690, classes),
    ]


@pytest.fixture(scope="session")
def make_trace() -> TraceBuilder:
    return build_trace


@pytest.fixture(scope="session")
def modules_of() -> Callable[[Trace], nn.Sequential]:
    return torch_modules


@pytest.fixture(scope="session")
def any_network() -> st.SearchStrategy[Trace]:
    return network_traces()


@pytest.fixture(scope="session")
def any_graph() -> st.SearchStrategy[Trace]:
    return graph_traces()


@pytest.fixture(scope="session")
def any_conv() -> st.SearchStrategy[LayerTrace]:
    return conv_traces()


@pytest.fixture(scope="session")
def any_pool() -> st.SearchStrategy[LayerTrace]:
    return pool_traces()


@pytest.fixture(scope="session")
def tiny_vgg() -> Trace:
    """Tiny VGG's shapes, random weights, random picture."""
    return build_trace(tiny_vgg_layers(), (3, 64, 64), seed=7)


@pytest.fixture(scope="session")
def espresso() -> tuple[Trace, dict[str, npt.NDArray[np.float32]]]:
    """CNN Explainer's weights on its espresso, and its own activations as (channels, ...)."""
    if not CNN_EXPLAINER.is_dir():
        pytest.skip("CNN Explainer's reference is not here")
    flat = np.fromfile(CNN_EXPLAINER / "group1-shard1of1.bin", "<f4")
    manifest = json.loads((CNN_EXPLAINER / "model.json").read_text())["weightsManifest"]
    tensors = {}
    for entry in manifest[0]["weights"]:
        size = int(np.prod(entry["shape"]))
        tensors[entry["name"]], flat = flat[:size].reshape(entry["shape"]), flat[size:]
    dense = tensors["output/kernel"]
    tensors["output/kernel"] = (
        dense.reshape(13, 13, 10, 10).transpose(2, 0, 1, 3).reshape(1690, 10).T
    )
    layers = tiny_vgg_layers()
    modules = nn.Sequential(*(torch_module(layer) for layer in layers))
    with torch.no_grad():
        for layer, module in zip(layers, modules, strict=True):
            if f"{layer.name}/kernel" in tensors:
                kernel = tensors[f"{layer.name}/kernel"]
                weight = kernel.transpose(3, 2, 0, 1) if kernel.ndim == 4 else kernel
                module.weight.copy_(torch.tensor(weight.copy()))
                module.bias.copy_(torch.tensor(tensors[f"{layer.name}/bias"]))
    stored = dict(np.load(CNN_EXPLAINER / "activations_espresso_1.npz"))
    picture = (stored.pop("input_uint8") / np.float32(255)).transpose(2, 0, 1)
    reference = {
        name: each.transpose(2, 0, 1) if each.ndim == 3 else each for name, each in stored.items()
    }
    classes = json.loads((CNN_EXPLAINER / "reference.json").read_text())["classes"]
    description = InputDescription(3, 64, 64, (0.0,) * 3, (1.0,) * 3)
    architecture = Architecture("tiny_vgg", description, tuple(layers), tuple(classes))
    return run(architecture, modules, picture), reference
