"""The maps that are flattened, side by side: their frames and their channels' numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import Mobject, VMobject

from cnnviz.layers import Shape
from cnnviz.mobjects.cells import CellLayout
from cnnviz.mobjects.text import Label
from cnnviz.scenes.flatten.blocks import zone_outline
from cnnviz.scenes.flatten.layouts import LARGEST_CELL, map_grid
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme


class MapsBoard:
    """Frames and numbers of maps whose cells are drawn elsewhere; not in the scene at first.

    Parameters
    ----------
    shape
        (channels, height, width).
    zone
        The room there is.
    theme
        Sizes and colours.
    largest_cell
        The largest size of a cell, in Manim units.

    Attributes
    ----------
    layout
        Where the cells lie.
    zones
        Where each map lies.
    """

    def __init__(
        self, shape: Shape, zone: Zone, theme: Theme, largest_cell: float = LARGEST_CELL
    ) -> None:
        self._theme = theme
        grid = map_grid(shape, zone, theme, largest_cell)
        self.layout: CellLayout = grid.layout
        self.zones = grid.maps
        # A map of a single cell is its own frame.
        self.frames = self._frames(grid.maps if shape[1] * shape[2] > 1 else [])
        self.labels = []
        if grid.has_labels:
            self.labels = [self._label(channel, each) for channel, each in enumerate(grid.maps)]

    @property
    def parts(self) -> list[Mobject]:
        """All frames and numbers."""
        return [self.frames, *self.labels]

    def _frames(self, zones: Sequence[Zone]) -> VMobject:
        """Return the frames of all maps as one mobject: there may be thousands."""
        stroke_width = self._theme.strokes.thin
        margin = self._theme.layout.pixel * stroke_width / 2
        line = self._theme.palette.line
        frames = VMobject(stroke_color=line, stroke_width=stroke_width, fill_opacity=0)
        each = [zone_outline(zone.inset(-margin), line, stroke_width).points for zone in zones]
        frames.set_points(np.concatenate([np.zeros((0, 3)), *each]))
        return frames

    def _label(self, channel: int, zone: Zone) -> Label:
        label = Label(str(channel), self._theme.sizes.small, self._theme.palette.text_muted)
        return label.move_to(point(zone.x, zone.top + 0.6 * label.height))
