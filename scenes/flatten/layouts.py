"""Where cells lie: as maps side by side, and as one vector in lines below each other."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnviz.layers import Shape
from cnnviz.mobjects.cells import CellLayout
from cnnviz.mobjects.text import line_width
from cnnviz.style.easing import eased
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import Theme

LARGEST_CELL = 1.2
"""In Manim units: a vector of very few cells does not fill the stage."""

LINE_GAP = 0.2
"""Free between two lines of the vector, in cells: they are lines, not a picture."""

WHOLE_MAPS = 0.7
"""A line holds one whole map if cells are then at least so large as they could be at most."""

EVEN_ROWS = 0.8
"""Rows are equally full if cells are then at least so large as they could be at most."""

MAP_GAP = 0.12
"""Between two maps, in Manim units."""

LARGEST_GAP = 0.25
"""As a share of the step from one map to the next: maps of few cells stand closer."""

LOOSEST = 1.5
"""From one map to the next at most, in widths of a map."""

LABEL_HEIGHT = 0.25
"""Room for a map's number above it."""

LEAST_APART = 0.08
"""Between the numbers of two maps."""

FEWEST_PIXELS = 4
"""Of a cell; below that, maps give up their numbers and lines their gaps for more room."""


FIRST_MAP = 1.1
"""Time in which the rows of the first map leave it; one row's flight takes 1."""

OTHER_MAPS = 1.3
"""Time in which those of all other maps leave."""


@dataclass(frozen=True, eq=False)
class Flights:
    """When each cell of some maps sets out for the vector: row by row, slowly at first.

    Attributes
    ----------
    starts
        Of each cell, (features,); its flight takes 1.
    """

    starts: npt.NDArray[np.float64]

    @classmethod
    def of(cls, shape: Shape) -> Flights:
        """Return the flights from maps of `shape` (channels, height, width)."""
        channels, height, width = shape
        rows = np.arange(channels * height)
        first = np.minimum(rows / height, 1.0) * FIRST_MAP
        others = np.maximum(rows - height, 0) / max((channels - 1) * height, 1) * OTHER_MAPS
        return cls(np.repeat(first + others, width))

    @property
    def end(self) -> float:
        """When the last cell has arrived."""
        return float(self.starts[-1]) + 1.0

    def progress(self, time: float) -> npt.NDArray[np.float64]:
        """Return how far each cell has come, 0 to 1, with a soft start and a soft end."""
        return eased(np.clip(time - self.starts, 0.0, 1.0))


@dataclass(frozen=True)
class MapGrid:
    """Maps side by side.

    Attributes
    ----------
    layout
        All cells, in the order of the vector.
    maps
        The rectangle of each map.
    has_labels
        Whether there is room for a number above each map.
    """

    layout: CellLayout
    maps: tuple[Zone, ...]
    has_labels: bool


def map_grid(shape: Shape, zone: Zone, theme: Theme, largest_cell: float = LARGEST_CELL) -> MapGrid:
    """Arrange maps of `shape` (channels, height, width) in `zone`, as large as possible."""
    widest = line_width(str(shape[0] - 1), theme.sizes.small)
    for label in (LABEL_HEIGHT, 0.0):
        columns, cell = _choose_columns(shape, zone, label, largest_cell)
        has_room = zone.width / columns - LEAST_APART >= widest
        if has_room and cell >= FEWEST_PIXELS * theme.layout.pixel:
            break
    cell = _crisp(cell, theme)
    channels, height, width = shape
    rows = math.ceil(channels / columns)
    step_x = min(zone.width / columns, LOOSEST * width * cell + MAP_GAP)
    step_y = min(zone.height / rows, height * cell + label + 2 * MAP_GAP)
    maps = []
    for channel in range(channels):
        row, column = divmod(channel, columns)
        x = zone.x + (column - (min(columns, channels) - 1) / 2) * step_x
        middle = zone.y + ((rows - 1) / 2 - row) * step_y - label / 2
        left = _snapped(x - width * cell / 2, theme)
        top = _snapped(middle + height * cell / 2, theme)
        maps.append(Zone(left, top, left + width * cell, top - height * cell))
    c, r, k = (index.ravel() for index in np.indices(shape))
    lefts = np.array([each.left for each in maps])[c] + k * cell
    tops = np.array([each.top for each in maps])[c] - r * cell
    return MapGrid(CellLayout(lefts, tops, cell), tuple(maps), label > 0)


