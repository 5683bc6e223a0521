"""Over which values a colour scale runs.

The three scales are named as those of CNN Explainer's legends (Wang et al., "CNN Explainer:
Learning Convolutional Neural Networks with Interactive Visualization", 2020). Within a group
one colour always means the same value:

``unit``
    a convolution, a linear layer or one in which branches meet, with all that follows up to the
    next one (``conv_1_2 relu_1_2 max_pool_1``);
``module``
    units up to and including one that pools (``conv_1_1`` to ``max_pool_1``);
``global``
    all feature maps.

Layers from the first linear one on are the classifier: under ``module`` and ``global``
they are a group of their own, so that large scores do not pale the feature maps.

In two things we deviate from CNN Explainer, so that maps are not nearly black. Its ranges end
at the largest absolute value: a single cell decides how dark all others are, and often it is
twice as large as all but one in a hundred. Ours end where 99 % of a group's values lie, not
counting zeros, rounded up to two digits; the few beyond take the end's colour, and legends
say so. And in each group, outputs that cannot be negative (those of ReLU, and of what pools
or flattens them) have a range of their own: what is clipped there no longer counts. Groups
of at most a hundred values end at the largest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import LayerTrace, Trace

Scale = Literal["unit", "module", "global"]
SCALES: tuple[Scale, ...] = get_args(Scale)

WITHIN = 0.99
"""So many of a group's values lie within its range, at least."""

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
    and flattening keep the signs of what feeds them. One value in a hundred may lie beyond.
    Where all values are 0, the range ends at 1.

    Parameters
    ----------
    layer
        Its name.
    scale
        What shares a range: ``"unit"``, ``"module"`` or ``"global"``, as described above.

    Raises
    ------
    KeyError
        If there is no such layer.
    """
    return common_range([trace], layer, scale)


def common_range(traces: Sequence[Trace], layer: str, scale: Scale = "unit") -> ValueRange:
    """Return one range for the outputs of `layer` in several traces, so that they compare.

    As :func:`value_range`, over the values of all of them. Signed where they are in any.

    Raises
    ------
    KeyError
        If one of them has no such layer.
    """
    groups = [
        next(group for group in _ranges(trace, scale) if trace[layer] in group) for trace in traces
    ]
    limit = _limit(layer_trace.output for group in groups for layer_trace in group)
    is_signed = any(_signs(trace)[layer] for trace in traces)
    return ValueRange(-limit if is_signed else 0.0, limit)


def input_range(trace: Trace, layer: str, scale: Scale = "unit") -> ValueRange:
    """Return the range for what goes into `layer`: that of the layer before it, or the picture's.

    Where branches meet its own, so that these can be compared with each other and with what they
    make.

    Parameters
    ----------
    layer
        Name of the layer that reads the values.
    scale
        As for :func:`value_range`.

    Raises
    ------
    KeyError
        If there is no such layer.
    """
    source, *others = trace.architecture.sources_of(layer)
    if others:
        return value_range(trace, layer, scale)
    return picture_range(trace) if source == INPUT else value_range(trace, source, scale)


def picture_range(trace: Trace) -> ValueRange:
    """Return the range for the picture as the network receives it.

    0..1 where it sees it as it is, and symmetric over the values where they are normalised.
    """
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
    """Return the names of all layers in the groups that share a range.

    Each group is in the order of the network; under ``module`` and ``global`` a group of
    signed outputs and one of others may alternate there.
    """
    return tuple(tuple(each.name for each in group) for group in _ranges(trace, scale))


def _limit(arrays: Iterable[npt.NDArray[np.floating]]) -> float:
    """Return where the range of some values ends; 1 where there is nothing but zeros.

    The smallest number of two digits that at least :data:`WITHIN` of all finite values but
    the zeros do not exceed. With at most a hundred of them, none does.
    """
    values = np.concatenate([np.abs(np.asarray(array, np.float64)).ravel() for array in arrays])
    values = values[np.isfinite(values) & (values > 0)]
    if not values.size:
        return 1.0
    return _rounded_up(float(np.quantile(values, WITHIN, method="higher")))


def _rounded_up(value: float) -> float:
    """Return the smallest number of two decimal digits that is not less than `value` > 0."""
    number = Decimal(value)
    digit = Decimal(1).scaleb(number.adjusted() - 1)
    return float(number.quantize(digit, ROUND_CEILING))


def _ranges(trace: Trace, scale: Scale) -> list[Group]:
    """Return the groups that share a range: of each, first what is signed, then the others."""
    ranges: list[Group] = []
    signs = _signs(trace)
    for group in _groups(trace, scale):
        for is_signed in (True, False):
            members = [each for each in group if signs[each.name] == is_signed]
            if members:
                ranges.append(members)
    return ranges


def _groups(trace: Trace, scale: Scale) -> list[Group]:
    """Return the layers, in order, in units, modules or as a whole."""
    units: list[Group] = []
    unit_of: dict[str, Group] = {}
    for layer_trace in trace.layers:
        source, *others = trace.architecture.sources_of(layer_trace.name)
        if layer_trace.layer.adds_up or others or source not in unit_of:
            units.append([])
            unit_of[layer_trace.name] = units[-1]
        else:
            unit_of[layer_trace.name] = unit_of[source]
        unit_of[layer_trace.name].append(layer_trace)
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


def _signs(trace: Trace) -> dict[str, bool]:
    """Return whether the picture's values, and each layer's outputs, can be negative."""
    signs = {INPUT: trace.architecture.input.is_normalised}
    for layer in trace.architecture.layers:
        sources = trace.architecture.sources_of(layer.name)
        signs[layer.name] = layer.is_signed(
            input_is_signed=any(signs[source] for source in sources)
        )
    return signs
