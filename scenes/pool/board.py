"""The stage of max pooling: the map, a few windows of it enlarged, what they become."""

from __future__ import annotations

from cnnviz.explain.places import Pixel, Place
from cnnviz.locales import Words
from cnnviz.mobjects.frames import Outline
from cnnviz.model.trace import Trace
from cnnviz.scenes.pool.calculation import WindowCalculation
from cnnviz.scenes.pool.excerpt import PoolExcerpt
from cnnviz.scenes.pool.numbers import PoolingNumbers
from cnnviz.staging.pooling.board import PooledBoard
from cnnviz.staging.pooling.guides import draw_guides
from cnnviz.style.theme import Theme


class PoolBoard(PooledBoard[PoolingNumbers]):
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
        zones = self.zones
        self.excerpt = PoolExcerpt(numbers, self.scale, zones.excerpt, zones.result, theme)
        self.region = Outline(theme.palette.text_muted, theme.strokes.hairline)
        self.arrow = self.make_arrow(
            self.excerpt.grid.cells.corners(), self.excerpt.result.cells.corners()
        )
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

    def _connect(self) -> None:
        """Draw the block's frame on the map, and lines from it to the block enlarged."""
        rows, columns = self.numbers.input_cells(self.excerpt.block)
        left, top, _, _ = self.before.map.corners()
        width, height = self.before.map.cell_size()
        x0, x1 = left + columns.start * width, left + columns.stop * width
        y0, y1 = top - rows.start * height, top - rows.stop * height
        self.region.set_edges(x0, y0, x1, y1)
        draw_guides(self.guides, self.before, self.region, self.excerpt.grid.cells.corners())
