"""A block at a convolution or a ReLU: the map, what the pixel reaches of it, and its part."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from manim import Mobject

from cnnviz.explain.fields import Field
from cnnviz.explain.quantity import QuantityKind
from cnnviz.explain.relu import ceiling_of
from cnnviz.layers.gate import Gate
from cnnviz.locales import Words
from cnnviz.mobjects.frames import Outline, map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.scenes.journey.closeup import CloseUp
from cnnviz.scenes.journey.layer_blocks import LayerBlock
from cnnviz.scenes.journey.own_part import own_heading, stronger_scale, times_stronger
from cnnviz.scenes.journey.panel import Panel, divide_stage, holds_a_row, zoom_lines
from cnnviz.scenes.journey.shown import Written, written_cells
from cnnviz.scenes.journey.trail import LEAST_MARK, field_edges, map_scale
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

GAP = 0.55
"""Between the panels, in Manim units."""

FEW = 2
"""Close-ups of so many rows and columns at most stand below the map in a zone that is not wide."""

HALF = 0.5
"""Share of the way through the ReLU at which a value that is stopped becomes 0."""


@dataclass(frozen=True, eq=False)
class _Transition:
    """A close-up, what it shows before and after the ReLU, and what of it ends there."""

    grid: CloseUp
    values: tuple[npt.NDArray[np.floating], npt.NDArray[np.floating]]
    written: tuple[Written, Written]
    stopped: npt.NDArray[np.bool_]


class MapBoard:
    """The mobjects of one block; none is in the scene at first.

    Parameters
    ----------
    trace
        What is shown.
    block
        A convolution, perhaps with the ReLU after it, or a ReLU alone.
    zone
        The room.
    theme, words
        Looks and words.

    Attributes
    ----------
    takes_turns
        Whether the pixel's part stands where the values stood, because only one of them can be
        written out at a time.
    """

    def __init__(
        self, trace: Trace, block: LayerBlock, zone: Zone, theme: Theme, words: Words
    ) -> None:
        self._theme, self._words, self._block = theme, words, block
        shape = block.first.values.shape
        on, values, own = divide_stage(_divisions(zone, shape), (None, shape, shape), theme)
        self.takes_turns = values.room == own.room
        self._make_map(trace, on)
        self._make_close_ups(values, own)
        self.mark = Outline(theme.palette.accent, theme.strokes.normal)
        least = LEAST_MARK * theme.layout.pixel
        self.mark_start = (
            field_edges(self.map, block.before, least)
            if block.before.layer != INPUT and self._is_inside(block.before)
            else field_edges(self.map, block.first.field, least)
        )
        self.mark_end = field_edges(self.map, block.first.field, least)
        self.mark.set_edges(*self.mark_start)
        below = bool(self.values.cells.get_top()[1] < self.mark_end[3])
        self.zoom = zoom_lines(
            self.mark_end, self.values.cells, theme, below=below, heading=self.values_heading
        )

    def _make_map(self, trace: Trace, panel: Panel) -> None:
        block, theme = self._block, self._theme
        first, last = block.first, block.last
        layer_trace, last_trace = trace[first.layer], trace[last.layer]
        self._first_layer = first.layer
        source = trace.architecture.sources_of(first.layer)[0]
        if isinstance(layer_trace.layer, Gate) and source != INPUT:
            self._first_layer = source  # of a ReLU alone its input stands here before
        before = trace[self._first_layer].output
        self.has_relu = isinstance(last_trace.layer, Gate)
        self._ceiling = ceiling_of(last_trace) if self.has_relu else math.inf
        signed = self._scale = map_scale(trace, self._first_layer, theme)
        self._before = before[first.channel]
        self._colours = (
            signed.colours(self._before),
            signed.colours(last_trace.output[last.channel]),
        )
        rows, columns = self._before.shape
        cell = theme.layout.cell_size(1, min(panel.room.width / columns, panel.room.height / rows))
        self.map = HeatMap(self._colours[0], columns * cell, rows * cell)
        self.map.move_to(point(panel.room.x, panel.room.top - rows * cell / 2))
        self.frame = map_frame(self.map, theme)
        names = [
            self._words("journey.channel_of", layer=layer, channel=stage.channel)
            for layer, stage in ((self._first_layer, first), (last.layer, last))
        ]
        # Each stands where it has room: one may be in two lines where the other is a wide one.
        headings = [panel.heading(name, self.map) for name in names]
        self.heading = headings[0]
        places = [each.get_center() for each in headings]
        self._named = list(zip(names, places, strict=True))

    def _make_close_ups(self, values_panel: Panel, own_panel: Panel) -> None:
        first, last, words = self._block.first, self._block.last, self._words
        before = self._before[np.ix_(first.field.rows, first.field.columns)]
        nothing, ends = np.zeros(before.shape, bool), np.zeros(before.shape, bool)
        if self.has_relu:
            # What is held at a ceiling stays on the map, but nothing of the pixel passes there.
            nothing, ends = last.values <= 0, ~np.asarray(last.passing)
        shown = self._close_up(
            "activation", before, last.values, values_panel, nothing, self._scale
        )
        times = times_stronger(first.own_parts, self._scale)
        scale = stronger_scale(self._scale, times, self._theme)
        own = self._close_up("own_part", first.own_parts, last.own_parts, own_panel, ends, scale)
        self._transitions = shown, own
        self.values, self.own = shown.grid, own.grid
        rows, columns = before.shape
        key = "reached" if first.own_parts.any() else "reached_nothing"
        text = words(f"journey.{key}", count=rows * columns, rows=rows, columns=columns)
        self.values_heading = values_panel.heading(text, self.values.cells, is_accent=True)
        text = own_heading(words, times)
        self.own_heading = own_panel.heading(text, self.own.cells, has_lines=True)
        passed = int((~ends).sum())
        key = "survive" if passed else "none_survives"
        key = key if math.isinf(self._ceiling) else f"{key}_six"
        foot = words(f"journey.{key}", count=passed, total=ends.size)
        self.foot = values_panel.foot(foot, self.values.cells)

    def _close_up(
        self,
        kind: QuantityKind,
        before: npt.NDArray[np.floating],
        after: npt.NDArray[np.floating],
        panel: Panel,
        stopped: npt.NDArray[np.bool_],
        scale: ColourScale,
    ) -> _Transition:
        first, last = self._block.first, self._block.last
        where = first.field.rows, first.field.columns
        layer = self._first_layer if kind == "activation" else first.layer
        written = (
            written_cells(kind, before, *where, layer, first.channel),
            written_cells(kind, after, *where, last.layer, last.channel, alike=before),
        )
        grid = CloseUp(before, written[0], scale, self._theme, panel.room)
        return _Transition(grid, (before, after), written, stopped)

    def _is_inside(self, field: Field) -> bool:
        rows, columns = self._before.shape
        return bool(field.rows[-1] < rows and field.columns[-1] < columns)

    @property
    def own_parts(self) -> list[Mobject]:
        """The pixel's own part of them, with heading."""
        return [*self.own.parts, self.own_heading]

    @property
    def moving_parts(self) -> list[Mobject]:
        """What the ReLU changes."""
        own = [] if self.takes_turns else self.own.parts
        return [self.heading, self.map, *self.values.parts, *own]

    def show_mark(self, share: float) -> None:
        """Let the outline grow from the field before to the field of this layer."""
        edges = (
            start + (end - start) * share
            for start, end in zip(self.mark_start, self.mark_end, strict=True)
        )
        self.mark.set_edges(*edges)

    def show_relu(self, share: float) -> None:
        """Let what ends there fade, change, and stay in the background."""
        before, after = (colours.astype(np.float64) for colours in self._colours)
        self.map.set_colours(np.rint(before + (after - before) * share).astype(np.uint8))
        step = 1 if share >= HALF else 0
        stopped = self._theme.dimmed * (2 * share - 1) if step else 1 - 2 * share
        name, place = self._named[step]
        self.heading.set_text(name)
        self.heading.move_to(place)
        for each in self._transitions:
            each.grid.show_values(each.values[step], each.written[step])
            each.grid.show_share(np.where(each.stopped, stopped, 1.0))


def _divisions(zone: Zone, shape: tuple[int, ...]) -> list[Sequence[Zone]]:
    """Return the zones of the map, of the values of `shape`, and of the pixel's part of them."""
    if not zone.is_wide and max(shape) <= FEW:
        above, grids = zone.rows(1.7, 1.0, gap=GAP)
        return [[above, *grids.columns(1, 1, gap=GAP)]]
    on, grids = zone.columns(1.0, 1.5, gap=GAP)
    stacked = [on, *grids.rows(1, 1)]
    beside, grid = zone.columns(1.0, 2.0, gap=GAP)
    in_turn = [beside, grid, grid]
    side_by_side = [zone.columns(1.0, 1.35, 1.35, gap=GAP)] if holds_a_row(zone) else []
    return [*side_by_side, stacked, in_turn]
