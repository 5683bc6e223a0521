"""Sending a part of a layer's values through it, calculated in another way than layers do.

A part is sent without its biases. Each ReLU passes what it passed, each window of max pooling
what won it. Vectors may have one more axis, before their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from cnnviz.arrays import Float64Array
from cnnviz.auditing.patches import patches_of
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
from cnnviz.model.trace import LayerTrace


def passed_on(layer_trace: LayerTrace, *parts: Float64Array) -> Float64Array:
    """Return what is left in a layer's output of a part of each of its inputs.

    Raises
    ------
    TypeError
        If it is not known how layers of its kind pass parts on.
    """
    send = entry_for(layer_trace.layer, PASSING_ON, "way to follow parts")
    return send(layer_trace, *parts)


def _through_convolution(layer_trace: LayerTrace, part: Float64Array) -> Float64Array:
    weight = _weight_of(layer_trace)
    patches = patches_of(part, _window_of(layer_trace))
    groups = len(part) // weight.shape[1]
    seen = patches.reshape(groups, weight.shape[1], *patches.shape[1:])
    kernels = weight.reshape(groups, -1, *weight.shape[1:])
    made = np.einsum("gcrsuv,gocuv->gors", seen, kernels)
    return np.asarray(made.reshape(-1, *made.shape[2:]))


def _through_relu(layer_trace: LayerTrace, part: Float64Array) -> Float64Array:
    return np.where(layer_trace.input > 0, part, 0.0)


def _through_relu6(layer_trace: LayerTrace, part: Float64Array) -> Float64Array:
    return np.where((layer_trace.input > 0) & (layer_trace.input < 6), part, 0.0)


def _through_leaky_relu(layer_trace: LayerTrace, part: Float64Array) -> Float64Array:
    slopes = np.array(layer_trace.layer.sizes()["negative_slope"], np.float64)
    values = layer_trace.input
    below = np.broadcast_to(slopes.reshape(-1, *(1,) * (values.ndim - 1)), values.shape)
    return part * np.where(values > 0, 1.0, below)


def _through_max_pooling(layer_trace: LayerTrace, part: Float64Array) -> Float64Array:
    window = _window_of(layer_trace)
    values = _in_rows(patches_of(layer_trace.input.astype(np.float64), window, -np.inf))
    winner = values.argmax(axis=-1)
    won = np.take_along_axis(_in_rows(patches_of(part, window)), winner[..., np.newaxis], axis=-1)
    return np.asarray(won[..., 0])


def _through_average_pooling(layer_trace: LayerTrace, part: Float64Array) -> Float64Array:
    layer, window = layer_trace.layer, _window_of(layer_trace)
    patches = _in_rows(patches_of(part, window))
    inside = np.ones_like(patches)
    if not layer.sizes()["count_include_pad"]:
        inside = _in_rows(patches_of(np.ones_like(part), window))
    return np.asarray(patches.sum(axis=-1) / inside.sum(axis=-1))


def _through_addition(layer_trace: LayerTrace, *parts: Float64Array) -> Float64Array:
    return np.asarray(sum(parts))


def _through_concatenation(layer_trace: LayerTrace, *parts: Float64Array) -> Float64Array:
    return np.concatenate(parts)


def _through_flattening(layer_trace: LayerTrace, part: Float64Array) -> Float64Array:
    return part.reshape(-1)


def _through_linear(layer_trace: LayerTrace, part: Float64Array) -> Float64Array:
    return np.asarray(part @ _weight_of(layer_trace).T)


def _weight_of(layer_trace: LayerTrace) -> Float64Array:
    assert layer_trace.weight is not None
    return layer_trace.weight.astype(np.float64)


def _window_of(layer_trace: LayerTrace) -> WindowGeometry:
    assert layer_trace.layer.window is not None
    return layer_trace.layer.window


def _in_rows(patches: Float64Array) -> Float64Array:
    """Return the cells of each window in one row: (channels, rows, columns, cells)."""
    return patches.reshape(*patches.shape[:3], -1)


PASSING_ON: Mapping[type[Layer], Callable[..., Float64Array]] = {
    Conv2d: _through_convolution,
    ReLU: _through_relu,
    ReLU6: _through_relu6,
    LeakyReLU: _through_leaky_relu,
    MaxPool2d: _through_max_pooling,
    AvgPool2d: _through_average_pooling,
    Add: _through_addition,
    Concat: _through_concatenation,
    Flatten: _through_flattening,
    Linear: _through_linear,
}
"""How each kind of layer passes parts on."""
