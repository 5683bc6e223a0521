"""The window on its way over the whole map, and the winners that leave it for a smaller one."""

from __future__ import annotations

import numpy as np

from cnnviz.arrays import IntArray
from cnnviz.mobjects.cells import CellLayout, Cells
from cnnviz.mobjects.frames import KernelWindow
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.scenes.pool.result import PoolResult
from cnnviz.style.easing import eased


class PoolSweep:
    """Window, losers and winners, all of which follow from one time; not in the scene at first.

    Parameters
    ----------
    result
        Both maps.
    first_row, other_rows
        How long the window takes for the first row, and for all others, in seconds.
    flight
        How long each winner is on its way from its window to the output, in seconds.
    """

    def __init__(
        self, result: PoolResult, first_row: float, other_rows: float, flight: float
    ) -> None:
        numbers, theme = result.numbers, result.board.theme
        rows, columns = numbers.output_shape
        self._result, self._numbers, self._flight = result, numbers, flight
        self._rows, self._columns = rows, columns
        self._counts = np.array([0, columns, rows * columns] if rows > 1 else [0, columns])
        self._times = np.array([0.0, first_row, first_row + other_rows][: len(self._counts)])
        self._departures = np.interp(1 + np.arange(result.count), self._counts, self._times)
        self._origins = _places_on(result.swept.map, numbers.winners.rows, numbers.winners.columns)
        self._targets = _places_on(result.after.map, *np.indices(numbers.output_shape))
        colours = result.swept.scale.colours(numbers.output).reshape(-1, 3)
        self.winners = Cells(colours, self._origins, theme.layout.stage)
        self.window = KernelWindow(result.swept.map, numbers.geometry.kernel_sizes, theme)

    @property
    def over(self) -> float:
        """When the window has seen the whole map, for :meth:`show`."""
        return float(self._times[-1])

    @property
    def end(self) -> float:
        """When the last winner has arrived."""
        return self.over + self._flight

    def show(self, time: float) -> None:
        """Show how far window and winners have come after so many seconds."""
        count = float(np.interp(time, self._times, self._counts))
        self._result.show_count(count)
        self._show_window(count)
        share = np.clip((time - self._departures) / self._flight, 0.0, 1.0)
        self.winners.set_between(self._origins, self._targets, eased(share))

    def _show_window(self, count: float) -> None:
        """Glide over the first row; then lie around the whole row in which `count` are done."""
        if count <= self._columns:
            self.window.show_position(*self._numbers.corner(0, max(count - 1, 0)))
            return
        row = min(int(count / self._columns), self._rows - 1)
        high, wide = self._numbers.geometry.kernel_sizes
        top, left = self._numbers.corner(row, 0)
        _, last = self._numbers.corner(row, self._columns - 1)
        self.window.show_area(top, left, top + high, last + wide)


def _places_on(cells: HeatMap, rows: IntArray, columns: IntArray) -> CellLayout:
    """Return where cells of a map lie, in reading order of the arrays."""
    left, top, _, _ = cells.corners()
    width, height = cells.cell_size()
    lefts, tops = left + columns.ravel() * width, top - rows.ravel() * height
    return CellLayout(np.asarray(lefts, np.float64), np.asarray(tops, np.float64), width)
