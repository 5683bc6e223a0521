"""The whole network as a row of small maps, with one layer lit: "you are here"."""

from __future__ import annotations

import numpy as np
from manim import Group

from cnnviz.explain.interest import interesting_channel
from cnnviz.explain.overview import Node, ShownLayer, with_channels, with_room
from cnnviz.locales import Words
from cnnviz.mobjects.frames import Outline
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import fitted_size, output_scale, picture_pixels, small_map
from cnnviz.mobjects.text import Label
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.style.geometry import point
from cnnviz.style.theme import Theme

VECTOR_WIDTH = 0.35
"""Width of a vector's column, as a share of a map's."""

MAP_SHARE = 0.8
"""How much of its slot a map takes; the rest is the gap to the next."""

MARGIN = 0.1
"""Beside the number of layers left out, in Manim units: the frame around a map needs room."""

SMALLEST_SLOT = 0.14
"""Of one layer, in Manim units: in narrower ones nothing would be seen of its maps, so that some
are left out, and..."""

SOME_SLOT = 0.33
"""...this is the least that those take which are shown: the number between two has room."""


class NetworkStrip(Group):
    """One thumbnail per layer, from the picture to the scores.

    Maps stand for the layer's channel of highest contrast, vectors are narrow columns. Of more
    layers than are legible those are shown that the whole network's picture shows, too: the ends,
    the current layer, and of blocks with additions the last of each map size; a number with a
    plus counts what is left out.

    Parameters
    ----------
    trace
        What is shown.
    current
        Name of the layer that is lit; None lights none.
    theme, words
        Colours, line widths and words.
    width
        In Manim units.
    tallest
        Largest height of a thumbnail, in Manim units.

    Attributes
    ----------
    thumbnails
        By layer; the picture's is called ``"input"``.
    gaps
        The numbers of what is left out.
    """

    def __init__(
        self,
        trace: Trace,
        current: str | None,
        theme: Theme,
        words: Words,
        width: float,
        tallest: float,
    ) -> None:
        layers = _legible(trace, current, width)
        slots = [_slot(layer) for layer in layers]
        self.gaps = [
            Label(
                words("common.more", count=layer.skipped),
                theme.sizes.small,
                theme.palette.text_muted,
            )
            for layer in layers
            if layer.skipped
        ]
        beside = 1 - MAP_SHARE  # what is free between two maps, of a slot
        taken = sum(label.width + MARGIN for label in self.gaps)
        free = beside * (len(self.gaps) - 1)
        unit = min((width - taken) / (sum(slots) + free), tallest / MAP_SHARE)
        self.thumbnails: dict[str, HeatMap] = {}
        x, gaps = 0.0, iter(self.gaps)
        for layer, slot in zip(layers, slots, strict=True):
            if layer.skipped:
                label = next(gaps)
                label.move_to(point(x + (label.width + MARGIN) / 2, 0.0))
                x += label.width + MARGIN + beside * unit
            made = _thumbnail(trace, layer.name, theme, unit)
            self.thumbnails[layer.name] = made.move_to(point(x + slot * unit * MAP_SHARE / 2, 0.0))
            x += slot * unit
        self.picture = self.thumbnails[INPUT]
        self.current = None if current is None else self.thumbnails[current]
        for thumbnail in self.thumbnails.values():
            if thumbnail is not self.current:
                thumbnail.set_opacity(theme.aside)
        super().__init__(*self.thumbnails.values(), *self.gaps)
        if self.current is not None:
            light = Outline(theme.palette.accent, theme.strokes.normal)
            light.enclose(self.current.corners(), 4 * theme.layout.pixel)
            self.add(light)
        self.center()


def _legible(trace: Trace, current: str | None, width: float) -> tuple[ShownLayer, ...]:
    """Return what fits into a width, the picture first and the scores last."""
    layers = with_channels(trace, 1, 1)
    if sum(map(_slot, layers)) * SMALLEST_SLOT <= width:
        return layers
    is_at_end = current in (None, INPUT, layers[-1].name)
    return with_room(
        layers, int(width / SOME_SLOT) - 1, None if is_at_end else Node(str(current), 0)
    )


def _slot(layer: ShownLayer) -> float:
    return 1.0 if layer.has_maps else VECTOR_WIDTH / MAP_SHARE


def _thumbnail(trace: Trace, layer: str, theme: Theme, unit: float) -> HeatMap:
    side = unit * MAP_SHARE
    if layer == INPUT:
        pixels = picture_pixels(trace)
        return HeatMap(pixels, *fitted_size(pixels.shape[:2], side))
    scale, shown = output_scale(theme, trace, layer), trace[layer]
    if shown.output.ndim == 3:
        return small_map(shown.output[interesting_channel(shown)], scale, side)
    return HeatMap(scale.colours(shown.output[:, np.newaxis]), side * VECTOR_WIDTH, side)
