"""Where everything of a network map lies, computed from the network and the frame: no mobjects.

The network runs from left to right, a column for each layer, or in an upright frame from
top to bottom, a row for each. *Along* is the way the network runs, *across* the way the
maps of one layer are lined up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np

from cnnviz.arrays import Float64Array
from cnnviz.explain.overview import ShownLayer
from cnnviz.explain.rounding import format_number
from cnnviz.layers import Flatten
from cnnviz.style.geometry import Zone

Point = Float64Array

NAME_GAP = 0.1
"""Between two names side by side."""

GAP = 0.1
"""Between an edge's end and the bars, and between a bar and its number."""

NAME_ROOM = 1.6
"""Widest name below a bar, in distances of bars: so that two lines are enough."""

LINE = 0.215
"""Height of a line of small text."""

LIGHT_MARGIN = 0.07
"""Between a layer's tiles and the line around them that lights the layer."""

LEAST_EDGE = 0.2
"""Shortest way along from one map to the next, in Manim units."""

STRIP = 0.1
"""Thickness of the flattened vector."""

MORE = 0.26
"""Room at the end of a column for the number of maps left out, and..."""

MORE_DOWN = 0.78
"""...at the end of a row: four digits with a sign and a comma."""


@dataclass(frozen=True)
class NetworkPlan:
    """What is shown of a network, and where.

    Attributes
    ----------
    layers
        What is shown: the picture and the layers, the scores last.
    names
        What stands above each of them.
    runs_down
        Whether the network runs from top to bottom.
    along
        Middle of each layer but the last, as x, or as y where the network runs down.
    middle
        Of all layers across: a y, or an x.
    pitches
        Distance of each layer's maps across, all but the last's.
    sides
        Longest side of the maps of each layer but the last: see :func:`.tile_sizes.tile_sides`.
    photo
        The square that the photo stands in, before the first layer.
    header, legend
        The zones of the names and of the legends.
    bars
        The zone of the classes.
    bars_pitch
        Distance of classes across.
    longest_name
        Room for each of `names`, in Manim units.
    name_lines
        How many lines the names take above the columns.
    """

    layers: tuple[ShownLayer, ...]
    names: tuple[str, ...]
    runs_down: bool
    along: tuple[float, ...]
    middle: float
    pitches: tuple[float, ...]
    sides: tuple[float, ...]
    photo: Zone
    header: Zone
    legend: Zone
    bars: Zone
    bars_pitch: float
    longest_name: float
    name_lines: int

    @property
    def scores(self) -> ShownLayer:
        """The last layer."""
        return self.layers[-1]

    @property
    def pitch(self) -> float:
        """Least distance of maps across."""
        return min(self.pitches)

    @property
    def pitch_along(self) -> float:
        """Least distance along of two layers that have maps."""
        places = [
            along for along, layer in zip(self.along, self.layers, strict=False) if layer.has_maps
        ]
        return min((abs(b - a) for a, b in pairwise(places)), default=2 * self.side)

    def edge_along(self, layer: int, side: int) -> float:
        """Return how far what stands beside a layer's maps may reach along.

        Half the distance of layers before it (`side` -1) or behind it (1).
        """
        forward = -1 if self.runs_down else 1
        reach = max(self.pitch_along, self.thickness(layer) + LEAST_EDGE) / 2
        return self.along[layer] + forward * side * reach

    @property
    def least_beside(self) -> float:
        """How much of that is free beside the largest maps."""
        return max(self.pitch_along - self.side, LEAST_EDGE) / 2

    def point(self, along: float, across: float) -> Point:
        """Return the point (x, y, 0) at a place along and across."""
        return np.array([across, along, 0.0] if self.runs_down else [along, across, 0.0])

    def across(self, layer: int, position: int) -> float:
        """Return where the map at `position` of those shown of a layer lies across."""
        offset = position - (len(self.layers[layer].channels) - 1) / 2
        if layer == len(self.layers) - 1:
            down, right = self.bars.x, self.bars.y
            offset *= self.bars_pitch
        else:
            down = right = self.middle
            offset *= self.pitches[layer]
        return down + offset if self.runs_down else right - offset

    def centre(self, layer: int, position: int) -> Point:
        """Return the middle of a map."""
        return self.point(self.along[layer], self.across(layer, position))

    @property
    def side(self) -> float:
        """Longest side of the largest maps."""
        return max(self.sides)

    def thickness(self, layer: int) -> float:
        """Return how far a layer's maps reach along."""
        shown = self.layers[layer]
        if shown.kind == Flatten.kind:
            return STRIP
        return self.sides[layer] if shown.has_maps else min(self.side, 2 * STRIP)

    def leaving(self, layer: int, position: int) -> Point:
        """Return where the edges that leave a map begin."""
        forward = -1 if self.runs_down else 1
        along = self.along[layer] + forward * self.thickness(layer) / 2
        return self.point(along, self.across(layer, position))

    def arriving(self, layer: int, position: int) -> Point:
        """Return where the edges that arrive at a map, or at a class, end."""
        forward = -1 if self.runs_down else 1
        across = self.across(layer, position)
        if layer == len(self.layers) - 1:
            if self.runs_down:
                return self.point(self.bars.top, across)
            return self.point(self.bars.left, across - LINE / 2)
        along = self.along[layer] - forward * self.thickness(layer) / 2
        return self.point(along, across)


