"""Numbers that a scene calculates from a trace, calculated here once more in another way.

Sums over windows are taken from the padded input, contributions by sending one value forward
through the linear layers (scenes pull weights back), a pixel's own part by sending the pixel
alone through the network with its gates as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt

from cnnviz.auditing.lookups import class_index, first_source, weight_of
from cnnviz.explain.quantity import Quantity
from cnnviz.explain.scaling import SCALES, input_range, symmetric_range, value_range
from cnnviz.layers import Add, AvgPool2d, Flatten, ReLU, ReLU6
from cnnviz.layers.windows import WindowGeometry
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import LayerTrace, Trace

Float64Array = npt.NDArray[np.float64]

Pixel = tuple[int, int]


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
    padded = window.pad(layer_trace.input)
    (down, across), (gap_down, gap_across) = window.strides, window.dilations
    top, left = quantity.row * down, quantity.column * across
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


# -- parts of a score ----------------------------------------------------------------------------


def contribution_of(quantity: Quantity, trace: Trace) -> float | None:
    """Return what one flattened cell adds to a score, or all of the number's sign together.

    Without an index and without a layer it is what some cells add, whichever they are: the
    trace does not decide that.
    """
    output = class_index(quantity, trace)
    if output is None:
        return None
    flat = next(each for each in trace.layers if isinstance(each.layer, Flatten))
    cells = np.asarray(flat.output, np.float64)
    if quantity.index is not None:
        alone = np.zeros_like(cells)
        alone[quantity.index] = cells[quantity.index]
        return float(_scores_of(trace, flat, alone)[output])
    if quantity.layer is None:
        return None
    contributions = _scores_of_each(trace, flat, cells)[:, output]
    if quantity.value == 0:  # of one sign there are none
        sums = (contributions[contributions > 0].sum(), contributions[contributions < 0].sum())
        return float(min(sums, key=abs))
    is_same_sign = contributions > 0 if quantity.value > 0 else contributions < 0
    return float(contributions[is_same_sign].sum())


class PixelParts:
    """What of every value in the network comes from one pixel of the picture.

    Parameters
    ----------
    trace
        What the network did.
    pixel
        (row, column).
    """

    def __init__(self, trace: Trace, pixel: Pixel) -> None:
        self._trace = trace
        self._pixel = pixel

    @cached_property
    def of_layers(self) -> Mapping[str, Float64Array]:
        """The parts of each layer's outputs."""
        row, column = self._pixel
        first = self._trace.layers[0].input
        part = np.zeros(first.shape)
        part[:, row, column] = first[:, row, column]
        found = {INPUT: part}
        for layer_trace in self._trace.layers:
            sources = self._trace.architecture.sources_of(layer_trace.name)
            entering = [found[source] for source in sources]
            found[layer_trace.name] = _passed_on(layer_trace, *entering)
        return found


def own_part_of(quantity: Quantity, trace: Trace, parts: PixelParts | None) -> float | None:
    """Return what of a value or a score comes from one pixel of the picture."""
    if parts is None:
        return None
    if quantity.layer is None:
        output = class_index(quantity, trace)
        scores = parts.of_layers[trace.layers[-1].name]
        return None if output is None else float(scores[output])
    values = parts.of_layers[quantity.layer]
    if values.ndim == 1:
        return None if quantity.index is None else float(values[quantity.index])
    place = (quantity.channel, quantity.row, quantity.column)
    return None if None in place else float(values[place])


def _scores_of(trace: Trace, flat: LayerTrace, part: Float64Array) -> Float64Array:
    """Send a part of the flattened values, or several, through the layers that follow."""
    found = {flat.name: part}
    for layer_trace in trace.layers[trace.layers.index(flat) + 1 :]:
        sources = trace.architecture.sources_of(layer_trace.name)
        found[layer_trace.name] = _passed_on(layer_trace, *(found[each] for each in sources))
    return found[trace.layers[-1].name]


def _scores_of_each(trace: Trace, flat: LayerTrace, cells: Float64Array) -> Float64Array:
    """Send each of the flattened values alone through the layers that follow: (values, scores).

    Until the first linear layer a vector stands for the matrix that has it on its diagonal, which
    would be large.
    """
    found = {flat.name: cells}
    for layer_trace in trace.layers[trace.layers.index(flat) + 1 :]:
        entering = [found[each] for each in trace.architecture.sources_of(layer_trace.name)]
        if layer_trace.weight is not None and entering[0].ndim == 1:
            weight = layer_trace.weight.astype(np.float64)
            found[layer_trace.name] = entering[0][:, np.newaxis] * weight.T
            continue
        if len({each.ndim for each in entering}) > 1:
            entering = [np.diag(each) if each.ndim == 1 else each for each in entering]
        found[layer_trace.name] = _passed_on(layer_trace, *entering)
    scores = found[trace.layers[-1].name]
    return np.diag(scores) if scores.ndim == 1 else scores


