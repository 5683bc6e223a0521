"""What a window lies on, from near: seen while the window glides too fast for sums to be read."""

from __future__ import annotations

from manim import Mobject

from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.frames import map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import fitted_size
from cnnviz.scenes.compare.half import Half
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

NAME_HEIGHT = 0.3
"""Of what is written below it, in Manim units, as all lengths here."""

MARGIN = 0.1
"""Above it and below its name, together."""

LARGEST = 1.7
"""Its longest side."""


class Patch:
    """The part of a half's picture that one output sees; nothing is in the scene at first.

    Parameters
    ----------
    half
        Whose picture.
    name
        Is written below it.
    zone
        The room.
    theme
        Looks.

    Attributes
    ----------
    cells
        Follows the window: see :meth:`show`.
    """

    def __init__(self, half: Half, name: str, zone: Zone, theme: Theme) -> None:
        self._half = half
        colours = half.patch_at(0, 0)
        side = min(zone.height - NAME_HEIGHT - MARGIN, zone.width, LARGEST)
        self.cells = HeatMap(colours, *fitted_size(colours.shape[:2], side))
        self.cells.move_to(point(zone.x, zone.y + NAME_HEIGHT / 2))
        label = FittedLabel(name, theme.sizes.label, theme.palette.text_muted, zone.width)
        label.move_to(self.cells.get_bottom() - point(0.0, NAME_HEIGHT / 2 + 0.03))
        self.parts: list[Mobject] = [self.cells, map_frame(self.cells, theme), label]

    def show(self, row: int, column: int) -> None:
        """Show what the output at (row, column) sees."""
        self.cells.set_colours(self._half.patch_at(row, column))
