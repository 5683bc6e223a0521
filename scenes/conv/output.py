"""The right of the convolution's stage: the output map and the sum that makes one cell."""

from __future__ import annotations

import numpy as np

from cnnviz.explain.convolution_numbers import ConvolutionNumbers
from cnnviz.explain.convolution_shown import ShownConvolution
from cnnviz.explain.legend import Extremes, scale_marks
from cnnviz.locales import Words
from cnnviz.mobjects.colour_bar import ColourBar, extremes_note
from cnnviz.mobjects.frames import KernelWindow, map_frame
from cnnviz.mobjects.maps import feature_map
from cnnviz.mobjects.text import Label, TextBlock
from cnnviz.scenes.conv.inputs import ChannelNames
from cnnviz.scenes.conv.places import OutputPlaces
from cnnviz.scenes.conv.sum_table import SumTable
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import point
from cnnviz.style.theme import Theme

CRISP_SHARE = 0.8
"""A map of whole pixels is preferred until it would be smaller than this share of its room."""

PLACE_DROP = 0.248
"""From the middle of the place's name down to the table, in Manim units."""


class ConvolutionOutput:
    """The output map, dimmed until its cells are worked, its legend, its cursor, the sum below it.

    Parameters
    ----------
    numbers
        The filter's numbers.
    scale
        Colours of the map.
    names
        What the input channels are called.
    places
        Where its parts stand.
    theme, words
        Looks and words.
    """

    def __init__(
        self,
        numbers: ConvolutionNumbers,
        scale: ColourScale,
        names: ChannelNames,
        places: OutputPlaces,
        theme: Theme,
        words: Words,
    ) -> None:
        self._numbers = numbers
        self._theme = theme
        self._words = words
        place = numbers.place
        self.scale = scale
        self._places = places
        values = numbers.layer_trace.output[place.channel]
        self.map = feature_map(values, scale, theme, places.map.width, CRISP_SHARE)
        self.map.move_to(places.map.centre)
        unlit = round(255 * theme.dimmed)
        self.map.set_cell_alpha(np.full(values.shape, unlit, np.uint8))
        self.frame = map_frame(self.map, theme)
        self.cursor = KernelWindow(self.map, 1, theme)
        self.label = self._make_label()
        extremes = Extremes.of(values)
        self.legend_marks = scale_marks(scale.low, scale.high, extremes, place.layer)
        self.legend_note = extremes_note(extremes, words, place.layer)
        self.legend = self._make_legend()
        self.table = self._make_table(names)
        text = words("common.place", row=place.row, column=place.column)
        self.place_label = Label(text, theme.sizes.label, theme.palette.text_muted)
        self.place_label.move_to(self.table.get_top() + point(0.0, PLACE_DROP))

    def show_numbers(self, shown: ShownConvolution, row: int, column: int) -> None:
        """Show the sum of another position."""
        summands = self._numbers.summands(shown)
        self.table.show_numbers(summands, (shown.total_equals, shown.total))
        self.place_label.set_text(self._words("common.place", row=row, column=column))

    def show_cell(self, row: int, column: int) -> None:
        """Light one more cell."""
        alpha = self.map.cell_alpha.copy()
        alpha[row, column] = 255
        self.map.set_cell_alpha(alpha)

    def _make_label(self) -> TextBlock:
        """Return the output's name: above the map, or at its left in as many lines as it needs."""
        place, aside = self._numbers.place, self._places.aside
        name = self._words("conv.output", layer=place.layer, channel=place.channel)
        size, colour = self._theme.sizes.label, self._theme.palette.text_muted
        if aside is None:
            label = TextBlock(name, size, colour, np.inf)
            return label.move_to(self.map.get_top() + point(0.0, 0.2))
        label = TextBlock(name, size, colour, aside.width, align="right", leading=1.2)
        return label.move_to(point(aside.right - label.width / 2, aside.top - label.height / 2))

    def _make_legend(self) -> ColourBar:
        places, aside = self._places, self._places.aside
        width = places.legend_width or max(self.map.width, places.table.width)
        legend = ColourBar(self.scale, self.legend_marks, self._theme, width, self.legend_note)
        if aside is None:
            return legend.move_to(self.map.get_bottom() - point(0.0, 0.4))
        return legend.move_to(
            point(aside.right - legend.width / 2, aside.bottom + legend.height / 2)
        )

    def _make_table(self, names: ChannelNames) -> SumTable:
        numbers, muted = self._numbers, self._theme.palette.text_muted
        first = numbers.first
        titles = [(names.name(c), names.colour(c)) for c in numbers.shown_channels]
        if first.others is not None:
            rest = numbers.source_count - len(titles)
            titles.append((self._words("common.others", count=rest), muted))
        titles.append((self._words("common.bias"), muted))
        entries = [
            (name, colour, number)
            for (name, colour), number in zip(titles, numbers.summands(first), strict=True)
        ]
        total = (first.total_equals, first.total)
        zone = self._places.table
        table = SumTable(entries, total, self._theme, zone.width, zone.height)
        return table.move_to(zone.centre)
