"""The stage of the convolution: inputs on the left, arithmetic in the middle, output right."""

from __future__ import annotations

import numpy as np
from manim import Mobject

from cnnviz.architecture import Conv2d
from cnnviz.explain.convolution import (
    convolution_parameters,
    explain_convolution,
    intermediate_maps,
    strongest_input_channels,
)
from cnnviz.explain.places import Place, input_name
from cnnviz.explain.quantity import Quantity
from cnnviz.explain.scaling import Scale, symmetric_range
from cnnviz.explain.shown_convolution import (
    ConvolutionDecimals,
    ShownConvolution,
    show_convolution,
)
from cnnviz.locales import Words
from cnnviz.mobjects.channel_list import ChannelLine, stack_lines
from cnnviz.mobjects.colour_bar import ColourBar
from cnnviz.mobjects.convolution_rows import ChannelRow, Guides, RowColumns, RowScales
from cnnviz.mobjects.formula import formula
from cnnviz.mobjects.frames import KernelWindow, map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import feature_map, input_scale, output_scale
from cnnviz.mobjects.sum_table import SumTable
from cnnviz.mobjects.text import Label
from cnnviz.theme import Theme
from cnnviz.trace import Trace

ROWS = 3
"""Input channels whose arithmetic is shown in full."""

MAP_SIDE = 1.43
"""Longest side of an input map, in Manim units: three pixels a cell for 64 cells."""

LABEL_ROOM = 0.3
"""Height of the names above the rows."""

FORMULA = "z = sum_c sum_(u, v) x_(c, u, v) thin w_(c, u, v) + b"
"""One output: over the channels c and the kernel's rows u and columns v (Typst)."""

TABLE_LINE = 0.31
OUTPUT_SIDE = 2.78
OUTPUT_Y = 0.96


class ConvolutionNumbers:
    """The numbers of one output channel at any position, written out.

    Parameters
    ----------
    trace
        What the network computed.
    place
        The output that is explained first; it decides which input channels are shown.
    """

    def __init__(self, trace: Trace, place: Place) -> None:
        self.layer_trace = trace[place.layer]
        self.layer, self.weight, _ = convolution_parameters(self.layer_trace)
        self.channel = place.channel
        self.source = input_name(trace, place.layer)
        self.decimals = ConvolutionDecimals.of(self.layer_trace, place.channel)
        terms = explain_convolution(self.layer_trace, place.channel, place.row, place.column)
        if self.layer.in_channels <= ROWS:
            self.shown_channels = tuple(range(self.layer.in_channels))
        else:
            self.shown_channels = strongest_input_channels(terms, ROWS)

    @property
    def output_shape(self) -> tuple[int, int]:
        """(rows, columns) of the output."""
        rows, columns = self.layer_trace.output.shape[1:]
        return rows, columns

    def at(self, row: int, column: int) -> ShownConvolution:
        """Return the numbers of the output at (row, column)."""
        terms = explain_convolution(self.layer_trace, self.channel, row, column)
        return show_convolution(terms, self.source, self.decimals, self.shown_channels)


