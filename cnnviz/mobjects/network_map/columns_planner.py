"""How a network's layers, channels and classes are fitted into a frame: no mobjects."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise, product

import numpy as np

from cnnviz.arrays import Float64Array
from cnnviz.explain.overview import Node, ShownLayer
from cnnviz.explain.softmax import ranking
from cnnviz.locales import Words
from cnnviz.mobjects.fitting import SMALLEST, fit_text
from cnnviz.mobjects.network_map.choice import LayerChoice
from cnnviz.mobjects.network_map.plan import (
    LEAST_EDGE,
    LINE,
    MORE,
    NAME_GAP,
    STRIP,
    NetworkPlan,
    lines_without_collision,
    name_room,
    name_sides,
    repeats_count,
    runs_of_same_shape,
    shape_text,
    text_spans,
)
from cnnviz.mobjects.network_map.spacing import (
    Tiles,
    even_spacing,
    roomy_spacing,
)
from cnnviz.mobjects.network_map.tile_sizes import LARGEST_MAP, MAP_SHARE, tile_rooms
from cnnviz.mobjects.text import line_width
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import Theme

SMALLEST_PITCH = 0.32
"""Of maps across, in Manim units: smaller ones cannot be read from the back row."""

PHOTO_SIDES = (1.43, 0.96, 0.7)
"""Of the photo: the largest of these that leaves room for all layers."""

IN_COLUMN = 0.0
"""Or else it takes no room of its own: it stands above the channels, if those are few."""

ROWS_FREE = 4
"""So many rows more than channels there must be for that."""

PHOTO_GAP = 0.2
"""Between the photo and the first layer."""

LONGEST_NAME, WIDEST_NAME = 1.45, 2.6
"""Wider names of layers are set smaller; so much at most, where they would get illegible."""

HEADER_GAP = 0.09
"""Between shapes and maps."""

LEGEND_DEPTH = 0.54
"""Room of the legends below the columns."""

BARS_WIDTH = 1.95
"""Room along for the classes."""

BARS_PITCH = 0.385
"""Least height of a class in the list, its name in one line."""

WIDEST_PERCENTAGE = "99.9%"

MOST_CLASSES = 12
"""All of so many are shown, if there is room."""

BEST_CLASSES = 10
"""Of more, so many: the most probable ones, the best first."""

BEST_BARS_WIDTH, BEST_BARS_SHARE = 2.6, 0.2
"""Room along for those, where it is no more than this share of all: their names are longer as a
rule."""

LAST_EDGE = 0.6
"""Room along for the edges to the classes: as much as the vector's name needs."""


