"""What an ONNX graph computes from constants alone, such as a Reshape's target from a Shape.

Nothing here makes more than `MOST` numbers, whatever a file asks for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import helper

from cnnviz.errors import UserError

Array = npt.NDArray[Any]
Attributes = Mapping[str, Any]

MOST = 50_000_000


def fold(kind: str, arrays: Sequence[Array], attributes: Attributes) -> Array | None:
    """Return what a node makes of constants; None if it is of no kind that is known here.

    Raises
    ------
    UserError
        If the constants do not fit, or would become too many numbers.
    """
    compute = CONSTANT_OPERATORS.get(kind)
    if compute is None:
        return None
    try:
        return np.asarray(compute(arrays, attributes))
    except UserError:
        raise
    except (ValueError, IndexError, TypeError, OverflowError, KeyError, AttributeError):
        raise UserError("its constants do not fit together") from None


def _arithmetic(compute: Callable[[Array, Array], Array]) -> Callable[..., Array]:
    def computed(arrays: Sequence[Array], attributes: Attributes) -> Array:
        one, other = arrays
        if int(np.prod(np.broadcast_shapes(one.shape, other.shape), dtype=np.float64)) > MOST:
            raise UserError(f"it makes more than {MOST:,} numbers of constants")
        with np.errstate(all="ignore"):
            return np.asarray(compute(one, other)).astype(one.dtype)

    return computed


def _divided(one: Array, other: Array) -> Array:
    if one.dtype.kind in "iu":
        if not other.all():
            raise UserError("it divides by 0")
        return np.asarray(np.floor_divide(one, other))
    return np.asarray(one / other)


def _axes(arrays: Sequence[Array], attributes: Attributes) -> tuple[int, ...] | None:
    """Return the axes, which are an attribute in old models and an input in new ones."""
    found = attributes.get("axes")
    if found is None and len(arrays) > 1:
        found = arrays[1].reshape(-1).tolist()
    return None if found is None else tuple(int(axis) for axis in found)


def _sliced(arrays: Sequence[Array], attributes: Attributes) -> Array:
    values, *rest = arrays
    if not rest:
        rest = [np.array(attributes[key]) for key in ("starts", "ends")]
        if "axes" in attributes:
            rest.append(np.array(attributes["axes"]))
    starts, ends, *more = (each.reshape(-1).tolist() for each in rest)
    axes = more[0] if more else list(range(len(starts)))
    steps = more[1] if len(more) > 1 else [1] * len(starts)
    index = [slice(None)] * values.ndim
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        index[axis] = slice(start, end, step)
    return values[tuple(index)]


def _reshaped(arrays: Sequence[Array], attributes: Attributes) -> Array:
    values = arrays[0]
    target = [int(size) for size in np.asarray(arrays[1]).reshape(-1)]
    if not attributes.get("allowzero"):
        target = [values.shape[i] if size == 0 else size for i, size in enumerate(target)]
    return values.reshape(target)


def _gathered(arrays: Sequence[Array], attributes: Attributes) -> Array:
    values, indices = arrays
    if values.size * indices.size > MOST:
        raise UserError(f"it makes more than {MOST:,} numbers of constants")
    return np.take(values, indices.astype(np.int64), axis=attributes.get("axis", 0))


def _joined(arrays: Sequence[Array], attributes: Attributes) -> Array:
    if sum(each.size for each in arrays) > MOST:
        raise UserError(f"it makes more than {MOST:,} numbers of constants")
    return np.concatenate(arrays, axis=attributes["axis"])


def _unsqueezed(arrays: Sequence[Array], attributes: Attributes) -> Array:
    axes = _axes(arrays, attributes)
    assert axes is not None
    return np.expand_dims(arrays[0], axes)


def _filled(arrays: Sequence[Array], attributes: Attributes) -> Array:
    shape = [int(size) for size in arrays[0].reshape(-1)]
    if min(shape, default=0) < 0 or math.prod(shape) > MOST:
        raise UserError(f"it makes more than {MOST:,} numbers of constants, or less than none")
    value = np.asarray(attributes.get("value", np.zeros(1, np.float32)))
    return np.full(shape, value.reshape(-1)[0], value.dtype)


CONSTANT_OPERATORS: Mapping[str, Callable[[Sequence[Array], Attributes], Array]] = {
    "Identity": lambda arrays, attributes: arrays[0],
    "ConstantOfShape": _filled,
    "Gather": _gathered,
    "Concat": _joined,
    "Unsqueeze": _unsqueezed,
    "Squeeze": lambda arrays, attributes: np.squeeze(arrays[0], _axes(arrays, attributes)),
    "Cast": lambda arrays, attributes: arrays[0].astype(
        helper.tensor_dtype_to_np_dtype(attributes["to"])
    ),
    "Slice": _sliced,
    "Reshape": _reshaped,
    "Transpose": lambda arrays, attributes: np.transpose(arrays[0], attributes.get("perm")),
    "Neg": lambda arrays, attributes: -arrays[0],
    "Sqrt": lambda arrays, attributes: np.sqrt(arrays[0]),
    "ReduceProd": lambda arrays, attributes: np.prod(
        arrays[0], axis=_axes(arrays, attributes), keepdims=bool(attributes.get("keepdims", 1))
    ),
    "Add": _arithmetic(np.add),
    "Sub": _arithmetic(np.subtract),
    "Mul": _arithmetic(np.multiply),
    "Div": _arithmetic(_divided),
}
"""How constants are computed, by the operator's name."""
