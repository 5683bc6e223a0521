"""The window on its way over the whole map, and the winners that leave it for a smaller one."""

from __future__ import annotations

import numpy as np

from cnnviz.mobjects.cells import Cells
from cnnviz.scenes.pool.result import PoolResult
from cnnviz.staging.pooling.sweep import WindowSweep, places_on
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
        numbers, theme = result.numbers, result.theme
        self._result, self._flight = result, flight
        self._sweep = WindowSweep(result, first_row, other_rows)
        self._departures = self._sweep.departures()
        self._origins = places_on(result.swept.map, numbers.winners.rows, numbers.winners.columns)
        self._targets = places_on(result.after.map, *np.indices(numbers.output_shape))
        colours = result.swept.scale.colours(numbers.output).reshape(-1, 3)
        self.winners = Cells(colours, self._origins, theme.layout.stage)
        self.window = self._sweep.frame

    @property
    def over(self) -> float:
        """When the window has seen the whole map, for :meth:`show`."""
        return self._sweep.over

    @property
    def end(self) -> float:
        """When the last winner has arrived."""
        return self.over + self._flight

    def show(self, time: float) -> None:
        """Show how far window and winners have come after so many seconds."""
        self._result.show_count(self._sweep.show(time))
        share = np.clip((time - self._departures) / self._flight, 0.0, 1.0)
        self.winners.set_between(self._origins, self._targets, eased(share))