class ConvolutionBoard:
    """All mobjects of the convolution, and how they follow the window.

    None of them is in the scene at first; the scene brings them in beat by beat.
    """

    def __init__(
        self, trace: Trace, place: Place, theme: Theme, words: Words, scale: Scale
    ) -> None:
        self.theme = theme
        self.words = words
        self.numbers = ConvolutionNumbers(trace, place)
        self.layer: Conv2d = self.numbers.layer
        self.place = place
        self.first = self.numbers.at(place.row, place.column)
        self.columns = RowColumns()
        self.scales = self._make_scales(trace, scale)
        self.output_scale = output_scale(theme, trace, place.layer, scale)
        self.rows = self._make_rows()
        self._make_inputs()
        self._make_output()
        self._make_contributions()
        self.table = self._make_table()
        self.formula = formula(FORMULA, theme, max_width=3.4)
        middle = (self.columns.products + self.columns.sum_right) / 2 - 0.2
        self.formula.move_to(np.array([middle, self.theme.layout.stage_middle, 0.0]))
        self.show_window(place.row, place.column)

    # -- what follows the window ------------------------------------------------------

    @property
    def moving_parts(self) -> list[Mobject]:
        """Everything that :meth:`show_window` and :meth:`show_numbers` change."""
        parts: list[Mobject] = [*self.windows, *self.guides, self.cursor, self.table]
        for row in self.rows:
            parts += row.calculation
        return [*parts, *(line.sum for line in self.lines), self.place_label]

    @property
    def input_parts(self) -> list[Mobject]:
        """The input channels with their names."""
        indices = [line.index for line in self.lines]
        return [*self.input_maps, *self.input_frames, *indices, *self.row_labels]

    @property
    def calculation_parts(self) -> list[Mobject]:
        """What is about one position only, and leaves the stage before the sweep."""
        parts: list[Mobject] = [*self.guides, *self.table, self.place_label]
        for row in self.rows:
            parts += [row.patch, row.times, row.products, row.sum_sign, row.sum]
        return [*parts, *(line.sum for line in self.lines)]

    def window_of(self, row: ChannelRow) -> KernelWindow:
        """Return the window on a row's input map, or the last one if its map is not listed."""
        index = row.input_channel if self.lines else self.rows.index(row)
        return self.windows[min(index, len(self.windows) - 1)]

    def show_window(self, row: float, column: float) -> None:
        """Put window and cursor at a position of the output; fractions lie between."""
        stride = self.layer.stride
        for window in self.windows:
            window.show_position(row * stride, column * stride)
        self.cursor.show_position(row, column)
        for guide, window, channel_row in zip(self.guides, self.windows, self.rows, strict=False):
            guide.connect(window, channel_row.patch.cells)

    def show_numbers(self, row: int, column: int) -> None:
        """Show the arithmetic of one position."""
        shown = self.numbers.at(row, column)
        for channel_row in self.rows:
            channel_row.show_numbers(shown)
        for line, channel_sum in zip(self.lines, shown.brief_sums, strict=False):
            line.sum.set_quantity(channel_sum)
        self.table.show_numbers(self._listed(shown), (shown.total_equals, shown.total))
        self.place_label.set_text(self._place_text(row, column))

    def show_band(self, row: int) -> None:
        """Widen window and cursor to a whole row of positions, for a fast sweep."""
        reach = self.layer.dilation * (self.layer.kernel_size - 1) + 1
        top = row * self.layer.stride
        for window, input_map in zip(self.windows, self.input_maps, strict=True):
            window.show_area(top, 0, top + reach, input_map.columns)
        self.cursor.show_area(row, 0, row + 1, self.output.columns)

    def fill(self, count: float) -> None:
        """Show the first `count` cells, in reading order, of the output and what made it."""
        rows, columns = self.numbers.output_shape
        shown = np.arange(rows * columns).reshape(rows, columns) < round(count)
        alpha = np.where(shown, 255, 0).astype(np.uint8)
        for filled in [self.output, *self.contributions]:
            filled.set_cell_alpha(alpha)

    def show_cell(self, row: int, column: int) -> None:
        """Fill one more cell of the output."""
        alpha = self.output.cell_alpha.copy()
        alpha[row, column] = 255
        self.output.set_cell_alpha(alpha)

    # -- how it is built --------------------------------------------------------------

    def channel_name(self, channel: int) -> str:
        """Return what an input channel is called on screen."""
        if self.numbers.source != "input":
            return self.words("common.channel", channel=channel)
        names = {1: ("grey",), 3: ("red", "green", "blue")}.get(self.layer.in_channels)
        if names is None:
            return self.words("common.channel", channel=channel)
        return self.words(f"common.{names[channel]}")

    def _channel_colour(self, channel: int) -> str:
        palette = self.theme.palette
        if self.numbers.source == "input" and self.layer.in_channels == len(palette.channels):
            return palette.channels[channel]
        return palette.text_muted

    def _make_scales(self, trace: Trace, scale: Scale) -> RowScales:
        largest = max(
            (abs(q.value) for grid in self.first.products for row in grid for q in row),
            default=0.0,
        )
        return RowScales(
            patch=input_scale(self.theme, trace, self.place.layer, scale),
            kernel=self.theme.weight_scale(symmetric_range(self.numbers.weight).high),
            products=self.theme.signed_scale(largest or 1.0),
        )

    def _make_rows(self) -> list[ChannelRow]:
        layout = self.theme.layout
        channels = self.numbers.shown_channels
        step = (layout.stage_top - layout.stage_bottom) / ROWS
        first_y = layout.stage_middle + step * (len(channels) - 1) / 2 - LABEL_ROOM / 2
        return [
            ChannelRow(
                channel, self.first, self.scales, self.theme, first_y - index * step, self.columns
            )
            for index, channel in enumerate(channels)
        ]

    def _make_inputs(self) -> None:
        """Make the input maps with their windows: large ones, or a list of many."""
        reach = self.layer.dilation * (self.layer.kernel_size - 1) + 1
        many = self.layer.in_channels > ROWS
        self.lines = self._make_lines(reach) if many else []
        if many:
            self.input_maps = [line.map for line in self.lines]
            self.windows = [line.window for line in self.lines]
        else:
            self.input_maps = [self._input_map(row) for row in self.rows]
            self.windows = [KernelWindow(each, reach, self.theme) for each in self.input_maps]
        # In a list of many, guides would run across kernels and sums.
        self.guides = [] if many else [Guides(self.theme) for _ in self.rows]
        self.input_frames = [map_frame(each, self.theme) for each in self.input_maps]
        self.row_labels = [self._row_label(row, many) for row in self.rows]

    def _padded_input(self) -> np.ndarray:
        border = self.layer.padding
        return np.pad(self.numbers.layer_trace.input, ((0, 0), (border, border), (border, border)))

    def _input_map(self, row: ChannelRow) -> HeatMap:
        values = self._padded_input()[row.input_channel]
        made = feature_map(values, self.scales.patch, self.theme, MAP_SIDE)
        x = self.theme.layout.left + MAP_SIDE / 2
        return made.move_to(np.array([x, row.y, 0.0]))

    def _make_lines(self, reach: int) -> list[ChannelLine]:
        layout, sizes = self.theme.layout, self.theme.sizes
        room = layout.stage_top - layout.stage_bottom
        shortest = sizes.small / 72 * 1.5
        count = min(self.layer.in_channels, int(room / shortest))
        height = min(room / count, 0.62)
        width = self.columns.patch - self.columns.grid_width / 2 - layout.left - 0.15
        lines = [
            ChannelLine(
                channel,
                self._padded_input()[channel],
                self.numbers.weight[self.place.channel, channel],
                self.first.brief_sums[channel],
                (self.scales.patch, self.scales.kernel),
                self.theme,
                height,
                width,
                reach,
            )
            for channel in range(count)
        ]
        top = layout.stage_middle + height * count / 2
        stack_lines(lines, layout.left + width / 2, top, height)
        for channel in self.numbers.shown_channels:
            if channel < count:
                lines[channel].mark()
        return lines

    def _row_label(self, row: ChannelRow, above_patch: bool) -> Label:
        channel = row.input_channel
        label = Label(
            self.channel_name(channel), self.theme.sizes.label, self._channel_colour(channel)
        )
        below = row.patch.cells if above_patch else self.input_maps[self.rows.index(row)]
        _, top, _, _ = below.corners()
        return label.move_to(np.array([below.get_center()[0], top + 0.17, 0.0]))

    def _make_output(self) -> None:
        layout, columns = self.theme.layout, self.columns
        left = columns.sum_right + 0.4
        x = (left + layout.right) / 2
        values = self.numbers.layer_trace.output[self.place.channel]
        self.output = feature_map(values, self.output_scale, self.theme, OUTPUT_SIDE)
        self.output.move_to(np.array([x, OUTPUT_Y, 0.0]))
        self.output.set_cell_alpha(np.zeros(values.shape, np.uint8))
        self.output_frame = map_frame(self.output, self.theme)
        self.cursor = KernelWindow(self.output, 1, self.theme)
        _, top, _, _ = self.output.corners()
        self.output_label = Label(
            self.words("conv.output", layer=self.place.layer, channel=self.place.channel),
            self.theme.sizes.label,
            self.theme.palette.text_muted,
        ).move_to(np.array([x, top + 0.2, 0.0]))

        self.legend_marks = self._make_legend_marks()
        self.colour_bar = ColourBar(
            self.output_scale, self.legend_marks, self.theme, self.output.width
        )
        self.colour_bar.move_to(self.output.get_bottom() - np.array([0.0, 0.4, 0.0]))

    def _make_legend_marks(self) -> tuple[Quantity, ...]:
        """Return the ends of the colour scale, and 0 where it lies between them."""
        scale, decimals = self.output_scale, min(self.numbers.decimals.total, 2)
        values = sorted({scale.low, 0.0, scale.high})
        return tuple(
            Quantity.of("scale_end", value, decimals, sign="always", layer=self.place.layer)
            for value in values
        )

    def _make_contributions(self) -> None:
        maps = intermediate_maps(self.numbers.layer_trace, self.place.channel)
        scale = self.theme.signed_scale(symmetric_range(maps).high)
        self.contributions = []
        for row in self.rows:
            values = maps[row.input_channel].astype(np.float32)
            made = feature_map(values, scale, self.theme, MAP_SIDE)
            self.contributions.append(made.move_to(np.array([self.columns.products, row.y, 0.0])))
        signs = {"*": self.columns.patch, "Σ + b =": self.columns.sum_middle}
        self.sweep_signs = [
            self._sign(text, x, row.y)
            for text, x in signs.items()
            for row in (self.rows if text == "*" else [self.rows[len(self.rows) // 2]])
        ]
        self.contribution_frames = [map_frame(each, self.theme) for each in self.contributions]

    def _sign(self, text: str, x: float, y: float) -> Label:
        label = Label(text, self.theme.sizes.subtitle, self.theme.palette.text_muted)
        return label.move_to(np.array([x, y, 0.0]))

    def _make_table(self) -> SumTable:
        names = [
            (self.channel_name(c), self._channel_colour(c)) for c in self.numbers.shown_channels
        ]
        muted = self.theme.palette.text_muted
        if self.first.others is not None:
            rest = self.layer.in_channels - len(names)
            names.append((self.words("common.others", count=rest), muted))
        names.append((self.words("common.bias"), muted))
        entries = [
            (name, colour, number)
            for (name, colour), number in zip(names, self._listed(self.first), strict=True)
        ]
        line = TABLE_LINE
        table = SumTable(
            entries,
            (self.first.total_equals, self.first.total),
            self.theme,
            width=2.4,
            height=line * (len(entries) + 1),
        )
        x = self.output.get_center()[0]
        bottom = self.theme.layout.stage_bottom
        table.move_to(np.array([x, bottom + line * (len(entries) + 1) / 2, 0.0]))
        self.place_label = Label(
            self._place_text(self.place.row, self.place.column),
            self.theme.sizes.label,
            self.theme.palette.text_muted,
        ).move_to(np.array([x, bottom + line * (len(entries) + 1.6), 0.0]))
        return table

    def _listed(self, shown: ShownConvolution) -> list[Quantity]:
        sums = [shown.channel_sums[channel] for channel in self.numbers.shown_channels]
        return [*sums, *([shown.others] if shown.others else []), shown.bias]

    def _place_text(self, row: int, column: int) -> str:
        return self.words("common.place", row=row, column=column)
