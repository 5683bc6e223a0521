"""Who wins each window of a max pooling layer, who ties, and who is never looked at.

The winner of a tie is the first cell in reading order, as in ``torch.nn.MaxPool2d``. Where all
values of a window are zero, as ReLU leaves many, zero is passed on but nothing has won.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cnnviz.arrays import BoolArray, FloatArray, IntArray
from cnnviz.explain.interest import first_of_best
from cnnviz.explain.places import Pixel, require_channel, require_pixel
from cnnviz.layers import MaxPool2d
from cnnviz.layers.max_pool import cells_of_taps, winning_taps
from cnnviz.layers.windows import WindowGeometry, windows
from cnnviz.model.trace import LayerTrace


@dataclass(frozen=True, eq=False)
class PoolingWindow:
    """One window of k x k cells on one map (or of rows x columns, where it is no square).

    Attributes
    ----------
    rows, columns
        The k rows and columns of the input under the window.
    values
        The input values there, (k, k); minus infinity where there is padding.
    winner
        (row, column) in the input of the value that is passed on.
    ties
        All cells of the window that hold that value, the winner first, in reading order.
    value
        What is passed on.
    """

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    values: FloatArray
    winner: Pixel
    ties: tuple[Pixel, ...]
    value: float

    @property
    def count(self) -> int:
        """How many values of the map there are under the window: padding has none."""
        return int(np.count_nonzero(~np.isneginf(self.values)))

    @property
    def is_empty(self) -> bool:
        """Whether all values are zero: there is no winner."""
        return not _without_padding(self.values).any()

    @property
    def is_tie(self) -> bool:
        """Whether several cells hold the largest value, in a window that is not empty."""
        return len(self.ties) > 1 and not self.is_empty


@dataclass(frozen=True, eq=False)
class Winners:
    """All windows of k x k cells on one map.

    Attributes
    ----------
    rows, columns
        The winner's row and column in the input for each window, both of the output's
        shape (rows, columns).
    is_empty
        Which windows held nothing but zeros, so that nothing won; the output's shape.
    is_tie
        Which of the others had several cells with the largest value; the output's shape.
    times_won
        How many windows each input cell was passed on from, empty ones too (more than one
        only where windows overlap); the input's shape.
    places
        How often the winner sat in each cell of the window, (k, k); empty windows had none.
    unreached_rows, unreached_columns
        Rows and columns of the input that no window looks at: what is left over where
        the size does not divide, and gaps where the stride exceeds the window.
    """

    rows: IntArray
    columns: IntArray
    is_empty: BoolArray
    is_tie: BoolArray
    times_won: IntArray
    places: IntArray
    unreached_rows: tuple[int, ...]
    unreached_columns: tuple[int, ...]

    @property
    def passed_share(self) -> float:
        """Input cells that are passed on at least once as a share of all, 0..1."""
        return float((self.times_won > 0).mean())

    @property
    def empty_count(self) -> int:
        """Number of windows that held nothing but zeros."""
        return int(self.is_empty.sum())

    @property
    def tie_count(self) -> int:
        """Number of windows that ended in a tie."""
        return int(self.is_tie.sum())


def explain_pooling(layer_trace: LayerTrace, channel: int, row: int, column: int) -> PoolingWindow:
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
        If the layer is no max pooling layer.
    """
    geometry = _geometry(layer_trace)
    require_channel(layer_trace, channel)
    require_pixel(layer_trace, row, column)
    rows, columns = geometry.rows.cells(row), geometry.columns.cells(column)
    values = windows(layer_trace.input[channel][None], geometry, -np.inf)[0, row, column]
    largest = np.argwhere(values == values.max())
    ties = tuple((rows[i], columns[j]) for i, j in largest)
    value = float(layer_trace.output[channel, row, column])
    return PoolingWindow(rows, columns, values, ties[0], ties, value)


def winners(layer_trace: LayerTrace, channel: int) -> Winners:
    """Return the winner of every window of one channel.

    Raises
    ------
    UserError
        If there is no such channel.
    TypeError
        If the layer is no max pooling layer.
    """
    geometry = _geometry(layer_trace)
    require_channel(layer_trace, channel)
    values = layer_trace.input[channel]
    patches = windows(values[None], geometry, -np.inf)[0]
    taps = winning_taps(patches)
    rows, columns = cells_of_taps(taps, geometry)
    times_won = np.zeros(values.shape, dtype=np.int64)
    np.add.at(times_won, (rows, columns), 1)
    largest = patches.max(axis=(2, 3), keepdims=True)
    is_empty = np.asarray(~_without_padding(patches).any(axis=(2, 3)))
    return Winners(
        rows=rows,
        columns=columns,
        is_empty=is_empty,
        is_tie=((patches == largest).sum(axis=(2, 3)) > 1) & ~is_empty,
        times_won=times_won,
        places=np.bincount(taps[~is_empty], minlength=geometry.cell_count).reshape(
            geometry.kernel_sizes
        ),
        unreached_rows=geometry.rows.unreached(values.shape[0]),
        unreached_columns=geometry.columns.unreached(values.shape[1]),
    )


def decided_after(layer_trace: LayerTrace) -> IntArray:
    """Return, for each cell of the input, after how many windows its fate is settled.

    Windows are counted in reading order; a cell is settled once the last window over it is
    done, and 0 means that no window looks at it. Shape (height, width).

    Raises
    ------
    TypeError
        If the layer is no max pooling layer.
    """
    geometry = _geometry(layer_trace)
    height, width = layer_trace.input.shape[1:]
    last_rows, last_columns = (
        np.array([max(axis.positions_over(cell, size), default=-1) for cell in range(size)])
        for axis, size in ((geometry.rows, height), (geometry.columns, width))
    )
    columns = layer_trace.output.shape[2]
    order = last_rows[:, None] * columns + last_columns[None, :] + 1
    is_reached = (last_rows[:, None] >= 0) & (last_columns[None, :] >= 0)
    return np.where(is_reached, order, 0)


def _without_padding(values: FloatArray) -> FloatArray:
    return np.where(np.isneginf(values), np.float32(0), values)


def _geometry(layer_trace: LayerTrace) -> WindowGeometry:
    if not isinstance(layer_trace.layer, MaxPool2d):
        raise TypeError(f"layer {layer_trace.name!r} is no pooling: it is {layer_trace.kind!r}")
    return layer_trace.layer.window


def channel_with_winners(layer_trace: LayerTrace) -> int:
    """Return the channel that shows best what max pooling does: contrast, and windows with winners.

    The highest product of the output's standard deviation and of the share of its values that
    are not zero: where all values of a window are zero, nothing wins. Of channels within a
    thousandth of the best, the first. A choice, not a fact of the network.
    """
    maps = layer_trace.output.reshape(len(layer_trace.output), -1)
    scores = maps.std(axis=1, dtype=np.float64) * np.count_nonzero(maps, axis=1)
    return first_of_best(scores)
