"""The vector in lines, and what is calculated from it cell by cell, all laid out alike."""

from __future__ import annotations

import numpy.typing as npt
from manim import Group

from cnnviz.explain.legend import Extremes, scale_marks
from cnnviz.mobjects.cells import CellLayout, Cells
from cnnviz.mobjects.colour_bar import ColourBar
from cnnviz.mobjects.fitting import SMALLEST, FittedLabel
from cnnviz.mobjects.frames import Outline
from cnnviz.mobjects.text import Number, line_width
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

HEAD_HEIGHT = 0.27
"""Height of a block's name above its cells, in Manim units."""

HEAD_FOOT = 0.06
"""Below it, so that the outline around a cell is clear of the name."""

LEGEND_WIDTH = 1.1
"""Of the bar of colours, in Manim units."""

WIDE_LINES = 0.8
"""Name and legend end where the lines do, if those take so much of the zone's width."""

GAP = 0.1


class VectorBlock:
    """One number for each cell of the flattened maps, with a name and a legend.

    It has no name until :meth:`set_name` gives it one. None of the mobjects is in the scene at
    first.

    Parameters
    ----------
    scale
        Their colours.
    extremes
        Of all numbers that the block can show.
    layout
        Where the cells lie.
    zone
        The room for name and cells.
    theme
        Sizes and colours.
    """

    def __init__(
        self,
        scale: ColourScale,
        extremes: Extremes,
        layout: CellLayout,
        zone: Zone,
        theme: Theme,
    ) -> None:
        self.scale, self.layout, self.zone = scale, layout, zone
        self._theme = theme
        self.legend = inline_legend(scale, extremes, theme)
        lines = layout.zone_of(0, len(layout.lefts) - 1)
        left, right = lines.left, lines.right
        if lines.width < WIDE_LINES * zone.width:
            left, right = zone.left, zone.right
        y = zone.top - HEAD_HEIGHT / 2
        self.legend.move_to(point(right - self.legend.width / 2, y))
        room = right - left - self.legend.width - 2 * GAP
        small, colour = theme.sizes.small, theme.palette.text_muted
        self.name = FittedLabel("", small, colour, room, anchor="left", max_height=HEAD_HEIGHT)
        self.name.move_to(point(left, y))

    def set_name(self, *names: str) -> None:
        """Say what the numbers are, in the first of some ways that is legible, or else the last."""
        fitting = (name for name in names if line_width(name, SMALLEST) <= self.name.max_width)
        self.name.set_text(next(fitting, names[-1]))

    def make_cells(self, values: npt.ArrayLike) -> Cells:
        """Return the cells of these values, (features,), in their places."""
        return Cells(self.scale.colours(values), self.layout, self.zone)

    def marker(self, index: int) -> Outline:
        """Return an outline around one cell."""
        return cell_marker(self.layout, index, self._theme)


def cell_marker(layout: CellLayout, index: int, theme: Theme) -> Outline:
    """Return an outline around one cell, outside of it."""
    zone = layout.zone_of(index).inset(-marker_margin(theme))
    return zone_outline(zone, theme.palette.accent, theme.strokes.normal)


def marker_margin(theme: Theme) -> float:
    """Return how far from a cell its outline lies, in Manim units."""
    return theme.layout.pixel * theme.strokes.normal


def zone_outline(zone: Zone, colour: str, stroke_width: float) -> Outline:
    """Return an outline along a zone's edges."""
    outline = Outline(colour, stroke_width)
    outline.set_edges(zone.left, zone.top, zone.right, zone.bottom)
    return outline


def body_of(zone: Zone) -> Zone:
    """Return the room for a block's cells: `zone` without the name."""
    return Zone(zone.left, zone.top - HEAD_HEIGHT - HEAD_FOOT, zone.right, zone.bottom)


def inline_legend(scale: ColourScale, extremes: Extremes, theme: Theme) -> Group:
    """Return a scale's colours in one line with the numbers at their ends."""
    ends = []
    marks = scale_marks(scale.low, scale.high, extremes)
    for mark, side in ((marks[0], -1), (marks[-1], 1)):
        number = Number(mark, theme.sizes.small, theme.palette.text_muted)
        number.shift(point(side * (LEGEND_WIDTH / 2 + GAP + number.width / 2), 0.0))
        ends.append(number)
    return Group(ColourBar(scale, (), theme, LEGEND_WIDTH), *ends)
