"""The stage on which one filter glides over two pictures and fills two maps in step."""

from __future__ import annotations

import math

from manim import Group, Mobject

from cnnviz.arrays import Float64Array
from cnnviz.explain.convolution_numbers import ConvolutionNumbers
from cnnviz.explain.legend import Extremes, scale_marks
from cnnviz.explain.places import Place
from cnnviz.explain.quantity import Grid
from cnnviz.explain.scaling import common_range, symmetric_range
from cnnviz.locales import Words
from cnnviz.mobjects.colour_bar import ColourBar, extremes_note
from cnnviz.mobjects.filter_tile import tile_colours
from cnnviz.mobjects.fitting import SMALLEST, FittedLabel
from cnnviz.mobjects.frames import map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import fitted_size
from cnnviz.mobjects.number_grid import NumberGrid
from cnnviz.mobjects.text import Number, line_width
from cnnviz.model.architecture import INPUT
from cnnviz.scenes.compare.half import Half, channel_name
from cnnviz.scenes.compare.places import PairPlaces
from cnnviz.staging.pair.sides import Sides
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

SHORTEST_LEGEND, LONGEST_LEGEND = 2.4, 4.4
"""Of its bar, in Manim units, as all lengths here."""

KERNEL_GAP = 0.25
"""Between two kernels."""

KERNEL_NAME = 0.3
"""Above a kernel, for its channel's name."""

LARGEST_KERNEL = 2.4
"""Its longest side."""

TILE_NAME = 0.3
"""Height of what is written below a filter's tile."""

TILE_GAP = 0.25
"""Between the tiles of two networks."""


