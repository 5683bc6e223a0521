"""Whether the numbers on screen are the network's: looked up in the trace, calculated anew."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal

import numpy as np

from cnnviz.explain.quantity import Quantity
from cnnviz.explain.rounding import number_shown
from cnnviz.model.trace import Trace

TOLERANCE = 2e-5
"""Relative to the larger of 1 and the number: sums in another order differ by less."""


def fault_of(quantity: Quantity, trace: Trace) -> str | None:
    """Return what is wrong with a number on screen, or None.

    Checked are that it is written as its value rounds, and, where the trace alone decides
    it, that the value is the network's.
    """
    if not _is_rounded_right(quantity):
        return f"{quantity.shown!r} is not how {quantity.value!r} rounds"
    expected = expected_value(quantity, trace)
    if expected is None or not math.isfinite(expected):
        return None
    if abs(expected - quantity.value) > TOLERANCE * max(1.0, abs(expected)):
        where = {k: v for k, v in quantity.to_json().items() if k not in ("value", "shown")}
        return f"{quantity.shown!r} is {quantity.value!r}, but the trace says {expected!r}: {where}"
    return None


def _is_rounded_right(quantity: Quantity) -> bool:
    """Return whether half a unit of the last digit lies between what is shown and the value."""
    try:
        number = number_shown(quantity.shown)
    except ValueError:  # "<0.01%", "∞": said, not rounded
        return True
    unit = float(Decimal(1).scaleb(int(number.as_tuple().exponent)))
    return abs(float(number) - quantity.value) <= unit / 2 * (1 + 1e-6) + 1e-12 * min(1.0, unit)


def expected_value(quantity: Quantity, trace: Trace) -> float | None:
    """Return what the trace says a number is; None where it does not decide it alone."""
    lookups: dict[str, Callable[[Quantity, Trace], float | None]] = {
        "pixel": _pixel,
        "activation": _activation,
        "padding": lambda quantity, trace: 0.0,
        "weight": _weight,
        "bias": _bias,
        "product": _product,
        "logit": _logit,
        "shifted_logit": _shifted_logit,
        "exp": _exp,
        "exp_sum": lambda quantity, trace: float(np.exp(_shifted(trace)).sum()),
        "probability": _probability,
    }
    lookup = lookups.get(quantity.quantity)
    return None if lookup is None else lookup(quantity, trace)


def _pixel(quantity: Quantity, trace: Trace) -> float | None:
    place = (quantity.channel, quantity.row, quantity.column)
    return None if None in place else float(trace.picture[place])


def _activation(quantity: Quantity, trace: Trace) -> float | None:
    if quantity.layer == "input":
        values = trace.layers[0].input
    elif quantity.layer is None:
        return None
    else:
        values = trace[quantity.layer].output
    if values.ndim == 1:
        return None if quantity.index is None else float(values[quantity.index])
    place = (quantity.channel, quantity.row, quantity.column)
    return None if None in place else float(values[place])


def _weight(quantity: Quantity, trace: Trace) -> float | None:
    if quantity.layer is None:
        return None
    weight = trace[quantity.layer].weight
    if weight is None:
        return None
    if weight.ndim == 2:
        output = _class_index(quantity, trace)
        return None if None in (output, quantity.index) else float(weight[output, quantity.index])
    place = (
        quantity.channel,
        quantity.input_channel,
        quantity.kernel_row,
        quantity.kernel_column,
    )
    return None if None in place else float(weight[place])


def _bias(quantity: Quantity, trace: Trace) -> float | None:
    if quantity.layer is None:
        return None
    layer_trace = trace[quantity.layer]
    bias, is_vector = layer_trace.bias, layer_trace.output.ndim == 1
    if bias is None:
        return None
    channel = _class_index(quantity, trace) if is_vector else quantity.channel
    return None if channel is None else float(bias[channel])


def _product(quantity: Quantity, trace: Trace) -> float | None:
    """Return value times weight of a convolution's term, at the output (row, column)."""
    weight = _weight(quantity, trace)
    if weight is None or quantity.layer is None:
        return None
    layer_trace = trace[quantity.layer]
    window = layer_trace.layer.window
    if window is None or quantity.row is None or quantity.column is None:
        return None
    row = window.cells(quantity.row)[quantity.kernel_row or 0]
    column = window.cells(quantity.column)[quantity.kernel_column or 0]
    _, height, width = layer_trace.input.shape
    if not (0 <= row < height and 0 <= column < width):
        return 0.0
    return float(layer_trace.input[quantity.input_channel, row, column]) * weight


def _logit(quantity: Quantity, trace: Trace) -> float | None:
    index = _class_index(quantity, trace)
    return None if index is None else float(trace.logits[index])


def _shifted_logit(quantity: Quantity, trace: Trace) -> float | None:
    index = _class_index(quantity, trace)
    return None if index is None else float(_shifted(trace)[index])


def _exp(quantity: Quantity, trace: Trace) -> float | None:
    index = _class_index(quantity, trace)
    return None if index is None else float(np.exp(_shifted(trace)[index]))


def _probability(quantity: Quantity, trace: Trace) -> float | None:
    index = _class_index(quantity, trace)
    if index is None:
        return None
    exponentials = np.exp(_shifted(trace))
    return float(exponentials[index] / exponentials.sum())


def _shifted(trace: Trace) -> np.ndarray:
    logits = trace.logits.astype(np.float64)
    return np.asarray(logits - logits.max())


def _class_index(quantity: Quantity, trace: Trace) -> int | None:
    if quantity.class_name in trace.classes:
        return trace.classes.index(quantity.class_name)
    return None