def vector_layout(
    shape: Shape, zone: Zone, theme: Theme, largest_cell: float = LARGEST_CELL
) -> CellLayout:
    """Arrange the flattened maps in `zone` as lines that hold whole rows of a map.

    Where cells do not get much smaller by it, each line holds exactly one map of several cells.
    """
    channels, height, width = shape
    count = channels * height * width
    sizes = {
        rows * width: _vector_cell(count, rows * width, zone, theme)
        for rows in range(1, channels * height + 1)
    }
    line = max(sizes, key=lambda length: sizes[length])
    one_map = height * width
    enough = WHOLE_MAPS * min(sizes[line], largest_cell)
    if one_map > 1 and min(sizes[one_map], largest_cell) >= enough:
        line = one_map
    cell = _crisp(min(sizes[line], largest_cell), theme)
    has_gaps = cell >= FEWEST_PIXELS * theme.layout.pixel
    gap = max(theme.layout.pixel, _crisp(LINE_GAP * cell, theme)) if has_gaps else 0.0
    total = math.ceil(count / line)
    if total * cell + (total - 1) * gap > zone.height:  # a whole pixel is more than was counted
        gap = 0.0
    left = _snapped(zone.x - min(line, count) * cell / 2, theme)
    top = _snapped(zone.top, theme)
    lines, places = np.divmod(np.arange(count), line)
    return CellLayout(left + places * cell, top - lines * (cell + gap), cell)


def _choose_columns(
    shape: Shape, zone: Zone, label: float, largest_cell: float
) -> tuple[int, float]:
    """Return how many maps stand side by side, and the size of a cell."""
    cells = {
        count: min(_map_cell(shape, zone, count, label), largest_cell)
        for count in range(1, shape[0] + 1)
    }
    enough = EVEN_ROWS * max(cells.values())

    def unlike_zone(columns: int) -> float:
        rows = math.ceil(shape[0] / columns)
        proportions = columns * shape[2] / (rows * shape[1])
        return abs(math.log(proportions * zone.height / zone.width))

    columns = min(
        (count for count, cell in cells.items() if cell >= enough),
        key=lambda count: (-shape[0] % count, -cells[count], unlike_zone(count)),
    )
    return columns, cells[columns]


def _map_cell(shape: Shape, zone: Zone, columns: int, label: float) -> float:
    channels, height, width = shape
    rows = math.ceil(channels / columns)
    across = _without_gap(zone.width / columns) / width
    room = zone.height / rows - label
    down = (_without_gap(room) if rows > 1 else room) / height
    return max(min(across, down), 0.0)


def _without_gap(step: float) -> float:
    return step - min(MAP_GAP, LARGEST_GAP * step)


def _vector_cell(count: int, line: int, zone: Zone, theme: Theme) -> float:
    lines = math.ceil(count / line)
    across, down = zone.width / line, zone.height / (lines + LINE_GAP * (lines - 1))
    if min(across, down) < FEWEST_PIXELS * theme.layout.pixel:
        down = zone.height / lines
    return min(across, down)


def _crisp(size: float, theme: Theme) -> float:
    """Return the next smaller whole number of pixels; below one pixel, `size` itself."""
    pixels = int(size / theme.layout.pixel + 1e-9)
    return pixels * theme.layout.pixel if pixels else size


def _snapped(place: float, theme: Theme) -> float:
    return round(place / theme.layout.pixel) * theme.layout.pixel
