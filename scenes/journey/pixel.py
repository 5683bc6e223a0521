"""The first sight of the pixel: on the picture, among its neighbours, and as numbers."""

from __future__ import annotations

import numpy as np
from manim import Mobject

from cnnviz.explain.fields import Field
from cnnviz.explain.quantity import Quantity
from cnnviz.locales import Words
from cnnviz.mobjects.bars import Bar
from cnnviz.mobjects.frames import BORDER, KernelWindow, Outline, map_frame, with_border
from cnnviz.mobjects.heat_map import HeatMap, Photo
from cnnviz.mobjects.maps import picture_pixels
from cnnviz.mobjects.picture_channels import picture_channel_colours, picture_channel_names
from cnnviz.mobjects.text import Label, Number
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.scenes.journey.panel import zoom_lines
from cnnviz.scenes.journey.trail import LEAST_MARK, field_edges
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

NEIGHBOURS = 4
"""Cells shown on each side of the pixel, where there are so many."""

STEP = 0.62
"""Distance between the lines of numbers, in Manim units."""

NAME_LINES = 2.0
"""Of the pixel's place above them, in lines."""

SQUARE = 0.9, 1.8
"""Between these proportions, width to height, the stage is divided in both directions."""

BAR_HEIGHT = 0.2

SHORTEST_BAR = 0.004
"""As a share of the longest: a bar for 0 can still be seen."""


