"""The stage of max pooling: the map, a few windows of it enlarged, what they become."""

from __future__ import annotations

import numpy as np
from manim import VMobject

from cnnviz.explain.places import Pixel, Place
from cnnviz.locales import Words
from cnnviz.mobjects.frames import KernelWindow, Outline
from cnnviz.model.trace import Trace
from cnnviz.scenes.pool.calculation import WindowCalculation
from cnnviz.scenes.pool.excerpt import PoolExcerpt
from cnnviz.scenes.pool.numbers import PoolingNumbers
from cnnviz.staging.pooling.guides import draw_guides
from cnnviz.staging.pooling.maps import PooledMaps
from cnnviz.staging.pooling.zones import GAP, WindowZones
from cnnviz.style.geometry import point
from cnnviz.style.theme import Theme


class PoolBoard(PooledMaps[PoolingNumbers]):
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
        numbers = PoolingNumbers(trace, place)
        super().__init__(numbers, trace, theme, words)
        zones = WindowZones.of(theme.layout)
        self.before = self.make_before(zones.before)
        self.after = self.make_after(zones.after, np.inf, has_legend=False)
        unlit = round(255 * theme.dimmed)
        self.after.map.set_cell_alpha(np.full(numbers.output_shape, unlit, np.uint8))
        self.dim_unreached(self.before)
        self.excerpt = PoolExcerpt(numbers, self.scale, zones.excerpt, zones.result, theme)
        self.window = KernelWindow(self.before.map, numbers.geometry.kernel_sizes, theme)
        self.cursor = KernelWindow(self.after.map, 1, theme)
        for frame in (self.window, self.cursor):  # gold is the winner's alone
            frame.set_stroke(theme.palette.text)
        self.region = Outline(theme.palette.text_muted, theme.strokes.hairline)
        self.guides = VMobject(
            stroke_color=theme.palette.text_muted,
            stroke_width=theme.strokes.hairline,
            stroke_opacity=theme.aside,
            fill_opacity=0,
        )
        self.arrow = self._make_arrow()
        self.calculation = WindowCalculation(
            numbers, zones.readout, theme, words, has_numbers=self.excerpt.grid.has_numbers
        )
        self.show_window(place.row, place.column)

    def show_window(self, row: float, column: float) -> None:
        """Put all windows at a position of the output; fractions lie between."""
        self.window.show_position(*self.numbers.corner(row, column))
        self.excerpt.show_window(row, column)
        self._connect()

    def show_search(self, place: Pixel, count: int) -> None:
        """Show the largest of a window's first `count` values, in reading order."""
        self.excerpt.show_search(count - 1, self.calculation.show_search(place, count))

    def show_after(self, place: Pixel) -> None:
        """Light one cell of the output."""
        alpha = self.after.map.cell_alpha.copy()
        alpha[place] = 255
        self.after.map.set_cell_alpha(alpha)

    def _connect(self) -> None:
        """Draw the block's frame on the map, and lines from it to the block enlarged."""
        rows, columns = self.numbers.input_cells(self.excerpt.block)
        left, top, _, _ = self.before.map.corners()
        width, height = self.before.map.cell_size()
        x0, x1 = left + columns.start * width, left + columns.stop * width
        y0, y1 = top - rows.start * height, top - rows.stop * height
        self.region.set_edges(x0, y0, x1, y1)
        draw_guides(self.guides, self.before, self.region, self.excerpt.grid.cells.corners())

    def _make_arrow(self) -> VMobject:
        """Return an arrow from the block to what it becomes."""
        start = self.excerpt.grid.cells.corners()[2]
        end = self.excerpt.result.cells.corners()[0]
        y = self.excerpt.grid.get_center()[1]
        reach, head = min((end - start) / 2 - GAP / 3, GAP), GAP / 4
        middle = (start + end) / 2
        arrow = VMobject(
            stroke_color=self.theme.palette.text_muted,
            stroke_width=self.theme.strokes.normal,
            fill_opacity=0,
        )
        tip = point(middle + reach, y)
        for tail in ((-2 * reach, 0.0), (-head, head), (-head, -head)):
            arrow.start_new_path(tip + np.array([*tail, 0.0]))
            arrow.add_line_to(tip)
        return arrow
