"""Max pooling: the largest value of every window goes on, and only its share.

The winner of a tie is the first cell in reading order, as in ``torch.nn.MaxPool2d``. Padding
never wins: it counts as minus infinity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnviz.arrays import BoolArray, Float64Array, FloatArray, IntArray
from cnnviz.layers.base import Index
from cnnviz.layers.layer_trace import LayerTrace, Step
from cnnviz.layers.pool import Pool2d
from cnnviz.layers.windows import WindowGeometry, windows


@dataclass(frozen=True, init=False)
class MaxPool2d(Pool2d):
    """The largest value of each window, channel by channel."""

    kind = "max_pool"
    noun = "max pooling layer"

    def forward(
        self,
        *inputs: npt.NDArray[np.floating],
        weight: FloatArray | None = None,
        bias: FloatArray | None = None,
    ) -> Float64Array:
        """Return the largest value of each window."""
        (values,) = inputs
        return np.asarray(self.patches(values.astype(np.float64)).max(axis=(3, 4)))

    def patches(self, values: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
        """Return what each window sees, minus infinity where it sees padding."""
        return np.asarray(windows(values, self.window, fill=-np.inf))

    def winning_cells(self, values: FloatArray) -> tuple[IntArray, IntArray]:
        """Return the rows and the columns of all winners, both (channels, rows, columns)."""
        return cells_of_taps(winning_taps(self.patches(values)), self.window)

    def carry(self, layer_trace: LayerTrace, *parts: Float64Array) -> Float64Array:
        """Return the winners' parts."""
        return self._of_winners(layer_trace, *parts)

    def strengthen(self, layer_trace: LayerTrace, *strengths: Float64Array) -> Float64Array:
        """Return the winners' strengths."""
        return self._of_winners(layer_trace, *strengths)

    def step_back(self, layer_trace: LayerTrace, index: Index, *strengths: Float64Array) -> Step:
        """Return the winner, with weight 1."""
        rows, columns = self.winning_cells(layer_trace.input)
        return Step((index[0], int(rows[index]), int(columns[index])), 1.0)

    def passing(self, layer_trace: LayerTrace, channel: int) -> BoolArray:
        """Return which cells win at least one window."""
        rows, columns = self.winning_cells(layer_trace.input)
        wins = np.zeros(layer_trace.input.shape[1:], dtype=bool)
        wins[rows[channel], columns[channel]] = True
        return wins

    def _of_winners(self, layer_trace: LayerTrace, values: Float64Array) -> Float64Array:
        rows, columns = self.winning_cells(layer_trace.input)
        channels = np.arange(len(values))[:, None, None]
        return np.asarray(values[channels, rows, columns])


def winning_taps(patches: npt.NDArray[np.floating]) -> IntArray:
    """Return the place of the first largest value of each (..., k, k) patch, in reading order."""
    return np.asarray(patches.reshape(*patches.shape[:-2], -1).argmax(axis=-1))


def cells_of_taps(taps: IntArray, window: WindowGeometry) -> tuple[IntArray, IntArray]:
    """Return rows and columns in the input for places in windows, (..., rows, columns)."""
    height, width = taps.shape[-2:]
    u, v = np.divmod(taps, window.columns.kernel_size)
    rows = np.arange(height)[:, None] * window.rows.stride + u - window.rows.before
    columns = np.arange(width) * window.columns.stride + v - window.columns.before
    return rows, columns
