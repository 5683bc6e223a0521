"""Operators of Keras on what layers give, such as ``x / 127.5 - 1`` in a functional model.

Keras 3 saves each as a layer named after the operation, TensorFlow's Keras 2 as a TFOpLambda.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnnviz.arrays import Float64Array
from cnnviz.importing.advice import ATTENTION
from cnnviz.importing.graph import NotShownError

ARITHMETIC = ("Add", "Divide", "Multiply", "Subtract", "TrueDivide")
"""Operators that combine two branches, or one and a constant."""

LAMBDAS: Mapping[str, str] = {
    "__operators__.add": "Add",
    "math.add": "Add",
    "math.divide": "Divide",
    "math.multiply": "Multiply",
    "math.subtract": "Subtract",
    "math.truediv": "TrueDivide",
    "nn.relu": "Relu",
    "nn.relu6": "Relu6",
    "nn.softmax": "Softmax",
}
"""What Keras 2 calls the operators that Keras 3 names so."""

CONSTANT = "_CONSTANT_VALUE"
"""What stands in a call of Keras 2 where a layer's name would."""


@dataclass(frozen=True, eq=False)
class Operand:
    """The constant of an operator: a number, or several on their axes.

    Attributes
    ----------
    values
        Its numbers.
    is_first
        Whether it stands before the operator's sign, as in ``1 - x``.
    """

    values: Float64Array
    is_first: bool


def kind_of_operator(kind: str, config: Mapping[str, Any]) -> str:
    """Return what Keras 3 calls a layer of that class."""
    return LAMBDAS.get(str(config.get("function")), kind) if kind == "TFOpLambda" else kind


def operand_of(kind: str, calls: Any) -> Operand | None:
    """Return the constant that an operator is called with; None if it has none."""
    if kind not in ARITHMETIC:
        return None
    for place, given in enumerate(_arguments(calls)):
        values = _numbers(given)
        if values is not None:
            return Operand(values, is_first=place == 0)
    return None


def scale_and_shift(
    kind: str, operand: Operand, channels: int
) -> tuple[Float64Array, Float64Array]:
    """Return what an operator with a constant does to each channel: ``scale * x + shift``."""
    values = operand.values
    if values.size != 1 and (values.shape[-1:] != (channels,) or values.size != channels):
        raise NotShownError("its constant is not one number for each channel")
    numbers = np.broadcast_to(values.reshape(-1), channels).astype(np.float64)
    zeros, ones = np.zeros(channels), np.ones(channels)
    if kind == "Add":
        return ones, numbers
    if kind == "Subtract":
        return (-ones, numbers) if operand.is_first else (ones, -numbers)
    if kind == "Multiply":
        return numbers, zeros
    if operand.is_first or not numbers.all():
        raise NotShownError("it divides by what the network computes, or by 0")
    return 1 / numbers, zeros


def refuse_two_branches(kind: str) -> None:
    """Raise NotShownError for an operator on two branches that only adding could be."""
    if kind in ("Multiply", "Divide", "TrueDivide"):
        raise NotShownError(ATTENTION)
    if kind == "Subtract":
        raise NotShownError("it combines two branches; only Add and Concatenate can be shown")


def _arguments(calls: Any) -> Iterator[Any]:
    """Give the two arguments of an operator's only call, in order."""
    call = calls[0] if isinstance(calls, list) and len(calls) == 1 else None
    if isinstance(call, Mapping):  # Keras 3
        given = call.get("args")
        yield from given if isinstance(given, list) else ()
    elif isinstance(call, list):
        call = call[0] if len(call) == 1 and isinstance(call[0], list) else call
        if call and call[0] == CONSTANT and len(call) > 2:
            yield call[2]
        else:
            yield call
        if len(call) > 3 and isinstance(call[3], Mapping) and "y" in call[3]:
            yield call[3]["y"]


def _numbers(given: Any) -> Float64Array | None:
    """Return a constant among arguments; None for what a layer gives."""
    if isinstance(given, Mapping):
        config = given.get("config")
        is_tensor = given.get("class_name") == "__tensor__" and isinstance(config, Mapping)
        given = config.get("value") if is_tensor and config is not None else None
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    if not is_number and not isinstance(given, list):
        return None
    try:
        found = np.asarray(given)
    except ValueError:  # lists of different lengths
        return None
    is_constant = found.dtype.kind in "iuf"  # else a layer's name and place
    return found.astype(np.float64) if is_constant else None
