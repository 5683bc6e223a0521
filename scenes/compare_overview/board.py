"""The maps of both, layer by layer, and how far apart they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cnnviz.explain.comparison import (
    ComparedLayer,
    compared_layers,
    have_same_layers,
    map_layers,
    relative_distance,
)
from cnnviz.explain.quantity import Quantity
from cnnviz.explain.rounding import format_number
from cnnviz.explain.scaling import common_range
from cnnviz.locales import Words
from cnnviz.mobjects.bars import PlainRectangle
from cnnviz.mobjects.fitting import SMALLEST, FittedLabel
from cnnviz.mobjects.formula import formula
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import picture_pixels, small_map
from cnnviz.mobjects.text import Label, Number, line_width
from cnnviz.scenes.compare_overview.fields import SeenFields
from cnnviz.scenes.compare_overview.places import GAP, MOST_LAYERS, LayerPlaces, OverviewPlaces
from cnnviz.staging.pair.photos import heading, picture_in
from cnnviz.staging.pair.sides import Sides
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

FORMULA = "d = (||a - b||) / (||a|| + ||b||)"
"""The relative distance of a layer's outputs (Typst)."""

BAR_WIDTH = 0.34
"""Of a bar that stands, in Manim units, as all lengths here."""

BAR_HEIGHT = 0.16
"""Of a bar that lies."""

DESCENT = 0.06
"""Below the last line of a layer's name, where letters reach down."""

NAME_ROOM = 1.9
"""Width of a picture's name, at least."""

DECIMALS, MOST_DECIMALS = 2, 4
"""Of a distance: as many as tell the largest and the smallest from the others, up to the second."""


def telling_decimals(distances: Sequence[float]) -> int:
    """Return with how many decimals no other is written as the largest or as the smallest is."""
    order = sorted(distances)
    ends = [pair for pair in (order[:2], order[-2:]) if len(set(pair)) == 2]
    for decimals in range(DECIMALS, MOST_DECIMALS):
        written = [{format_number(each, decimals) for each in pair} for pair in ends]
        if all(len(each) == 2 for each in written):
            return decimals
    return MOST_DECIMALS


class ComparedColumn:
    """One layer of one side: its maps; nothing is in the scene at first.

    Parameters
    ----------
    maps
        From the first channel to the last.
    name
        What stands at it; None where the other side's name stands for both.
    """

    def __init__(self, maps: list[HeatMap], name: Label | None) -> None:
        self.maps = maps
        self.name = name


class DistanceBars:
    """How far apart the layers are: a bar from 0 to 1 for each, and its number.

    Parameters
    ----------
    layers, distances
        Names of the layers, and their distances.
    places
        Where everything stands.
    theme
        Sizes and colours.
    """

    def __init__(
        self, layers: list[str], distances: list[float], places: OverviewPlaces, theme: Theme
    ) -> None:
        self._theme, self._places = theme, places
        self.distances = distances
        palette, decimals = theme.palette, telling_decimals(distances)
        self.tracks = [PlainRectangle(palette.zero) for _ in layers]
        self.bars = [PlainRectangle(palette.text_muted) for _ in layers]
        self.numbers: list[Number] = []
        for name, distance, zone in zip(layers, distances, places.numbers, strict=True):
            quantity = Quantity.of("distance", distance, decimals, layer=name)
            anchor = "centre" if places.is_wide else "right"
            number = Number(quantity, theme.sizes.label, palette.text, anchor=anchor)  # type: ignore[arg-type]
            x = zone.x if places.is_wide else zone.right - number.width / 2
            self.numbers.append(number.move_to(point(x, zone.y)))
        for track, zone in zip(self.tracks, places.bars, strict=True):
            self._set(track, zone, 1.0)
        self.grow(0.0)

    @property
    def has_equals(self) -> bool:
        """Whether another layer is as far apart as the furthest, or as near as the nearest."""
        shown = [number.quantity.shown for number in self.numbers]
        order = [shown[place] for place in np.argsort(self.distances)]
        return len(order) > 1 and (order[0] == order[1] or order[-1] == order[-2])

    def grow(self, share: float) -> None:
        """Let the bars grow one after the other: at 0 none is there, at 1 all are."""
        count = len(self.bars)
        for place, (bar, zone) in enumerate(zip(self.bars, self._places.bars, strict=True)):
            own = min(max(share * (count + 1) - place, 0.0), 2.0) / 2
            self._set(bar, zone, self.distances[place] * own)
            self.numbers[place].opacity = own

    def light(self, place: int) -> None:
        """Give one layer the accent."""
        accent = self._theme.palette.accent
        self.bars[place].set_bar_colour(accent)
        self.numbers[place].set_colour(accent)

    def _set(self, bar: PlainRectangle, zone: Zone, share: float) -> None:
        if self._places.is_wide:
            half = BAR_WIDTH / 2
            room = zone.inset(0.0, 0.04)
            top = room.bottom + room.height * share
            bar.set_edges(zone.x - half, top, zone.x + half, room.bottom)
        else:
            half = min(BAR_HEIGHT, 0.6 * zone.height) / 2
            right = zone.left + zone.width * share
            bar.set_edges(zone.left, zone.y + half, right, zone.y - half)


