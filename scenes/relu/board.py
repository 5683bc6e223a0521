"""The stage of ReLU: the map before, the graph with the histogram, the map after."""

from __future__ import annotations

import math

import numpy as np

from cnnviz.explain.bend import Bend
from cnnviz.explain.places import Pixel
from cnnviz.explain.quantity import Quantity
from cnnviz.explain.relu import explain_relu
from cnnviz.explain.rounding import decimals_that_fit, equals_sign, written_slope
from cnnviz.locales import Words
from cnnviz.mobjects.expression import Expression, Part
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.frames import KernelWindow, Outline
from cnnviz.mobjects.map_panel import MapPanel, lines_of_names
from cnnviz.mobjects.maps import input_scale, output_scale
from cnnviz.mobjects.text import Label
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.scenes.relu.graph import ReluGraph
from cnnviz.scenes.relu.row_curve import RowCurve, interesting_row
from cnnviz.style.geometry import Zone
from cnnviz.style.layout import Layout
from cnnviz.style.theme import Theme

CHARACTERS = 6
"""Room for a value in the calculation."""

LEAKY_DECIMALS = 4
"""At most, of values some of which are scaled down."""

FRONT = 5.0
"""Columns over which the wave's front is spread."""

GAP = 0.34
"""Between the parts of the stage, in Manim units."""

LEGEND_SHARE = 1.34
"""Height of a map with its legend, as a multiple of one without."""


def relu_zones(layout: Layout) -> tuple[Zone, Zone, Zone]:
    """Return the rooms of the map before, the graph, and the map after."""
    stage = layout.stage
    if layout.aspect == "9:16":
        maps, graph = stage.rows(1.0, 1.2, gap=GAP)
        before, after = maps.columns(1, 1, gap=GAP)
        return before, graph, after
    if layout.aspect == "1:1":
        maps, graph = stage.columns(1.0, 2.2, gap=GAP)
        before, after = maps.rows(LEGEND_SHARE, 1, gap=GAP / 3)  # one legend serves both
        return before, graph, after
    before, graph, after = stage.columns(1.15, 1.6, 1.15, gap=GAP)
    return before, graph, after


def row_zones(layout: Layout) -> tuple[Zone, Zone]:
    """Return the rooms of the map before and of its row's curve, while there is no map after."""
    stage = layout.stage
    if layout.aspect == "9:16":
        alone, curve = stage.rows(1.4, 1.0, gap=GAP)
        return alone, curve
    if layout.aspect == "1:1":
        alone, curve = stage.columns(1.0, 1.1, gap=GAP)
        return alone, curve
    alone, graph, after = relu_zones(layout)
    return alone, Zone(graph.left, graph.top, after.right, graph.bottom)


