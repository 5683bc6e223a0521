"""What each operator of ONNX becomes in a graph of ours.

https://onnx.ai/onnx/operators/ is the reference for attributes and their defaults.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from cnnviz.errors import UserError
from cnnviz.importing.onnx_constants import fold
from cnnviz.importing.onnx_values import Constant, NotShownError, OperatorCall, Value
from cnnviz.importing.operations import (
    NO_PADDING,
    Addition,
    Affine,
    Convolution,
    Dense,
    Flattening,
    Padding,
    Passing,
    Pooling,
    Rectifier,
    Sides,
    Softmax,
)
from cnnviz.layers.windows import same_padding

CHANNELS_FIRST, CHANNELS_LAST = [0, 3, 1, 2], [0, 2, 3, 1]
"""Transpositions to and from (batch, channels, height, width)."""


def _conv(call: OperatorCall) -> Value:
    maps, weight = call.maps(), call.weights(1, 4)
    kernel = (weight.shape[2], weight.shape[3])
    stride, dilation = _pair(call, "strides"), _pair(call, "dilations")
    padding = _padding(call, maps, kernel, stride, dilation)
    groups = int(call.attributes.get("group", 1))
    if groups < 1:
        raise NotShownError(f"it has {groups} groups")
    bias = call.vector(2, len(weight), 0.0)
    return call.add(Convolution(weight, bias, stride, padding, dilation, groups), maps)


def _gemm(call: OperatorCall) -> Value:
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


def _matmul(call: OperatorCall) -> Value:
    weight = call.weights(1, 2).T
    return call.add(Dense(np.ascontiguousarray(weight), np.zeros(len(weight))), call.value())


def _batch_normalisation(call: OperatorCall) -> Value:
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


def _clip(call: OperatorCall) -> Value:
    low, high = (
        call.attributes.get(name) if found is None else float(found.reshape(-1)[0])
        for name, found in (("min", call.constant(1)), ("max", call.constant(2)))
    )
    if low == 0 and high == 6:
        return call.add(Rectifier(6), call.value())
    if low == 0 and (high is None or high >= np.finfo(np.float32).max):
        return call.add(Rectifier(), call.value())
    raise NotShownError(f"it clips to {low} .. {high}; only ReLU and ReLU6 (0 .. 6) can be shown")


def _max_pool(call: OperatorCall) -> Value:
    return _pool(call, "max")


def _average_pool(call: OperatorCall) -> Value:
    return _pool(call, "average")


def _pool(call: OperatorCall, kind: str) -> Value:
    maps = call.maps()
    kernel, stride, dilation = (
        _pair(call, name) for name in ("kernel_shape", "strides", "dilations")
    )
    padding = _padding(call, maps, kernel, stride, dilation)
    counts_padding = bool(call.attributes.get("count_include_pad"))
    if call.attributes.get("ceil_mode"):
        larger = _with_ceiling(maps, kernel, stride, padding, dilation)
        if larger != padding and counts_padding and any(padding):
            raise NotShownError("it counts its padding, but not what ceil_mode adds")
        counts_padding = counts_padding and larger == padding
        padding = larger
    if kind == "max":
        return call.add(Pooling("max", kernel, stride, padding, dilation), maps)
    return call.add(Pooling("average", kernel, stride, padding, dilation, counts_padding), maps)


def _with_ceiling(
    maps: Value,
    kernel: tuple[int, int],
    stride: tuple[int, int],
    padding: Sides,
    dilation: tuple[int, int],
) -> Sides:
    """Return the padding with which the last, partly filled windows are whole."""
    more = []
    for axis in (0, 1):
        size = maps.shape[1 + axis] + padding[axis] + padding[axis + 2]
        reach = dilation[axis] * (kernel[axis] - 1) + 1
        positions = -(-(size - reach) // stride[axis]) + 1
        if (positions - 1) * stride[axis] >= maps.shape[1 + axis] + padding[axis]:
            positions -= 1  # a window that begins beyond the maps is left out
        more.append(max((positions - 1) * stride[axis] + reach - size, 0))
    top, left, bottom, right = padding
    return top, left, bottom + more[0], right + more[1]


def _global_average(call: OperatorCall) -> Value:
    return call.add(Pooling("average", None), call.maps())


def _global_max(call: OperatorCall) -> Value:
    return call.add(Pooling("max", None), call.maps())


def _reduce_mean(call: OperatorCall) -> Value:
    value = call.value()
    found = call.constant(1)
    axes = call.attributes.get("axes") if found is None else found.reshape(-1).tolist()
    spatial = {1, 2} if value.channels_last else {2, 3}
    if len(value.shape) != 3 or axes is None or {int(axis) % 4 for axis in axes} != spatial:
        raise NotShownError("only means over whole maps can be shown")
    pooled = call.add(Pooling("average", None), value)
    if call.attributes.get("keepdims", 1):
        return pooled
    return call.add(Flattening(), Value(pooled.node, pooled.shape))


def _flatten(call: OperatorCall) -> Value:
    value = call.value()
    axis = int(call.attributes.get("axis", 1))
    if axis % len(value.file_shape) != 1:
        raise NotShownError(f"it flattens from axis {axis}; only all but the batch can be shown")
    return _flat(call, value)


def _reshape(call: OperatorCall) -> Value:
    value, target = call.value(), call.constant(1)
    if target is None:  # an attribute in the oldest models
        target = np.array(call.attributes.get("shape", []))
    shape = np.broadcast_to(np.zeros(1, np.int8), value.file_shape)  # takes no memory
    sizes = [int(size) for size in target.reshape(-1)]
    sizes = [
        shape.shape[i] if size == 0 and i < shape.ndim else size for i, size in enumerate(sizes)
    ]
    known = math.prod(size for size in sizes if size != -1)
    sizes = [shape.size // max(known, 1) if size == -1 else size for size in sizes]
    return _with_shape(call, value, tuple(sizes))


def _with_shape(call: OperatorCall, value: Value, shape: tuple[int, ...]) -> Value:
    """Return the value in another shape, if that flattens it or leaves it as it is."""
    if shape == value.file_shape:
        return call.add(Passing(call.kind), value)
    if shape == (1, math.prod(value.shape)):
        return _flat(call, value)
    raise NotShownError(
        f"it makes {shape} of {value.file_shape}; only what flattens maps can be shown"
    )


def _flat(call: OperatorCall, value: Value) -> Value:
    if len(value.shape) == 1:
        return call.add(Passing(call.kind), value)
    flat = call.add(Flattening(channels_last=value.channels_last), value)
    return Value(flat.node, flat.shape)


def _squeeze(call: OperatorCall) -> Value:
    value, found = call.value(), call.constant(1)
    axes = call.attributes.get("axes") if found is None else found.reshape(-1).tolist()
    if axes is None:
        raise NotShownError("it does not say which axes go; name them")
    rank = len(value.file_shape)
    gone = {int(axis) % rank for axis in axes}
    kept = tuple(size for axis, size in enumerate(value.file_shape) if axis not in gone)
    return _with_shape(call, value, kept)


def _transpose(call: OperatorCall) -> Value:
    value, order = call.value(), call.attributes.get("perm")
    if order == list(range(len(value.file_shape))):
        return value
    if order == CHANNELS_LAST and len(value.shape) == 3 and not value.channels_last:
        return Value(value.node, value.shape, channels_last=True)
    if order == CHANNELS_FIRST and value.channels_last:
        return Value(value.node, value.shape)
    raise NotShownError(f"it orders axes as {order}; only channels first and last can be shown")


def _softmax(call: OperatorCall) -> Value:
    value = call.value()
    axis = int(call.attributes.get("axis", -1))
    if len(value.shape) != 1 or axis % 2 != 1:
        raise NotShownError("only a softmax over classes can be left out")
    return call.add(Softmax(is_logarithm=call.kind == "LogSoftmax"), value)


def _pad(call: OperatorCall) -> Value:
    maps, found = call.maps(), call.constant(1)
    pads = call.attributes.get("pads") if found is None else found.reshape(-1).tolist()
    filling = call.constant(2)
    number = call.attributes.get("value", 0) if filling is None else filling.reshape(-1)[0]
    mode = call.attributes.get("mode", "constant")
    if mode != "constant" or number != 0:
        raise NotShownError("only padding with zeros can be shown")
    if not pads or len(pads) != 8 or any(pads[i] for i in (0, 1, 4, 5)) or min(pads) < 0:
        raise NotShownError("only rows and columns can be padded, and by 0 or more")
    return call.add(Padding((int(pads[2]), int(pads[3]), int(pads[6]), int(pads[7]))), maps)


def _add(call: OperatorCall) -> Value:
    if all(isinstance(each, Value) for each in call.inputs):
        one, other = call.value(0), call.value(1)
        if one.channels_last != other.channels_last:
            raise NotShownError("its two branches have different orders of axes")
        return call.add(Addition(), one, other)
    value, numbers = _with_constant(call)
    return call.add(Affine(np.ones(len(numbers)), numbers), value)


def _subtract(call: OperatorCall) -> Value:
    value, numbers = _with_constant(call)
    ones = np.ones(len(numbers))
    if isinstance(call.inputs[0], Value):
        return call.add(Affine(ones, -numbers), value)
    return call.add(Affine(-ones, numbers), value)


def _multiply(call: OperatorCall) -> Value:
    value, numbers = _with_constant(call)
    return call.add(Affine(numbers, np.zeros(len(numbers))), value)


def _divide(call: OperatorCall) -> Value:
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
            f"it combines two branches; only additions can be shown, not {call.kind}"
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


def _passing(call: OperatorCall) -> Value:
    return call.add(Passing(call.kind), call.value())


def _dropout(call: OperatorCall) -> Value:
    training = call.constant(2)
    if training is not None and training.any():
        raise NotShownError("it is in training mode; call eval() before the export")
    return _passing(call)


def _relu(call: OperatorCall) -> Value:
    return call.add(Rectifier(), call.value())


def _pair(call: OperatorCall, name: str) -> tuple[int, int]:
    rows, columns = call.integers(name, (1, 1))
    if min(rows, columns) < 1:
        raise NotShownError(f"its {name} must be 1 or more")
    return rows, columns


def _padding(
    call: OperatorCall,
    maps: Value,
    kernel: tuple[int, int],
    stride: tuple[int, int],
    dilation: tuple[int, int],
) -> Sides:
    """Return the padding (top, left, bottom, right), for which ONNX has two ways."""
    automatic = call.attributes.get("auto_pad", "NOTSET")
    if automatic in ("SAME_UPPER", "SAME_LOWER"):
        lower = automatic == "SAME_LOWER"
        return same_padding(maps.shape, kernel, stride, dilation, extra_first=lower)
    if automatic not in ("NOTSET", "VALID", ""):
        raise NotShownError(f"its auto_pad is {automatic!r}")
    if automatic == "VALID":
        return NO_PADDING
    top, left, bottom, right = call.integers("pads", NO_PADDING)
    if min(top, left, bottom, right) < 0:
        raise NotShownError("its padding is below 0; crop the picture instead")
    return top, left, bottom, right


OPERATORS: Mapping[str, Callable[[OperatorCall], Value]] = {
    "Add": _add,
    "AveragePool": _average_pool,
    "BatchNormalization": _batch_normalisation,
    "Cast": _passing,
    "Clip": _clip,
    "Conv": _conv,
    "Div": _divide,
    "Dropout": _dropout,
    "Flatten": _flatten,
    "Gemm": _gemm,
    "GlobalAveragePool": _global_average,
    "GlobalMaxPool": _global_max,
    "Identity": _passing,
    "LogSoftmax": _softmax,
    "MatMul": _matmul,
    "MaxPool": _max_pool,
    "Mul": _multiply,
    "Pad": _pad,
    "ReduceMean": _reduce_mean,
    "Relu": _relu,
    "Reshape": _reshape,
    "Softmax": _softmax,
    "Squeeze": _squeeze,
    "Sub": _subtract,
    "Sum": _add,
    "Transpose": _transpose,
}
"""What is read, by the operator's name."""

