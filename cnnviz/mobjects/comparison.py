"""A finished feature map beside the picture it comes from, at about the same size."""

from __future__ import annotations

import numpy as np
from manim import Mobject

from cnnviz.colour import ColourScale
from cnnviz.explain.fields import Field, receptive_field
from cnnviz.explain.places import Place
from cnnviz.explain.quantity import Quantity
from cnnviz.locales import Words
from cnnviz.mobjects.colour_bar import ColourBar
from cnnviz.mobjects.frames import KernelWindow, map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import feature_map, picture_pixels
from cnnviz.mobjects.text import Label, Number
from cnnviz.theme import Theme
from cnnviz.traces import Trace

MAP_SIDE = 3.95
"""Longest side of map and picture, in Manim units."""

MIDDLE = 3.3
"""Distance of their centres from the middle of the stage."""

CENTRE_Y = 0.12


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
    marks
        The numbers on the map's legend.
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
        value: Quantity,
        theme: Theme,
        words: Words,
    ) -> None:
        self.theme = theme
        self.map = feature_map(trace[place.layer].output[place.channel], scale, theme, MAP_SIDE)
        self.map.move_to(np.array([MIDDLE, CENTRE_Y, 0.0]))
        pixels = picture_pixels(trace)
        cell = theme.layout.cell_size(max(pixels.shape[:2]), MAP_SIDE)
        self.picture = HeatMap(pixels, pixels.shape[1] * cell, pixels.shape[0] * cell)
        self.picture.move_to(np.array([-MIDDLE, CENTRE_Y, 0.0]))
        legend = ColourBar(scale, marks, theme, MAP_SIDE * 0.9)
        legend.move_to(self.map.get_bottom() - np.array([0.0, 0.42, 0.0]))
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
        return label.move_to(below.get_top() + np.array([0.0, 0.22, 0.0]))

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
        number.move_to(np.array([0.0, CENTRE_Y + 0.25, 0.0]))
        where = Label(
            words("common.place", row=place.row, column=place.column), sizes.label, palette.text
        )
        where.move_to(np.array([0.0, CENTRE_Y - 0.25, 0.0]))
        return [on_map, on_picture, number, where]
