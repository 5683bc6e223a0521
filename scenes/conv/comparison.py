"""A finished feature map beside the picture it comes from, at about the same size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from manim import Mobject

from cnnviz.explain.fields import Field, receptive_field
from cnnviz.explain.places import Place
from cnnviz.explain.quantity import Quantity
from cnnviz.locales import Words
from cnnviz.mobjects.colour_bar import ColourBar
from cnnviz.mobjects.expression import Part
from cnnviz.mobjects.frames import KernelWindow, map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import feature_map, picture_pixels
from cnnviz.mobjects.text import Label, Number
from cnnviz.model.trace import Trace
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import point
from cnnviz.style.theme import Layout, Theme

Point = tuple[float, float]

HEADING_DROP = 0.22
"""From a heading's middle down to what it names, in Manim units, as all lengths here."""

LEGEND_DROP = 0.42
"""From the map down to its legend's middle."""

NOTE_GAP = 0.35
"""Between the value and the name of its place, where they stand in one line."""


@dataclass(frozen=True)
class ComparisonPlaces:
    """Where picture and map stand, and what is written about one value."""

    side: float
    """Longest side of both."""
    picture: Point
    map: Point
    note: Point
    is_note_stacked: bool
    """Whether the value stands above the name of its place, and not beside it."""

    @classmethod
    def of(cls, layout: Layout) -> ComparisonPlaces:
        """Side by side, with the note between them or below; one above the other if narrow."""
        stage, above, below = layout.stage, 2 * HEADING_DROP, 2 * LEGEND_DROP
        if layout.aspect == "16:9":
            y = 0.12
            return cls(3.95, (-3.3, y), (3.3, y), (0.0, y), True)
        if layout.aspect == "1:1":
            left, right = stage.columns(1, 1, gap=0.4)
            y = stage.top - above - left.width / 2
            note_y = (y - left.width / 2 - below + stage.bottom) / 2
            return cls(left.width, (left.x, y), (right.x, y), (stage.x, note_y), False)
        note_height = 0.9
        side = (stage.height - 2 * above - note_height - below) / 2
        picture_y, map_y = stage.top - above - side / 2, stage.bottom + below + side / 2
        note_y = picture_y - side / 2 - note_height / 2
        return cls(side, (stage.x, picture_y), (stage.x, map_y), (stage.x, note_y), False)


class MapAndPicture:
    """The mobjects of the comparison; none is in the scene at first.

    Parameters
    ----------
    trace
        What the network computed.
    place
        The value that is marked on the map, and whose receptive field on the picture.
    scale
        Colours of the map.
    marks, note
        The numbers on the map's legend, and what stands below them.
    value
        The value at the place.
    theme, words
        Looks and words.
    """

    def __init__(
        self,
        trace: Trace,
        place: Place,
        scale: ColourScale,
        marks: tuple[Quantity, ...],
        note: Sequence[Part],
        value: Quantity,
        theme: Theme,
        words: Words,
    ) -> None:
        self.theme = theme
        self._places = ComparisonPlaces.of(theme.layout)
        side = self._places.side
        self.map = feature_map(trace[place.layer].output[place.channel], scale, theme, side)
        self.map.move_to(np.array([*self._places.map, 0.0]))
        pixels = picture_pixels(trace)
        cell = theme.layout.cell_size(max(pixels.shape[:2]), side)
        self.picture = HeatMap(pixels, pixels.shape[1] * cell, pixels.shape[0] * cell)
        self.picture.move_to(np.array([*self._places.picture, 0.0]))
        legend = ColourBar(scale, marks, theme, side * 0.9, note)
        legend.move_to(self.map.get_bottom() - point(0.0, LEGEND_DROP))
        name = words("conv.output", layer=place.layer, channel=place.channel)
        self.around_map: list[Mobject] = [
            map_frame(self.map, theme),
            self._heading(name, self.map),
            legend,
        ]
        self.picture_parts: list[Mobject] = [
            self.picture,
            map_frame(self.picture, theme),
            self._heading(words("common.picture"), self.picture),
        ]
        field = receptive_field(trace.architecture, place.layer, place.row, place.column)
        self.place_parts = self._mark_place(place, value, field, words)

    def _heading(self, text: str, below: HeatMap) -> Label:
        label = Label(text, self.theme.sizes.label, self.theme.palette.text_muted)
        return label.move_to(below.get_top() + point(0.0, HEADING_DROP))

    def _mark_place(
        self, place: Place, value: Quantity, field: Field, words: Words
    ) -> list[Mobject]:
        """Return the marks on map and picture, and the value between them."""
        on_map = KernelWindow(self.map, 1, self.theme)
        on_map.show_position(place.row, place.column)
        on_picture = KernelWindow(self.picture, 1, self.theme)
        height, width = field.size
        top, left = field.rows[0], field.columns[0]
        on_picture.show_area(top, left, top + height, left + width)
        sizes, palette = self.theme.sizes, self.theme.palette
        number = Number(value, sizes.number, palette.accent, weight=600)
        where = Label(
            words("common.place", row=place.row, column=place.column), sizes.label, palette.text
        )
        x, y = self._places.note
        if self._places.is_note_stacked:
            number.move_to(point(x, y + 0.25))
            where.move_to(point(x, y - 0.25))
        else:
            start = x - (number.width + NOTE_GAP + where.width) / 2
            number.move_to(point(start + number.width / 2, y))
            where.move_to(point(2 * x - start - where.width / 2, y))
        return [on_map, on_picture, number, where]
