"""The stage of average pooling: both maps, one window enlarged, and its mean."""

from __future__ import annotations

import numpy as np

from cnnviz.explain.places import Pixel, Place
from cnnviz.locales import Words
from cnnviz.mobjects.frames import map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.number_grid import NumberGrid
from cnnviz.model.trace import Trace
from cnnviz.scenes.average.calculation import MeanCalculation
from cnnviz.scenes.average.numbers import MeanNumbers
from cnnviz.scenes.average.window import WindowCells
from cnnviz.staging.pooling.board import PooledBoard
from cnnviz.staging.pooling.guides import draw_guides
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import Theme

LARGEST_RESULT = 1.5
"""Of the mean's cell, in Manim units, as all lengths here."""


class AverageBoard(PooledBoard[MeanNumbers]):
    """All mobjects of the first part of the scene; none is in it at first.

    Parameters
    ----------
    trace
        What the network computed.
    place
        The output that is explained first.
    theme, words
        Looks and words.
    """

    def __init__(self, trace: Trace, place: Place, theme: Theme, words: Words) -> None:
        numbers = MeanNumbers(trace, place)
        super().__init__(numbers, trace, theme, words)
        zones, pixel = self.zones, (place.row, place.column)
        window = numbers.window(pixel)
        self.cells = WindowCells(numbers, window, self.scale, zones.excerpt, theme)
        self.result = self._make_result(pixel, zones.result)
        self.result_frame = map_frame(self.result.cells, theme)
        self.arrow = self.make_arrow(self.cells.corners(), self.result.cells.corners())
        self.calculation = MeanCalculation(numbers, zones.readout, theme, words)
        self.show_window(*pixel)

    def show_window(self, row: float, column: float) -> None:
        """Put the window at a position of the output; fractions lie between."""
        self.window.show_position(*self.numbers.corner(row, column))
        draw_guides(self.guides, self.before, self.window, self.cells.corners())

    def show_numbers(self, pixel: Pixel) -> None:
        """Show the values of the window behind one output; its mean is not there yet."""
        self.cells.show_window(self.numbers.window(pixel))
        self.calculation.show(pixel)
        self.result.set_quantities([[self.numbers.result(pixel)]])
        self.result.reveal(0)

    def tile(self, pixel: Pixel) -> HeatMap:
        """Return a cell in the colour of a window's mean, as large as the window enlarged."""
        colour = self.scale_after.colours(np.array([[self.numbers.output[pixel]]]))
        left, top, right, bottom = self.cells.corners()
        tile = HeatMap(colour, right - left, top - bottom)
        return tile.move_to(self.cells.cells.get_center())

    def _make_result(self, pixel: Pixel, zone: Zone) -> NumberGrid:
        """Return the cell of the mean, which is hidden."""
        side = min(LARGEST_RESULT, zone.width, zone.height)
        result = NumberGrid(
            [[self.numbers.result(pixel)]],
            self.scale_after,
            self.theme,
            side,
            side,
            self.numbers.characters,
            self.theme.sizes.body,
            fewest=1,
        )
        result.reveal(0)
        return result.move_to(zone.centre)
