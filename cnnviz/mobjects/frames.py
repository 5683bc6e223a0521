"""Outlines: the window of a kernel, the cursor on an output, the frame of a map or a photo."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from manim import VMobject

from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.style.geometry import Corners
from cnnviz.style.theme import Theme

Picture = TypeVar("Picture", bound=HeatMap)

BORDER = 0.015
"""How wide the border of a photo is, as a share of its shorter side."""


def corners_of(shape: VMobject) -> Corners:
    """Return the rectangle around a shape's points, which it must have; its parts' do not count."""
    (left, bottom, _), (right, top, _) = shape.points.min(axis=0), shape.points.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


class Outline(VMobject):
    """A rectangle of lines that is set by its edges.

    Parameters
    ----------
    colour
        ``"#rrggbb"``.
    stroke_width
        In Manim's stroke units.
    """

    def __init__(self, colour: str, stroke_width: float) -> None:
        super().__init__(stroke_color=colour, stroke_width=stroke_width, fill_opacity=0)
        self.set_edges(-0.5, 0.5, 0.5, -0.5)

    def set_edges(self, left: float, top: float, right: float, bottom: float) -> None:
        """Move the four edges, in scene coordinates."""
        corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
        self.set_points_as_corners(
            np.array([(x, y, 0.0) for x, y in [*corners, corners[0], corners[1]]])
        )

    def enclose(self, corners: Corners, margin: float) -> None:
        """Move the edges to a margin outside of (left, top, right, bottom)."""
        left, top, right, bottom = corners
        self.set_edges(left - margin, top + margin, right + margin, bottom - margin)


class KernelWindow(Outline):
    """The window a kernel looks through, around cells of a map.

    Its lines lie outside the cells, so that they hide none of them.

    Parameters
    ----------
    on
        The map it moves over.
    size
        Cells along one side, dilation included; or (rows, columns).
    theme
        Colour and line width.
    """

    def __init__(self, on: HeatMap, size: float | tuple[int, int], theme: Theme) -> None:
        super().__init__(theme.palette.accent, theme.strokes.normal)
        self.set_stroke(theme.palette.background, theme.strokes.halo, 1.0, background=True)
        self._map = on
        self._size = size if isinstance(size, tuple) else (size, size)
        self._margin = theme.layout.pixel * theme.strokes.halo / 2
        self.show_position(0, 0)

    def show_position(self, row: float, column: float) -> None:
        """Put the upper left cell at (row, column) of the map; fractions lie between cells."""
        self.show_area(row, column, row + self._size[0], column + self._size[1])

    def show_area(self, top: float, left: float, bottom: float, right: float) -> None:
        """Enclose the cells from (top, left) up to but without (bottom, right)."""
        self.enclose(self._map.area(top, left, bottom, right), self._margin)


def map_frame(around: HeatMap, theme: Theme) -> Outline:
    """Return a thin frame just outside a map, so that dark maps have an edge."""
    frame = Outline(theme.palette.line, theme.strokes.thin)
    frame.enclose(around.corners(), theme.layout.pixel * theme.strokes.thin / 2)
    return frame


def with_border(picture: Picture, theme: Theme) -> Picture:
    """Put a border just outside a large photo, as prints have one, and return the photo.

    A night's photo is as dark as the ground: the border says where it is. It is a part of the
    photo and goes with it; as its width is a share of the photo's, it is lost in a thumbnail.
    """
    left, top, right, bottom = picture.corners()
    width = BORDER * min(right - left, top - bottom)
    outer = (left - width, top + width, right + width, bottom - width)
    border = VMobject(stroke_width=0, fill_color=theme.palette.line, fill_opacity=1.0)
    for (x0, y0, x1, y1), is_hole in ((outer, False), ((left, top, right, bottom), True)):
        corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]
        path = np.array([(x, y, 0.0) for x, y in (corners[::-1] if is_hole else corners)])
        border.start_new_path(path[0])
        border.add_points_as_corners(path[1:])
    picture.add(border)
    return picture
