"""The second half of max pooling's stage: both maps at one scale, and what is dropped."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cnnviz.arrays import IntArray
from cnnviz.explain.pooling import decided_after
from cnnviz.mobjects.cells import CellLayout, Cells
from cnnviz.mobjects.frames import KernelWindow
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.scenes.pool.board import PoolBoard
from cnnviz.scenes.pool.zones import ResultZones

LEAST_GROWTH = 1.1
"""The output is enlarged where it becomes larger at least by this factor."""

LOST = 0.15
"""Opacity of what is dropped, on the map as it is left."""

LAG = 0.8
"""The last row of winners sets out so much later than the first; each needs 1."""


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
        self.before = board.make_before(zones.before)
        cell = self.before.map.cell_size()[0]
        self.after = board.make_after(zones.after, cell)
        self.enlarged = board.make_after(zones.after, board.cell_as_large_as(self.before))
        self._decided = decided_after(self.numbers.layer_trace)
        self.window = KernelWindow(self.before.map, self.numbers.layer.kernel_size, self.theme)
        self.winners = self._make_winners()
        self.show_count(0)

    @property
    def count(self) -> int:
        """Number of windows."""
        return int(self.numbers.output.size)

    @property
    def is_enlarged(self) -> bool:
        """Whether the output can be seen in a larger size than that of the input's cells."""
        return bool(self.enlarged.map.width > self.after.map.width * LEAST_GROWTH)

    @property
    def flight_end(self) -> float:
        """When the last winner has arrived, for :meth:`show_flight`."""
        return 1.0 + LAG

    def show_count(self, count: float) -> None:
        """Show the first `count` windows, in reading order, as done: their losers fade."""
        self._light(~(self.numbers.dropped & (self._decided <= count)))

    def show_place(self, row: int, column: int) -> None:
        """Light the winners that sat in one place of their windows."""
        winners, stride = self.numbers.winners, self.numbers.layer.stride
        rows, columns = np.indices(winners.rows.shape)
        is_there = (winners.rows - rows * stride == row) & ~winners.is_empty
        is_there &= winners.columns - columns * stride == column
        is_lit = np.zeros(self.numbers.values.shape, dtype=bool)
        is_lit[winners.rows[is_there], winners.columns[is_there]] = True
        self._light(is_lit)

    def _light(self, is_lit: npt.NDArray[np.bool_]) -> None:
        alpha = np.where(is_lit, 255, round(255 * LOST))
        self.before.map.set_cell_alpha(alpha.astype(np.uint8))

    def sweep_first_row(self, count: float) -> None:
        """Let the window stand where the first `count` windows are done."""
        self.show_count(count)
        self.window.show_position(0, max(count - 1, 0) * self.numbers.layer.stride)

    def sweep_rows(self, count: float) -> None:
        """Widen the window to the whole row in which `count` windows are done."""
        self.show_count(count)
        layer, (rows, columns) = self.numbers.layer, self.numbers.output_shape
        top = min(int(count / columns), rows - 1) * layer.stride
        width = (columns - 1) * layer.stride + layer.kernel_size
        self.window.show_area(top, 0, top + layer.kernel_size, width)

    def show_flight(self, time: float) -> None:
        """Show all winners on their way into the output, row after row."""
        rows = self.numbers.output_shape[0]
        starts = np.repeat(np.linspace(0, LAG, rows), self.numbers.output_shape[1])
        share = np.clip(time - starts, 0.0, 1.0)
        progress = share * share * (3 - 2 * share)
        self.winners.set_between(self._origins, self._targets, progress)

    def _make_winners(self) -> Cells:
        """Return what each window passes on, still where it was."""
        winners, shape = self.numbers.winners, self.numbers.output_shape
        self._origins = _places_on(self.before.map, winners.rows, winners.columns)
        self._targets = _places_on(self.after.map, *np.indices(shape))
        colours = self.before.scale.colours(self.numbers.output).reshape(-1, 3)
        return Cells(colours, self._origins, self.theme.layout.stage)


def _places_on(cells: HeatMap, rows: IntArray, columns: IntArray) -> CellLayout:
    """Return where cells of a map lie, in reading order of the arrays."""
    left, top, _, _ = cells.corners()
    width, height = cells.cell_size()
    lefts, tops = left + columns.ravel() * width, top - rows.ravel() * height
    return CellLayout(np.asarray(lefts, np.float64), np.asarray(tops, np.float64), width)
