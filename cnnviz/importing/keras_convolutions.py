"""Convolutions and dense layers of Keras: layers that multiply by what was learned."""

from __future__ import annotations

import numpy as np

from cnnviz.arrays import FloatArray
from cnnviz.errors import UserError
from cnnviz.importing.graph import NotShownError
from cnnviz.importing.keras_activations import activation
from cnnviz.importing.keras_config import KerasLayer
from cnnviz.importing.operations import Convolution, Dense, Operation


def conv(layer: KerasLayer) -> tuple[Operation, ...]:
    """Return a convolution and its activation."""
    names = ("kernel", "bias") if layer.flag("use_bias", default=True) else ("kernel",)
    found = layer.weights(names, 4)
    kernel = found["kernel"].transpose(3, 2, 0, 1)
    groups = int(layer.number("groups", 1))
    convolution = _convolution(layer, kernel, found.get("bias"), groups)
    return (convolution, *activation(layer))


def depthwise(layer: KerasLayer) -> tuple[Operation, ...]:
    """Return a convolution of each map by itself, and its activation."""
    names = ("depthwise_kernel", "bias")
    found = layer.weights(names if layer.flag("use_bias", default=True) else names[:1], 4)
    kernel = _depthwise_kernel(found["depthwise_kernel"])
    convolution = _convolution(layer, kernel, found.get("bias"), found["depthwise_kernel"].shape[2])
    return (convolution, *activation(layer))


def separable(layer: KerasLayer) -> tuple[Operation, ...]:
    """Return a depthwise convolution, one of 1 x 1 cells over all maps, and the activation."""
    names = ("depthwise_kernel", "pointwise_kernel", "bias")
    found = layer.weights(names if layer.flag("use_bias", default=True) else names[:2], 4)
    kernel = _depthwise_kernel(found["depthwise_kernel"])
    depthwise = _convolution(layer, kernel, None, found["depthwise_kernel"].shape[2])
    pointwise = found["pointwise_kernel"].transpose(3, 2, 0, 1)
    bias = _bias(found.get("bias"), len(pointwise))
    return (depthwise, Convolution(pointwise, bias), *activation(layer))


def _depthwise_kernel(kernel: FloatArray) -> FloatArray:
    """Return (channels x multiplier, 1, rows, columns) of (rows, columns, channels, multiplier)."""
    rows, columns, channels, multiplier = kernel.shape
    return kernel.transpose(2, 3, 0, 1).reshape(channels * multiplier, 1, rows, columns)


def _convolution(
    layer: KerasLayer, kernel: FloatArray, bias: FloatArray | None, groups: int
) -> Convolution:
    stride, dilation = layer.pair("strides", (1, 1)), layer.pair("dilation_rate", (1, 1))
    size = (kernel.shape[2], kernel.shape[3])
    return Convolution(
        np.ascontiguousarray(kernel),
        _bias(bias, len(kernel)),
        stride,
        layer.padding(size, stride, dilation),
        dilation,
        groups,
    )


def _bias(bias: FloatArray | None, count: int) -> np.ndarray:
    if bias is None:
        return np.zeros(count)
    if bias.shape != (count,):
        raise UserError(f"a bias has the shape {bias.shape}, where there are {count} channels")
    return bias.astype(np.float64)


def dense(layer: KerasLayer) -> tuple[Operation, ...]:
    """Return a linear layer and its activation."""
    names = ("kernel", "bias") if layer.flag("use_bias", default=True) else ("kernel",)
    found = layer.weights(names, 2)
    weight = np.ascontiguousarray(found["kernel"].T)
    if len(layer.shape) != 1:
        raise NotShownError("it takes maps; flatten them before it")
    return (Dense(weight, _bias(found.get("bias"), len(weight))), *activation(layer))
