"""A network of cnnviz as an ONNX model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, checker, helper, numpy_helper

from cnnviz.arrays import FloatArray
from cnnviz.layers import (
    Add,
    AvgPool2d,
    Conv2d,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
    ReLU6,
)
from cnnviz.layers.windows import WindowGeometry
from cnnviz.network import Network

OPSET, IR_VERSION = 17, 8
"""Of 2022: what every runtime in use reads."""

PICTURE, SCORES = "image", "scores"
"""What the model calls its input and its output."""

CLASSES = "cnnviz.classes"
"""The metadata that holds the classes' names, one a line."""


def onnx_model(network: Network) -> ModelProto:
    """Return the model: pictures from 0 to 1 go in, scores come out.

    The input's normalisation is part of it, as the two nodes Sub and Div.
    """
    architecture = network.architecture
    state = {name: value.detach().numpy() for name, value in network.module.named_parameters()}
    nodes: list[NodeProto] = []
    constants = [numpy_helper.from_array(np.ascontiguousarray(v), k) for k, v in state.items()]
    first = PICTURE
    if architecture.input.is_normalised:
        for name, kind, values in (
            ("mean", "Sub", architecture.input.mean),
            ("std", "Div", architecture.input.std),
        ):
            array = np.array(values, np.float32).reshape(1, -1, 1, 1)
            constants.append(numpy_helper.from_array(array, name))
            nodes.append(helper.make_node(kind, [first, name], [f"{PICTURE}_{name}"], f"{name}"))
            first = f"{PICTURE}_{name}"
    last = architecture.layers[-1].name
    for layer in architecture.layers:
        sources = [
            first if name == "input" else f"{name}_output"
            for name in architecture.sources_of(layer.name)
        ]
        output = SCORES if layer.name == last else f"{layer.name}_output"
        node, more = _node(layer, sources, output)
        nodes.append(node)
        constants += more
    picture = architecture.input.shape
    graph = helper.make_graph(
        nodes,
        architecture.name,
        [helper.make_tensor_value_info(PICTURE, TensorProto.FLOAT, ["batch", *picture])],
        [
            helper.make_tensor_value_info(
                SCORES, TensorProto.FLOAT, ["batch", len(architecture.classes)]
            )
        ],
        constants,
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
    bounds: Mapping[str, float] = field(default_factory=dict)


def _node(layer: Layer, sources: Sequence[str], output: str) -> tuple[NodeProto, list[TensorProto]]:
    """Return the node of a layer, and constants that it reads besides weights."""
    describe = OPERATORS.get(type(layer))
    if describe is None:
        raise TypeError(f"no operator of ONNX is known for layers of kind {layer.kind!r}")
    operator = describe(layer)
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


def _scalar(name: str, value: float) -> TensorProto:
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
    MaxPool2d: lambda layer: Operator("MaxPool", _window(layer.window)),
    AvgPool2d: lambda layer: Operator(
        "AveragePool",
        {**_window(layer.window), "count_include_pad": int(layer.count_include_pad)},
    ),
    Add: lambda layer: Operator("Add"),
    Flatten: lambda layer: Operator("Flatten"),
    Linear: lambda layer: Operator("Gemm", {"transB": 1}),
}
"""What each kind of layer is in ONNX."""
