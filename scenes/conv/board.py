"""The stage of the convolution: inputs on the left, arithmetic in the middle, output right."""

from __future__ import annotations

import numpy as np
from manim import Mobject

from cnnviz.explain.convolution_numbers import ConvolutionNumbers
from cnnviz.explain.places import Place
from cnnviz.explain.scaling import Scale, symmetric_range
from cnnviz.locales import Words
from cnnviz.mobjects.formula import formula
from cnnviz.mobjects.maps import input_scale, output_scale
from cnnviz.model.trace import Trace
from cnnviz.scenes.conv.inputs import ChannelNames, ConvolutionInputs
from cnnviz.scenes.conv.output import ConvolutionOutput
from cnnviz.scenes.conv.places import BoardNeeds, ConvolutionPlaces
from cnnviz.scenes.conv.rows import ChannelRow, RowScales
from cnnviz.scenes.conv.stacked_places import stacked_places
from cnnviz.scenes.conv.term_ticker import TermTicker
from cnnviz.style.geometry import point
from cnnviz.style.theme import Theme

TICKER_GAP = 0.3
"""Between a channel's name and the terms that are told beside it, in Manim units."""

FORMULA = "z = sum_c sum_(u, v) x_(c, u, v) thin w_(c, u, v) + b"
"""One output: over the channels c and the kernel's rows u and columns v (Typst)."""

OUTPUT, INPUT_VALUE, WEIGHT = slice(0, 1), slice(8, 14), slice(14, 20)
"""Which glyphs of the formula stand for what."""


class ConvolutionBoard:
    """All mobjects of the convolution, and how they follow the window.

    None of them is in the scene at first; the scene brings them in beat by beat.

    Parameters
    ----------
    trace
        What the network computed.
    place
        The output that is explained first.
    scale
        Over which layers one colour means one value.
    theme, words
        Looks and words.
    """

    def __init__(
        self, trace: Trace, place: Place, theme: Theme, words: Words, scale: Scale
    ) -> None:
        self.theme = theme
        self.numbers = ConvolutionNumbers(trace, place)
        names = ChannelNames(self.numbers, theme, words)
        self.places = self._find_places(names)
        self.columns = self.places.columns
        self.scales = self._make_scales(trace, scale)
        self.rows = self._make_rows()
        self.inputs = ConvolutionInputs(
            self.numbers, self.rows, self.scales, self.places, names, theme, words
        )
        colours = output_scale(theme, trace, place.layer, scale)
        self.output = ConvolutionOutput(
            self.numbers, colours, names, self.places.output, theme, words
        )
        self.formula = formula(FORMULA, theme, max_width=self.places.formula.width)
        self.formula.move_to(self.places.formula.centre)
        self.ticker = None if self.rows[0].products.has_numbers else self._make_ticker(words)
        self._numbers_at = (place.row, place.column)
        self.show_window(place.row, place.column)

    @property
    def window_parts(self) -> list[Mobject]:
        """Everything that :meth:`show_window` changes."""
        return [*self.inputs.windows, *self.inputs.guides, self.output.cursor]

    @property
    def results(self) -> list[Mobject]:
        """Everything that :meth:`show_numbers` changes."""
        rows = [part for row in self.rows for part in row.calculation]
        output = self.output
        return [*rows, *self.inputs.sums, *output.table.results, output.place_label]

    def show_window(self, row: float, column: float) -> None:
        """Put window and cursor at a position of the output; fractions lie between."""
        self.inputs.show_window(row, column)
        self.output.cursor.show_position(row, column)

    def show_numbers(self, row: int, column: int) -> None:
        """Show the arithmetic of one position; nothing happens if it is shown already."""
        if self._numbers_at == (row, column):
            return
        self._numbers_at = (row, column)
        shown = self.numbers.at(row, column)
        for channel_row in self.rows:
            channel_row.show_numbers(shown)
        for line in self.inputs.lines:
            line.sum.set_quantity(shown.brief_sums[line.channel])
        self.output.show_numbers(shown, row, column)

    def _make_scales(self, trace: Trace, scale: Scale) -> RowScales:
        products = [q.value for grid in self.numbers.first.products for row in grid for q in row]
        return RowScales(
            patch=input_scale(self.theme, trace, self.numbers.place.layer, scale),
            kernel=self.theme.weight_scale(symmetric_range(self.numbers.weight).high),
            products=self.theme.signed_scale(symmetric_range(np.array(products)).high),
        )

    def _find_places(self, names: ChannelNames) -> ConvolutionPlaces:
        numbers, theme = self.numbers, self.theme
        channels = numbers.shown_channels

        def places(*, has_ticker: bool) -> ConvolutionPlaces:
            longest = names.longest(channels, theme.sizes.label)
            needs = BoardNeeds(len(channels), numbers.has_many_channels, has_ticker, longest)
            return ConvolutionPlaces.of(theme.layout, needs)

        shape = numbers.layer.window.kernel_sizes
        columns = places(has_ticker=False).columns.for_kernel(shape, theme)
        has_room = columns.has_numbers(shape, theme)
        if not has_room:
            stacked = stacked_places(theme.layout, has_list=numbers.source_count > 1)
            if stacked.columns.has_numbers(shape, theme):
                numbers.show_in_full(1)
                return stacked
        found = places(has_ticker=not has_room)
        return found.with_columns(found.columns.for_kernel(shape, theme))

    def _make_rows(self) -> list[ChannelRow]:
        return [
            ChannelRow(channel, self.numbers.first, self.scales, self.theme, y, self.columns)
            for channel, y in zip(self.numbers.shown_channels, self.places.row_ys, strict=True)
        ]

    def _make_ticker(self, words: Words) -> TermTicker:
        first = self.numbers.first
        channel = self.rows[0].input_channel
        ticker = TermTicker(
            first.patches[channel],
            first.kernels[channel],
            first.products[channel],
            self.theme,
            words,
        )
        x = (self.columns.patch + self.columns.products) / 2
        if self.inputs.lines:  # the channel's name stands above the patch
            x = max(x, self.inputs.labels[0].get_right()[0] + TICKER_GAP + ticker.width / 2)
        top = self.rows[0].products.get_top()[1]
        return ticker.move_to(point(x, top + 0.17))