def name_sides(layer: ShownLayer, width: float) -> tuple[float, float]:
    """Return how far a text above a column reaches to the left and right of its middle.

    Texts are centred; above the vector, which is thin, they begin with it.
    """
    if layer.kind == Flatten.kind:
        return STRIP / 2, width - STRIP / 2
    return width / 2, width / 2


def repeats_count(layer: ShownLayer, before: ShownLayer) -> bool:
    """Return whether a layer leaves out the very maps that the one drawn before it leaves out."""
    return not (layer.skipped or layer.joins_all) and layer.left_out == before.left_out


def shape_text(layer: ShownLayer) -> str:
    """Return a shape as height x width x channels, or a vector's length."""
    if not layer.has_maps:
        return format_number(layer.shape[0], 0)
    channels, height, width = layer.shape
    return f"{height}×{width}×{channels}"


def runs_of_same_shape(layers: Sequence[ShownLayer]) -> list[list[int]]:
    """Return the indices of layers, those in a row of one shape together; the picture alone."""
    return [
        list(run)
        for _, run in groupby(
            range(len(layers)), key=lambda index: (layers[index].shape, index == 0)
        )
    ]


def text_spans(
    layers: Sequence[ShownLayer],
    along: Sequence[float],
    runs: Sequence[Sequence[int]],
    widths: Sequence[float],
    left: float,
) -> list[tuple[float, float]]:
    """Return from where to where texts above columns reach, none further to the left than `left`.

    Parameters
    ----------
    layers, along
        What is shown, and where each column is.
    runs
        Of each text the indices of the columns, side by side, that it is for.
    widths
        Of the texts.
    """
    spans = []
    for run, width in zip(runs, widths, strict=True):
        before, _ = name_sides(layers[run[-1]], width)
        start = max((along[run[0]] + along[run[-1]]) / 2 - before, left)
        spans.append((start, start + width))
    return spans


def lines_without_collision(spans: Sequence[tuple[float, float]]) -> list[int]:
    """Return a line (0, 1, ...) for each text so that none touches another.

    Parameters
    ----------
    spans
        Left and right end of each text, from left to right.
    """
    ends: list[float] = []
    lines = []
    for left, right in spans:
        line = next((n for n, end in enumerate(ends) if end + NAME_GAP <= left + 1e-9), len(ends))
        ends[line : line + 1] = [right]
        lines.append(line)
    return lines


def name_room(bars_width: float, number_width: float) -> float:
    """Return how wide a class's name may be beside its percentage."""
    return bars_width - number_width - 1.5 * GAP
