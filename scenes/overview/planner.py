"""How an overview's layers, channels and classes are fitted into a frame: no mobjects."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from cnnviz.explain.overview import Limits, Node, ShownLayer, shown_layers
from cnnviz.locales import Words
from cnnviz.mobjects.fitting import SMALLEST
from cnnviz.mobjects.text import line_width
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.scenes.overview.plan import (
    LINE,
    MORE,
    MORE_DOWN,
    NAME_GAP,
    STRIP,
    OverviewPlan,
    lines_without_collision,
    name_sides,
)
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import Theme

SMALLEST_PITCH = 0.32
"""Of maps across, in Manim units: smaller ones cannot be read from the back row."""

MAP_SHARE = 0.925
"""How much of its pitch a map takes across."""

LARGEST_MAP = 1.25
"""Longest side of a map, in Manim units."""

LEAST_EDGE = 0.2
"""Shortest way along from one map to the next, in Manim units."""

LONGEST_NAME = 1.45
"""Wider names are set smaller, or in lines."""

HEADER_GAP = 0.09
"""Between shapes and maps."""

LEGEND_DEPTH = 0.44
"""Room of the legends below the columns."""

LEGEND_WIDTH = 1.66
"""Room of the legends beside the rows."""

NAME_WIDTH = 1.3
"""Room of the names beside the rows."""

BARS_WIDTH = 1.95
"""Room along for the classes where the network runs to the right, and..."""

WIDEST_BARS = 3.2
"""...for longer names at most, and..."""

BARS_NUMBER = 0.9
"""...how much of it is for the numbers beside the names, and..."""

BARS_HEIGHT = 2.1
"""...where it runs down."""

BARS_PITCH = 0.42
"""Least height of a class in the list, and..."""

BARS_PITCH_DOWN = 0.66
"""...least width where the bars stand side by side."""

MARKS = 0.44
"""Room for the numbers of an upright axis."""

LAST_EDGE = 0.6
"""Room along for the edges to the classes: as much as the vector's name needs."""


def plan_overview(
    trace: Trace, zone: Zone, theme: Theme, words: Words, node: Node | None
) -> OverviewPlan:
    """Return the plan with the most layers, channels and classes that are legible in `zone`."""
    planner = _PlannerDown if zone.height > 1.2 * zone.width else _Planner
    return planner(trace, zone, theme, words, node).plan()


