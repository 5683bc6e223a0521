"""ONNX operators that only order values anew: concatenation, flattening in all its disguises."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from cnnviz.importing.graph import NotShownError
from cnnviz.importing.onnx_values import OperatorCall, Value
from cnnviz.importing.operations import Concatenation, Flattening, Identity

CHANNELS_FIRST, CHANNELS_LAST = [0, 3, 1, 2], [0, 2, 3, 1]
"""Transpositions to and from (batch, channels, height, width)."""


def concat(call: OperatorCall) -> Value:
    """Return the channels of several branches, one after the other."""
    if not all(isinstance(each, Value) for each in call.inputs):
        raise NotShownError("it joins maps with constants; only branches can be joined")
    values = [call.value(index) for index in range(len(call.inputs))]
    if len(values) == 1:
        return call.add(Identity(call.kind), *values)
    if len({value.channels_last for value in values}) > 1:
        raise NotShownError("its branches have different orders of axes")
    first = values[0]
    axis = int(call.attributes.get("axis", 1)) % len(first.file_shape)
    if len(first.shape) == 3 and axis != (3 if first.channels_last else 1):
        raise NotShownError(f"it joins along axis {axis}; only channels can be joined")
    return call.add(Concatenation(), *values)


def flatten(call: OperatorCall) -> Value:
    """Return the maps as a vector."""
    value = call.value()
    axis = int(call.attributes.get("axis", 1))
    if axis % len(value.file_shape) != 1:
        raise NotShownError(f"it flattens from axis {axis}; only all but the batch can be shown")
    return flat(call, value)


def reshape(call: OperatorCall) -> Value:
    """Return the maps as a vector, however that is written."""
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
    """Return the value in another shape, if that flattens it or leaves it as it is.

    A vector may keep axes of one cell, which some exporters take away one by one. The one channel
    of grey maps may stand anywhere.
    """
    if shape == value.file_shape:
        return call.add(Identity(call.kind), value)
    if len(value.shape) == 3 and value.shape[0] == 1:
        rows, columns = value.shape[1:]
        orders = ((1, 1, rows, columns), (1, rows, columns, 1), (1, rows, columns))
        if shape in orders:
            place = orders.index(shape)
            return Value(value.node, value.shape, channels_last=place == 1, is_plain=place == 2)
    count = math.prod(value.shape)
    ones = len(shape) - 2
    if ones in (0, 1) and shape == (1, count, *(1,) * ones):
        return replace(flat(call, value), ones=ones)
    raise NotShownError(
        f"it makes {shape} of {value.file_shape}; only what flattens maps can be shown"
    )


def flat(call: OperatorCall, value: Value) -> Value:
    """Return maps as a vector."""
    if len(value.shape) == 1:
        return replace(call.add(Identity(call.kind), value), ones=0)
    flat = call.add(Flattening(channels_last=value.channels_last), value)
    return Value(flat.node, flat.shape)


def squeeze(call: OperatorCall) -> Value:
    """Return maps of one cell as a vector."""
    value, found = call.value(), call.constant(1)
    axes = call.attributes.get("axes") if found is None else found.reshape(-1).tolist()
    if axes is None:
        raise NotShownError("it does not say which axes go; name them")
    rank = len(value.file_shape)
    gone = {int(axis) % rank for axis in axes}
    kept = tuple(size for axis, size in enumerate(value.file_shape) if axis not in gone)
    return _with_shape(call, value, kept)


def unsqueeze(call: OperatorCall) -> Value:
    """Return grey maps with an axis for their one channel."""
    value, found = call.value(), call.constant(1)
    axes = call.attributes.get("axes", []) if found is None else found.reshape(-1).tolist()
    shape = np.expand_dims(np.broadcast_to(np.zeros(1, np.int8), value.file_shape), tuple(axes))
    return _with_shape(call, value, shape.shape)


def transpose(call: OperatorCall) -> Value:
    """Return the maps in another order of axes."""
    value, order = call.value(), call.attributes.get("perm")
    if order == list(range(len(value.file_shape))):
        return value
    if order == CHANNELS_LAST and len(value.shape) == 3 and not value.channels_last:
        return Value(value.node, value.shape, channels_last=True)
    if order == CHANNELS_FIRST and value.channels_last:
        return Value(value.node, value.shape)
    raise NotShownError(f"it orders axes as {order}; only channels first and last can be shown")