OTHER_ACTIVATIONS = (
    "Celu", "Elu", "Erf", "Exp", "Gelu", "HardSigmoid", "HardSwish", "LeakyRelu", "Mish", "PRelu",
    "Selu", "Sigmoid", "Softplus", "Softsign", "Tanh", "ThresholdedRelu",
)  # fmt: skip

ADVICE: Mapping[str, str] = {
    **dict.fromkeys(OTHER_ACTIVATIONS, "train the network with ReLU or ReLU6 in its place"),
    "Concat": "only additions join branches; use a network with skip connections that add",
    "ConvTranspose": "cnnviz shows classifiers, which make maps smaller",
    "Resize": "cnnviz shows classifiers, which make maps smaller",
    "Upsample": "cnnviz shows classifiers, which make maps smaller",
    "If": "export the network without control flow",
    "Loop": "export the network without control flow",
    "Scan": "export the network without control flow",
    "QLinearConv": "export the network before it is quantised",
    "ConvInteger": "export the network before it is quantised",
    "QuantizeLinear": "export the network before it is quantised",
    "DequantizeLinear": "export the network before it is quantised",
    "LayerNormalization": "use batch normalisation, which becomes part of the convolutions",
    "InstanceNormalization": "use batch normalisation, which becomes part of the convolutions",
    "GroupNormalization": "use batch normalisation, which becomes part of the convolutions",
    "LRN": "leave it out and train the network again",
}
"""What could be done about operators that are not read."""

NO_ADVICE = "cnnviz has no layer for it; replace it with convolutions, pooling, ReLU or additions"


def apply_operator(call: OperatorCall) -> Value | Constant:
    """Return what a node gives.

    Raises
    ------
    NotShownError
        If it cannot be shown; the message says what could be done.
    UserError
        If its inputs do not fit.
    """
    if call.inputs and call.kind == "Shape" and isinstance(call.inputs[0], Value):
        start, end = call.attributes.get("start", 0), call.attributes.get("end")
        return np.array(call.inputs[0].file_shape[start:end], np.int64)
    constants = [each for each in call.inputs if each is not None]
    if constants and not any(isinstance(each, Value) for each in constants):
        folded = fold(
            call.kind, [each for each in constants if isinstance(each, np.ndarray)], call.attributes
        )
        if folded is not None:
            return folded
    operator = OPERATORS.get(call.kind)
    if operator is None:
        raise NotShownError(ADVICE.get(call.kind, NO_ADVICE))
    try:
        return operator(call)
    except (ValueError, TypeError, IndexError) as error:
        if isinstance(error, UserError):
            raise
        raise NotShownError(f"its inputs or attributes do not fit ({error})") from None
