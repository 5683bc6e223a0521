"""The second half of max pooling's stage: both maps at one scale, and what is dropped."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

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
        before_alone, after_alone = sweep_zones(self.theme.layout, shrink)
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
        self._light(~(self.numbers.dropped & (self._decided <= count)))

    def show_place(self, row: int, column: int) -> None:
        """Light the winners that sat in one place of their windows."""
        winners, window = self.numbers.winners, self.numbers.geometry
        (down, across), (top, left, _, _) = window.strides, window.paddings
        rows, columns = np.indices(winners.rows.shape)
        is_there = (winners.rows - (rows * down - top) == row) & ~winners.is_empty
        is_there &= winners.columns - (columns * across - left) == column
        is_lit = np.zeros(self.numbers.values.shape, dtype=bool)
        is_lit[winners.rows[is_there], winners.columns[is_there]] = True
        self._light(is_lit)

    def _light(self, is_lit: npt.NDArray[np.bool_]) -> None:
        alpha = np.where(is_lit, 255, round(255 * LOST))
        for panel in (self.swept, self.before):
            panel.map.set_cell_alpha(alpha.astype(np.uint8))
