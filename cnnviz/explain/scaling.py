"""Over which values a colour scale runs.

The three scales are those of CNN Explainer's legends (Wang et al., "CNN Explainer:
Learning Convolutional Neural Networks with Interactive Visualization", 2020). Each takes
the largest absolute value over a group of layers, so that within a group one colour
always means the same value:

``unit``
    a convolution or linear layer with all that follows up to the next one
    (``conv_1_2 relu_1_2 max_pool_1``);
``module``
    units up to and including one that pools (``conv_1_1`` to ``max_pool_1``);
``global``
    all feature maps.

Layers from the first linear one on are the classifier: under ``module`` and ``global``
they are a group of their own, so that large scores do not pale the feature maps.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import LayerTrace, Trace

Scale = Literal["unit", "module", "global"]
SCALES: tuple[Scale, ...] = get_args(Scale)

Group = list[LayerTrace]


@dataclass(frozen=True)
class ValueRange:
    """The values at the two ends of a colour scale, low < high, with 0 at one end or half way.

    Signed values have ``low == -high``, others ``low == 0``.
    """

    low: float
    high: float

    @property
    def is_signed(self) -> bool:
        """Whether the scale is diverging, with 0 in its middle."""
        return self.low < 0


def value_range(trace: Trace, layer: str, scale: Scale = "unit") -> ValueRange:
    """Return the range for the outputs of `layer`, the same for all its channels.

    Symmetric around 0 where the values are signed, from 0 upwards after a ReLU. Pooling
    and flattening keep the signs of what feeds them. Where all values are 0, the range
    ends at 1.

    Raises
    ------
    KeyError
        If there is no such layer.
    """
    group = next(group for group in _groups(trace, scale) if trace[layer] in group)
    limit = _limit(layer_trace.output for layer_trace in group)
    return ValueRange(-limit if _is_signed(trace, layer) else 0.0, limit)


def input_range(trace: Trace, layer: str, scale: Scale = "unit") -> ValueRange:
    """Return the range for what goes into `layer`: that of the layer before it.

    For the first layer 0..1 where it sees the picture as it is, and symmetric over the
    picture's values where they are normalised.

    Raises
    ------
    KeyError
        If there is no such layer.
    """
    source = trace.architecture.source_of(layer)
    if source != INPUT:
        return value_range(trace, source, scale)
    if trace.architecture.input.is_normalised:
        return symmetric_range(trace.layers[0].input)
    return ValueRange(0.0, 1.0)


def symmetric_range(values: npt.NDArray[np.floating]) -> ValueRange:
    """Return the range for weights, products or contributions: symmetric around 0.

    Give all the values that are compared by colour, such as all kernels of a layer.
    """
    limit = _limit([values])
    return ValueRange(-limit, limit)


def layer_groups(trace: Trace, scale: Scale = "unit") -> tuple[tuple[str, ...], ...]:
    """Return the names of all layers, in order, in the groups that share a range."""
    return tuple(tuple(each.name for each in group) for group in _groups(trace, scale))


def _limit(arrays: Iterable[npt.NDArray[np.floating]]) -> float:
    """Return the largest finite absolute value; 1 where there is nothing but zeros."""
    return (
        max(float(np.max(np.abs(array), initial=0, where=np.isfinite(array))) for array in arrays)
        or 1.0
    )


def _groups(trace: Trace, scale: Scale) -> list[Group]:
    """Return the layers, in order, in the groups that share a range."""
    units: list[Group] = []
    for layer_trace in trace.layers:
        if not units or layer_trace.layer.joins_all:
            units.append([])
        units[-1].append(layer_trace)
    if scale == "unit":
        return units
    groups = [units[0]]
    for unit in units[1:]:
        if _belongs_to(groups[-1], unit, scale):
            groups[-1] = groups[-1] + unit
        else:
            groups.append(unit)
    return groups


def _belongs_to(group: Group, unit: Group, scale: Scale) -> bool:
    """Return whether `unit` goes on with the module (or the whole) that `group` began."""
    if _classifies(group) != _classifies(unit):
        return False
    return scale == "global" or not any(layer_trace.layer.pools for layer_trace in group)


def _classifies(group: Group) -> bool:
    """Return whether the group is a part of the classifier, which begins with a linear layer."""
    return any(layer_trace.layer.takes == "vector" for layer_trace in group)


def _is_signed(trace: Trace, layer: str) -> bool:
    """Return whether outputs of `layer`, or the picture's values, can be negative."""
    if layer == INPUT:
        return trace.architecture.input.is_normalised
    feeding_is_signed = _is_signed(trace, trace.architecture.source_of(layer))
    return trace[layer].layer.is_signed(feeding_is_signed)