class PixelBoard:
    """The mobjects of the beat about the pixel; none is in the scene at first.

    Parameters
    ----------
    trace
        What is shown.
    row, column
        The pixel, at the network's input size.
    theme, words
        Looks and words.
    """

    def __init__(self, trace: Trace, row: int, column: int, theme: Theme, words: Words) -> None:
        self._trace, self._theme, self._words = trace, theme, words
        self._place = (row, column)
        self._lines = len(trace.picture) * (2 if trace.architecture.input.is_normalised else 1)
        on, near, facts = _zones(theme.layout.stage, (self._lines + NAME_LINES) * STEP)
        pixels = picture_pixels(trace)
        rows, columns = pixels.shape[:2]
        note_height = 0.4
        available = min(on.width / columns, (on.height - note_height) / rows)
        cell = theme.layout.cell_size(1, available / (1 + 2 * BORDER))
        size = columns * cell, rows * cell
        centre = on.centre + point(0.0, note_height / 2)
        stage = theme.layout.stage
        large = min(stage.width / columns, stage.height / rows) / (1 + 2 * BORDER)
        photo = Photo(trace.photo, columns * large, rows * large).move_to(stage.centre)
        self.photo = with_border(photo, theme)
        self.picture = with_border(HeatMap(pixels, *size).move_to(centre), theme)
        text = words("common.photo", columns=columns, rows=rows)
        self.note = Label(text, theme.sizes.label, theme.palette.text_muted)
        self.note.move_to(self.picture.get_bottom() - point(0.0, 0.25))
        overhang = theme.layout.left - self.note.get_left()[0]
        self.note.shift(point(max(overhang, 0.0), 0.0))
        pixel = Field(INPUT, (row,), (column,))
        edges = field_edges(self.picture, pixel, LEAST_MARK * theme.layout.pixel)
        self.mark = Outline(theme.palette.accent, theme.strokes.normal)
        self.mark.set_edges(*edges)
        self._make_close_up(pixels, near)
        self.fact_parts = self._facts(facts)

    def _make_close_up(self, pixels: np.ndarray, zone: Zone) -> None:
        """Make the pixel among its neighbours, with an outline, and where they lie."""
        theme, (row, column) = self._theme, self._place
        rows = range(max(0, row - NEIGHBOURS), min(pixels.shape[0], row + NEIGHBOURS + 1))
        columns = range(max(0, column - NEIGHBOURS), min(pixels.shape[1], column + NEIGHBOURS + 1))
        cells = 2 * NEIGHBOURS + 1
        side = min(zone.width, zone.height)
        cell = theme.layout.cell_size(cells, side)
        near = HeatMap(
            pixels[np.ix_(rows, columns)], len(columns) * cell, len(rows) * cell
        ).move_to(zone.centre)
        mark = KernelWindow(near, 1, theme)
        mark.show_position(row - rows[0], column - columns[0])
        edges = field_edges(self.picture, Field(INPUT, tuple(rows), tuple(columns)), 0.0)
        neighbours = Outline(theme.palette.accent, theme.strokes.thin)
        neighbours.set_edges(*edges)
        below = bool(near.get_top()[1] < edges[3])
        zoom = zoom_lines(edges, near, theme, below=below)
        self.neighbours, self.near = neighbours, near
        self.near_parts: list[Mobject] = [zoom, map_frame(near, theme), mark]
        self._far, self._home = np.array(edges), np.array(near.corners())

    def show_nearness(self, share: float) -> None:
        """Show the pixel and its neighbours on the way from the picture to their place."""
        left, top, right, bottom = map(float, self._far + (self._home - self._far) * share)
        self.near.set_corners(left, top, right, bottom)

    def _facts(self, zone: Zone) -> list[Mobject]:
        """Return the pixel's colour and, as bars from 0 to 1, its value in each channel."""
        theme, trace, (row, column) = self._theme, self._trace, self._place
        palette, sizes = theme.palette, theme.sizes
        names = picture_channel_names(len(trace.picture), self._words)
        colours = picture_channel_colours(len(names), palette)
        is_normalised = trace.architecture.input.is_normalised
        y = zone.y + (self._lines - 1) / 2 * STEP
        place = Label(
            self._words("common.place", row=row, column=column), sizes.body, palette.accent
        )
        place.move_to(point(zone.x, y + STEP * 1.1))
        parts: list[Mobject] = [place]
        left = zone.left + 0.85
        bar_width = zone.width - 1.75
        for channel, (name, colour) in enumerate(zip(names, colours, strict=True)):
            value = float(trace.picture[channel, row, column])
            label = Label(name, sizes.body, colour, anchor="left")
            label.move_to(point(zone.left + label.width / 2, y))
            rail, bar = Bar(palette.zero, y, BAR_HEIGHT), Bar(colour, y, BAR_HEIGHT)
            rail.set_span(left, left + bar_width)
            bar.set_span(left, left + max(value, SHORTEST_BAR) * bar_width)
            quantity = Quantity.of("pixel", value, 2, channel=channel, row=row, column=column)
            number = Number(quantity, sizes.number, palette.text, weight=600, anchor="right")
            number.move_to(point(zone.right - number.width / 2, y))
            parts += [label, rail, bar, number]
            y -= STEP
            if is_normalised:
                parts += self._normalised(channel, zone, y)
                y -= STEP
        return parts

    def _normalised(self, channel: int, zone: Zone, y: float) -> list[Mobject]:
        """Return what the first layer receives instead of the value."""
        theme, (row, column) = self._theme, self._place
        value = self._trace.layers[0].input[channel, row, column]
        quantity = Quantity.of(
            "activation", value, 2, layer=INPUT, channel=channel, row=row, column=column
        )
        number = Number(quantity, theme.sizes.body, theme.palette.text, anchor="right")
        number.move_to(point(zone.right - number.width / 2, y))
        text = self._words("journey.normalised")
        label = Label(text, theme.sizes.label, theme.palette.text_muted, anchor="right")
        label.move_to(point(number.get_left()[0] - 0.2 - label.width / 2, y))
        return [label, number]


def _zones(stage: Zone, facts_height: float) -> tuple[Zone, Zone, Zone]:
    """Return the rooms of the picture, of the pixel from near, and of its numbers."""
    least, most = SQUARE
    if stage.width > most * stage.height:
        on, near, facts = stage.columns(1.15, 0.8, 1.0, gap=0.7)
        return on, near, facts
    if stage.width < least * stage.height:
        maps, facts = stage.rows(stage.height - facts_height, facts_height)
        on, near = maps.rows(2.2, 1.0, gap=0.7)
        return on, near, facts
    on, beside = stage.columns(1.25, 1.0, gap=0.7)
    near, facts = beside.rows(beside.height - facts_height, facts_height)
    return on, near, facts