class CompareOverviewBoard:
    """Both pictures, the maps of both, and the distances; nothing is in the scene at first.

    Parameters
    ----------
    sides
        What is compared.
    theme, words
        Looks and words.
    """

    def __init__(self, sides: Sides, theme: Theme, words: Words) -> None:
        self._theme, self._sides = theme, sides
        self.has_distances = have_same_layers(*sides.traces)
        counts = [len(map_layers(trace, MOST_LAYERS)) for trace in sides.traces]
        self.places = OverviewPlaces.of(
            theme.layout, (counts[0], counts[1]), has_distances=self.has_distances
        )
        self.layers = compared_layers(*sides.traces, MOST_LAYERS, self.places.channels)
        self.pictures: list[HeatMap] = []
        self.names: list[FittedLabel] = []
        for side, (trace, zone) in enumerate(zip(sides.traces, self.places.pictures, strict=True)):
            picture = picture_in(zone, picture_pixels(trace), theme)
            text = sides.picture_name(side, words)
            self.pictures.append(picture)
            self.names.append(heading(text, picture, max(zone.width, NAME_ROOM), theme))
        self.columns = [self._make_columns(side) for side in (0, 1)]
        self.bars, self.formula = None, None
        if self.has_distances:
            shown = [layer.name for layer in self.layers[0]]
            one, two = sides.traces
            distances = [relative_distance(one[name].output, two[name].output) for name in shown]
            self.bars = DistanceBars(shown, distances, self.places, theme)
            self.formula = formula(FORMULA, theme, self.places.formula.width)
            self.formula.move_to(self.places.formula.centre)
        self.fields = [] if self.has_distances else [self._make_fields(side) for side in (0, 1)]

    @property
    def totals(self) -> tuple[int, int]:
        """How many layers with maps each network has."""
        one, two = (len(map_layers(each, len(each.layers))) for each in self._sides.traces)
        return one, two

    def _make_fields(self, side: int) -> SeenFields:
        picture, trace = self.pictures[side], self._sides.traces[side]
        layers, places = self.layers[side], self.places.layers[side]
        return SeenFields(trace, layers, places, picture, self._theme)

    def _make_columns(self, side: int) -> list[ComparedColumn]:
        columns = []
        for layer, places in zip(self.layers[side], self.places.layers[side], strict=True):
            values = self._sides.traces[side][layer.name].output
            zones = self._map_zones(places.maps, len(layer.channels))
            scale = self._scale(side, layer)
            maps = [
                small_map(values[channel], scale, zone.width).move_to(zone.centre)
                for channel, zone in zip(layer.channels, zones, strict=True)
            ]
            name = None if self.has_distances and side else self._name(layer, places)
            columns.append(ComparedColumn(maps, name))
        return columns

    def _map_zones(self, zone: Zone, count: int) -> list[Zone]:
        """Return a square for each map, side by side or one above the other."""
        most = self.places.channels
        if self.places.is_wide:
            pitch = min(zone.width, zone.height / most)
            first = zone.y + pitch * (count - 1) / 2
            centres = [(zone.x, first - place * pitch) for place in range(count)]
        else:
            pitch = min(zone.height, zone.width / most)
            first = zone.x - pitch * (count - 1) / 2
            centres = [(first + place * pitch, zone.y) for place in range(count)]
        side = pitch - GAP / 2
        return [Zone.centred_at(x, y, side, side) for x, y in centres]

    def _name(self, layer: ComparedLayer, places: LayerPlaces) -> FittedLabel:
        zone, sizes = places.name, self._theme.sizes
        colour = self._theme.palette.text_muted
        is_beside = not self.places.is_wide and self.has_distances
        room = zone.inset(2 * GAP, 0.0) if is_beside else zone
        width = room.width if is_beside else room.width - GAP / 2
        height = zone.height - DESCENT
        # Whole if it can be, a little smaller; where that is not enough, in lines of full size.
        wraps = line_width(layer.name, SMALLEST) > width
        label = FittedLabel(layer.name, sizes.small, colour, width, max_height=height, wraps=wraps)
        x = room.left + label.width / 2 if is_beside else room.x
        return label.move_to(point(x, zone.y))

    def _scale(self, side: int, layer: ComparedLayer) -> ColourScale:
        """Return the colours of a layer: where both have it, the same for both."""
        traces = self._sides.traces if self.has_distances else [self._sides.traces[side]]
        values = common_range(traces, layer.name)
        make = self._theme.signed_scale if values.is_signed else self._theme.positive_scale
        return make(values.high)
