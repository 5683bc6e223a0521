"""Numbers that a trace holds, or the softmax of its scores: each looked up by its indices.

Every function returns None where a quantity's indices do not say which of the network's numbers
is meant.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cnnviz.explain.quantity import Quantity
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import LayerTrace, Trace


def pixel_of(quantity: Quantity, trace: Trace) -> float | None:
    """Return a value of the picture."""
    return value_at(quantity, trace.picture)


def activation_of(quantity: Quantity, trace: Trace) -> float | None:
    """Return an output of a layer, or a value that the first layer receives."""
    if quantity.layer is None:
        return None
    if quantity.layer == INPUT:
        return value_at(quantity, trace.layers[0].input)
    return value_at(quantity, trace[quantity.layer].output)


def padding_of(quantity: Quantity, trace: Trace) -> float:
    """Return what lies around a map: zeros, or for max pooling what can never be chosen."""
    is_pooled = quantity.layer in [each.name for each in trace.layers if each.kind == "max_pool"]
    return -np.inf if is_pooled and np.isneginf(quantity.value) else 0.0


def value_at(quantity: Quantity, values: npt.NDArray[np.floating]) -> float | None:
    """Return the value that a quantity's indices mean, of maps or of a vector."""
    if values.ndim == 1:
        return None if quantity.index is None else float(values[quantity.index])
    place = (quantity.channel, quantity.row, quantity.column)
    return None if None in place else float(values[place])


def weight_of(quantity: Quantity, trace: Trace) -> float | None:
    """Return a weight of a convolution or of a linear layer."""
    if quantity.layer is None:
        return None
    weight = trace[quantity.layer].weight
    if weight is None:
        return None
    if weight.ndim == 2:
        output = class_index(quantity, trace)
        return None if None in (output, quantity.index) else float(weight[output, quantity.index])
    channel, source = quantity.channel, quantity.input_channel
    tap = quantity.kernel_row, quantity.kernel_column
    if channel is None or source is None or None in tap:
        return None
    return float(weight[channel, source - first_source(trace[quantity.layer], channel), *tap])


def first_source(layer_trace: LayerTrace, channel: int) -> int:
    """Return the first input channel of an output channel's group."""
    assert layer_trace.weight is not None  # a convolution has weights
    seen: int = layer_trace.weight.shape[1]
    groups = len(layer_trace.input) // seen
    return channel * groups // len(layer_trace.output) * seen


def bias_of(quantity: Quantity, trace: Trace) -> float | None:
    """Return a bias."""
    if quantity.layer is None:
        return None
    layer_trace = trace[quantity.layer]
    bias, is_vector = layer_trace.bias, layer_trace.output.ndim == 1
    if bias is None:
        return None
    channel = class_index(quantity, trace) if is_vector else quantity.channel
    return None if channel is None else float(bias[channel])


def logit_of(quantity: Quantity, trace: Trace) -> float | None:
    """Return a score."""
    index = class_index(quantity, trace)
    return None if index is None else float(trace.logits[index])


def shifted_logit_of(quantity: Quantity, trace: Trace) -> float | None:
    """Return a score less the largest."""
    index = class_index(quantity, trace)
    return None if index is None else float(shifted(trace)[index])


def exp_of(quantity: Quantity, trace: Trace) -> float | None:
    """Return the exponential of a score less the largest."""
    index = class_index(quantity, trace)
    return None if index is None else float(np.exp(shifted(trace)[index]))


def exp_sum_of(quantity: Quantity, trace: Trace) -> float:
    """Return what the exponentials add up to."""
    return float(np.exp(shifted(trace)).sum())


def probability_of(quantity: Quantity, trace: Trace) -> float | None:
    """Return a probability, from the scores."""
    index = class_index(quantity, trace)
    if index is None:
        return None
    exponentials = np.exp(shifted(trace))
    return float(exponentials[index] / exponentials.sum())


def shifted(trace: Trace) -> np.ndarray:
    """Return all scores less the largest, float64 of shape (classes,)."""
    logits = trace.logits.astype(np.float64)
    return np.asarray(logits - logits.max())


def class_index(quantity: Quantity, trace: Trace) -> int | None:
    """Return which class a number belongs to, or None."""
    if quantity.class_name in trace.classes:
        return trace.classes.index(quantity.class_name)
    return None
