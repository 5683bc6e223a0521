"""The cell from which the way back starts: its map, its place on it, and itself from near."""

from __future__ import annotations

import numpy as np
from manim import Mobject

from cnnviz.explain.fields import Field
from cnnviz.mobjects.frames import Outline, map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import fitted_size
from cnnviz.scenes.journey.panel import Panel, zoom_lines
from cnnviz.scenes.journey.trail import LEAST_MARK, field_edges
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

GAP = 0.6
"""Between the map and the cell, in Manim units, as all lengths here."""

CELL_SHARE = 0.72
"""Side of the cell, as a share of its room's shorter side."""

VALUE_GAP = 0.4
"""From the cell's top up to the middle of its value."""


class CellBoard:
    """The mobjects of the beat; none is in the scene at first.

    Parameters
    ----------
    colours
        The map's, uint8 (rows, columns, 3).
    name
        What the map is called.
    field
        The cell, as a field of a single row and column.
    zone
        The room.
    theme
        Sizes and colours.
    """

    def __init__(
        self, colours: np.ndarray, name: str, field: Field, zone: Zone, theme: Theme
    ) -> None:
        left, right = (Panel(part, theme, has_foot=False) for part in zone.parts(1, 1, gap=GAP))
        shape = colours.shape[:2]
        side = min(left.room.width, left.room.height)
        self.map = HeatMap(colours, *fitted_size(shape, side)).move_to(left.room.centre)
        self.home = self.map.corners()
        self.frame = map_frame(self.map, theme)
        self.heading = left.heading(name, self.map)
        self.mark = Outline(theme.palette.accent, theme.strokes.normal)
        self.edges = field_edges(self.map, field, LEAST_MARK * theme.layout.pixel)
        self.mark.set_edges(*self.edges)
        row, column = field.rows[0], field.columns[0]
        size = CELL_SHARE * min(right.room.width, right.room.height)
        self.cell = HeatMap(colours[row : row + 1, column : column + 1], size, size)
        self.cell.move_to(right.room.centre - point(0.0, VALUE_GAP / 2))
        self.cell_home = self.cell.corners()
        self.outline = Outline(theme.palette.accent, theme.strokes.thin)
        self.outline.set_edges(*self.cell_home)
        is_below = bool(self.cell.get_top()[1] < self.map.get_bottom()[1])
        self.lines = zoom_lines(self.edges, self.cell, theme, below=is_below)
        self.value_place = self.cell.get_top() + point(0.0, VALUE_GAP)

    @property
    def around(self) -> list[Mobject]:
        """The map with what belongs to it: it stays until the cone needs its room."""
        return [self.map, self.frame, self.heading, self.mark]
