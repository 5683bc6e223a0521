"""How a network that runs from top to bottom is fitted into an upright frame: no mobjects."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cnnviz.arrays import Float64Array
from cnnviz.explain.overview import Node, ShownLayer
from cnnviz.locales import Words
from cnnviz.mobjects.fitting import SMALLEST
from cnnviz.mobjects.network_map.columns_planner import (
    LAST_EDGE,
    PHOTO_GAP,
    PHOTO_SIDES,
    SMALLEST_PITCH,
    ColumnsPlanner,
)
from cnnviz.mobjects.network_map.plan import LEAST_EDGE, LINE, MORE_DOWN, NAME_GAP, NAME_ROOM
from cnnviz.mobjects.network_map.spacing import (
    Spacing,
    Tiles,
    even_spacing,
    roomy_spacing,
)
from cnnviz.mobjects.text import line_width
from cnnviz.model.trace import Trace
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import Theme

BARS_HEIGHT = 2.1
"""Room along for the classes."""

ABOVE_PHOTO = 0.2
"""Between a subtitle's room and the photo: for the frame that lights it, and air."""

BARS_PITCH_DOWN = 0.66
"""Least width of a class where the bars stand side by side."""

LEGEND_WIDTH = 1.66
"""Room of the legends beside the rows."""

MARKS = 0.44
"""Room for the numbers of an upright axis."""

LAST_NAME_GAP = 1.1 * LINE
"""Between the name of the last layer and what is said of the one before."""

NAME_WIDTH, WIDEST_NAMES = 1.3, 2.7
"""Room of the names beside the rows; so much at most, where a network's names are longer."""


class RowsPlanner(ColumnsPlanner):
    """Plans a network that runs from top to bottom."""

    runs_down = True
    more = MORE_DOWN
    header_lines = ((1, 1),)
    photo_sides = PHOTO_SIDES

    def __init__(
        self, trace: Trace, zone: Zone, theme: Theme, words: Words, node: Node | None
    ) -> None:
        super().__init__(trace, zone, theme, words, node)
        needed = self._legible_names() + NAME_GAP
        self.longest_name = min(max(needed, NAME_WIDTH), WIDEST_NAMES) - NAME_GAP

    def least_bars_pitch(self, bars: Zone) -> float:
        """Return the least distance of classes: names below bars take two lines in turns."""
        smallest = min(SMALLEST, self.size)
        widest = max(line_width(name, smallest) for name in self.class_names)
        return min(max(BARS_PITCH_DOWN, widest / NAME_ROOM), bars.width)

    def places(
        self,
        layers: Sequence[ShownLayer],
        tiles: Tiles,
        lines: tuple[int, int],
        widest_map: float,
        photo: float,
    ) -> tuple[list[float], tuple[float, ...]] | None:
        """Return where the layers but the last lie along, and the longest sides of their maps.

        None if they do not fit. Around the first and the last there is half the room of one.
        """
        between = [1.0 + bool(layer.skipped) for layer in layers[1:-1]]
        slots = np.array([0.5, *between, 0.5])
        top = self.zone.top - photo - PHOTO_GAP
        # The last name stands a line higher where classes are left out: see the headings.
        edge = LAST_EDGE + (LAST_NAME_GAP if layers[-1].left_out else 0.0)
        pitch = (top - self.zone.bottom - BARS_HEIGHT - edge) / slots.sum()
        least_pitch = max(2 * LINE + NAME_GAP, SMALLEST_PITCH + LEAST_EDGE)
        if pitch < least_pitch:
            return None

        def needed(longest: float) -> Float64Array:
            thick = tiles.thicknesses(longest)
            apart = (thick[:-1] + thick[1:]) / 2 + LEAST_EDGE
            return np.maximum(least_pitch * slots, [thick[0] / 2, *apart, thick[-1] / 2])

        even = Spacing(pitch * slots, even_spacing(pitch * slots[1:-1]).longest)
        spacing = roomy_spacing(even, slots, tiles, needed)
        places = top - np.cumsum(spacing.steps[:-1])
        return [float(place) for place in places], tiles.sides(spacing.longest)

    def across_zone(self, lines: tuple[int, int]) -> Zone:
        """Return the zone of the maps."""
        zone = self.zone
        left = zone.left + self.longest_name + NAME_GAP
        return Zone(left, zone.top, zone.right - LEGEND_WIDTH, zone.bottom)

    def middle(self, across: Zone, more: float) -> float:
        """Return the middle of all maps across."""
        return across.x - more / 2

    def header(self, across: Zone) -> Zone:
        """Return the zone of the names."""
        return Zone(self.zone.left, self.zone.top, across.left, self.zone.bottom)

    def legend(self, across: Zone) -> Zone:
        """Return the zone of the legends."""
        return Zone(across.right, self.zone.top, self.zone.right, self.zone.bottom)

    def photo(self, across: Zone, side: float) -> Zone:
        """Return where the photo stands: above the first layer, in the middle."""
        x, bottom, smaller = across.x, self.zone.top - side, side - ABOVE_PHOTO
        return Zone(x - smaller / 2, bottom + smaller, x + smaller / 2, bottom)

    def bars(self, lines: tuple[int, int]) -> Zone:
        """Return the zone of the classes."""
        zone = self.zone
        return Zone(zone.left + MARKS, zone.bottom + BARS_HEIGHT, zone.right, zone.bottom)
