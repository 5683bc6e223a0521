"""The way: a small map for every block, dimmed until the pixel is there; then, what it reaches."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import Mobject

from cnnviz.explain.fields import Field
from cnnviz.explain.scaling import value_range
from cnnviz.mobjects.fitting import SMALLEST, FittedLabel
from cnnviz.mobjects.frames import Outline, map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import fitted_size
from cnnviz.mobjects.text import Label, line_width
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import Corners, Zone, point
from cnnviz.style.theme import Theme

LINE = 0.26
"""Height of the line with a map's name, and of that with the field's size."""

TWO_LINES = 0.46
"""Height of the names where one is too long for a line even in the smallest type."""

GAP = 0.16
"""Between two maps."""

NAME_LIFT = 0.04
"""How much nearer to the upper end of its line a name stands: letters reach below theirs."""

OVERHANG = GAP / 2
"""How much wider than its slot a name may be."""

SHARE = 0.34
"""Of the stage's height that it takes at most."""

SPACE_ABOVE = 0.08
"""Between the title's lines and the names, beyond that between title and stage."""

SPACE_BELOW = 0.12
"""Between the trail and the zone below it, in Manim units."""

LEAST_MARK = 6
"""Pixels at 1080p that the outline of a single cell spans at least, to be seen at all."""


class Trail:
    """A row of maps, or two, that become bright from left to right.

    Parameters
    ----------
    colours
        Of the map of each block, uint8 (rows, columns, 3), the picture's first.
    names
        What is written above them.
    theme
        Sizes and colours, and the stage, of which it takes the upper part.

    Attributes
    ----------
    zone_below
        The rest of the stage.
    maps
        One for each block, dimmed.
    parts
        Frames, maps and names.
    notes
        What is in the scene of outlines and sizes.
    """

    def __init__(self, colours: Sequence[np.ndarray], names: Sequence[str], theme: Theme) -> None:
        self.theme = theme
        stage = theme.layout.stage
        below_title = Zone(stage.left, stage.top - SPACE_ABOVE, stage.right, stage.bottom)
        upper, _ = below_title.rows(SHARE, 1 - SHARE)
        longest = max(line_width(name, SMALLEST) for name in names) - OVERHANG
        self._name_room = LINE
        self.slots = _slots(len(colours), longest, upper, self._name_room)
        if self.slots[0].width < longest:
            self._name_room = TWO_LINES
            self.slots = _slots(len(colours), longest, upper, self._name_room)
        bottom = self.slots[-1].bottom
        self.zone_below = Zone(stage.left, bottom - SPACE_BELOW, stage.right, stage.bottom)
        self.notes: list[Mobject] = []
        self.maps: list[HeatMap] = []
        for cells, slot in zip(colours, self.slots, strict=True):
            side = min(slot.width, slot.height - self._name_room - LINE)
            made = HeatMap(cells, *fitted_size(cells.shape[:2], side))
            made.opacity = theme.dimmed
            self.maps.append(made.move_to(point(slot.x, slot.top - self._name_room - side / 2)))
        frames = [map_frame(each, theme) for each in self.maps]
        labels = [self._name(index, name) for index, name in enumerate(names)]
        self.parts: list[Mobject] = [*frames, *self.maps, *labels]
        self.marks: list[Outline] = [
            Outline(theme.palette.accent, theme.strokes.thin) for _ in colours
        ]

    def mark(self, index: int, field: Field) -> Outline:
        """Return the outline around `field` on the map of a slot."""
        box, outline = self.maps[index], self.marks[index]
        outline.set_edges(*field_edges(box, field, LEAST_MARK * self.theme.layout.pixel))
        outline.set_stroke(self.theme.palette.accent)
        return outline

    def size(self, index: int, text: str) -> Label:
        """Return the line below a slot's map."""
        label = self._line(index, text, self.maps[index].get_bottom()[1] - LINE / 2 - 0.03)
        return label.set_colour(self.theme.palette.accent)

    def step_back(self) -> None:
        """Let what is said about the pixel be no longer what is talked about."""
        muted = self.theme.palette.text_muted
        for note in self.notes:
            if isinstance(note, Label):
                note.set_colour(muted)
            else:
                note.set_stroke(muted)

    def _name(self, index: int, text: str) -> Label:
        """Return the name above a slot's map."""
        y = self.maps[index].get_top()[1] + self._name_room / 2 + NAME_LIFT
        return self._line(index, text, y, self._name_room - NAME_LIFT)

    def _line(self, index: int, text: str, y: float, height: float = LINE) -> Label:
        size, colour = self.theme.sizes.small, self.theme.palette.text_muted
        width = self.slots[index].width + OVERHANG
        label = FittedLabel(text, size, colour, width, max_height=height)
        return label.move_to(point(self.slots[index].x, y))


def channel_colours(trace: Trace, layer: str, channel: int, theme: Theme) -> np.ndarray:
    """Return one channel of a layer's output as colours, uint8 (rows, columns, 3)."""
    return map_scale(trace, layer, theme).colours(trace[layer].output[channel])


def map_scale(trace: Trace, layer: str, theme: Theme) -> ColourScale:
    """Return the colours of a layer's outputs, and of the pixel's own part of them.

    From one convolution, addition or concatenation to the next they are the same: so a value keeps
    its colour through ReLU and pooling, on the large map, from near and in the trail.
    """
    while not trace[layer].layer.adds_up:
        source, *others = trace.architecture.sources_of(layer)
        if others or source == INPUT:
            break
        layer = source
    return theme.signed_scale(value_range(trace, layer).high)


def field_edges(on: HeatMap, field: Field, least: float) -> Corners:
    """Return (left, top, right, bottom) around a field on a map, `least` wide or more."""
    rows, columns = field.slices
    left, top, right, bottom = on.area(rows.start, columns.start, rows.stop, columns.stop)
    more_x = max(0.0, least - (right - left)) / 2
    more_y = max(0.0, least - (top - bottom)) / 2
    return left - more_x, top + more_y, right + more_x, bottom - more_y


def _slots(count: int, width: float, zone: Zone, name_room: float) -> list[Zone]:
    """Return one zone per map: in one row if they are large and wide enough in it, else in two.

    Slots are no higher than their maps, names and sizes need.
    """
    slot = zone.width / count
    rows = 1 if slot > zone.height / 2 * 0.75 and slot - GAP >= width else 2
    per_row = -(-count // rows)
    height = rows * (zone.width / per_row - GAP + name_room + LINE) + (rows - 1) * GAP
    zone = Zone(zone.left, zone.top, zone.right, max(zone.bottom, zone.top - height))
    return [
        slot
        for row in zone.rows(*[1] * rows, gap=GAP)
        for slot in row.columns(*[1] * per_row, gap=GAP)
    ][:count]
