"""The window on its way over the whole map."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cnnviz.arrays import Float64Array
from cnnviz.mobjects.cells import CellLayout
from cnnviz.mobjects.frames import KernelWindow
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.staging.pooling.result import AnyResult


class WindowSweep:
    """A window that glides over the first row, and then takes row after row.

    Parameters
    ----------
    result
        Both maps.
    first_row, other_rows
        How long it takes for the first row, and for all others, in seconds.
    """

    def __init__(self, result: AnyResult, first_row: float, other_rows: float) -> None:
        numbers = result.numbers
        rows, columns = numbers.output_shape
        self._numbers, self._rows, self._columns = numbers, rows, columns
        self._counts = np.array([0, columns, rows * columns] if rows > 1 else [0, columns])
        self._times = np.array([0.0, first_row, first_row + other_rows][: len(self._counts)])
        self.frame = KernelWindow(result.swept.map, numbers.geometry.kernel_sizes, result.theme)

    @property
    def over(self) -> float:
        """When the window has seen the whole map, in seconds."""
        return float(self._times[-1])

    def departures(self) -> Float64Array:
        """Return when each window is done, in reading order, in seconds."""
        counts = 1 + np.arange(self._counts[-1])
        return np.asarray(np.interp(counts, self._counts, self._times))

    def show(self, time: float) -> float:
        """Put the frame where it is after so many seconds; return how many windows are done."""
        count = float(np.interp(time, self._times, self._counts))
        self._show_frame(count)
        return count

    def _show_frame(self, count: float) -> None:
        """Glide over the first row; then lie around the whole row in which `count` are done."""
        if count <= self._columns:
            self.frame.show_position(*self._numbers.corner(0, max(count - 1, 0)))
            return
        row = min(int(count / self._columns), self._rows - 1)
        high, wide = self._numbers.geometry.kernel_sizes
        top, left = self._numbers.corner(row, 0)
        _, last = self._numbers.corner(row, self._columns - 1)
        self.frame.show_area(top, left, top + high, last + wide)


def places_on(
    cells: HeatMap, rows: npt.NDArray[np.number], columns: npt.NDArray[np.number]
) -> CellLayout:
    """Return where cells of a map lie, in reading order of the arrays."""
    left, top, _, _ = cells.corners()
    width, height = cells.cell_size()
    lefts, tops = left + columns.ravel() * width, top - rows.ravel() * height
    return CellLayout(np.asarray(lefts, np.float64), np.asarray(tops, np.float64), width)