class _Planner:
    """Plans a network that runs from left to right."""

    runs_down = False
    longest_name = LONGEST_NAME
    least_bars_pitch = BARS_PITCH
    more = MORE

    def __init__(
        self, trace: Trace, zone: Zone, theme: Theme, words: Words, node: Node | None
    ) -> None:
        self.trace, self.zone, self.theme, self.words, self.node = trace, zone, theme, words, node
        self.size = theme.sizes.small
        names = trace.architecture.class_names(words.language)
        longest = max(line_width(name, SMALLEST) for name in names)
        self.bars_width = min(max(BARS_WIDTH, longest + BARS_NUMBER), WIDEST_BARS)

    def plan(self) -> OverviewPlan:
        """Leave out channels and layers until the rest is legible."""
        lines, most_layers = 1, len(self.trace.layers)
        while True:
            across, bars = self.across_zone(lines), self.bars(lines)
            most = self.most_channels(across)
            most_classes = max(1, int(self.extent(bars) / self.least_bars_pitch))
            limits = Limits(most_layers, most, most_classes)
            layers = shown_layers(self.trace, limits, self.node)
            pitch = self.pitch(layers, across)
            along = self.places(layers, lines, pitch * MAP_SHARE)
            if along is not None:
                return self.made(layers, along, pitch, lines)
            if lines == 1 and not self.runs_down:
                lines = 2
            else:
                most_layers -= 1

    def name(self, layer: ShownLayer) -> str:
        """Return what stands above a layer."""
        return self.words("overview.input") if layer.name == INPUT else layer.name

    def extent(self, zone: Zone) -> float:
        """Return a zone's length across."""
        return zone.width if self.runs_down else zone.height

    def most_channels(self, across: Zone) -> int:
        """Return how many maps are legible side by side, beside a number of those left out."""
        most = int(self.extent(across) / SMALLEST_PITCH)
        everything = shown_layers(self.trace, Limits(len(self.trace.layers), most, 1))
        if _is_cut(everything):
            most = int((self.extent(across) - self.more) / SMALLEST_PITCH)
        return max(1, most)

    def pitch(self, layers: Sequence[ShownLayer], across: Zone) -> float:
        """Return the distance of maps across."""
        most = max(len(layer.channels) for layer in layers[:-1])
        room = self.extent(across) - self.more * _is_cut(layers)
        return min(room / most, LARGEST_MAP / MAP_SHARE)

    def places(
        self, layers: Sequence[ShownLayer], lines: int, widest_map: float
    ) -> list[float] | None:
        """Return where the layers but the last lie along; None if they do not fit."""
        shown = layers[:-1]
        widths = [
            min(line_width(self.name(layer), self.size), self.longest_name) for layer in shown
        ]
        sides = [name_sides(layer, width) for layer, width in zip(shown, widths, strict=True)]
        slots = np.array([1 + bool(layer.skipped) for layer in shown[1:]], np.float64)
        steps = slots * (SMALLEST_PITCH + LEAST_EDGE)
        if lines == 1:
            needed = [one[1] + NAME_GAP + other[0] for one, other in pairwise(sides)]
            steps = np.maximum(steps, needed)
        start = max(sides[0][0], widest_map / 2)
        end = max(sides[-1][1], STRIP / 2 + LAST_EDGE)
        free = self.zone.width - self.bars_width - start - end - steps.sum()
        if free < 0:
            return None
        steps = steps + free / slots.sum() * slots
        places = self.zone.left + start + np.concatenate([[0.0], np.cumsum(steps)])
        spans = [(x - left, x + right) for x, (left, right) in zip(places, sides, strict=True)]
        if max(lines_without_collision(spans)) >= lines:
            return None
        return [float(place) for place in places]

    def made(
        self, layers: tuple[ShownLayer, ...], along: list[float], pitch: float, lines: int
    ) -> OverviewPlan:
        """Return the plan, its sizes on whole pixels."""
        pixel = self.theme.layout.pixel
        across, bars = self.across_zone(lines), self.bars(lines)
        step = min(abs(b - a) for a, b in pairwise(along))
        side = min(pitch * MAP_SHARE, max(step - LEAST_EDGE, step / 2))
        bars_pitch = self.extent(bars) / len(layers[-1].channels)
        return OverviewPlan(
            layers=layers,
            names=tuple(map(self.name, layers)),
            runs_down=self.runs_down,
            along=tuple(along),
            middle=self.middle(across, self.more * _is_cut(layers)),
            pitch=int(pitch / pixel) * pixel,
            side=int(side / pixel) * pixel,
            header=self.header(across),
            legend=self.legend(across),
            bars=bars,
            bars_pitch=min(bars_pitch, 1.5 * self.least_bars_pitch),
            longest_name=self.longest_name,
            name_lines=lines,
        )

    def across_zone(self, lines: int) -> Zone:
        """Return the zone of the maps."""
        zone = self.zone
        header = 2 * lines * LINE + HEADER_GAP
        return Zone(zone.left, zone.top - header, zone.right, zone.bottom + LEGEND_DEPTH)

    def middle(self, across: Zone, more: float) -> float:
        """Return the middle of all maps across."""
        return across.y + more / 2

    def header(self, across: Zone) -> Zone:
        """Return the zone of the names."""
        return Zone(self.zone.left, self.zone.top, self.zone.right, across.top)

    def legend(self, across: Zone) -> Zone:
        """Return the zone of the legends."""
        return Zone(self.zone.left, across.bottom, self.zone.right, self.zone.bottom)

    def bars(self, lines: int) -> Zone:
        """Return the zone of the classes."""
        across = self.across_zone(lines)
        return Zone(self.zone.right - self.bars_width, across.top, self.zone.right, across.bottom)


class _PlannerDown(_Planner):
    """Plans a network that runs from top to bottom."""

    runs_down = True
    longest_name = NAME_WIDTH - NAME_GAP
    least_bars_pitch = BARS_PITCH_DOWN
    more = MORE_DOWN

    def places(
        self, layers: Sequence[ShownLayer], lines: int, widest_map: float
    ) -> list[float] | None:
        """Return where the layers but the last lie along; None if they do not fit."""
        slots = np.cumsum([1 + bool(layer.skipped) for layer in layers[:-1]]) - 1
        pitch = (self.zone.height - BARS_HEIGHT - LAST_EDGE) / (slots[-1] + 1)
        if pitch < max(2 * LINE + NAME_GAP, SMALLEST_PITCH + LEAST_EDGE):
            return None
        return [float(self.zone.top - (slot + 0.5) * pitch) for slot in slots]

    def across_zone(self, lines: int) -> Zone:
        """Return the zone of the maps."""
        zone = self.zone
        return Zone(zone.left + NAME_WIDTH, zone.top, zone.right - LEGEND_WIDTH, zone.bottom)

    def middle(self, across: Zone, more: float) -> float:
        """Return the middle of all maps across."""
        return across.x - more / 2

    def header(self, across: Zone) -> Zone:
        """Return the zone of the names."""
        return Zone(self.zone.left, self.zone.top, across.left, self.zone.bottom)

    def legend(self, across: Zone) -> Zone:
        """Return the zone of the legends."""
        return Zone(across.right, self.zone.top, self.zone.right, self.zone.bottom)

    def bars(self, lines: int) -> Zone:
        """Return the zone of the classes."""
        zone = self.zone
        return Zone(zone.left + MARKS, zone.bottom + BARS_HEIGHT, zone.right, zone.bottom)


def _is_cut(layers: Sequence[ShownLayer]) -> bool:
    return any(layer.left_out for layer in layers[:-1])
