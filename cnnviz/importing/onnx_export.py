"""A network of cnnviz as an ONNX model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

import numpy as np
from onnx import (
    ModelProto,
    NodeProto,
    TensorProto,
    ValueInfoProto,
    checker,
    helper,
    numpy_helper,
)

from cnnviz.arrays import FloatArray
from cnnviz.layers import (
    Add,
    AvgPool2d,
    Concat,
    Conv2d,
    Flatten,
    Layer,
    LeakyReLU,
    Linear,
    MaxPool2d,
    ReLU,
    ReLU6,
)
from cnnviz.layers.tables import entry_for
from cnnviz.layers.windows import WindowGeometry
from cnnviz.model.architecture import INPUT, Architecture
from cnnviz.network import Network

OPSET, IR_VERSION = 17, 8
"""Of 2022: what every runtime in use reads."""

PICTURE, SCORES = "image", "scores"
"""What the model calls its input and its output."""

Made = tuple[NodeProto, list[TensorProto]]
"""A node, and the constants that it reads besides the layer's weights."""

CLASSES = "cnnviz.classes"
"""The metadata that holds the classes' names, one a line."""


def onnx_model(network: Network) -> ModelProto:
    """Return the model: pictures from 0 to 1 go in, scores come out.

    The input's normalisation is part of it, as the two nodes Sub and Div.
    """
    architecture = network.architecture
    state = {name: value.detach().numpy() for name, value in network.module.named_parameters()}
    weights = [numpy_helper.from_array(np.ascontiguousarray(v), k) for k, v in state.items()]
    made = [*_normalisation(architecture), *_layers(architecture)]
    graph = helper.make_graph(
        [node for node, _ in made],
        architecture.name,
        [_values(PICTURE, *architecture.input.shape)],
        [_values(SCORES, len(architecture.classes))],
        [*weights, *(constant for _, constants in made for constant in constants)],
    )
    model = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", OPSET)],
        producer_name="cnnviz",
        producer_version=version("cnnviz"),
    )
    model.ir_version = IR_VERSION
    helper.set_model_props(model, {CLASSES: "\n".join(architecture.classes)})
    checker.check_model(model)
    return model


def _values(name: str, *shape: int) -> ValueInfoProto:
    """Return the description of what goes in or comes out, for any number of pictures."""
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", *shape])


def _normalisation(architecture: Architecture) -> Iterator[Made]:
    """Yield what makes of a picture what the network takes: two nodes, or none."""
    if not architecture.input.is_normalised:
        return
    read = PICTURE
    for name, operator in (("mean", "Sub"), ("std", "Div")):
        values = np.array(getattr(architecture.input, name), np.float32).reshape(1, -1, 1, 1)
        output = f"{PICTURE}_{name}"
        node = helper.make_node(operator, [read, name], [output], name)
        yield node, [numpy_helper.from_array(values, name)]
        read = output


def _layers(architecture: Architecture) -> Iterator[Made]:
    first = f"{PICTURE}_std" if architecture.input.is_normalised else PICTURE
    last = architecture.layers[-1].name
    for layer in architecture.layers:
        sources = [
            first if name == INPUT else f"{name}_output"
            for name in architecture.sources_of(layer.name)
        ]
        yield _node(layer, sources, SCORES if layer.name == last else f"{layer.name}_output")


@dataclass(frozen=True)
class Operator:
    """What a layer is in ONNX.

    Attributes
    ----------
    name
        The operator's.
    attributes
        Its attributes.
    bounds
        Numbers that it reads after the layer's weights, by name.
    """

    name: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    bounds: Mapping[str, float | FloatArray] = field(default_factory=dict)


def _node(layer: Layer, sources: Sequence[str], output: str) -> Made:
    operator = entry_for(layer, OPERATORS, "operator of ONNX")(layer)
    weights = [f"{layer.name}.{name}" for name in layer.parameter_shapes]
    bounds = {f"{layer.name}.{name}": value for name, value in operator.bounds.items()}
    read = [*sources, *weights, *bounds]
    node = helper.make_node(operator.name, read, [output], layer.name, **operator.attributes)
    return node, [_scalar(name, value) for name, value in bounds.items()]


def _window(window: WindowGeometry) -> dict[str, list[int]]:
    return {
        "kernel_shape": list(window.kernel_sizes),
        "strides": list(window.strides),
        "pads": list(window.paddings),
    }


def _leaky_relu(layer: LeakyReLU) -> Operator:
    slopes = layer.negative_slope
    if not isinstance(slopes, tuple):
        return Operator("LeakyRelu", {"alpha": slopes})
    by_channel = np.array(slopes, np.float32)
    # One for all fits a vector, too; several are those of maps.
    return Operator(
        "PRelu",
        bounds={"slope": by_channel if len(slopes) == 1 else by_channel.reshape(-1, 1, 1)},
    )


def _scalar(name: str, value: float | FloatArray) -> TensorProto:
    array: FloatArray = np.array(value, np.float32)
    return numpy_helper.from_array(array, name)


OPERATORS: Mapping[type[Layer], Callable[[Any], Operator]] = {
    Conv2d: lambda layer: Operator(
        "Conv",
        {
            **_window(layer.window),
            "dilations": list(layer.window.dilations),
            "group": layer.groups,
        },
    ),
    ReLU: lambda layer: Operator("Relu"),
    ReLU6: lambda layer: Operator("Clip", bounds={"low": 0, "high": layer.ceiling}),
    LeakyReLU: _leaky_relu,
    MaxPool2d: lambda layer: Operator("MaxPool", _window(layer.window)),
    AvgPool2d: lambda layer: Operator(
        "AveragePool",
        {**_window(layer.window), "count_include_pad": int(layer.count_include_pad)},
    ),
    Add: lambda layer: Operator("Add"),
    Concat: lambda layer: Operator("Concat", {"axis": 1}),
    Flatten: lambda layer: Operator("Flatten"),
    Linear: lambda layer: Operator("Gemm", {"transB": 1}),
}
"""What each kind of layer is in ONNX."""
