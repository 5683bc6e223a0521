from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import strategies as st

from cnnviz.layers import Conv2d, Flatten, Layer, Linear, MaxPool2d, ReLU
from cnnviz.layers.window_axis import sliding_output_size
from cnnviz.model.architecture import Architecture, InputDescription
from cnnviz.network import Network
from cnnviz.network.descriptions import read_description

CNN_EXPLAINER = Path(__file__).parents[3] / "shared" / "data" / "cnn-explainer"


@pytest.fixture(scope="session", autouse=True)
def _one_thread():
    torch.set_num_threads(1)


@st.composite
def _architectures(draw: st.DrawFn) -> Architecture:
    """Any small network: odd sizes, kernels, strides, paddings, dilations, 1 to 6 channels."""
    channels = draw(st.sampled_from([1, 3]))
    height, width = draw(st.integers(5, 23)), draw(st.integers(5, 23))
    mean = draw(st.lists(st.floats(-1, 1), min_size=channels, max_size=channels))
    std = draw(st.lists(st.floats(0.1, 2), min_size=channels, max_size=channels))
    description = InputDescription(channels, height, width, tuple(mean), tuple(std))
    layers: list[Layer] = []
    shape = description.shape
    for number in range(draw(st.integers(1, 4))):
        kernel = draw(st.integers(1, 5))
        stride = draw(st.integers(1, 3))
        padding, dilation = draw(st.integers(0, 2)), draw(st.integers(1, 2))
        conv = Conv2d(
            f"conv_{number}", shape[0], draw(st.integers(1, 6)), kernel, stride, padding, dilation
        )
        if number and min(conv.output_shape(shape)) < 1:
            break
        if min(conv.output_shape(shape)) < 1:
            conv = Conv2d("conv_0", shape[0], 2, 1)
        layers.append(conv)
        shape = conv.output_shape(shape)
        if draw(st.booleans()):
            layers.append(ReLU(f"relu_{number}"))
        pool, pool_stride = draw(st.integers(1, 3)), draw(st.integers(1, 3))
        if draw(st.booleans()) and sliding_output_size(min(shape[1:]), pool, 1, 0, 1) > 0:
            layers.append(MaxPool2d(f"max_pool_{number}", pool, pool_stride))
            shape = layers[-1].output_shape(shape)
    layers.append(Flatten("flatten"))
    features = int(np.prod(shape))
    if draw(st.booleans()):
        layers += [Linear("hidden", features, 4), ReLU("relu_hidden")]
        features = 4
    classes = tuple(f"class {index}" for index in range(draw(st.integers(2, 5))))
    layers.append(Linear("output", features, len(classes)))
    return Architecture("random", description, tuple(layers), classes)


@pytest.fixture(scope="session")
def architectures() -> st.SearchStrategy[Architecture]:
    return _architectures()


@pytest.fixture
def tiny_network() -> Network:
    """A network small enough to check by hand: grey 6 x 5 pictures, two classes."""
    description = InputDescription(1, 6, 5, (0.25,), (0.5,))
    layers = (
        Conv2d("conv_1", 1, 2, 3, padding=1),
        ReLU("relu_1"),
        MaxPool2d("max_pool_1", 2, 2),
        Flatten("flatten"),
        Linear("output", 12, 2),
    )
    torch.manual_seed(1)
    return Network.build(Architecture("tiny", description, layers, ("dark", "light")))


@pytest.fixture(scope="session")
def cnn_explainer() -> tuple[Network, Path, dict]:
    """CNN Explainer's own network, read from its TF.js files, its images and its reference."""
    if not CNN_EXPLAINER.is_dir():
        pytest.skip("CNN Explainer's weights are not there")
    reference = json.loads((CNN_EXPLAINER / "reference.json").read_text())
    return _read_tfjs(reference["classes"]), CNN_EXPLAINER / "images", reference["images"]


def _read_tfjs(classes: list[str]) -> Network:
    """Return Tiny VGG with the weights of a TF.js layers-model.

    Convolution kernels are (height, width, in, out) there, and the flatten goes row by row with
    channels last, so the dense kernel's rows are put into channels-first order.
    """
    model = json.loads((CNN_EXPLAINER / "model.json").read_text())
    (group,) = model["weightsManifest"]
    values = np.frombuffer((CNN_EXPLAINER / group["paths"][0]).read_bytes(), "<f4")
    network = Network.build(read_description("tiny_vgg", classes))
    state = {}
    offset = 0
    for entry in group["weights"]:
        shape = tuple(entry["shape"])
        array = values[offset : offset + np.prod(shape)].reshape(shape)
        offset += array.size
        layer, what = entry["name"].split("/")
        if array.ndim == 4:
            array = array.transpose(3, 2, 0, 1)
        elif array.ndim == 2:
            array = array.reshape(13, 13, 10, 10).transpose(3, 2, 0, 1).reshape(10, 1690)
        name = f"{layer}.{'weight' if what == 'kernel' else 'bias'}"
        state[name] = torch.from_numpy(array.copy())
    assert offset == values.size
    network.module.load_state_dict(state)
    return network
