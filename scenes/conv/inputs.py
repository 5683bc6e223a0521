"""The left of the convolution's stage: the input channels, with the window on each."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from manim import Mobject

from cnnviz.arrays import FloatArray
from cnnviz.explain.convolution_numbers import FULL_CHANNELS, ConvolutionNumbers
from cnnviz.locales import Words
from cnnviz.mobjects.frames import KernelWindow, map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import feature_map
from cnnviz.mobjects.picture_channels import picture_channel_names
from cnnviz.mobjects.text import POINTS_PER_UNIT, Label, TextBlock, line_width
from cnnviz.model.architecture import INPUT
from cnnviz.scenes.conv.channel_list import ChannelLine, LineShape, stack_lines
from cnnviz.scenes.conv.places import CRISP_SHARE, ConvolutionPlaces
from cnnviz.scenes.conv.rows import ChannelRow, Guides, RowScales
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

BOLD = 600


class ChannelNames:
    """What input channels are called on screen, and in which colour."""

    def __init__(self, numbers: ConvolutionNumbers, theme: Theme, words: Words) -> None:
        is_picture = numbers.source == INPUT
        self._names = picture_channel_names(numbers.layer.in_channels, words) if is_picture else ()
        self._sources = numbers.sources
        self._words = words
        self._palette = theme.palette

    def name(self, channel: int) -> str:
        """Return ``red``, ``grey`` or ``channel 4``, of one of the filter's sources, from 0."""
        if self._names:
            return self._names[self._sources[channel]]
        return self._words("common.channel", channel=self._sources[channel])

    def longest(self, channels: Iterable[int], font_size: float) -> float:
        """Return the width of the longest of the channels' names, in Manim units."""
        return max(line_width(self.name(channel), font_size) for channel in channels)

    def colour(self, channel: int) -> str:
        """Return the name's colour: its own for red, green and blue."""
        if len(self._names) == len(self._palette.channels):
            return self._palette.channels[self._sources[channel]]
        return self._palette.text_muted


class ConvolutionInputs:
    """The input channels: large maps, or a list where not all are shown in full.

    Parameters
    ----------
    numbers
        The filter's numbers.
    rows
        The rows of full arithmetic, which the large maps stand beside.
    scales
        Colours of maps and kernels.
    places
        Where everything stands.
    names
        What the channels are called.
    theme, words
        Looks and words.
    """

    def __init__(
        self,
        numbers: ConvolutionNumbers,
        rows: list[ChannelRow],
        scales: RowScales,
        places: ConvolutionPlaces,
        names: ChannelNames,
        theme: Theme,
        words: Words,
    ) -> None:
        self._numbers = numbers
        self._theme = theme
        self._rows = rows
        self._columns = places.columns
        self.lines: list[ChannelLine] = []
        self.more: list[Label] = []
        if numbers.has_many_channels:
            self._make_lines(scales, places.channels, names, words)
            self.maps = [line.map for line in self.lines]
            self.windows = [line.window for line in self.lines]
            self.guides: list[Guides] = []  # they would run across kernels and sums
        else:
            padded = numbers.padded_input
            self.maps = [self._large_map(padded[row.input_channel], row, scales) for row in rows]
            self.windows = [KernelWindow(each, numbers.reach, theme) for each in self.maps]
            self.guides = [Guides(theme) for _ in rows]
        self.frames = [map_frame(each, theme) for each in self.maps]
        self.labels = [self._label(index, row, names) for index, row in enumerate(rows)]

    @property
    def around(self) -> list[Mobject]:
        """The maps' frames and names."""
        if not self.lines:
            return [*self.frames, *self.labels]
        return [*self.frames, *(line.label for line in self.lines), *self.more]

    @property
    def patch_names(self) -> list[TextBlock]:
        """The names that come with the patches, above them: beside a list."""
        return self.labels if self.lines else []

    @property
    def sums(self) -> list[Mobject]:
        """The sums in a list of many channels."""
        return [line.sum for line in self.lines]

    def window_of(self, row: ChannelRow) -> KernelWindow:
        """Return the window on a row's input map."""
        if not self.lines:
            return self.windows[self._rows.index(row)]
        return next(line.window for line in self.lines if line.channel == row.input_channel)

    def show_window(self, row: float, column: float) -> None:
        """Put every window at a position of the output; fractions lie between."""
        down, across = self._numbers.layer.window.strides
        for window in self.windows:
            window.show_position(row * down, column * across)
        for guide, window, channel_row in zip(self.guides, self.windows, self._rows, strict=False):
            guide.connect(window, channel_row.patch.cells)

    def _large_map(self, values: FloatArray, row: ChannelRow, scales: RowScales) -> HeatMap:
        columns = self._columns
        made = feature_map(values, scales.patch, self._theme, columns.map_side, CRISP_SHARE)
        return made.move_to(point(columns.map, row.y + columns.map_rise))

    def _make_lines(self, scales: RowScales, zone: Zone, names: ChannelNames, words: Words) -> None:
        """List the channels in order; where not all fit, those that add most."""
        sizes, numbers = self._theme.sizes, self._numbers
        fitting = int(zone.height / (sizes.small / POINTS_PER_UNIT * 1.5))
        total = numbers.source_count
        is_complete = total <= fitting
        channels = sorted(numbers.strongest(total if is_complete else fitting - 1))
        labels = [self._list_name(channel, names) for channel in channels]
        room = zone.height / (len(channels) + (not is_complete))
        shape = LineShape.of(labels, zone.width, room, self._theme)
        self.lines = [
            ChannelLine(numbers, channel, label, scales, self._theme, shape)
            for channel, label in zip(channels, labels, strict=True)
        ]
        height = shape.height
        top = zone.y + height * (len(channels) + (not is_complete)) / 2
        stack_lines(self.lines, zone.left + shape.width / 2, top, height)
        if not is_complete:
            text = words("common.weaker", count=total - len(channels))
            label = Label(text, sizes.small, self._theme.palette.text_muted)
            y = top - height * (len(channels) + 0.5)
            self.more.append(label.move_to(point(zone.left + label.width / 2, y)))

    def _list_name(self, channel: int, names: ChannelNames) -> Label:
        """Return a channel's name in a list, or its number in a long one; bold if shown in full."""
        numbers, sizes, palette = self._numbers, self._theme.sizes, self._theme.palette
        is_short = numbers.source_count <= FULL_CHANNELS
        text = names.name(channel) if is_short else str(numbers.sources[channel])
        size = sizes.label if is_short else sizes.small
        colour = names.colour(channel) if is_short else palette.text_muted
        if channel not in numbers.shown_channels:
            return Label(text, size, colour)
        is_muted = colour == palette.text_muted
        return Label(text, size, palette.text if is_muted else colour, BOLD)

    def _label(self, index: int, row: ChannelRow, names: ChannelNames) -> TextBlock:
        """Return the channel's name: beside its map or above it, or above the patch of a list."""
        channel, columns = row.input_channel, self._columns
        text, colour, size = names.name(channel), names.colour(channel), self._theme.sizes.label
        if columns.name_width and not self.lines:
            label = TextBlock(text, size, colour, columns.name_width, align="left", leading=1.2)
            left = columns.map - (columns.map_side / 2 + columns.name_width)
            return label.move_to(point(left + label.width / 2, row.y))
        below = row.patch.cells if self.lines else self.maps[index]
        _, top, _, _ = below.corners()
        label = TextBlock(text, size, colour, np.inf)
        return label.move_to(point(below.get_center()[0], top + 0.17))
