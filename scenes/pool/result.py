"""The second half of max pooling's stage: both maps at one scale, and what is dropped."""

from __future__ import annotations

import numpy as np

from cnnviz.arrays import Float64Array
from cnnviz.explain.pooling import decided_after
from cnnviz.scenes.pool.board import PoolBoard
from cnnviz.scenes.pool.numbers import PoolingNumbers
from cnnviz.staging.pooling.result import PooledResult

LOST = 0.15
"""Opacity of what is dropped, on the map as it is left."""


class PoolResult(PooledResult[PoolingNumbers]):
    """The mobjects of the sweep and of the result; none is in the scene at first.

    Parameters
    ----------
    board
        The first part of the stage.
    """

    def __init__(self, board: PoolBoard) -> None:
        super().__init__(board)
        self._decided = decided_after(self.numbers.layer_trace)
        self.show_count(0)

    def show_count(self, count: float) -> None:
        """Show the first `count` windows, in reading order, as done: their losers fade."""
        self.light(self.light_of_count(count))

    def light_of_count(self, count: float) -> Float64Array:
        """Return the opacity, 0 to 1, of each cell when the first `count` windows are done."""
        return np.where(self.numbers.dropped & (self._decided <= count), LOST, 1.0)

    def light_of_place(self, row: int, column: int) -> Float64Array:
        """Return it while only the winners that sat in one place of their windows are lit."""
        winners, window = self.numbers.winners, self.numbers.geometry
        (down, across), (top, left, _, _) = window.strides, window.paddings
        rows, columns = np.indices(winners.rows.shape)
        is_there = (winners.rows - (rows * down - top) == row) & ~winners.is_empty
        is_there &= winners.columns - (columns * across - left) == column
        light = np.full(self.numbers.values.shape, LOST)
        light[winners.rows[is_there], winners.columns[is_there]] = 1.0
        return light

    def light(self, light: Float64Array) -> None:
        """Give each cell of the input map an opacity, 0 to 1."""
        for panel in (self.swept, self.before):
            panel.map.set_cell_alpha(np.rint(255 * light).astype(np.uint8))
