"""The second half of max pooling's stage: both maps at one scale, and what is dropped."""

from __future__ import annotations

import numpy as np

from cnnviz.arrays import Float64Array
from cnnviz.explain.pooling import decided_after
from cnnviz.scenes.pool.board import PoolBoard
from cnnviz.scenes.pool.zones import SIZES_ROOM, ResultZones, sweep_zones

LEAST_GROWTH = 1.1
"""The output is enlarged where it becomes larger at least by this factor."""

LOST = 0.15
"""Opacity of what is dropped, on the map as it is left."""


class PoolResult:
    """The mobjects of the sweep and of the result; none is in the scene at first.

    Parameters
    ----------
    board
        The first part of the stage.
    """

    def __init__(self, board: PoolBoard) -> None:
        self.board = board
        self.numbers = board.numbers
        self.theme = board.theme
        zones = self.zones = ResultZones.of(self.theme.layout)
        shrink = max(board.numbers.output_shape) / max(board.numbers.values.shape)
        before_alone, after_alone = sweep_zones(self.theme.layout, board.numbers.shape, shrink)
        self.before = board.make_before(zones.before)
        self.swept = board.make_before(before_alone, has_legend=False)
        """The map while the window passes over it: it and the smaller one have the stage.

        Its legend was there before, and comes again with what is said of both.
        """
        self.after = board.make_after(after_alone, self.swept.map.cell_size()[0])
        self.enlarged = board.make_after(zones.after, board.cell_as_large_as(self.before))
        room = self.after.map.get_bottom()[1] - after_alone.bottom
        is_larger = self.swept.map.width > self.before.map.width
        if room < SIZES_ROOM or not (is_larger or self.is_enlarged):
            self.swept = self.before
            self.after = board.make_after(zones.after, self.before.map.cell_size()[0])
        self._decided = decided_after(self.numbers.layer_trace)
        self.show_count(0)

    @property
    def count(self) -> int:
        """Number of windows."""
        return int(self.numbers.output.size)

    @property
    def has_sizes_below(self) -> bool:
        """Whether the sizes stand below the smaller map first: both maps move for what follows."""
        return self.swept is not self.before

    @property
    def moves_on(self) -> bool:
        """Whether the maps go to other places for what is said of them."""
        return self.has_sizes_below or self.is_enlarged

    @property
    def is_enlarged(self) -> bool:
        """Whether the output can be seen larger than its cells are beside those of the input."""
        return bool(self.enlarged.map.width > self.after.map.width * LEAST_GROWTH)

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
