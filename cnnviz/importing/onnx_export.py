"""A network of cnnviz as an ONNX model."""

from __future__ import annotations

from collections.abc import Sequence
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
        made, more = _nodes(layer, sources, output)
        nodes += made
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


def _nodes(
    layer: Layer, sources: Sequence[str], output: str
) -> tuple[list[NodeProto], list[TensorProto]]:
    """Return the nodes of a layer, and constants that they need besides weights."""
    name = layer.name
    weights = [f"{name}.weight", f"{name}.bias"]

    def node(kind: str, inputs: Sequence[str], **attributes: Any) -> NodeProto:
        return helper.make_node(kind, inputs, [output], name, **attributes)

    if isinstance(layer, Conv2d):
        window = _window(layer.window)
        made = node(
            "Conv",
            [*sources, *weights],
            dilations=list(layer.window.dilations),
            group=layer.groups,
            **window,
        )
        return [made], []
    if isinstance(layer, Linear):
        return [node("Gemm", [*sources, *weights], transB=1)], []
    if isinstance(layer, ReLU6):
        bounds = [_scalar(f"{name}.low", 0), _scalar(f"{name}.high", 6)]
        return [node("Clip", [*sources, f"{name}.low", f"{name}.high"])], bounds
    if isinstance(layer, ReLU):
        return [node("Relu", sources)], []
    if isinstance(layer, MaxPool2d):
        return [node("MaxPool", sources, **_window(layer.window))], []
    if isinstance(layer, AvgPool2d):
        counts = int(layer.count_include_pad)
        return [node("AveragePool", sources, count_include_pad=counts, **_window(layer.window))], []
    if isinstance(layer, Add):
        return [node("Add", sources)], []
    if isinstance(layer, Flatten):
        return [node("Flatten", sources)], []
    raise TypeError(f"no operator of ONNX is known for layers of kind {layer.kind!r}")


def _window(window: WindowGeometry) -> dict[str, list[int]]:
    return {
        "kernel_shape": list(window.kernel_sizes),
        "strides": list(window.strides),
        "pads": list(window.paddings),
    }


def _scalar(name: str, value: float) -> TensorProto:
    array: FloatArray = np.array(value, np.float32)
    return numpy_helper.from_array(array, name)
