"""The layers of an overview: a line of small maps each, their names, the edges before them."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import cairo
import numpy as np
from manim import Mobject

from cnnviz.arrays import FloatArray
from cnnviz.explain.edges import edge_flows
from cnnviz.explain.overview import ShownLayer
from cnnviz.explain.scaling import Scale
from cnnviz.layers import Flatten
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import fitted_size, input_scale, output_scale
from cnnviz.mobjects.network_map.edge_bundle import EdgeBundle
from cnnviz.mobjects.network_map.plan import STRIP, NetworkPlan
from cnnviz.mobjects.network_map.view import clip_box
from cnnviz.mobjects.viewport import Box, Viewport
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import point
from cnnviz.style.theme import Theme

ARC = 0.9
"""How far an arc around a block bends out of its line of maps, in distances of maps."""


class Thumbnail(HeatMap):
    """A map whose cells have hard edges where it is enlarged, and blend where it is reduced.

    They blend too where some cells would take one pixel and others two. It keeps to `clip`.
    """

    def state(self) -> Hashable:
        """Return the bitmap, opacity, corners and clip."""
        return (super().state(), self.clip)

    def is_blended(self, viewport: Viewport) -> bool:
        """Return whether a cell is smaller than a pixel, or than two and not a whole one."""
        box = self.pixel_box(viewport)
        sides = ((box.right - box.left, self.columns), (box.bottom - box.top, self.rows))
        return any(
            pixels < cells or (pixels < 2 * cells and pixels > cells) for pixels, cells in sides
        )

    def damage(self, before: object, viewport: Viewport) -> list[Box] | None:
        """Return None: between blended cells a change has no sharp bounds."""
        return None

    def paint(
        self, context: cairo.Context[Any], viewport: Viewport, within: Box | None = None
    ) -> None:
        """Paint the cells onto whole pixels within the clip."""
        if self.clip is None:
            super().paint(context, viewport, within)
            return
        left, top, right, bottom = clip_box(self.clip, viewport)
        context.save()
        context.identity_matrix()
        context.rectangle(left, top, right - left, bottom - top)
        context.clip()
        super().paint(context, viewport, within)
        context.restore()


def small_map_scale(theme: Theme, trace: Trace, layer: str, scale: Scale) -> ColourScale:
    """Return the colours of a layer's small maps, or of the picture's channels."""
    if layer == INPUT:
        return input_scale(theme, trace, trace.layers[0].name, scale)
    return output_scale(theme, trace, layer, scale)


class LayerColumn:
    """One layer: its maps and the edges that arrive at them. Nothing is in the scene at first.

    Parameters
    ----------
    trace
        What the network computed.
    plan
        Where everything lies.
    index
        Place of the layer in `plan.layers`.
    scale
        Over which layers one colour means one value.
    theme
        Colours.
    """

    def __init__(
        self, trace: Trace, plan: NetworkPlan, index: int, scale: Scale, theme: Theme
    ) -> None:
        self.layer = plan.layers[index]
        self.maps = [] if index == len(plan.layers) - 1 else _maps(trace, plan, index, scale, theme)
        self.pairs = _pairs(trace, plan, index, index - 1)
        self._targets = np.array([target for _, target in self.pairs], int)
        self.edges = _edges(trace, plan, index, index - 1, self.pairs, theme)
        self.branch = _other_branch(plan, index)
        self.arc_pairs = [] if self.branch is None else _pairs(trace, plan, index, self.branch)
        self._arc_targets = np.array([target for _, target in self.arc_pairs], int)
        self.arcs = None
        if self.branch is not None:
            self.arcs = _edges(trace, plan, index, self.branch, self.arc_pairs, theme)

    @property
    def parts(self) -> list[Mobject]:
        """Edges first, so that maps lie above them."""
        return [*self.bundles, *self.maps]

    @property
    def bundles(self) -> list[EdgeBundle]:
        """The edges from the layer before, and of an addition the arcs from its other branch."""
        return [each for each in (self.edges, self.arcs) if each is not None]

    def show(self, count: float, overlap: float = 1.0) -> None:
        """Show the first `count` maps: first the edges of one grow, then it appears.

        Parameters
        ----------
        count
            0 to the number of maps plus `overlap` less 1; a fraction is on its way.
        overlap
            How many maps are on their way at a time.
        """
        started = np.clip((count - np.arange(len(self.layer.channels))) / overlap, 0, 1)
        if self.edges is not None:
            self.edges.grow(2 * started[self._targets])
        if self.arcs is not None:
            self.arcs.grow(2 * started[self._arc_targets])
        for each, share in zip(self.maps, 2 * started - (self.edges is not None), strict=False):
            each.opacity = float(np.clip(share, 0, 1))

    def edges_into(self, position: int) -> frozenset[int]:
        """Return the indices, in the bundle, of the edges that arrive at one map."""
        return frozenset(int(each) for each in np.flatnonzero(self._targets == position))


def _maps(trace: Trace, plan: NetworkPlan, index: int, scale: Scale, theme: Theme) -> list[HeatMap]:
    layer = plan.layers[index]
    colours = small_map_scale(theme, trace, layer.name, scale)
    made = []
    for position, channel in enumerate(layer.channels):
        thumbnail = _thumbnail(_values(trace, layer, channel), colours, plan, index)
        thumbnail.move_to(plan.centre(index, position))
        made.append(on_pixels(thumbnail, theme))
    return made


def _values(trace: Trace, layer: ShownLayer, channel: int) -> FloatArray:
    """Return a map (rows, columns), a part of the vector (cells,), or one value (1, 1)."""
    if layer.name == INPUT:
        values: FloatArray = trace.layers[0].input[channel]
    elif layer.kind == Flatten.kind:
        values = trace[layer.name].output.reshape(layer.total, -1)[channel]
    else:
        values = trace[layer.name].output[channel]
    return values if layer.has_maps or values.ndim else values.reshape(1, 1)


def _thumbnail(values: FloatArray, colours: ColourScale, plan: NetworkPlan, index: int) -> HeatMap:
    if values.ndim == 2:
        side = plan.thickness(index)
        return Thumbnail(colours.colours(values), *fitted_size(values.shape, side))
    line = values[np.newaxis] if plan.runs_down else values[:, np.newaxis]
    length = plan.sides[index]
    size = (length, STRIP) if plan.runs_down else (STRIP, length)
    return Thumbnail(colours.colours(line), *size)


def on_pixels(thumbnail: HeatMap, theme: Theme) -> HeatMap:
    """Move a map so that its upper left corner lies on a whole pixel at 1080p."""
    left, top, _, _ = thumbnail.corners()
    corner = point(left, top)
    pixel = theme.layout.pixel
    thumbnail.shift(np.rint(corner / pixel) * pixel - corner)
    return thumbnail


def _other_branch(plan: NetworkPlan, index: int) -> int | None:
    """Return which column an addition reads besides the one before it, if that is shown."""
    layer = plan.layers[index]
    others = [
        place
        for place, each in enumerate(plan.layers[: max(index - 1, 0)])
        if each.name in layer.sources
    ]
    return others[0] if others else None


def _pairs(trace: Trace, plan: NetworkPlan, index: int, before: int) -> list[tuple[int, int]]:
    """Return the edges from one layer to another as places among the maps shown: (source, target).

    None arrive at the picture, nor where the layer that is read is left out.
    """
    shown = plan.layers[index]
    if index == 0 or plan.layers[before].name not in shown.sources:
        return []
    layer = trace[shown.name].layer
    return [
        (source, target)
        for target, channel in enumerate(shown.channels)
        for source, other in enumerate(plan.layers[before].channels)
        if layer.joins_all or other in layer.feeding(channel)
    ]


def _edges(
    trace: Trace,
    plan: NetworkPlan,
    index: int,
    before: int,
    pairs: list[tuple[int, int]],
    theme: Theme,
) -> EdgeBundle | None:
    """Return the edges from one layer to another; None where there are none.

    Their strengths are relative to the strongest that is shown: see :func:`edge_flows`.
    """
    if not pairs:
        return None
    layer, source_layer = plan.layers[index], plan.layers[before]
    flows = {
        channel: _flows_by_source(trace, layer, source_layer, channel) for channel in layer.channels
    }
    strengths = np.array(
        [flows[layer.channels[target]][source_layer.channels[source]] for source, target in pairs]
    )
    strengths = strengths / max(strengths.max(), np.finfo(np.float64).tiny)
    return EdgeBundle(
        np.array([plan.leaving(before, source)[:2] for source, _ in pairs]),
        np.array([plan.arriving(index, target)[:2] for _, target in pairs]),
        strengths,
        runs_down=plan.runs_down,
        theme=theme,
        bulge=0.0 if before == index - 1 else ARC * plan.pitch,
    )


def _flows_by_source(
    trace: Trace, layer: ShownLayer, before: ShownLayer, channel: int
) -> dict[int, float]:
    """Return what comes over each edge into one map, by the channel it comes from."""
    flows = edge_flows(trace[layer.name], channel, before.total)
    if len(layer.sources) > 1:
        return {channel: float(flows[layer.sources.index(before.name)])}
    joins_all = trace[layer.name].layer.joins_all
    feeding = range(before.total) if joins_all else trace[layer.name].layer.feeding(channel)
    return dict(zip(feeding, flows.tolist(), strict=True))
