"""The layers of an overview: a line of small maps each, their names, the edges before them."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import cairo
import numpy as np
from manim import Mobject

from cnnviz.arrays import FloatArray, IntArray
from cnnviz.explain.edges import edge_flows
from cnnviz.explain.overview import ShownLayer
from cnnviz.explain.scaling import Scale
from cnnviz.layers import Flatten
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import fitted_size, output_scale, picture_scale
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
        return picture_scale(theme, trace)
    return output_scale(theme, trace, layer, scale)


@dataclass(frozen=True, eq=False)
class Link:
    """The edges that arrive in one column from another.

    Attributes
    ----------
    before
        The other's place among the columns.
    pairs
        Each edge as places among the maps shown: (source, target).
    bundle
        The edges; those from the column just before run straight, all others are arcs.
    """

    before: int
    pairs: list[tuple[int, int]]
    bundle: EdgeBundle

    @property
    def targets(self) -> IntArray:
        """Where each edge arrives."""
        return np.array([target for _, target in self.pairs], int)

    def into(self, position: int) -> frozenset[int]:
        """Return the indices, in the bundle, of the edges that arrive at one map."""
        return frozenset(int(each) for each in np.flatnonzero(self.targets == position))


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
        self.layer, self._index = plan.layers[index], index
        self.maps = [] if index == len(plan.layers) - 1 else _maps(trace, plan, index, scale, theme)
        self.links = _links(trace, plan, index, theme)
        """One for each column with edges to this one, the column just before it first."""

    @property
    def parts(self) -> list[Mobject]:
        """Edges first, so that maps lie above them."""
        return [*self.bundles, *self.maps]

    @property
    def edges(self) -> EdgeBundle | None:
        """The edges from the column just before, if there are any."""
        is_straight = self.links and self.links[0].before == self._index - 1
        return self.links[0].bundle if is_straight else None

    @property
    def bundles(self) -> list[EdgeBundle]:
        """The edges from the layer before, and the arcs from other branches."""
        return [link.bundle for link in self.links]

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
        for link in self.links:
            link.bundle.grow(2 * started[link.targets])
        for each, share in zip(self.maps, 2 * started - bool(self.links), strict=False):
            each.opacity = float(np.clip(share, 0, 1))


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


def _links(trace: Trace, plan: NetworkPlan, index: int, theme: Theme) -> list[Link]:
    """Return the edges to a column from each that its layer reads, if that is shown."""
    found = []
    for before in range(index - 1, -1, -1):
        pairs = _pairs(trace, plan, index, before)
        if pairs:
            found.append(Link(before, pairs, _edges(trace, plan, index, before, pairs, theme)))
    return found


def _pairs(trace: Trace, plan: NetworkPlan, index: int, before: int) -> list[tuple[int, int]]:
    """Return the edges from one layer to another as places among the maps shown: (source, target).

    None arrive at the picture, nor where the layer is not read, or no map of it that is shown.
    """
    shown, channels = plan.layers[index], plan.layers[before].channels
    if index == 0 or plan.layers[before].name not in shown.sources:
        return []
    return [
        (channels.index(source), target)
        for target, channel in enumerate(shown.channels)
        for _, source in _edges_from(trace, shown, plan.layers[before], channel)
        if source in channels
    ]


def _edges(
    trace: Trace,
    plan: NetworkPlan,
    index: int,
    before: int,
    pairs: list[tuple[int, int]],
    theme: Theme,
) -> EdgeBundle:
    """Return the edges from one layer to another.

    Their strengths are relative to the strongest that is shown: see :func:`edge_flows`.
    """
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


def _edges_from(
    trace: Trace, layer: ShownLayer, before: ShownLayer, channel: int
) -> list[tuple[int, int]]:
    """Return the edges from one layer into a map: the place among all into it, and the channel."""
    counts = [len(each) for each in trace[layer.name].inputs]
    if len(layer.sources) == 1:
        counts = [before.total]  # of a vector the maps that were flattened
    fed = trace[layer.name].layer.fed_by(channel, counts)
    return [
        (place, source)
        for place, (branch, source) in enumerate(fed)
        if layer.sources[branch] == before.name
    ]


def _flows_by_source(
    trace: Trace, layer: ShownLayer, before: ShownLayer, channel: int
) -> dict[int, float]:
    """Return what comes over each edge from one layer into a map, by the channel it comes from."""
    flows = edge_flows(trace[layer.name], channel, before.total)
    return {
        source: float(flows[place]) for place, source in _edges_from(trace, layer, before, channel)
    }
