"""One of the two on the stage: its picture, its map, the windows on both, and its sum."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from manim import Mobject

from cnnviz.arrays import ByteArray
from cnnviz.explain.convolution_numbers import ConvolutionNumbers
from cnnviz.explain.fields import receptive_geometry
from cnnviz.locales import Words
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.frames import KernelWindow, map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import feature_map, longest_within, picture_pixels
from cnnviz.mobjects.picture_channels import picture_channel_colours, picture_channel_names
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.scenes.compare.places import GAP, HalfPlaces
from cnnviz.scenes.compare.sum_table import SumTable
from cnnviz.staging.pair.photos import CRISP_SHARE, HEADING_RISE, heading, picture_in
from cnnviz.style.colour import ColourScale, rgb_of_hex
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import Theme


class Half:
    """One of the two; nothing of it is in the scene at first.

    Parameters
    ----------
    trace
        What its network did with its picture.
    numbers
        The filter's, at any place.
    scale
        The colours of both maps.
    places
        Where it stands.
    headings
        What stands above the picture and above the map.
    has_long_sums
        See :class:`PairPlaces`.
    theme, words
        Looks and words.
    """

    def __init__(
        self,
        trace: Trace,
        numbers: ConvolutionNumbers,
        scale: ColourScale,
        places: HalfPlaces,
        headings: tuple[str, str],
        theme: Theme,
        words: Words,
        *,
        has_long_sums: bool,
    ) -> None:
        self.trace, self.numbers, self.places = trace, numbers, places
        self._theme = theme
        layer, channel = numbers.place.layer, numbers.place.channel
        architecture = trace.architecture
        self._reach = [receptive_geometry(architecture, layer, axis) for axis in (0, 1)]
        self.values = trace[layer].output[channel]
        longest = longest_within(self.values.shape, places.map.width, places.map.height)
        self.map = feature_map(self.values, scale, theme, longest, CRISP_SHARE)
        self.map.move_to(places.map.centre)
        self._colours = self.map.bitmap.rgba[..., :3].copy()
        self._glows = False
        self._pixels = picture_pixels(trace)
        self.picture = picture_in(places.picture, self._pixels, theme)
        of_picture, of_map = headings
        self.picture_heading = self._heading(of_picture, self.picture)
        self.frame = map_frame(self.map, theme)
        self.map_heading = self._heading(of_map, self.map)
        self.window = KernelWindow(self.picture, 1, theme)
        self.cursor = KernelWindow(self.map, 1, theme)
        self.table = self.make_table(words, places.sums, is_long=has_long_sums)
        self.fill(0)
        self.show_window(0, 0)

    @property
    def windows(self) -> list[Mobject]:
        """The frame on the picture and that on the map."""
        return [self.window, self.cursor]

    def show_window(self, row: float, column: float) -> None:
        """Put both windows where the output at (row, column) comes from and goes to."""
        self.cursor.show_position(row, column)
        edges = []
        for reach, at, size in zip(self._reach, (row, column), self._picture_shape(), strict=True):
            start = reach.start + at * reach.jump
            edges.append((max(start, 0.0), min(start + reach.size, float(size))))
        (top, bottom), (left, right) = edges
        self.window.show_area(top, left, max(bottom, top), max(right, left))

    def patch_at(self, row: int, column: int) -> ByteArray:
        """Return the pixels that the output at (row, column) sees: (rows, columns, 3).

        Where it reaches beyond the picture, they have the colour of zero.
        """
        rows, columns = (
            np.array(reach.span(at)) for reach, at in zip(self._reach, (row, column), strict=True)
        )
        height, width = self._pixels.shape[:2]
        is_inside = np.isin(rows, range(height))[:, None] & np.isin(columns, range(width))
        seen = self._pixels[np.ix_(rows.clip(0, height - 1), columns.clip(0, width - 1))]
        zero = rgb_of_hex(self._theme.palette.zero)
        return np.where(is_inside[..., np.newaxis], seen, zero).astype(np.uint8)

    def show_numbers(self, row: int, column: int) -> None:
        """Write out the sum of the output at (row, column)."""
        shown = self.numbers.at(row, column)
        self.table.show(self.numbers.summands(shown), shown.total, shown.total_equals)

    def fill(self, count: float) -> None:
        """Show the first `count` cells of the map, in reading order."""
        index = np.arange(self.values.size).reshape(self.values.shape)
        if self._glows:
            self.map.set_colours(self._colours)
            self._glows = False
        self.map.set_cell_alpha(np.where(index < round(count), 255, 0).astype(np.uint8))

    def glow(self, count: float, trail: float, light: npt.NDArray[np.float64]) -> None:
        """Fill the first `count` cells; the last `trail` of them glow with an RGB of light."""
        self.fill(count)
        index = np.arange(self.values.size).reshape(self.values.shape)
        share = np.clip(1 - (count - index) / trail, 0, 1)[..., np.newaxis] / 2
        mixed = self._colours * (1 - share) + light * share
        self.map.set_colours(np.rint(mixed).astype(np.uint8))
        self._glows = True

    def _picture_shape(self) -> tuple[int, ...]:
        return self.trace.picture.shape[1:]

    def _heading(self, text: str, below: HeatMap) -> FittedLabel:
        """Return what stands above the picture or the map: both at one height."""
        theme = self._theme
        top = max(self.picture.get_top()[1], self.map.get_top()[1])
        label = heading(text, below, self.places.map.width + GAP / 2, theme)
        return label.set_y(top + HEADING_RISE)

    def make_table(self, words: Words, zone: Zone, *, is_long: bool) -> SumTable:
        """Return the sum at the place that is worked, written out in a zone."""
        numbers, palette = self.numbers, self._theme.palette
        names = [channel_name(numbers, channel, words) for channel in numbers.shown_channels]
        colours = [palette.text_muted] * len(names)
        if numbers.source == INPUT:
            known = picture_channel_colours(len(numbers.layer_trace.input), palette)
            colours = [known[numbers.sources[channel]] for channel in numbers.shown_channels]
        others = numbers.source_count - len(names)
        if others:
            names.append(words("common.others", count=others))
        names.append(words("common.bias"))
        colours += [palette.text_muted] * (len(names) - len(colours))
        shown = numbers.first
        return SumTable(
            names,
            numbers.summands(shown),
            shown.total,
            shown.total_equals,
            zone,
            self._theme,
            is_long=is_long,
            colours=colours,
        )


def channel_name(numbers: ConvolutionNumbers, channel: int, words: Words) -> str:
    """Return what one of a filter's input channels is called."""
    if numbers.source == INPUT:
        return picture_channel_names(len(numbers.layer_trace.input), words)[
            numbers.sources[channel]
        ]
    return words("common.channel", channel=numbers.sources[channel])
