"""The stage of an addition: a map of each branch, and the map of their sums."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from manim import Mobject

from cnnviz.explain.comparison import strongest_place
from cnnviz.explain.places import Pixel
from cnnviz.explain.quantity import Quantity
from cnnviz.explain.rounding import decimals_that_fit, equals_sign
from cnnviz.locales import Words
from cnnviz.mobjects.bars import PlainRectangle
from cnnviz.mobjects.frames import KernelWindow
from cnnviz.mobjects.map_panel import MapPanel, lines_of_names
from cnnviz.mobjects.maps import output_scale
from cnnviz.mobjects.text import Label, Number, line_width
from cnnviz.model.trace import Trace
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme
from cnnviz.style.typography import CAP_HEIGHT

GAP = 0.66
"""Between two maps: room for the sign."""

NUMBER_ROOM = 0.85
"""Below each map, for a value, or a share and its bar."""

LARGE_NUMBER_ROOM = 1.2
"""The same where the zone of a map is so much higher than wide that numbers may be large."""

HIGH = 2.0
"""Maps so many times higher than wide stand side by side in every frame."""

AIRY = 3.0
"""From that difference of height and width on, in Manim units."""

NUMBER_SHARE = 0.92
"""Of a zone's width, what a large number takes at most."""

BAR_HEIGHT, BAR_GAP = 0.12, 0.1
"""Of a bar of what a branch brings, and between its number's digits and it, in Manim units."""

BOLD = 600

CHARACTERS = 7
"""A value takes at most so many."""


def value_height(panel: MapPanel, room: float) -> float:
    """Return where a value stands right below its map; the legend makes room for it.

    Below the legend, a value that grows out of its cell would pass through it.
    """
    for legend in panel.legends:
        legend.shift(point(0.0, -room))
    return float(panel.map.get_bottom()[1]) - room / 2


