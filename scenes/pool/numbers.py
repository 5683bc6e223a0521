"""A max pooling's numbers as they are written on screen, and the block of them that fits."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnviz.explain.places import Pixel, Place
from cnnviz.explain.pooling import PoolingWindow, explain_pooling, winners
from cnnviz.explain.quantity import Grid, Quantity
from cnnviz.model.trace import Trace
from cnnviz.staging.pooling.numbers import PooledNumbers

AROUND = ((0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1))
"""Steps to the windows around one, clockwise from the right: each beside the one before."""


@dataclass(frozen=True)
class Block:
    """Some neighbouring windows: from `row` and `column` so many rows and columns of them."""

    row: int
    column: int
    rows: int
    columns: int

    @classmethod
    def around(cls, row: int, column: int, shape: tuple[int, int], size: int) -> Block:
        """Return up to size x size windows around the one at (row, column).

        It is as near the middle as the output's `shape` allows.
        """
        rows, columns = min(size, shape[0]), min(size, shape[1])
        first_row = min(max(row - rows // 2, 0), shape[0] - rows)
        first_column = min(max(column - columns // 2, 0), shape[1] - columns)
        return cls(first_row, first_column, rows, columns)

    def holds(self, row: int, column: int) -> bool:
        """Return whether the window at (row, column) is one of them."""
        inside_rows = self.row <= row < self.row + self.rows
        return inside_rows and self.column <= column < self.column + self.columns

    def walk_around(self, row: int, column: int, count: int) -> list[Pixel]:
        """Return up to `count` other windows of the block around the one at (row, column)."""
        places = [(row + down, column + right) for down, right in AROUND]
        return [place for place in places if self.holds(*place)][:count]


class PoolingNumbers(PooledNumbers):
    """One channel of a max pooling, ready to be shown.

    Parameters
    ----------
    trace
        What the network computed.
    place
        The output that is explained first.
    """

    def __init__(self, trace: Trace, place: Place) -> None:
        super().__init__(trace, place)
        self.winners = winners(self.layer_trace, place.channel)

    def window(self, row: int, column: int) -> PoolingWindow:
        """Return the window behind one output."""
        return explain_pooling(self.layer_trace, self.place.channel, row, column)

    def distinct_windows(self, block: Block, first: Pixel, count: int) -> list[Pixel]:
        """Return up to `count` windows of a block around the first, those with a choice before.

        Where all cells of a window are equal there is nothing to choose from; they make up
        the number if there are not enough others. The order is that around the first.
        """
        around = block.walk_around(*first, block.rows * block.columns)
        windows = {place: self.window(*place) for place in around}
        chosen = sorted(around, key=lambda at: len(windows[at].ties) == windows[at].count)[:count]
        return sorted(chosen, key=around.index)

    def value(self, pixel: Pixel) -> Quantity:
        """Return one value of the input, or what padding counts as around it."""
        if self.is_padding(pixel):
            row, column = pixel
            layer = self.place.layer
            return Quantity.of("padding", -math.inf, 0, layer=layer, row=row, column=column)
        return self._written(float(self.values[pixel]), *pixel)

    def input_cells(self, block: Block) -> tuple[range, range]:
        """Return the rows and columns of the input under a block, gaps and padding included."""
        rows, columns = (
            range(axis.cells(first)[0], axis.cells(first + count - 1)[-1] + 1)
            for axis, first, count in (
                (self.geometry.rows, block.row, block.rows),
                (self.geometry.columns, block.column, block.columns),
            )
        )
        return rows, columns

    def input_grid(self, block: Block) -> Grid:
        """Return the input's values under a block."""
        rows, columns = self.input_cells(block)
        return tuple(tuple(self.value((row, column)) for column in columns) for row in rows)

    def output_grid(self, block: Block) -> Grid:
        """Return the outputs of a block."""
        return tuple(
            tuple(
                self.result((row, column))
                for column in range(block.column, block.column + block.columns)
            )
            for row in range(block.row, block.row + block.rows)
        )

    def looks_equal(self, window: PoolingWindow) -> bool:
        """Return whether a loser reads like the winner, though it is smaller."""
        shown = self.value(window.winner).shown
        cells = [(row, column) for row in window.rows for column in window.columns]
        return any(self.value(cell).shown == shown for cell in cells if cell not in window.ties)

    def leads(self, place: Pixel) -> list[int]:
        """Return after how many values of a window, in reading order, the largest changes."""
        values = self.window(*place).values.ravel()
        largest = np.maximum.accumulate(values)
        return [1, *(int(index) + 2 for index in np.flatnonzero(largest[1:] != largest[:-1]))]

    @property
    def dropped(self) -> npt.NDArray[np.bool_]:
        """Which values of the input win no window."""
        return np.asarray(self.winners.times_won == 0)
