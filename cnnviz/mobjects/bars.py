"""Bars, such as those of scores of either sign, and of probabilities."""

from __future__ import annotations

import numpy as np

from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.style.colour import rgb_of_hex


class PlainRectangle(HeatMap):
    """A rectangle of one colour, set by its edges.

    Parameters
    ----------
    colour
        ``"#rrggbb"``.
    """

    def __init__(self, colour: str) -> None:
        super().__init__(_one_cell(colour), 1.0, 1.0)

    def set_edges(self, left: float, top: float, right: float, bottom: float) -> None:
        """Move the four edges, in scene coordinates."""
        self.set_corners(left, top, right, bottom)

    def set_bar_colour(self, colour: str) -> None:
        """Change the colour, ``"#rrggbb"``."""
        self.set_colours(_one_cell(colour))


class Bar(PlainRectangle):
    """One horizontal bar, set by its two ends.

    Parameters
    ----------
    colour
        ``"#rrggbb"``.
    y
        Of its middle.
    height
        In Manim units.
    """

    def __init__(self, colour: str, y: float, height: float) -> None:
        super().__init__(colour)
        self.y = y
        self.thickness = height
        self.set_span(0.0, 0.0)

    def set_span(self, start: float, end: float) -> None:
        """Reach from one x to another, in either order."""
        left, right = sorted((start, end))
        self.set_edges(left, self.y + self.thickness / 2, right, self.y - self.thickness / 2)


def _one_cell(colour: str) -> np.ndarray:
    return np.array([[rgb_of_hex(colour)]], np.uint8)