class SkipBoard:
    """The two branches of an addition and their sum; nothing is in the scene at first.

    All three maps have the same colours for the same values.

    Parameters
    ----------
    trace
        What the network computed.
    layer, channel
        The addition and which of its maps.
    pixel
        (row, column) of the place that is worked first.
    theme, words
        Looks and words.
    """

    def __init__(
        self, trace: Trace, layer: str, channel: int, pixel: Pixel, theme: Theme, words: Words
    ) -> None:
        self._theme = theme
        self.layer, self.channel = layer, channel
        self.sources = trace.architecture.sources_of(layer)
        layer_trace = trace[layer]
        self.values = [*(each[channel] for each in layer_trace.inputs), layer_trace.output[channel]]
        self.pixels = (pixel, self._another_pixel(pixel))
        scale = output_scale(theme, trace, layer)
        names = (*self.sources, layer)
        zones = _map_zones(theme.layout.stage, self.values[-1].shape)
        is_airy = zones[0].height - zones[0].width >= AIRY
        room = LARGE_NUMBER_ROOM if is_airy else NUMBER_ROOM
        self._number_size = self._large_size(zones[0]) if is_airy else theme.sizes.number
        texts = [words("skip.map", layer=name, channel=channel) for name in names]
        lines = lines_of_names(texts, zones[0].width, theme)
        self.panels = [
            MapPanel(
                values,
                scale,
                text,
                name,
                theme,
                words,
                Zone(zone.left, zone.top, zone.right, zone.bottom + room),
                name_lines=lines,
            )
            for values, text, name, zone in zip(self.values, texts, names, zones, strict=True)
        ]
        self._colours = scale.colours(self.values[-1])
        self.fill(0.0)
        size, palette = theme.sizes.title, theme.palette
        self.signs: list[Mobject] = []
        for sign, (one, other) in zip(("+", self.equals), pairwise(zones), strict=True):
            self.signs.append(Label(sign, size, palette.text).move_to(_between(one, other)))
        self.frames = [KernelWindow(panel.map, 1, theme) for panel in self.panels]
        heights = [value_height(panel, room) for panel in self.panels]
        places = [point(zone.x, y) for zone, y in zip(zones, heights, strict=True)]
        self.numbers = [
            Number(quantity, self._number_size, palette.text, weight=BOLD).move_to(place)
            for quantity, place in zip(self.quantities(pixel), places, strict=True)
        ]
        self.show_place(pixel)
        self._make_shares()

    def quantities(self, pixel: Pixel) -> list[Quantity]:
        """Return the two values at a place, and their sum."""
        decimals = decimals_that_fit(np.concatenate(self.values), CHARACTERS, most=2, sign="always")
        row, column = pixel
        return [
            Quantity.of(
                "activation",
                float(values[pixel]),
                decimals,
                sign="always",
                layer=name,
                channel=self.channel,
                row=row,
                column=column,
            )
            for values, name in zip(self.values, (*self.sources, self.layer), strict=True)
        ]

    def _large_size(self, zone: Zone) -> float:
        """Return the size of numbers that fill the width of a zone, up to that of titles."""
        sizes = self._theme.sizes
        shown = [each.shown for pixel in self.pixels for each in self.quantities(pixel)]
        widest = max(line_width(each, sizes.number, BOLD) for each in shown)
        fitting = sizes.number * NUMBER_SHARE * zone.width / widest
        return min(max(fitting, sizes.number), sizes.title)

    @property
    def equals(self) -> str:
        """``"="``, or ``"≈"`` where a shown sum is not that of the shown values."""
        shown = [self.quantities(pixel) for pixel in self.pixels]
        signs = {equals_sign([one.shown, other.shown], total.shown) for one, other, total in shown}
        return "≈" if "≈" in signs else "="

    def show_place(self, pixel: Pixel) -> None:
        """Put the frames on a place, and its values into the numbers."""
        for frame in self.frames:
            frame.show_position(*pixel)
        for number, quantity in zip(self.numbers, self.quantities(pixel), strict=True):
            number.set_quantity(quantity)

    def fill(self, share: float, worked: Mapping[Pixel, float] | None = None) -> None:
        """Show the first share, 0 to 1, of the sums in reading order, and single ones before.

        Parameters
        ----------
        share
            Of all cells.
        worked
            How far, 0 to 1, cells are there whose turn has not come yet.
        """
        rows, columns = self.values[-1].shape
        index = np.arange(rows * columns).reshape(rows, columns)
        alpha = np.where(index < round(share * rows * columns), 255, 0).astype(np.uint8)
        for pixel, opacity in (worked or {}).items():
            alpha[pixel] = max(alpha[pixel], round(255 * opacity))
        self.panels[-1].map.set_colours(np.asarray(self._colours, np.uint8))
        self.panels[-1].map.set_cell_alpha(alpha)

    def show_shares(self, share: float) -> None:
        """Let the bars of what each branch brings have this share, 0 to 1, of their lengths."""
        for bar, track, brought in zip(self.bars, self.tracks, self.shares(), strict=True):
            left, top, right, bottom = track.corners()
            bar.set_edges(left, top, left + share * brought * (right - left), bottom)

    def _make_shares(self) -> None:
        """Make a bar below each branch's map, whose whole width is all that both bring.

        Number and bar stand in the middle between map and legend.
        """
        palette, size = self._theme.palette, self._number_size
        self.tracks = [PlainRectangle(palette.zero) for _ in self.sources]
        self.bars = [PlainRectangle(palette.text_muted) for _ in self.sources]
        self.share_numbers: list[Number] = []
        for panel, track, share in zip(self.panels, self.tracks, self.shares(), strict=False):
            quantity = Quantity.of_share(share, layer=self.layer, channel=self.channel)
            number = Number(quantity, size, palette.text, weight=BOLD)
            left, _, right, bottom = panel.map.corners()
            legend_top = max(float(each.get_top()[1]) for each in panel.legends)
            y = (bottom + legend_top + BAR_GAP + BAR_HEIGHT) / 2
            digits = CAP_HEIGHT * number.em
            self.share_numbers.append(number.move_to(point(panel.zone.x, y)))
            top = y - digits / 2 - BAR_GAP
            track.set_edges(left, top, right, top - BAR_HEIGHT)
        self.show_shares(0.0)

    def shares(self) -> tuple[float, float]:
        """Return what each branch brings: its sum of absolute values, as a share of both.

        Nothing where both are zero everywhere.
        """
        first, second = (float(np.abs(each).sum(dtype=np.float64)) for each in self.values[:2])
        both = first + second
        return (first / both, second / both) if both else (0.0, 0.0)

    def _another_pixel(self, pixel: Pixel) -> Pixel:
        """Return the place where the branches differ most in sign or size: the largest gap."""
        gap = np.abs(self.values[0].astype(np.float64) - self.values[1])
        gap[pixel] = -1
        return strongest_place(gap)


def _map_zones(stage: Zone, shape: tuple[int, ...]) -> list[Zone]:
    """Return where the branches and their sum stand: in a row, or the sum below the branches.

    Parameters
    ----------
    stage
        The room for all.
    shape
        (rows, columns) of a map.
    """
    if stage.height <= stage.width or shape[0] >= HIGH * shape[1]:
        return list(stage.columns(1, 1, 1, gap=GAP))
    above, below = stage.rows(1, 1, gap=GAP)
    one, other = above.columns(1, 1, gap=GAP)
    half = one.width / 2
    return [one, other, Zone(below.x - half, below.top, below.x + half, below.bottom)]


def _between(one: Zone, other: Zone) -> np.ndarray:
    """Return the middle of the gap between two zones side by side, or that before a lower one.

    Above the lower one, a sum that grows out of the sign would pass through the map's name.
    """
    if other.left >= one.right - 1e-6:
        return point((one.right + other.left) / 2, one.y)
    return point(other.left - GAP / 2, other.y)
