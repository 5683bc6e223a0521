"""ONNX operators on each value or channel, and linear layers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cnnviz.importing.advice import SMOOTH
from cnnviz.importing.graph import NotShownError
from cnnviz.importing.onnx_reshaping import flat
from cnnviz.importing.onnx_values import Constant, OperatorCall, Value
from cnnviz.importing.operations import (
    Addition,
    Affine,
    Dense,
    Identity,
    Leak,
    Rectifier,
    Sigmoid,
    Softmax,
)


def gemm(call: OperatorCall) -> Value:
    """``alpha A B + beta C``, B transposed or not."""
    if call.attributes.get("transA"):
        raise NotShownError("it is transposed; export the network for a batch of one")
    alpha, beta = call.attributes.get("alpha", 1.0), call.attributes.get("beta", 1.0)
    weight = call.weights(1, 2)
    weight = weight if call.attributes.get("transB") else weight.T
    found = call.constant(2)
    bias = np.zeros(len(weight))
    if found is not None:
        bias = beta * np.broadcast_to(found.reshape(-1), len(weight)).astype(np.float64)
    dense = Dense(np.ascontiguousarray(alpha * weight, np.float32), bias)
    return call.add(dense, call.value())


def matmul(call: OperatorCall) -> Value:
    """Return a linear layer without a bias."""
    weight = call.weights(1, 2).T
    return call.add(Dense(np.ascontiguousarray(weight), np.zeros(len(weight))), call.value())


def batch_normalisation(call: OperatorCall) -> Value:
    """``(x - mean) / sqrt(variance + epsilon) * scale + shift``."""
    if call.attributes.get("training_mode"):
        raise NotShownError("it is in training mode; call eval() before the export")
    value = call.value()
    channels = value.shape[0]
    if value.channels_last:
        raise NotShownError("its input must be (batch, channels, height, width)")
    scale, shift, mean, variance = (
        call.vector(index, channels, default) for index, default in enumerate((1, 0, 0, 1), start=1)
    )
    if (variance < 0).any():
        raise NotShownError("it has a variance below 0")
    gain = scale / np.sqrt(variance + call.attributes.get("epsilon", 1e-5))
    return call.add(Affine(gain, shift - mean * gain), value)


def clip(call: OperatorCall) -> Value:
    """Return a ReLU or a ReLU6."""
    low, high = (
        call.attributes.get(name) if found is None else float(found.reshape(-1)[0])
        for name, found in (("min", call.constant(1)), ("max", call.constant(2)))
    )
    if low == 0 and high == 6:
        return call.add(Rectifier(6), call.value())
    if low == 0 and (high is None or high >= np.finfo(np.float32).max):
        return call.add(Rectifier(), call.value())
    raise NotShownError(f"it clips to {low} .. {high}; only ReLU and ReLU6 (0 .. 6) can be shown")


def relu(call: OperatorCall) -> Value:
    """Return a ReLU."""
    return call.add(Rectifier(), call.value())


def leaky_relu(call: OperatorCall) -> Value:
    """Return a leaky ReLU."""
    return call.add(Leak(float(call.attributes.get("alpha", 0.01))), call.value())


def prelu(call: OperatorCall) -> Value:
    """Return a leaky ReLU whose slopes were learned: one, or one for each channel."""
    value, slopes = call.value(), call.constant(1)
    if slopes is None:
        raise NotShownError("it has no slopes")
    if slopes.size > 1 and len(value.shape) != 3:
        raise NotShownError("it has a slope for each value of a vector; give it one for all")
    by_channel = _by_channel(value, slopes)
    return call.add(Leak(tuple(by_channel.tolist()[: slopes.size])), value)


def softmax(call: OperatorCall) -> Value:
    """Return a softmax over classes, which may have two axes of one cell behind them.

    Without an axis it is over the last one, but before opset 13 over all from the first one on: of
    the latter some classifiers that end in means of maps make use. The proof tells them apart.
    """
    value = call.value()
    axis = int(call.attributes.get("axis", 1))
    if value.shape[1:] == (1, 1) and not value.channels_last:
        value = replace(flat(call, value), ones=2)
    if len(value.shape) != 1 or axis % len(value.file_shape) != 1:
        raise NotShownError("only a softmax over classes can be left out")
    return call.add(Softmax(is_logarithm=call.kind == "LogSoftmax"), value)


def sigmoid(call: OperatorCall) -> Value:
    """Return the sigmoid of a single score."""
    value = call.value()
    if value.shape != (1,):
        raise NotShownError(SMOOTH)
    return call.add(Sigmoid(), value)


def add(call: OperatorCall) -> Value:
    """Return the sum of two branches, or what a constant is added to."""
    if all(isinstance(each, Value) for each in call.inputs):
        one, other = call.value(0), call.value(1)
        if one.channels_last != other.channels_last:
            raise NotShownError("its two branches have different orders of axes")
        return call.add(Addition(), one, other)
    value, numbers = _with_constant(call)
    return call.add(Affine(np.ones(len(numbers)), numbers), value)


def subtract(call: OperatorCall) -> Value:
    """Return what a constant is subtracted from, or the other way round."""
    value, numbers = _with_constant(call)
    ones = np.ones(len(numbers))
    if isinstance(call.inputs[0], Value):
        return call.add(Affine(ones, -numbers), value)
    return call.add(Affine(-ones, numbers), value)


def multiply(call: OperatorCall) -> Value:
    """Return what is scaled by a constant."""
    value, numbers = _with_constant(call)
    return call.add(Affine(numbers, np.zeros(len(numbers))), value)


def divide(call: OperatorCall) -> Value:
    """Return what is divided by a constant."""
    value, numbers = _with_constant(call)
    if not isinstance(call.inputs[0], Value) or not numbers.all():
        raise NotShownError("it divides by what the network computes, or by 0")
    return call.add(Affine(1 / numbers, np.zeros(len(numbers))), value)


def _with_constant(call: OperatorCall) -> tuple[Value, np.ndarray]:
    """Return a value, and the constant that is combined with it as one number for each channel."""
    values = [each for each in call.inputs if isinstance(each, Value)]
    constants = [each for each in call.inputs if isinstance(each, np.ndarray)]
    if len(values) != 1 or len(constants) != 1:
        raise NotShownError(
            f"it combines two branches; only Add and Concat can be shown, not {call.kind}"
        )
    return values[0], _by_channel(values[0], constants[0])


def _by_channel(value: Value, constant: Constant) -> np.ndarray:
    channels, rank = value.shape[0], len(value.file_shape)
    axis = rank - 1 if value.channels_last else 1
    wanted = [1] * rank
    wanted[axis] = channels
    shape = (1,) * (rank - constant.ndim) + constant.shape
    if constant.dtype.kind != "f" or (constant.size != 1 and shape != tuple(wanted)):
        raise NotShownError("its constant is not one number for each channel")
    numbers = constant.reshape(-1).astype(np.float64)
    return np.broadcast_to(numbers, channels).copy()


def identity(call: OperatorCall) -> Value:
    """Return what changes nothing."""
    return call.add(Identity(call.kind), call.value())


def dropout(call: OperatorCall) -> Value:
    """Return what changes nothing once a network is trained."""
    training = call.constant(2)
    if training is not None and training.any():
        raise NotShownError("it is in training mode; call eval() before the export")
    return identity(call)
