"""The columns of grids that stand beside each other in a worked output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cnnviz.explain.convolution_shown import CELL_CHARACTERS
from cnnviz.explain.quantity import Grid
from cnnviz.mobjects.number_grid import spaced_width
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import Zone

SIGN = 0.25
"""Width of a sign between two grids, in Manim units, as all lengths here."""

LARGEST_GRID = 2.8


@dataclass(frozen=True)
class Column:
    """One kind of grid in all rows of a block."""

    grids: tuple[Grid, ...]
    scale: ColourScale

    @property
    def characters(self) -> int:
        """For how many its cells have room: one fewer where no number has a sign."""
        numbers = (number for grid in self.grids for row in grid for number in row)
        longest = max(len(number.shown) for number in numbers)
        return min(max(longest, CELL_CHARACTERS - 1), CELL_CHARACTERS)


def column_rooms(columns: Sequence[Column], zone: Zone) -> list[Zone]:
    """Return the room of each column, side by side in the middle of a zone.

    A column is so wide that the numbers of all can have one size.
    """
    shares = [spaced_width(column.characters) for column in columns]
    signs = SIGN * (len(columns) - 1)
    width = signs + min(zone.width - signs, LARGEST_GRID * sum(shares) / max(shares))
    inner = Zone(zone.x - width / 2, zone.top, zone.x + width / 2, zone.bottom)
    return list(inner.columns(*shares, gap=SIGN))