class ColumnsPlanner:
    """Plans a network that runs from left to right."""

    runs_down = False
    more = MORE
    header_lines: tuple[tuple[int, int], ...] = ((1, 1), (2, 1), (2, 2))
    """How many lines of names, and of shapes."""
    photo_sides: tuple[float, ...] = (*PHOTO_SIDES, IN_COLUMN)

    def __init__(
        self, trace: Trace, zone: Zone, theme: Theme, words: Words, node: Node | None
    ) -> None:
        self.trace, self.zone, self.theme, self.words = trace, zone, theme, words
        self.size = theme.sizes.small
        self.longest_name = min(max(self._legible_names(), LONGEST_NAME), WIDEST_NAME)
        # Of many classes only those that may be shown have names that need room.
        has_many = len(trace.classes) > MOST_CLASSES
        self.most_classes = BEST_CLASSES if has_many else MOST_CLASSES
        wider = min(BEST_BARS_WIDTH, BEST_BARS_SHARE * zone.width)
        self.bars_width = max(BARS_WIDTH, wider) if has_many else BARS_WIDTH
        best = ranking(trace.logits)[: self.most_classes]
        self.class_names = [trace.class_name(index, words.language) for index in best]
        self.choice = LayerChoice(trace, node)
        self._count_width = cache(
            lambda count: line_width(words("common.more", count=count), self.size)
        )

    def plan(self) -> NetworkPlan:
        """Make the photo smaller, then leave out layers, until the rest is legible."""
        extent = self.zone.height if self.runs_down else self.zone.width
        most_layers = min(len(self.trace.layers), int(extent / (SMALLEST_PITCH + LEAST_EDGE)))
        while True:
            for photo, lines in product(self.photo_sides, self.header_lines):
                plan = self.plan_with(most_layers, photo, lines)
                if plan is not None:
                    return plan
            most_layers -= 1

    def plan_with(
        self, most_layers: int, photo: float, lines: tuple[int, int]
    ) -> NetworkPlan | None:
        """Return the plan with so many layers at most, or None if that does not fit."""
        across, bars = self.across_zone(lines), self.bars(lines)
        most = self.most_channels(across)
        most_classes = max(1, int(self.extent(bars) / self.least_bars_pitch(bars)))
        layers = self.choice.layers(most, min(most_classes, self.most_classes), most_layers)
        rows = max(len(layer.channels) for layer in layers[:-1])
        if photo == IN_COLUMN and rows < len(layers[0].channels) + ROWS_FREE:
            return None
        pitch = self.pitch(layers, across)
        room = self.extent(across) - self.more * is_cut(layers)
        rooms = tile_rooms(layers[:-1], room, pitch)
        tiles = Tiles(layers[:-1], rooms, self.theme.layout.pixel)
        found = self.places(layers, tiles, lines, pitch * MAP_SHARE, photo)
        return None if found is None else self.made(layers, *found, pitch, lines, photo)

    def name(self, layer: ShownLayer) -> str:
        """Return what stands above a layer."""
        return self.words("common.input") if layer.name == INPUT else layer.name

    def least_bars_pitch(self, bars: Zone) -> float:
        """Return the least distance of classes: a name beside its percentage, above its bar."""
        room = name_room(bars.width, line_width(WIDEST_PERCENTAGE, self.size))
        lines = max(len(fit_text(name, self.size, room)[0]) for name in self.class_names)
        return BARS_PITCH + (lines - 1) * LINE

    def extent(self, zone: Zone) -> float:
        """Return a zone's length across."""
        return zone.width if self.runs_down else zone.height

    def most_channels(self, across: Zone) -> int:
        """Return how many maps are legible side by side, beside a number of those left out."""
        most = int(self.extent(across) / SMALLEST_PITCH)
        if is_cut(self.choice.all_layers(most, 1)):
            most = int((self.extent(across) - self.more) / SMALLEST_PITCH)
        return max(1, most)

    def _legible_names(self) -> float:
        """Return the width that all layers' names need in the smallest size."""
        smallest = min(SMALLEST, self.size)
        widest = max(line_width(layer.name, smallest) for layer in self.trace.layers)
        return widest + self.theme.layout.pixel

    def _skipped_width(self) -> float:
        """Return the width of what stands where layers are left out, a word in each line."""
        words = self.words("common.skipped", count=len(self.trace.layers)).split()
        return max(line_width(word, self.size) for word in words)

    def _room_for_counts(self, shown: Sequence[ShownLayer]) -> list[float]:
        """Return the least distances at which counts of maps left out stand side by side."""
        widths = [self._count_width(layer.left_out) if layer.left_out else 0.0 for layer in shown]
        return [
            (width + width_before) / 2 + NAME_GAP
            if width and width_before and not repeats_count(layer, before)
            else 0.0
            for (before, layer), (width_before, width) in zip(
                pairwise(shown), pairwise(widths), strict=True
            )
        ]

    def pitch(self, layers: Sequence[ShownLayer], across: Zone) -> float:
        """Return the distance of maps across."""
        most = max(len(layer.channels) for layer in layers[:-1])
        room = self.extent(across) - self.more * is_cut(layers)
        return min(room / most, LARGEST_MAP / MAP_SHARE)

    def places(
        self,
        layers: Sequence[ShownLayer],
        tiles: Tiles,
        lines: tuple[int, int],
        widest_map: float,
        photo: float,
    ) -> tuple[list[float], tuple[float, ...]] | None:
        """Return where the layers but the last lie along, and the longest sides of their maps.

        None if they do not fit.
        """
        shown = layers[:-1]
        widths = [
            min(line_width(self.name(layer), self.size), self.longest_name) for layer in shown
        ]
        sides = [name_sides(layer, width) for layer, width in zip(shown, widths, strict=True)]
        slots = np.array([1 + bool(layer.skipped) for layer in shown[1:]], np.float64)
        least = np.maximum(slots * (SMALLEST_PITCH + LEAST_EDGE), self._room_for_counts(shown))
        if lines[0] == 1:
            names = [one[1] + NAME_GAP + other[0] for one, other in pairwise(sides)]
            least = np.maximum(least, names)
        apart = np.where(slots > 1, max(LEAST_EDGE, self._skipped_width() + NAME_GAP), LEAST_EDGE)
        gap = PHOTO_GAP if photo else 0.0
        before = photo + gap
        half_first = max(sides[0][0], widest_map / 2)
        end = max(sides[-1][1], STRIP / 2 + LAST_EDGE)
        free = self.zone.width - self.bars_width - before - half_first - end - least.sum()
        if free < 0:
            return None
        even = even_spacing(least + free / slots.sum() * slots)
        more = (tiles.thicknesses(even.longest)[0] - gap) / 2 - half_first
        if tiles.pixel < more <= free:  # few large maps: they would leave the zone
            half_first, free = half_first + more, free - more
            even = even_spacing(least + free / slots.sum() * slots)
        start = before + half_first
        widest_first = 2 * half_first + gap

        def needed(longest: float) -> Float64Array:
            thick = tiles.thicknesses(longest)
            if thick[0] > widest_first + 2 * tiles.pixel:
                return np.full_like(least, np.inf)
            return np.maximum(least, (thick[:-1] + thick[1:]) / 2 + apart)

        for spacing in (roomy_spacing(even, slots, tiles, needed), even):
            places = self.zone.left + start + np.concatenate([[0.0], np.cumsum(spacing.steps)])
            if self._has_lines_for_names(shown, places.tolist(), widths, lines):
                return [float(place) for place in places], tiles.sides(spacing.longest)
        return None

    def _has_lines_for_names(
        self,
        shown: Sequence[ShownLayer],
        places: Sequence[float],
        widths: Sequence[float],
        lines: tuple[int, int],
    ) -> bool:
        """Return whether names of some widths, and shapes, need no more lines."""
        runs = runs_of_same_shape(shown)
        shapes = [line_width(shape_text(shown[run[0]]), self.size) for run in runs]
        alone = [[index] for index in range(len(shown))]
        return all(
            max(lines_without_collision(text_spans(shown, places, columns, each, self.zone.left)))
            < most
            for columns, each, most in ((alone, widths, lines[0]), (runs, shapes, lines[1]))
        )

    def made(
        self,
        layers: tuple[ShownLayer, ...],
        along: list[float],
        sides: tuple[float, ...],
        pitch: float,
        lines: tuple[int, int],
        photo: float,
    ) -> NetworkPlan:
        """Return the plan, its sizes on whole pixels."""
        pixel = self.theme.layout.pixel
        across, bars = self.across_zone(lines), self.bars(lines)
        bars_pitch = self.extent(bars) / len(layers[-1].channels)
        is_in_column = photo == IN_COLUMN
        above = self.photo_above(across, along[0], max(sides))
        photo_zone = above if is_in_column else self.photo(across, photo)
        return NetworkPlan(
            layers=layers,
            names=tuple(map(self.name, layers)),
            runs_down=self.runs_down,
            along=tuple(along),
            middle=self.middle(across, self.more * is_cut(layers)),
            pitches=tuple(int(max(pitch, side / MAP_SHARE) / pixel) * pixel for side in sides),
            sides=sides,
            photo=photo_zone,
            header=self.header(across),
            legend=self.legend(across),
            bars=bars,
            bars_pitch=min(bars_pitch, 1.5 * self.least_bars_pitch(bars)),
            longest_name=self.longest_name,
            name_lines=lines[0],
        )

    def photo(self, across: Zone, side: float) -> Zone:
        """Return where the photo stands: before the first layer, in the middle."""
        left, y = self.zone.left, across.y
        return Zone(left, y + side / 2, left + side, y - side / 2)

    def photo_above(self, across: Zone, x: float, side: float) -> Zone:
        """Return where the photo stands if it has to share the channels' column."""
        half = min(side, SMALLEST_PITCH * (ROWS_FREE - 1) / 2) / 2
        return Zone(x - half, across.top, x + half, across.top - 2 * half)

    def across_zone(self, lines: tuple[int, int]) -> Zone:
        """Return the zone of the maps."""
        zone = self.zone
        header = sum(lines) * LINE + HEADER_GAP
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

    def bars(self, lines: tuple[int, int]) -> Zone:
        """Return the zone of the classes."""
        across = self.across_zone(lines)
        return Zone(self.zone.right - self.bars_width, across.top, self.zone.right, across.bottom)


def is_cut(layers: Sequence[ShownLayer]) -> bool:
    """Return whether some maps of the layers, the last left out, are not shown."""
    return any(layer.left_out for layer in layers[:-1])
