"""A stop at a convolution or a ReLU: the map, what the pixel reaches of it, and its part."""

from __future__ import annotations

import numpy as np
from manim import Mobject

from cnnviz.architecture import INPUT
from cnnviz.explain.fields import Field
from cnnviz.explain.shown_journey import written_cells
from cnnviz.explain.stops import Stop
from cnnviz.locales import Words
from cnnviz.mobjects.frames import Outline, map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.journey_closeup import CloseUp
from cnnviz.mobjects.journey_panel import Panel, zoom_lines
from cnnviz.mobjects.journey_trail import LEAST_MARK, field_edges
from cnnviz.mobjects.maps import output_scale
from cnnviz.theme import Theme
from cnnviz.traces import Trace
from cnnviz.zones import Zone

GAP = 0.55
"""Between the panels, in Manim units."""

HALF = 0.5
"""Share of the way through the ReLU at which a value that is stopped becomes 0."""


class MapBoard:
    """The mobjects of one stop; none is in the scene at first.

    Parameters
    ----------
    trace
        What is shown.
    stop
        A convolution, perhaps with the ReLU after it, or a ReLU alone.
    zone
        The room.
    theme, words
        Looks and words.
    """

    def __init__(self, trace: Trace, stop: Stop, zone: Zone, theme: Theme, words: Words) -> None:
        self._theme, self._words, self._stop = theme, words, stop
        on, values, own = (Panel(part, theme) for part in _divide(zone))
        self._make_map(trace, on)
        self._make_close_ups(values, own)
        self.mark = Outline(theme.palette.accent, theme.strokes.normal)
        least = LEAST_MARK * theme.layout.pixel
        self.mark_start = (
            field_edges(self.map, stop.before, least)
            if stop.before.layer != INPUT and self._is_inside(stop.before)
            else field_edges(self.map, stop.first.field, least)
        )
        self.mark_end = field_edges(self.map, stop.first.field, least)
        self.mark.set_edges(*self.mark_start)
        below = bool(self.values.cells.get_top()[1] < self.mark_end[3])
        self.zoom = zoom_lines(self.mark_end, self.values.cells, theme, below)

    def _make_map(self, trace: Trace, panel: Panel) -> None:
        stop, theme = self._stop, self._theme
        first, relu = stop.first, stop.relu or stop.first
        layer_trace, relu_trace = trace[first.layer], trace[relu.layer]
        is_relu = layer_trace.kind == "relu"
        before = layer_trace.input if is_relu else layer_trace.output
        self.has_relu = relu_trace.kind == "relu"
        signed = theme.signed_scale(output_scale(theme, trace, first.layer).high)
        self._scale = signed
        self._before = before[first.channel]
        self._colours = (
            signed.colours(self._before),
            signed.colours(relu_trace.output[relu.channel]),
        )
        rows, columns = self._before.shape
        cell = theme.layout.cell_size(1, min(panel.room.width / columns, panel.room.height / rows))
        self.map = HeatMap(self._colours[0], columns * cell, rows * cell)
        self.map.move_to(np.array([panel.room.x, panel.room.top - rows * cell / 2, 0.0]))
        self.frame = map_frame(self.map, theme)
        text = self._words("journey.channel_of", layer=first.layer, channel=first.channel)
        self.heading = panel.heading(text, self.map)

    def _make_close_ups(self, values_panel: Panel, own_panel: Panel) -> None:
        first, relu = self._stop.first, self._stop.relu or self._stop.first
        field = first.field
        cells = np.ix_(field.rows, field.columns)
        values = self._before[cells]
        where = (field.rows, field.columns)
        self._values = values, relu.values
        self._own = first.own_parts, relu.own_parts
        place = first.layer, first.channel
        after = relu.layer, relu.channel
        self._written = {
            "values": (
                written_cells("activation", values, *where, *place),
                written_cells("activation", relu.values, *where, *after, alike=values),
            ),
            "own": (
                written_cells("own_part", first.own_parts, *where, *place),
                written_cells("own_part", relu.own_parts, *where, *after, alike=first.own_parts),
            ),
        }
        theme, words = self._theme, self._words
        self.values = CloseUp(
            values, self._written["values"][0], self._scale, theme, values_panel.room
        )
        self.own = CloseUp(
            first.own_parts, self._written["own"][0], self._scale, theme, own_panel.room
        )
        rows, columns = values.shape
        text = words("journey.reached", count=rows * columns, rows=rows, columns=columns)
        self.values_heading = values_panel.heading(text, self.values.cells, True)
        self.own_heading = own_panel.heading(words("journey.own_part"), self.own.cells)
        self.stopped = (relu.values <= 0) if self.has_relu else np.zeros(values.shape, bool)
        passed = int((~self.stopped).sum())
        key = "survive" if passed else "none_survives"
        foot = words(f"journey.{key}", count=passed, total=self.stopped.size)
        self.foot = values_panel.foot(foot, self.values.cells)

    def _is_inside(self, field: Field) -> bool:
        rows, columns = self._before.shape
        return bool(field.rows[-1] < rows and field.columns[-1] < columns)

    @property
    def close_up_parts(self) -> list[Mobject]:
        """The values from near, with heading and the lines to the map."""
        return [self.zoom, *self.values.parts, self.values_heading]

    @property
    def own_parts(self) -> list[Mobject]:
        """The pixel's own part of them, with heading."""
        return [*self.own.parts, self.own_heading]

    @property
    def moving_parts(self) -> list[Mobject]:
        """What the ReLU changes."""
        return [self.map, *self.values.parts, *self.own.parts]

    def show_mark(self, share: float) -> None:
        """Let the outline grow from the field before to the field of this layer."""
        edges = (
            start + (end - start) * share
            for start, end in zip(self.mark_start, self.mark_end, strict=True)
        )
        self.mark.set_edges(*edges)

    def show_relu(self, share: float) -> None:
        """Let what is not above zero fade, and become 0."""
        before, after = (colours.astype(np.float64) for colours in self._colours)
        self.map.set_colours(np.rint(before + (after - before) * share).astype(np.uint8))
        step = 1 if share >= HALF else 0
        seen = np.where(self.stopped, abs(1 - 2 * share), 1.0)
        for grid, values, name in (
            (self.values, self._values, "values"),
            (self.own, self._own, "own"),
        ):
            grid.show_values(values[step], self._written[name][step])
            grid.show_share(seen)

    def finish_relu(self) -> None:
        """Let cells that are stopped step back."""
        seen = np.where(self.stopped, self._theme.dimmed, 1.0)
        self.values.show_share(seen)
        self.own.show_share(seen)


def _divide(zone: Zone) -> tuple[Zone, Zone, Zone]:
    """Return the zones of the map, of the values, and of the pixel's part of them."""
    if zone.is_wide:
        on, values, own = zone.columns(1.0, 1.35, 1.35, gap=GAP)
        return on, values, own
    on, grids = zone.columns(1.0, 1.5, gap=GAP)
    values, own = grids.rows(1, 1)
    return on, values, own
