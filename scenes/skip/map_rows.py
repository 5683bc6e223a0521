"""Small maps of several branches in one part of the stage, with names and channel numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cnnviz.arrays import Float64Array, FloatArray
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import small_map
from cnnviz.mobjects.text import Label
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

HEADER = 0.46
"""Above the maps of a branch, for its name, in Manim units, as all lengths here."""

GAP = 0.12
"""Between two maps."""

SMALLEST_MAP = 0.4
"""The shorter side of a map, unless a branch shows but one."""

NARROWEST = 0.36
"""Room for a map and its number of three digits, side by side with others."""

ENOUGH, MOST = 8, 16
"""So many maps of a branch are shown if there is room, and at most, where more are as large."""

NUMBER_ROOM = 0.3
"""Below a map, for its channel's number."""


@dataclass(frozen=True)
class Row:
    """What is shown of one branch.

    Attributes
    ----------
    name
        What stands above.
    maps
        Values of the maps that are shown, each (rows, columns).
    numbers
        Their channels, as they are written.
    """

    name: str
    maps: Sequence[FloatArray]
    numbers: Sequence[int]


def most_that_fit(zone: Zone, there: int, shape: tuple[int, int]) -> int:
    """Return how many maps of a branch can be shown, none of them too small.

    :data:`ENOUGH` as large as can be, and as many more of that size as have room.

    Parameters
    ----------
    zone
        The room of one branch.
    there
        How many it has.
    shape
        (rows, columns) of a map.
    """
    for count in range(min(there, ENOUGH), 0, -1):
        _, (width, height) = _arranged(zone, count, shape)
        if min(width, height) >= SMALLEST_MAP:
            break
    across = int((zone.width + GAP) / (max(width, NARROWEST) + GAP))
    lines = int((zone.height - HEADER) / (height + NUMBER_ROOM + GAP))
    return min(there, MOST, max(count, across * lines))


def largest_of(ways: Sequence[list[Zone]], count: int, shape: tuple[int, int]) -> list[Zone]:
    """Return of several ways to divide a stage among branches that with the largest maps."""
    return max(ways, key=lambda zones: max(_arranged(zones[0], count, shape)[1]))


def _arranged(zone: Zone, count: int, shape: tuple[int, int]) -> tuple[int, tuple[float, float]]:
    """Return how many of `count` maps stand side by side, and width and height of the largest."""
    rows, columns = shape
    ways = []
    for lines in range(1, count + 1):
        across = math.ceil(count / lines)
        height = (zone.height - HEADER) / lines - NUMBER_ROOM - GAP
        width = (zone.width + GAP) / across - GAP
        if lines == 1 or height > 0:
            has_room = width >= NARROWEST
            width = min(width, height * columns / rows)
            ways.append((has_room, width, across))
    _, width, across = max(ways)
    return across, (width, width * rows / columns)


class MapRows:
    """The mobjects; none is in the scene at first.

    Parameters
    ----------
    zones
        The room of each branch, all of one size.
    rows
        What is shown of each branch.
    scale
        Colours.
    theme
        Sizes and colours.
    """

    def __init__(
        self, zones: Sequence[Zone], rows: Sequence[Row], scale: ColourScale, theme: Theme
    ) -> None:
        self._zones = zones
        height, width = rows[0].maps[0].shape
        most = max(len(row.maps) for row in rows)
        self._across, self._tile = _arranged(zones[0], most, (height, width))
        self.maps: list[list[HeatMap]] = []
        self.labels: list[list[Label]] = []
        """Of each branch its name, then its numbers."""
        sizes, palette = theme.sizes, theme.palette
        below = point(0.0, self._tile[1] / 2 + NUMBER_ROOM / 2)
        for index, (row, zone) in enumerate(zip(rows, zones, strict=True)):
            places = [self._place(index, at) for at in range(len(row.maps))]
            self.maps.append(
                [
                    small_map(values, scale, max(self._tile)).move_to(place)
                    for values, place in zip(row.maps, places, strict=True)
                ]
            )
            name = FittedLabel(row.name, sizes.label, palette.text_muted, zone.width)
            name.move_to(point(zone.left + name.width / 2, zone.top - HEADER / 2))
            numbers = [
                Label(str(number), sizes.small, palette.text).move_to(place - below)
                for number, place in zip(row.numbers, places, strict=True)
            ]
            self.labels.append([name, *numbers])

    @property
    def every_map(self) -> list[HeatMap]:
        """The maps of all branches."""
        return [each for maps in self.maps for each in maps]

    @property
    def every_label(self) -> list[Label]:
        """All names and numbers."""
        return [each for labels in self.labels for each in labels]

    def _place(self, branch: int, index: int) -> Float64Array:
        """Return the middle of a branch's map."""
        zone, (width, height) = self._zones[branch], self._tile
        line, column = divmod(index, self._across)
        top = zone.top - HEADER
        step = max(width, NARROWEST)
        x = zone.left + (column + 0.5) * step + column * GAP
        return point(x, top - line * (height + NUMBER_ROOM + GAP) - height / 2)
