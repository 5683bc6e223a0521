"""The whole network as a row of small maps, with one layer lit: "you are here"."""

from __future__ import annotations

import numpy as np
from manim import Group

from cnnviz.explain.interest import interesting_channel
from cnnviz.mobjects.frames import Outline
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import fitted_size, output_scale, picture_pixels, small_map
from cnnviz.model.trace import LayerTrace, Trace
from cnnviz.style.geometry import point
from cnnviz.style.theme import Theme

VECTOR_WIDTH = 0.35
"""Width of a vector's column, as a share of a map's."""

MAP_SHARE = 0.8
"""How much of its slot a map takes; the rest is the gap to the next."""


class NetworkStrip(Group):
    """One thumbnail per layer, from the picture to the scores.

    Maps stand for the layer's channel of highest contrast, vectors are narrow columns.

    Parameters
    ----------
    trace
        What is shown.
    current
        Name of the layer that is lit; None lights none.
    theme
        Colours and line widths.
    width
        In Manim units.
    tallest
        Largest height of a thumbnail, in Manim units.
    """

    def __init__(
        self, trace: Trace, current: str | None, theme: Theme, width: float, tallest: float
    ) -> None:
        slots = [1.0, *(_slot(layer) for layer in trace.layers)]
        unit = min(width / (sum(slots) - (1 - MAP_SHARE)), tallest / MAP_SHARE)
        pixels = picture_pixels(trace)
        self.picture = HeatMap(pixels, *fitted_size(pixels.shape[:2], unit * MAP_SHARE))
        self.thumbnails = [
            self.picture,
            *(_thumbnail(trace, layer, theme, unit) for layer in trace.layers),
        ]
        x = 0.0
        for thumbnail, slot in zip(self.thumbnails, slots, strict=True):
            thumbnail.move_to(point(x + slot * unit * MAP_SHARE / 2, 0.0))
            x += slot * unit
        names = [layer.name for layer in trace.layers]
        self.current = None if current is None else self.thumbnails[names.index(current) + 1]
        for thumbnail in self.thumbnails:
            if thumbnail is not self.current:
                thumbnail.set_opacity(theme.aside)
        super().__init__(*self.thumbnails)
        if self.current is not None:
            light = Outline(theme.palette.accent, theme.strokes.normal)
            light.enclose(self.current.corners(), 4 * theme.layout.pixel)
            self.add(light)
        self.center()


def _slot(layer: LayerTrace) -> float:
    return 1.0 if layer.output.ndim == 3 else VECTOR_WIDTH / MAP_SHARE


def _thumbnail(trace: Trace, layer: LayerTrace, theme: Theme, unit: float) -> HeatMap:
    scale = output_scale(theme, trace, layer.name)
    side = unit * MAP_SHARE
    if layer.output.ndim == 3:
        values = layer.output[interesting_channel(layer)]
        return small_map(values, scale, side)
    return HeatMap(scale.colours(layer.output[:, np.newaxis]), side * VECTOR_WIDTH, side)
