"""All windows: each takes its mean's colour, and the means slide together to a smaller map."""

from __future__ import annotations

import numpy as np

from cnnviz.arrays import Float64Array
from cnnviz.mobjects.cells import OPAQUE, CellLayout, Cells
from cnnviz.scenes.average.numbers import MeanNumbers
from cnnviz.staging.pooling.result import PooledResult
from cnnviz.staging.pooling.sweep import WindowSweep, places_on
from cnnviz.style.easing import eased

LAG = 0.4
"""Share of the flight after which the last mean sets out, where there are several."""


class MeanSweep:
    """Window and means, all of which follow from one number; not in the scene at first.

    Parameters
    ----------
    result
        Both maps.
    first_row, other_rows
        How long the window takes for the first row, and for all others, in seconds.
    """

    def __init__(
        self, result: PooledResult[MeanNumbers], first_row: float, other_rows: float
    ) -> None:
        numbers = result.numbers
        self._sweep = WindowSweep(result, first_row, other_rows)
        self.window, self.over = self._sweep.frame, self._sweep.over
        places = np.indices(numbers.output_shape)
        self._origins = _tiles(result)
        self._targets = places_on(result.after.map, *places)
        # Once the only one has arrived nothing would move any more.
        self._lag = LAG if result.count > 1 else 0.0
        turns = np.arange(result.count) / max(result.count - 1, 1)
        self._begins: Float64Array = self._lag * turns
        colours = result.after.scale.colours(numbers.output).reshape(-1, 3)
        self.means = Cells(colours, self._origins, result.theme.layout.stage)
        self.show(0.0)

    def show(self, time: float) -> None:
        """Show which windows have the colour of their means after so many seconds."""
        shares = np.clip(self._sweep.show(time) - np.arange(self.means.count), 0.0, 1.0)
        self.means.set_alphas(np.rint(OPAQUE * shares).astype(np.uint8))

    def flight(self, way: float) -> float:
        """Return how long all means take, of which each is on its way for so long."""
        return way / (1 - self._lag)

    def slide(self, share: float) -> None:
        """Show how far the means have come on their way to the smaller map, 0 to 1."""
        progress = np.clip((share - self._begins) / (1 - self._lag), 0.0, 1.0)
        self.means.set_between(self._origins, self._targets, eased(progress))


def _tiles(result: PooledResult[MeanNumbers]) -> CellLayout:
    """Return a square in the middle of each window on the map, as large as windows lie apart."""
    numbers, cells = result.numbers, result.swept.map
    geometry = numbers.geometry
    high, wide = geometry.kernel_sizes
    side = min(*geometry.strides, high, wide)
    rows, columns = np.indices(numbers.output_shape)
    top, left = numbers.corner(0, 0)
    places = places_on(
        cells,
        top + rows * geometry.rows.stride + (high - side) / 2,
        left + columns * geometry.columns.stride + (wide - side) / 2,
    )
    return CellLayout(places.lefts, places.tops, places.size * side)
