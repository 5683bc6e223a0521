"""ONNX operators whose windows slide over maps, or that pool whole ones."""

from __future__ import annotations

from cnnviz.importing.graph import NotShownError
from cnnviz.importing.onnx_values import OperatorCall, Value
from cnnviz.importing.operations import (
    NO_PADDING,
    Convolution,
    Flattening,
    Padding,
    Pooling,
    PoolingKind,
    Sides,
)
from cnnviz.layers.windows import same_padding


def conv(call: OperatorCall) -> Value:
    """Return the convolution."""
    maps, weight = call.maps(), call.weights(1, 4)
    kernel = (weight.shape[2], weight.shape[3])
    stride, dilation = _pair(call, "strides"), _pair(call, "dilations")
    padding = _padding(call, maps, kernel, stride, dilation)
    groups = int(call.attributes.get("group", 1))
    if groups < 1:
        raise NotShownError(f"it has {groups} groups")
    bias = call.vector(2, len(weight), 0.0)
    return call.add(Convolution(weight, bias, stride, padding, dilation, groups), maps)


def max_pool(call: OperatorCall) -> Value:
    """Return the largest of each window."""
    return _pool(call, "max")


def average_pool(call: OperatorCall) -> Value:
    """Return the mean of each window."""
    return _pool(call, "average")


def _pool(call: OperatorCall, kind: PoolingKind) -> Value:
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


def global_average(call: OperatorCall) -> Value:
    """Return the mean of each map."""
    return call.add(Pooling("average", None), call.maps())


def global_max(call: OperatorCall) -> Value:
    """Return the largest of each map."""
    return call.add(Pooling("max", None), call.maps())


def reduce_mean(call: OperatorCall) -> Value:
    """Return the mean of each map, which is kept as a map of one cell or flattened."""
    return _reduced(call, "average")


def reduce_max(call: OperatorCall) -> Value:
    """Return the largest of each map, which is kept as a map of one cell or flattened."""
    return _reduced(call, "max")


def _reduced(call: OperatorCall, kind: PoolingKind) -> Value:
    value = call.value()
    found = call.constant(1)
    axes = call.attributes.get("axes") if found is None else found.reshape(-1).tolist()
    spatial = {1, 2} if value.channels_last else {2, 3}
    if len(value.shape) != 3 or axes is None or {int(axis) % 4 for axis in axes} != spatial:
        raise NotShownError("only what is taken over whole maps can be shown")
    pooled = call.add(Pooling(kind, None), value)
    if call.attributes.get("keepdims", 1):
        return pooled
    return call.add(Flattening(), Value(pooled.node, pooled.shape))


def pad(call: OperatorCall) -> Value:
    """Return the maps within a border of zeros."""
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
