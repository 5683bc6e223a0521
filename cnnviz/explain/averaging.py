"""What each window of an average pooling layer adds up, and by how many cells it divides.

``y = (x_1 + ... + x_n) / n``. Zeros of the padding are cells like any other where the layer counts
them (``count_include_pad``, as in ``torch.nn.AvgPool2d`` by default), and no cells elsewhere, as in
TensorFlow and ONNX.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cnnviz.arrays import BoolArray, Float64Array, FloatArray
from cnnviz.explain.interest import first_of_best
from cnnviz.explain.places import require_channel, require_pixel
from cnnviz.layers import AvgPool2d
from cnnviz.layers.windows import padding_mask, windows
from cnnviz.model.trace import LayerTrace


@dataclass(frozen=True, eq=False)
class MeanWindow:
    """One window of k x k cells on one map (or of rows x columns, where it is no square).

    Attributes
    ----------
    rows, columns
        The k rows and columns of the input under the window; below 0 and beyond the map is
        padding.
    values
        The input values there, (k, k); 0 where there is padding.
    is_padding
        Which of its cells lie outside of the map, (k, k).
    counts_padding
        Whether those are cells of the mean, too.
    value
        The mean, as the network computed it.
    """

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    values: FloatArray
    is_padding: BoolArray
    counts_padding: bool
    value: float

    @property
    def is_counted(self) -> BoolArray:
        """Which cells the mean is of, (k, k): all, or all but the padding."""
        return np.ones_like(self.is_padding) if self.counts_padding else ~self.is_padding

    @property
    def count(self) -> int:
        """How many cells the mean is of."""
        return int(np.count_nonzero(self.is_counted))

    @cached_property
    def sums(self) -> Float64Array:
        """What the counted cells add up to, one after the other in reading order: (count,)."""
        return np.cumsum(self.values[self.is_counted], dtype=np.float64)

    @property
    def total(self) -> float:
        """What all of them add up to."""
        return float(self.sums[-1])


def explain_mean(layer_trace: LayerTrace, channel: int, row: int, column: int) -> MeanWindow:
    """Return the window behind the output at (channel, row, column).

    Parameters
    ----------
    layer_trace
        The layer at work.
    channel, row, column
        Of the output, from 0.

    Raises
    ------
    UserError
        If there is no such output.
    TypeError
        If the layer is no average pooling layer.
    """
    layer = layer_trace.layer
    if not isinstance(layer, AvgPool2d):
        raise TypeError(f"layer {layer_trace.name!r} takes no means: it is {layer_trace.kind!r}")
    require_channel(layer_trace, channel)
    require_pixel(layer_trace, row, column)
    height, width = layer_trace.input.shape[1:]
    return MeanWindow(
        layer.window.rows.cells(row),
        layer.window.columns.cells(column),
        windows(layer_trace.input[channel][None], layer.window)[0, row, column],
        padding_mask(layer.window, row, column, height, width),
        layer.count_include_pad,
        float(layer_trace.output[channel, row, column]),
    )


def channel_to_average(layer_trace: LayerTrace) -> int:
    """Return the channel whose map has the highest contrast before it is averaged.

    Afterwards a map may be a single value. Of channels within a thousandth of the best, the
    first. A choice, not a fact of the network.
    """
    maps = layer_trace.input.reshape(len(layer_trace.input), -1)
    return first_of_best(maps.std(axis=1, dtype=np.float64))