class CompareBoard:
    """Both halves, the filter between them, and one scale for both maps.

    Parameters
    ----------
    sides
        What is compared.
    place
        The layer, the channel, and the output that is worked.
    theme, words
        Looks and words.
    """

    def __init__(self, sides: Sides, place: Place, theme: Theme, words: Words) -> None:
        self.sides, self.theme, self._words = sides, theme, words
        self.place = place
        trace, other = sides.traces
        shape = trace[place.layer].output.shape[1:]
        self.places = PairPlaces.of(theme.layout, shape, max(self.name_widths))
        self.numbers = ConvolutionNumbers.pair(trace, other, place)
        self.scale = output_colours(sides, place.layer, theme)
        self.halves = [
            Half(
                one,
                numbers,
                self.scale,
                places,
                self.headings(side),
                theme,
                words,
                has_long_sums=self.places.has_long_sums,
            )
            for side, (one, numbers, places) in enumerate(
                zip(sides.traces, self.numbers, self.places.halves, strict=True)
            )
        ]
        self.rows, self.columns = self.halves[0].values.shape
        self.kernels = self._make_kernels()
        self.tiles, self.tile_parts = self._make_tiles(self.places.tile)

    @property
    def moving(self) -> list[Mobject]:
        """All that the windows' way changes, the maps apart."""
        return [part for half in self.halves for part in (*half.windows, *self._texts(half))]

    @property
    def maps(self) -> list[HeatMap]:
        """Both maps."""
        return [half.map for half in self.halves]

    @property
    def name_widths(self) -> tuple[float, float]:
        """How wide what stands above pictures and above maps is at least, to be legible."""
        of_pictures, of_maps = zip(*(self.headings(side) for side in (0, 1)), strict=True)
        one, other = (
            max(line_width(each, SMALLEST) for each in texts) for texts in (of_pictures, of_maps)
        )
        return one, other

    def headings(self, side: int) -> tuple[str, str]:
        """Return what stands above a side's picture and above its map."""
        layer, channel, name = self.place.layer, self.place.channel, self.sides.names[side]
        facts = {"name": name, "layer": layer, "channel": channel}
        words = self._words
        return self.sides.picture_name(side, words), words("compare.map", **facts)

    def show_position(self, position: float) -> None:
        """Put the windows at a position in reading order, and write the sums there."""
        row, column = divmod(position, self.columns)
        column = min(column, self.columns - 1)
        for half in self.halves:
            half.show_window(row, column)
            half.show_numbers(int(row), int(column + 0.5))

    def fill(self, count: float) -> None:
        """Fill both maps up to a position."""
        for half in self.halves:
            half.fill(count)

    def make_legend(self, zone: Zone, *others: Float64Array) -> ColourBar:
        """Return the scale that both maps have, and other values that are coloured by it."""
        extremes = Extremes.of(*(half.values for half in self.halves), *others)
        layer = self.place.layer
        marks = scale_marks(self.scale.low, self.scale.high, extremes, layer)
        width = min(max(zone.width - 0.8, SHORTEST_LEGEND), LONGEST_LEGEND)
        note = extremes_note(extremes, self._words, layer)
        return ColourBar(self.scale, marks, self.theme, width, note).move_to(zone.centre)

    def _make_kernels(self) -> list[list[Mobject]]:
        """Return the weights that both pictures meet, kernel by kernel, and the bias.

        Of the input channels that are shown. Of two networks each has its own, and both have one
        scale; what comes at one time stands in one list.
        """
        are_shared = self.sides.are_pictures
        numbers = self.numbers[:1] if are_shared else self.numbers
        zones = (self.places.kernels,) if are_shared else self.places.own_kernels
        scale = self.theme.weight_scale(max(symmetric_range(each.weight).high for each in numbers))
        filters = [
            self._make_filter(each, scale, zone) for each, zone in zip(numbers, zones, strict=True)
        ]
        return [[part for parts in step for part in parts] for step in zip(*filters, strict=True)]

    def _make_filter(
        self, numbers: ConvolutionNumbers, scale: ColourScale, zone: Zone
    ) -> list[list[Mobject]]:
        """Return a filter's kernels and its bias, each with its name."""
        theme = self.theme
        kernels, channels = numbers.first.kernels, numbers.shown_channels
        parts: list[list[Mobject]] = []
        bias = Number(numbers.first.bias, theme.sizes.body, theme.palette.text)
        names = [channel_name(numbers, channel, self._words) for channel in channels]
        contents: list[Grid | Number] = [*(kernels[channel] for channel in channels), bias]
        for part, name, content in zip(
            _in_rows(zone, len(channels) + 1),
            [*names, self._words("common.bias")],
            contents,
            strict=True,
        ):
            shown: Mobject = content if isinstance(content, Number) else Group()
            if not isinstance(content, Number):
                width = min(part.width, LARGEST_KERNEL)
                height = min(part.height - KERNEL_NAME, LARGEST_KERNEL)
                grid = NumberGrid(content, scale, theme, width, height)
                shown = Group(grid, map_frame(grid.cells, theme))
            shown.move_to(point(part.x, part.y - KERNEL_NAME / 2))
            label = FittedLabel(name, theme.sizes.label, theme.palette.text_muted, part.width)
            label.move_to(point(part.x, shown.get_top()[1] + KERNEL_NAME / 2 + 0.03))
            parts.append([label, shown])
        return parts

    def _texts(self, half: Half) -> list[Mobject]:
        return [*half.table.numbers, half.table.sign]

    def _make_tiles(self, zone: Zone) -> tuple[list[HeatMap], list[Mobject]]:
        """Return the filter's tile, or one for each network, with frames and names."""
        numbers = self.numbers[:1] if self.sides.are_pictures else self.numbers
        count = len(numbers)
        side = min(
            zone.height - TILE_NAME - 0.1, (zone.width - TILE_GAP * (count + 1)) / count, 1.1
        )
        tiles, around = [], []
        for number, each in enumerate(numbers):
            weights, reads_picture = each.weight[each.place.channel], each.source == INPUT
            colours = tile_colours(weights, reads_picture=reads_picture, theme=self.theme)
            tile = HeatMap(colours, *fitted_size(colours.shape[:2], side))
            x = zone.x + (number - (count - 1) / 2) * (side + TILE_GAP)
            tile.move_to(point(x, zone.y + TILE_NAME / 2))
            tiles.append(tile)
            around.append(map_frame(tile, self.theme))
        name = self._words(f"compare.tile_{self.sides.kind}", channel=self.place.channel)
        palette = self.theme.palette
        label = FittedLabel(name, self.theme.sizes.label, palette.text_muted, zone.width - 0.2)
        label.move_to(point(zone.x, Group(*tiles).get_bottom()[1] - TILE_NAME / 2 - 0.03))
        return tiles, [*around, label]


def _in_rows(zone: Zone, count: int) -> list[Zone]:
    """Return so many rooms of one size, row by row, as near to squares as they can be."""
    across = max(1, round(math.sqrt(count * zone.width / zone.height)))
    rows = zone.rows(*[1.0] * math.ceil(count / across), gap=KERNEL_GAP)
    return [room for row in rows for room in row.columns(*[1.0] * across, gap=KERNEL_GAP)][:count]


def output_colours(sides: Sides, layer: str, theme: Theme) -> ColourScale:
    """Return the colours of a layer's outputs in both traces: one scale for both."""
    values = common_range(sides.traces, layer)
    make = theme.signed_scale if values.is_signed else theme.positive_scale
    return make(values.high)