class ReluBoard:
    """All mobjects of the scene, and how the map after follows the wave.

    Parameters
    ----------
    trace
        What the network computed.
    layer, channel
        The ReLU layer and which of its maps.
    theme, words
        Looks and words.
    """

    def __init__(self, trace: Trace, layer: str, channel: int, theme: Theme, words: Words) -> None:
        self.theme = theme
        self.words = words
        self.layer = layer
        self.channel = channel
        self.source = trace.architecture.source_of(layer)
        self.values = trace[layer].input[channel]
        self.result = trace[layer].output[channel]
        self.clipping = explain_relu(trace[layer], channel)
        self.bend = Bend.of(trace[layer], channel)
        before_zone, graph_zone, after_zone = relu_zones(theme.layout)
        alone, self._row_zone = row_zones(theme.layout)
        scale = input_scale(theme, trace, layer)
        is_picture = self.source == INPUT
        self.source_name = words("common.picture") if is_picture else self.source
        # What is kept keeps its colour: both maps have the range of what comes in.
        kept = scale if self.bend.is_leaky else theme.positive_scale(scale.high)
        scale_after = output_scale(theme, trace, layer) if is_picture else kept
        names = [
            words("relu.map", layer=each, channel=channel) for each in (self.source_name, layer)
        ]
        self._name_lines = lines_of_names(names, after_zone.width, theme)
        self.after = MapPanel(
            self.result,
            scale_after,
            names[1],
            layer,
            theme,
            words,
            after_zone,
            has_legend=theme.layout.aspect != "1:1",
            name_lines=self._name_lines,
        )
        self._scale = scale
        self.whole = self._make_before(theme.layout.stage, has_legend_beside=True)
        self.before = self._make_before(before_zone, self.after.map.cell_size()[0])
        self.alone = self.before if alone == before_zone else self._make_before(alone)
        """The map before, beside its row's curve, where there is no map after yet."""
        self._colours_before = scale.colours(self.values)
        self._colours_after = scale_after.colours(self.result)
        self.graph = ReluGraph(trace[layer], channel, graph_zone, theme, words)
        self.front = Outline(theme.palette.text, theme.strokes.thin)
        self._is_done = np.zeros(self.values.shape, bool)
        self.show_copy(1.0)

    def _make_before(
        self, zone: Zone, largest_cell: float | None = None, *, has_legend_beside: bool = False
    ) -> MapPanel:
        """Return the map before ReLU for some room."""
        return MapPanel(
            self.values,
            self._scale,
            self.words("relu.map", layer=self.source_name, channel=self.channel),
            self.source,
            self.theme,
            self.words,
            zone,
            largest_cell,
            has_legend_beside=has_legend_beside,
            name_lines=self._name_lines,
        )

    # -- one row ------------------------------------------------------------------------------

    def row_curve(self) -> RowCurve | None:
        """Return the most telling row's curve; None of a map with a single column."""
        if self.values.shape[1] < 2:
            return None
        row = interesting_row(self.values, self.bend.ceiling)
        return RowCurve(
            self.alone.map,
            self.values,
            row,
            self.bend,
            self._row_zone,
            self.theme,
            self.words,
        )

    # -- one value ----------------------------------------------------------------------------

    @property
    def slope(self) -> str:
        """By what values below zero are multiplied, as it is written."""
        return written_slope(self.bend.slope)

    @property
    def signs(self) -> tuple[str, str]:
        """What stands before and after the value in a function that clips."""
        if math.isinf(self.bend.ceiling):
            return "max(0, ", ")"
        return f"min({self.bend.ceiling:g}, max(0, ", "))"

    def quantities(self, pixel: Pixel) -> tuple[Quantity, Quantity]:
        """Return one value before and after."""
        # What a slope leaves is small.
        most = LEAKY_DECIMALS if self.bend.is_leaky else 2
        decimals = decimals_that_fit([self.values, self.result], CHARACTERS, most=most)
        row, column = pixel
        before, after = (
            Quantity.of(
                "activation",
                float(values[pixel]),
                decimals,
                width=CHARACTERS,
                layer=layer,
                channel=self.channel,
                row=row,
                column=column,
            )
            for values, layer in ((self.values, self.source), (self.result, self.layer))
        )
        return before, after

    def calculation(self, pixel: Pixel) -> Expression:
        """Return the function with one value in it, and what comes out."""
        before, after = self.quantities(pixel)
        parts: list[Part] = [self.signs[0], before, self.signs[1], " = ", after]
        if self.bend.is_leaky:
            factor = self.slope.removeprefix("≈ ") if before.value < 0 else "1"
            sign = equals_sign([factor, before.shown], after.shown, "product")
            parts = [f"{factor} × (", before, ")", f" {sign} ", after]
        return Expression(
            parts,
            self.theme.sizes.number,
            self.graph.readout_centre,
            self.graph.zone.width,
            self.theme,
        )

    def cursor(self, panel: MapPanel, pixel: Pixel) -> KernelWindow:
        """Return a frame around one cell; it is not gold, which is for the value."""
        cursor = KernelWindow(panel.map, 1, self.theme)
        cursor.set_stroke(self.theme.palette.text)
        cursor.show_position(*pixel)
        return cursor

    def show_result(self, pixel: Pixel) -> None:
        """Light one cell of the map after; the others wait, dimmed, as they were before."""
        self._is_done[pixel] = True
        self.show_copy(self.theme.aside)

    # -- all values ---------------------------------------------------------------------------

    def show_copy(self, share: float) -> None:
        """Show the map before where the map after will be, this opaque; told cells are done."""
        done = self._is_done[..., None]
        colours = np.where(done, self._colours_after, self._colours_before).astype(np.uint8)
        self.after.map.set_colours(colours)
        alpha = np.where(self._is_done, 255, round(255 * share))
        self.after.map.set_cell_alpha(alpha.astype(np.uint8))

    @property
    def wave_end(self) -> float:
        """Where the wave's front ends up."""
        return float(self.values.shape[1] + FRONT)

    def show_wave(self, front: float) -> None:
        """Let everything left of the front be done, on the map and in the histogram.

        The front itself is a line, so that it is seen also where nothing changes.
        """
        done = np.clip((front - np.arange(self.values.shape[1])) / FRONT, 0, 1)
        reached = np.broadcast_to(done >= 1, self.values.shape)
        share = np.where(self._is_done, 1.0, done)[..., None]
        mixed = self._colours_before * (1 - share) + self._colours_after * share
        self.after.map.set_colours(np.rint(mixed).astype(np.uint8))
        self.graph.show_bars(reached)
        left, top, _, bottom = self.after.map.corners()
        x = left + self.after.map.cell_size()[0] * min(front, self.values.shape[1])
        self.front.set_edges(x, top, x, bottom)

    def formula(self) -> Label:
        """Return the function as it is written before any value is in it."""
        size, colour = self.theme.sizes.number, self.theme.palette.text
        text = "x".join(self.signs)
        if self.bend.is_leaky:
            text = self.words("relu.leaky_rule", slope=self.slope)
        label = FittedLabel(text, size, colour, self.graph.zone.width)
        return label.move_to(self.graph.readout_centre)
