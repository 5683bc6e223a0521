"""The right of the convolution's stage: the output map and the sum that makes one cell."""

from __future__ import annotations

import numpy as np

from cnnviz.colour import ColourScale
from cnnviz.explain.convolution_numbers import ConvolutionNumbers
from cnnviz.explain.quantity import Quantity
from cnnviz.explain.shown_convolution import ShownConvolution
from cnnviz.locales import Words
from cnnviz.mobjects.colour_bar import ColourBar
from cnnviz.mobjects.convolution_inputs import ChannelNames
from cnnviz.mobjects.frames import KernelWindow, map_frame
from cnnviz.mobjects.maps import feature_map
from cnnviz.mobjects.sum_table import SumTable
from cnnviz.mobjects.text import Label
from cnnviz.theme import Theme

MAP_SIDE = 2.78
MAP_Y = 0.96
TABLE_WIDTH = 2.4
TABLE_LINE = 0.31
"""Sizes in Manim units."""


class ConvolutionOutput:
    """The output map, empty at first, with its legend, its cursor and the sum below it.

    Parameters
    ----------
    numbers
        The filter's numbers.
    scale
        Colours of the map.
    names
        What the input channels are called.
    left
        Where the room for it begins, in scene coordinates.
    theme, words
        Looks and words.
    """

    def __init__(
        self,
        numbers: ConvolutionNumbers,
        scale: ColourScale,
        names: ChannelNames,
        left: float,
        theme: Theme,
        words: Words,
    ) -> None:
        self._numbers = numbers
        self._theme = theme
        self._words = words
        place = numbers.place
        self.scale = scale
        self._x = (left + theme.layout.right) / 2
        values = numbers.layer_trace.output[place.channel]
        self.map = feature_map(values, scale, theme, MAP_SIDE)
        self.map.move_to(np.array([self._x, MAP_Y, 0.0]))
        self.map.set_cell_alpha(np.zeros(values.shape, np.uint8))
        self.frame = map_frame(self.map, theme)
        self.cursor = KernelWindow(self.map, 1, theme)
        name = words("conv.output", layer=place.layer, channel=place.channel)
        self.label = Label(name, theme.sizes.label, theme.palette.text_muted)
        self.label.move_to(self.map.get_top() + np.array([0.0, 0.2, 0.0]))
        self.legend_marks = self._make_legend_marks()
        self.legend = ColourBar(scale, self.legend_marks, theme, max(self.map.width, TABLE_WIDTH))
        self.legend.move_to(self.map.get_bottom() - np.array([0.0, 0.4, 0.0]))
        self.table = self._make_table(names)
        text = words("common.place", row=place.row, column=place.column)
        self.place_label = Label(text, theme.sizes.label, theme.palette.text_muted)
        self.place_label.move_to(self.table.get_top() + np.array([0.0, TABLE_LINE * 0.8, 0.0]))

    def show_numbers(self, shown: ShownConvolution, row: int, column: int) -> None:
        """Show the sum of another position."""
        summands = self._numbers.summands(shown)
        self.table.show_numbers(summands, (shown.total_equals, shown.total))
        self.place_label.set_text(self._words("common.place", row=row, column=column))

    def show_band(self, row: int) -> None:
        """Widen the cursor to a whole row."""
        self.cursor.show_area(row, 0, row + 1, self.map.columns)

    def show_cell(self, row: int, column: int) -> None:
        """Fill one more cell."""
        alpha = self.map.cell_alpha.copy()
        alpha[row, column] = 255
        self.map.set_cell_alpha(alpha)

    def _make_legend_marks(self) -> tuple[Quantity, ...]:
        """Return the ends of the colour scale, and 0 where it lies between them."""
        layer = self._numbers.place.layer
        values = sorted({self.scale.low, 0.0, self.scale.high})
        return tuple(
            Quantity.of("scale_end", value, 2, sign="always", width=7, layer=layer)
            for value in values
        )

    def _make_table(self, names: ChannelNames) -> SumTable:
        numbers, muted = self._numbers, self._theme.palette.text_muted
        first = numbers.first
        titles = [(names.name(c), names.colour(c)) for c in numbers.shown_channels]
        if first.others is not None:
            rest = numbers.layer.in_channels - len(titles)
            titles.append((self._words("common.others", count=rest), muted))
        titles.append((self._words("common.bias"), muted))
        entries = [
            (name, colour, number)
            for (name, colour), number in zip(titles, numbers.summands(first), strict=True)
        ]
        height = TABLE_LINE * (len(entries) + 1)
        total = (first.total_equals, first.total)
        table = SumTable(entries, total, self._theme, TABLE_WIDTH, height)
        y = self._theme.layout.stage_bottom + height / 2
        return table.move_to(np.array([self._x, y, 0.0]))
