"""Numbers that a scene calculates from a trace, calculated here once more in another way.

Sums over windows are taken from the padded input. What parts of the input add to a value is
calculated in :mod:`.parts`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from cnnviz.arrays import Float64Array, FloatArray
from cnnviz.auditing.lookups import first_source, weight_of
from cnnviz.auditing.patches import patches_of
from cnnviz.explain.quantity import Quantity
from cnnviz.explain.scaling import SCALES, input_range, symmetric_range, value_range
from cnnviz.layers import Add, AvgPool2d, ReLU
from cnnviz.layers.windows import WindowGeometry
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import LayerTrace, Trace


def nearest(value: float, candidates: Iterable[float]) -> float | None:
    """Return the candidate nearest to a value: the same, where the value is one of them."""
    known = np.asarray(list(candidates), np.float64)
    return float(known[np.abs(known - value).argmin()]) if known.size else None


# -- sums over a window --------------------------------------------------------------------------


def patch_of(quantity: Quantity, trace: Trace) -> Float64Array | None:
    """Return what the window behind a convolution's output sees, (channels, k, k).

    Of all channels that come in, whatever its group sees of them.
    """
    if quantity.layer is None or quantity.row is None or quantity.column is None:
        return None
    layer_trace = trace[quantity.layer]
    window = layer_trace.layer.window
    if window is None or layer_trace.weight is None:
        return None
    return _under(window, layer_trace.input, quantity.row, quantity.column)


def _under(window: WindowGeometry, maps: FloatArray, row: int, column: int) -> Float64Array:
    """Return what the window at a place of the output sees of maps, (channels, k, k)."""
    padded = window.pad(maps)
    (down, across), (gap_down, gap_across) = window.strides, window.dilations
    top, left = row * down, column * across
    patch = padded[:, top : top + window.rows.reach, left : left + window.columns.reach]
    return np.asarray(patch[:, ::gap_down, ::gap_across], np.float64)


def product_of(quantity: Quantity, trace: Trace) -> float | None:
    """Return value times weight of a convolution's term, at the output (row, column)."""
    patch, weight = patch_of(quantity, trace), weight_of(quantity, trace)
    if patch is None or weight is None:
        return None
    place = quantity.input_channel, quantity.kernel_row, quantity.kernel_column
    return float(patch[place]) * weight


def channel_sum_of(quantity: Quantity, trace: Trace) -> float | None:
    """Return the sum of one input channel's products.

    Without an input channel it is the sum over those that are not listed singly, whichever
    they are: the trace does not decide that.
    """
    patch = patch_of(quantity, trace)
    if patch is None or quantity.layer is None:
        return None
    if quantity.channel is None or quantity.input_channel is None:
        return None
    weight = trace[quantity.layer].weight
    assert weight is not None  # or there would be no patch
    first = first_source(trace[quantity.layer], quantity.channel)
    kernel = weight[quantity.channel, quantity.input_channel - first].astype(np.float64)
    return float(np.vdot(patch[quantity.input_channel], kernel))


def window_sum_of(quantity: Quantity, trace: Trace) -> float | None:
    """Return what the first `index` counted values under a window of average pooling add up to."""
    seen = _averaged(quantity, trace)
    return None if seen is None or quantity.index is None else float(seen[: quantity.index].sum())


def mean_of(quantity: Quantity, trace: Trace) -> float | None:
    """Return the mean of a map."""
    if quantity.layer is None or quantity.channel is None:
        return None
    is_input = quantity.layer == INPUT
    maps = trace.layers[0].input if is_input else trace[quantity.layer].output
    return float(np.mean(maps[quantity.channel], dtype=np.float64))


def _averaged(quantity: Quantity, trace: Trace) -> Float64Array | None:
    """Return the values that a mean is of, in reading order; None where no mean is meant."""
    if quantity.layer is None or quantity.row is None or quantity.column is None:
        return None
    layer_trace = trace[quantity.layer]
    if not isinstance(layer_trace.layer, AvgPool2d):
        return None
    window, place = layer_trace.layer.window, (quantity.row, quantity.column)
    values = layer_trace.input[quantity.channel or 0][None]
    patch = _under(window, values, *place)
    if layer_trace.layer.count_include_pad:
        return patch.ravel()
    return patch[_under(window, np.ones_like(values), *place) > 0]


# -- counts, shares and ends ---------------------------------------------------------------------


def count_of(quantity: Quantity, trace: Trace) -> float | None:
    """Return how many values ReLU clips, passes or sees, whichever is nearest.

    At a place of an average pooling, how many values the mean there is of.
    """
    averaged = _averaged(quantity, trace)
    if averaged is not None:
        return float(averaged.size)
    return nearest(quantity.value, _relu_counts(quantity, trace))


