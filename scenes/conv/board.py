"""The stage of the convolution: inputs on the left, arithmetic in the middle, output right."""

from __future__ import annotations

import numpy as np
from manim import Mobject

from cnnviz.explain.convolution import intermediate_maps
from cnnviz.explain.places import Place
from cnnviz.explain.scaling import Scale, symmetric_range
from cnnviz.locales import Words
from cnnviz.mobjects.formula import formula
from cnnviz.mobjects.frames import Outline, map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import feature_map, input_scale, output_scale
from cnnviz.mobjects.number_grid import number_width
from cnnviz.mobjects.text import Label
from cnnviz.model.trace import Trace
from cnnviz.scenes.conv.inputs import ChannelNames, ConvolutionInputs
from cnnviz.scenes.conv.numbers import ConvolutionNumbers
from cnnviz.scenes.conv.output import ConvolutionOutput
from cnnviz.scenes.conv.places import CRISP_SHARE, BoardNeeds, ConvolutionPlaces
from cnnviz.scenes.conv.rows import ChannelRow, RowScales
from cnnviz.scenes.conv.shown import CELL_CHARACTERS
from cnnviz.scenes.conv.term_ticker import TermTicker
from cnnviz.style.geometry import point
from cnnviz.style.theme import Theme

TICKER_GAP = 0.3
"""Between a channel's name and the terms that are told beside it, in Manim units."""

FORMULA = "z = sum_c sum_(u, v) x_(c, u, v) thin w_(c, u, v) + b"
"""One output: over the channels c and the kernel's rows u and columns v (Typst)."""


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
        self.contributions: list[HeatMap] = []
        self.contribution_frames: list[Outline] = []
        self._make_contributions()
        self.sweep_signs = self._make_sweep_signs()
        self.formula = formula(FORMULA, theme, max_width=self.places.formula.width)
        self.formula.move_to(self.places.formula.centre)
        self.ticker = None if self.rows[0].products.has_numbers else self._make_ticker(words)
        self._numbers_at = (place.row, place.column)
        self.show_window(place.row, place.column)

    @property
    def sources(self) -> dict[tuple[str, int | None], Mobject]:
        """The input channels' maps, by their places in the network."""
        source, maps = self.numbers.source, self.inputs.maps
        return {
            (source, channel): each
            for channel, each in zip(self.inputs.channels, maps, strict=True)
        }

    @property
    def moving_parts(self) -> list[Mobject]:
        """Everything that :meth:`show_window` and :meth:`show_numbers` change."""
        inputs, output = self.inputs, self.output
        parts: list[Mobject] = [*inputs.windows, *inputs.guides, *inputs.sums]
        for row in self.rows:
            parts += row.calculation
        return [*parts, output.cursor, output.table, output.place_label]

    @property
    def calculation_parts(self) -> list[Mobject]:
        """What is about one position only, and leaves the stage before the sweep."""
        parts: list[Mobject] = [*self.inputs.guides, *self.inputs.sums]
        for row in self.rows:
            parts += [row.times, *row.calculation]
        return [*parts, *self.output.table, self.output.place_label]

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

    def show_band(self, row: int, first: float = 0.0) -> None:
        """Widen window and cursor to a row's positions from the column `first` on."""
        self.inputs.show_band(row, first)
        self.output.show_band(row, first)

    def fill(self, count: float) -> None:
        """Show the first `count` cells, in reading order, of the output and what made it."""
        rows, columns = self.numbers.output_shape
        shown = np.arange(rows * columns).reshape(rows, columns) < round(count)
        alpha = np.where(shown, 255, 0).astype(np.uint8)
        for filled in [self.output.map, *self.contributions]:
            filled.set_cell_alpha(alpha)

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

        def places(has_ticker: bool) -> ConvolutionPlaces:
            longest = names.longest(channels, theme.sizes.label)
            needs = BoardNeeds(len(channels), numbers.has_many_channels, has_ticker, longest)
            return ConvolutionPlaces.of(theme.layout, needs)

        cell_width = places(False).columns.grid_width / numbers.layer.kernel_size
        return places(cell_width < number_width(CELL_CHARACTERS, theme.sizes.small))

    def _make_rows(self) -> list[ChannelRow]:
        return [
            ChannelRow(channel, self.numbers.first, self.scales, self.theme, y, self.columns)
            for channel, y in zip(self.numbers.shown_channels, self.places.row_ys, strict=True)
        ]

    def _make_contributions(self) -> None:
        """Make the map that each input channel adds: beside its kernel, and in the list."""
        maps = intermediate_maps(self.numbers.layer_trace, self.numbers.place.channel)
        scale = self.theme.signed_scale(symmetric_range(maps).high)
        for row in self.rows:
            values = maps[row.input_channel].astype(np.float32)
            made = feature_map(values, scale, self.theme, self.columns.map_side, CRISP_SHARE)
            y = row.y + self.columns.map_rise
            self.contributions.append(made.move_to(point(self.columns.products, y)))
        self.contribution_frames = [map_frame(each, self.theme) for each in self.contributions]
        for line in self.inputs.lines:
            values = maps[line.channel].astype(np.float32)
            made, frame = line.contribution_map(values, scale, self.theme)
            self.contributions.append(made)
            self.contribution_frames.append(frame)

    def _make_sweep_signs(self) -> list[Label]:
        """Return the signs between maps: input * kernel = what it adds, Σ + b = output."""
        columns = self.columns
        signs = (("*", columns.patch), ("=", columns.equals))
        places = [(text, x, row.y) for row in self.rows for text, x in signs]
        places.append(("Σ + b =", *self.places.output.sign))
        size, colour = self.theme.sizes.subtitle, self.theme.palette.text_muted
        return [Label(text, size, colour).move_to(point(x, y)) for text, x, y in places]

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
