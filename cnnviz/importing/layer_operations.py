"""What a layer of a description does, with weights from a file, as an operation of a graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from cnnviz.arrays import FloatArray
from cnnviz.importing.operations import (
    Addition,
    Concatenation,
    Convolution,
    Dense,
    Flattening,
    Leak,
    Operation,
    Pooling,
    Rectifier,
)
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

Tensors = Mapping[str, FloatArray]
"""A layer's ``weight`` and ``bias``; the bias may be missing, and both of what has none."""


def operation_of(layer: Layer, tensors: Tensors) -> Operation:
    """Return what a layer does, with its weights.

    Raises
    ------
    TypeError
        If nothing is known of layers of its kind.
    """
    return entry_for(layer, OPERATIONS, "operation")(layer, tensors)


def _convolution(layer: Conv2d, tensors: Tensors) -> Convolution:
    window = layer.window
    return Convolution(
        **_weights(tensors),
        stride=window.strides,
        padding=window.paddings,
        dilation=window.dilations,
        groups=layer.groups,
    )


def _max_pooling(layer: MaxPool2d, tensors: Tensors) -> Pooling:
    window = layer.window
    return Pooling("max", window.kernel_sizes, window.strides, window.paddings)


def _average_pooling(layer: AvgPool2d, tensors: Tensors) -> Pooling:
    window, counts = layer.window, layer.count_include_pad
    sizes = window.kernel_sizes, window.strides, window.paddings
    return Pooling("average", *sizes, counts_padding=counts)


def _weights(tensors: Tensors) -> dict[str, Any]:
    weight = tensors["weight"].astype(np.float32)
    bias = tensors.get("bias", np.zeros(len(weight))).astype(np.float64)
    return {"weight": weight, "bias": bias}


OPERATIONS: Mapping[type[Layer], Callable[[Any, Tensors], Operation]] = {
    Conv2d: _convolution,
    ReLU: lambda layer, tensors: Rectifier(),
    ReLU6: lambda layer, tensors: Rectifier(6),
    LeakyReLU: lambda layer, tensors: Leak(layer.negative_slope),
    MaxPool2d: _max_pooling,
    AvgPool2d: _average_pooling,
    Add: lambda layer, tensors: Addition(),
    Concat: lambda layer, tensors: Concatenation(),
    Flatten: lambda layer, tensors: Flattening(),
    Linear: lambda layer, tensors: Dense(**_weights(tensors)),
}
"""What each kind of layer does."""
