"""The stage of a concatenation: maps of each branch, the stack of all, and one of them large."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cnnviz.arrays import FloatArray
from cnnviz.explain.comparison import strongest_place
from cnnviz.explain.overview import by_strength, first_with
from cnnviz.explain.places import Pixel
from cnnviz.explain.quantity import Quantity
from cnnviz.explain.rounding import decimals_that_fit
from cnnviz.locales import Words
from cnnviz.mobjects.frames import KernelWindow
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.map_panel import MapPanel
from cnnviz.mobjects.maps import output_scale
from cnnviz.mobjects.text import Label, Number
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.scenes.skip.board import HIGH, value_height
from cnnviz.scenes.skip.map_rows import MapRows, Row, largest_of, most_that_fit
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

GAP = 0.5
"""Between the branches and the stack, in Manim units, as all lengths here."""

VALUE_ROOM = 0.75
"""Below a large map, for a value."""

NAME_ROOM = 2.0
"""Width that branches of high maps must have to stand side by side, for their names."""

MOST_BRANCHES = 5
"""More are not legible."""

CHARACTERS = 7
"""A value takes at most so many."""


@dataclass(frozen=True)
class Branch:
    """One of the layers that are put one after another.

    Attributes
    ----------
    source
        Its name, as it is written.
    start
        Which channel of the stack its first one is.
    count
        How many channels it has.
    index
        Which branch it is.
    """

    source: str
    start: int
    count: int
    index: int


class StackBoard:
    """The branches of a concatenation and what it makes of them; nothing is in the scene at first.

    Of a branch with many maps the strongest are shown, by the sum of absolute values. All maps
    have the same colours for the same values.

    Parameters
    ----------
    trace
        What the network computed.
    layer, channel
        The concatenation, and which of its maps is followed.
    pixel
        (row, column) of the value that is compared first.
    theme, words
        Looks and words.
    """

    def __init__(
        self, trace: Trace, layer: str, channel: int, pixel: Pixel, theme: Theme, words: Words
    ) -> None:
        self._theme, self._words = theme, words
        self.layer, self.channel = layer, channel
        layer_trace = trace[layer]
        self._maps = layer_trace.output
        counts = [len(each) for each in layer_trace.inputs]
        ((followed, self.own),) = layer_trace.layer.fed_by(channel, counts)
        self.sources = trace.architecture.sources_of(layer)
        picture = words("common.picture")
        self.source_names = [picture if each == INPUT else each for each in self.sources]
        self.source, self.source_name = self.sources[followed], self.source_names[followed]
        self.counts = counts
        self._scale = output_scale(theme, trace, layer)
        self.branches = self._shown_branches(followed)
        stage = theme.layout.stage
        shape = (int(self._maps.shape[1]), int(self._maps.shape[2]))
        is_high = shape[0] >= HIGH * shape[1]
        halves = (stage.columns if stage.is_wide or is_high else stage.rows)(1, 1, gap=GAP)
        there = max(each.count for each in self.branches)
        count = len(self.branches)
        is_in_line = is_high and halves[0].width / count >= NAME_ROOM
        before, after = (
            list((half.columns if is_in_line else half.rows)(*[1.0] * count)) for half in halves
        )
        shown = most_that_fit(before[0], there, shape)
        self.shown = [self._strongest(each, shown) for each in self.branches]
        """Of each branch, the channels of the stack that are shown."""
        most = max(map(len, self.shown))
        ways = [stage.grid(count, columns) for columns in (1, 2)]
        alone = largest_of(ways, most, shape)
        self.alone, self.before = (
            MapRows(zones, self._rows(is_stack=False), self._scale, theme)
            for zones in (alone, before)
        )
        """The branches, on all of the stage and beside the stack."""
        self.stack = MapRows(after, self._rows(is_stack=True), self._scale, theme)
        self._make_pair(halves, pixel)

    def followed(self, rows: MapRows) -> HeatMap:
        """Return the small map that is followed."""
        ((row, at),) = (
            (row, shown.index(self.channel))
            for row, shown in enumerate(self.shown)
            if self.channel in shown
        )
        return rows.maps[row][at]

    # -- which, and where ---------------------------------------------------------------------

    def _shown_branches(self, followed: int) -> list[Branch]:
        """Return all branches; of many the first ones, the followed one and the last."""
        last = len(self.sources) - 1
        wanted = dict.fromkeys([followed, 0, last, *range(last)])
        indices = sorted(list(wanted)[:MOST_BRANCHES])
        return [
            Branch(
                self.source_names[index],
                sum(self.counts[:index]),
                self.counts[index],
                index,
            )
            for index in indices
        ]

    def _strongest(self, branch: Branch, most: int) -> list[int]:
        """Return the channels of the stack that are shown of a branch, in their order."""
        own = self._maps[branch.start : branch.start + branch.count]
        wanted = self.channel - branch.start
        is_here = 0 <= wanted < branch.count
        shown = first_with(by_strength(own), most, wanted if is_here else None)
        return [branch.start + each for each in shown]

    def _rows(self, *, is_stack: bool) -> list[Row]:
        """Return what is shown of each branch, with its own numbers or those of the stack."""
        return [
            Row(
                self._name(branch, len(shown), is_stack=is_stack),
                list(self._maps[shown]),
                [channel if is_stack else channel - branch.start for channel in shown],
            )
            for branch, shown in zip(self.branches, self.shown, strict=True)
        ]

    def _name(self, branch: Branch, shown: int, *, is_stack: bool) -> str:
        """Return what stands above the maps of a branch: which channels they are, and of what."""
        first = branch.start if is_stack else 0
        facts = {"first": first, "last": first + branch.count - 1, "count": branch.count}
        channels = self._words("skip.channels", **facts)
        if is_stack:
            return f"{self.layer} · {channels}"
        parts = [branch.source, channels]
        if shown < branch.count:
            parts.append(self._words("skip.strongest", count=shown))
        if len(self.branches) < len(self.sources):
            parts.append(self._words("skip.branch", index=branch.index + 1, all=len(self.sources)))
        return " · ".join(parts)

    # -- one channel, large -------------------------------------------------------------------

    def _make_pair(self, halves: tuple[Zone, ...], pixel: Pixel) -> None:
        """Make the followed map large, in its branch and in the stack, and two of its values."""
        theme, words, values = self._theme, self._words, self._maps[self.channel]
        names = (
            (self.source, self.source_name, self.own),
            (self.layer, self.layer, self.channel),
        )
        self.panels = [
            MapPanel(
                values,
                self._scale,
                words("skip.map", layer=shown, channel=channel),
                name,
                theme,
                words,
                Zone(half.left, half.top, half.right, half.bottom + VALUE_ROOM),
            )
            for (name, shown, channel), half in zip(names, halves, strict=True)
        ]
        self.pixels = pixel, self._another_pixel(values, pixel)
        size, palette = theme.sizes.title, theme.palette
        middle = [(each.map.corners()[1] + each.map.corners()[3]) / 2 for each in self.panels]
        x = (self.panels[0].map.corners()[2] + self.panels[1].map.corners()[0]) / 2
        side_by_side = halves[1].left > halves[0].right - GAP / 2
        at = point(x, middle[0]) if side_by_side else point(halves[0].left + 1.0, sum(middle) / 2)
        self.equals = Label("=", size, palette.text).move_to(at)
        self.frames = [KernelWindow(panel.map, 1, theme) for panel in self.panels]
        decimals = decimals_that_fit(values, CHARACTERS, most=2, sign="always")
        self._decimals = decimals
        self.numbers = [
            Number(quantity, theme.sizes.number, palette.text, weight=600).move_to(
                point(panel.map.get_x(), value_height(panel, VALUE_ROOM))
            )
            for quantity, panel in zip(self.quantities(pixel), self.panels, strict=True)
        ]
        self.show_place(*pixel)

    def quantities(self, pixel: Pixel) -> list[Quantity]:
        """Return a value of the followed map, in its branch and in the stack."""
        row, column = pixel
        value = float(self._maps[self.channel][pixel])
        return [
            Quantity.of(
                "activation",
                value,
                self._decimals,
                sign="always",
                layer=name,
                channel=channel,
                row=row,
                column=column,
            )
            for name, channel in ((self.source, self.own), (self.layer, self.channel))
        ]

    def show_place(self, row: float, column: float) -> None:
        """Put the frames on a place; fractions lie between."""
        for frame in self.frames:
            frame.show_position(row, column)

    @staticmethod
    def _another_pixel(values: FloatArray, pixel: Pixel) -> Pixel:
        """Return the place whose value is furthest from that of another."""
        return strongest_place(np.abs(values.astype(np.float64) - values[pixel]))
