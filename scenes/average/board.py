"""The stage of average pooling: both maps, one window enlarged, and its mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from manim import VMobject

from cnnviz.explain.places import Pixel, Place
from cnnviz.locales import Words
from cnnviz.mobjects.frames import KernelWindow, map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.number_grid import NumberGrid
from cnnviz.model.trace import Trace
from cnnviz.scenes.average.calculation import MeanCalculation
from cnnviz.scenes.average.numbers import MeanNumbers
from cnnviz.scenes.average.window import WindowCells
from cnnviz.staging.pooling.guides import draw_guides
from cnnviz.staging.pooling.maps import PooledMaps
from cnnviz.staging.pooling.zones import WindowZones
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

if TYPE_CHECKING:
    pass

LARGEST_RESULT = 1.5
"""Of the mean's cell, in Manim units, as all lengths here."""

HEAD = 0.14
"""Of the arrow from the window to its mean: half its height, and its length."""

GAP = 0.14
"""Between the arrow and what stands at its ends."""


class AverageBoard(PooledMaps[MeanNumbers]):
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
        zones, pixel = WindowZones.of(theme.layout), (place.row, place.column)
        self.before = self.make_before(zones.before)
        self.after = self.make_after(zones.after, np.inf, has_legend=False)
        unlit = round(255 * theme.dimmed)
        self.after.map.set_cell_alpha(np.full(numbers.output_shape, unlit, np.uint8))
        self.dim_unreached(self.before)
        window = numbers.window(pixel)
        self.cells = WindowCells(numbers, window, self.scale, zones.excerpt, theme)
        self.result = self._make_result(pixel, zones.result)
        self.result_frame = map_frame(self.result.cells, theme)
        self.window = KernelWindow(self.before.map, numbers.geometry.kernel_sizes, theme)
        self.cursor = KernelWindow(self.after.map, 1, theme)
        for frame in (self.window, self.cursor):
            frame.set_stroke(theme.palette.text)
        self.guides = VMobject(
            stroke_color=theme.palette.text_muted,
            stroke_width=theme.strokes.hairline,
            stroke_opacity=theme.aside,
            fill_opacity=0,
        )
        self.arrow = self._make_arrow()
        self.calculation = MeanCalculation(numbers, zones.readout, theme, words)
        self.show_window(*pixel)

    def show_window(self, row: float, column: float) -> None:
        """Put the window at a position of the output; fractions lie between."""
        self.window.show_position(*self.numbers.corner(row, column))
        self._connect()

    def show_numbers(self, pixel: Pixel) -> None:
        """Show the values of the window behind one output; its mean is not there yet."""
        self.cells.show_window(self.numbers.window(pixel))
        self.calculation.show(pixel)
        self.result.set_quantities([[self.numbers.result(pixel)]])
        self.result.reveal(0)

    def show_after(self, pixel: Pixel) -> None:
        """Light one cell of the output, and put the frame around it."""
        alpha = self.after.map.cell_alpha.copy()
        alpha[pixel] = 255
        self.after.map.set_cell_alpha(alpha)
        self.cursor.show_position(*pixel)

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

    def _connect(self) -> None:
        """Draw lines from the window on the map to the window enlarged."""
        draw_guides(self.guides, self.before, self.window, self.cells.corners())

    def _make_arrow(self) -> VMobject:
        """Return an arrow from the window to its mean."""
        start = self.cells.corners()[2] + GAP
        end = self.result.cells.corners()[0] - GAP
        y = self.cells.cells.get_center()[1]
        arrow = VMobject(
            stroke_color=self.theme.palette.text_muted,
            stroke_width=self.theme.strokes.normal,
            fill_opacity=0,
        )
        tip = point(end, y)
        for tail in (point(start, y), *(tip + point(-HEAD, rise) for rise in (HEAD, -HEAD))):
            arrow.start_new_path(tail)
            arrow.add_line_to(tip)
        return arrow