def share_of(quantity: Quantity, trace: Trace) -> float | None:
    """Return the share that ReLU clips or passes, or that wins or loses at a pooling layer.

    Of an addition, what a branch brings: by the sums of absolute values.

    Whether a window without any value above zero has a winner is for the scene to say.
    """
    counts = _relu_counts(quantity, trace)
    if counts:
        return nearest(quantity.value, [count / counts[-1] for count in counts])
    if quantity.layer is None:
        return None
    layer_trace = trace[quantity.layer]
    if layer_trace.kind == Add.kind and quantity.channel is not None:
        brought = [float(np.abs(each[quantity.channel]).sum()) for each in layer_trace.inputs]
        return nearest(quantity.value, [each / (sum(brought) or 1) for each in brought])
    if layer_trace.kind != "max_pool":
        return None
    channels = range(len(layer_trace.input)) if quantity.channel is None else [quantity.channel]
    won = [share for channel in channels for share in _won_shares(layer_trace, channel)]
    return nearest(quantity.value, [*won, *(1 - share for share in won)])


def _relu_counts(quantity: Quantity, trace: Trace) -> list[int]:
    if quantity.layer is None or quantity.channel is None:
        return []
    layer_trace = trace[quantity.layer]
    if not isinstance(layer_trace.layer, ReLU) or layer_trace.input.ndim == 1:
        return []
    values = layer_trace.input[quantity.channel]
    clipped = int(np.count_nonzero(values < 0))
    return [clipped, values.size - clipped, values.size]


def _won_shares(layer_trace: LayerTrace, channel: int) -> Iterable[float]:
    """Give the share of cells that win a window: of any, and of those with a value above 0."""
    window = layer_trace.layer.window
    assert window is not None  # a pooling layer has one
    values = layer_trace.input[channel].astype(np.float64)
    patches = patches_of(values[np.newaxis], window, -np.inf)[0]
    patches = patches.reshape(*patches.shape[:2], -1)
    (down, across), (top, left, _, _) = window.strides, window.paddings
    u, v = np.divmod(patches.argmax(axis=-1), window.columns.kernel_size)
    rows = np.arange(u.shape[0])[:, np.newaxis] * down + u - top
    columns = np.arange(u.shape[1]) * across + v - left
    for is_counted in (np.ones(u.shape, bool), patches.max(axis=-1) > 0):
        won = set(zip(rows[is_counted].tolist(), columns[is_counted].tolist(), strict=True))
        yield len(won) / values.size


def index_of(quantity: Quantity, trace: Trace) -> float | None:
    """Return the place in a vector that an index is the number of."""
    return None if quantity.index is None else float(quantity.index)


def size_of(quantity: Quantity, trace: Trace) -> float | None:
    """Return the nearest of a layer's sizes: its window's, its maps', how many they are."""
    if quantity.layer is None:
        return None
    layer_trace = trace[quantity.layer]
    window = layer_trace.layer.window
    hyperparameters: list[int] = []
    if window is not None:
        hyperparameters = [*window.kernel_sizes, *window.strides, *window.paddings]
        hyperparameters += window.dilations
    return nearest(
        quantity.value, [*layer_trace.input.shape, *layer_trace.output.shape, *hyperparameters]
    )


def extreme_of(quantity: Quantity, trace: Trace) -> float | None:
    """Return the nearest of the values (or weights) that a layer has."""
    return nearest(quantity.value, () if quantity.layer is None else _all_of(quantity.layer, trace))


def scale_end_of(quantity: Quantity, trace: Trace) -> float | None:
    """Return the nearest of the ends that the scales of a layer's values or weights have.

    Beside its own, a layer's values may have the range of what comes in: what is kept keeps its
    colour there. Those of a branch may have that of the addition where it ends.
    """
    if quantity.layer is None:
        return None
    limits = _scale_ends(trace, quantity.layer)
    return nearest(quantity.value, [0.0, *limits, *(-limit for limit in limits)])


@lru_cache(maxsize=64)  # a film shows many ends of the scales of a layer
def _scale_ends(trace: Trace, layer: str) -> tuple[float, ...]:
    if layer == INPUT:
        return 1.0, symmetric_range(trace.layers[0].input).high
    limits = [value_range(trace, layer, scale).high for scale in SCALES]
    limits += [input_range(trace, layer, scale).high for scale in SCALES]
    readers = trace.architecture.readers_of(layer)
    joins = [name for name in readers if len(trace[name].inputs) > 1]
    limits += [value_range(trace, name, scale).high for name in joins for scale in SCALES]
    weight = trace[layer].weight
    limits += [] if weight is None else [symmetric_range(weight).high]
    return tuple(limits)


def _all_of(layer: str, trace: Trace) -> list[float]:
    if layer == INPUT:
        return [*trace.layers[0].input.ravel().tolist(), *trace.picture.ravel().tolist()]
    weight = trace[layer].weight
    learned = [] if weight is None else weight.ravel().tolist()
    return [*trace[layer].output.ravel().tolist(), *learned]