def _passed_on(layer_trace: LayerTrace, part: Float64Array, *others: Float64Array) -> Float64Array:
    """Send a part of a layer's values through it, without its biases.

    Each ReLU passes what it passed, each window of max pooling what won it. Vectors may have
    one more axis, before their own.
    """
    layer, window = layer_trace.layer, layer_trace.layer.window
    if isinstance(layer, Add):
        return np.asarray(part + sum(others))
    if isinstance(layer, ReLU):
        return np.where(layer_trace.input > 0, part, 0.0)
    if isinstance(layer, ReLU6):
        return np.where((layer_trace.input > 0) & (layer_trace.input < 6), part, 0.0)
    if isinstance(layer, Flatten):
        return part.reshape(-1)
    weight = None if layer_trace.weight is None else layer_trace.weight.astype(np.float64)
    if window is None:
        assert weight is not None  # a linear layer
        return np.asarray(part @ weight.T)
    patches = _patches(part, window)
    if weight is not None:
        groups = len(part) // weight.shape[1]
        seen = patches.reshape(groups, weight.shape[1], *patches.shape[1:])
        kernels = weight.reshape(groups, -1, *weight.shape[1:])
        made = np.einsum("gcrsuv,gocuv->gors", seen, kernels)
        return np.asarray(made.reshape(-1, *made.shape[2:]))
    patches = patches.reshape(*patches.shape[:3], -1)
    if isinstance(layer, AvgPool2d):
        inside = np.ones_like(patches)
        if not layer.count_include_pad:
            inside = _patches(np.ones_like(part), window).reshape(patches.shape)
        return np.asarray(patches.sum(axis=-1) / inside.sum(axis=-1))
    values = _patches(layer_trace.input.astype(np.float64), window, -np.inf).reshape(patches.shape)
    winner = values.argmax(axis=-1)
    return np.take_along_axis(patches, winner[..., np.newaxis], axis=-1)[..., 0]


def _patches(maps: Float64Array, window: WindowGeometry, fill: float = 0.0) -> Float64Array:
    """Return what every window sees, (channels, rows, columns, k, k), one place after another."""
    (down, across), (gap_down, gap_across) = window.strides, window.dilations
    padded = window.pad(maps, fill)
    channels, rows, columns = window.output_shape(len(maps), maps.shape)
    patches = np.empty((channels, rows, columns, *window.kernel_sizes))
    for u, v in np.ndindex(window.kernel_sizes):
        seen = padded[:, u * gap_down :: down, v * gap_across :: across]
        patches[..., u, v] = seen[:, :rows, :columns]
    return patches


# -- counts, shares and ends ---------------------------------------------------------------------


def count_of(quantity: Quantity, trace: Trace) -> float | None:
    """Return how many values ReLU clips, passes or sees, whichever is nearest."""
    return nearest(quantity.value, _relu_counts(quantity, trace))


def share_of(quantity: Quantity, trace: Trace) -> float | None:
    """Return the share that ReLU clips or passes, or that wins or loses at a pooling layer.

    Whether a window without any value above zero has a winner is for the scene to say.
    """
    counts = _relu_counts(quantity, trace)
    if counts:
        return nearest(quantity.value, [count / counts[-1] for count in counts])
    if quantity.layer is None or trace[quantity.layer].kind != "max_pool":
        return None
    layer_trace = trace[quantity.layer]
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
    patches = _patches(values[np.newaxis], window, -np.inf)[0]
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
    limits = [1.0, symmetric_range(trace.layers[0].input).high]
    if quantity.layer != INPUT:
        limits = [value_range(trace, quantity.layer, scale).high for scale in SCALES]
        limits += [input_range(trace, quantity.layer, scale).high for scale in SCALES]
        readers = trace.architecture.readers_of(quantity.layer)
        sums = [name for name in readers if trace[name].layer.input_count > 1]
        limits += [value_range(trace, name, scale).high for name in sums for scale in SCALES]
        weight = trace[quantity.layer].weight
        limits += [] if weight is None else [symmetric_range(weight).high]
    return nearest(quantity.value, [0.0, *limits, *(-limit for limit in limits)])


def _all_of(layer: str, trace: Trace) -> list[float]:
    if layer == INPUT:
        return [*trace.layers[0].input.ravel().tolist(), *trace.picture.ravel().tolist()]
    weight = trace[layer].weight
    learned = [] if weight is None else weight.ravel().tolist()
    return [*trace[layer].output.ravel().tolist(), *learned]
