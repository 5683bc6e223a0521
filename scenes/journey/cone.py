"""The cone: what one cell sees of every layer before it, back to the picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import Mobject, VMobject

from cnnviz.explain.fields import Field, receptive_cone, receptive_geometry
from cnnviz.explain.quantity import Quantity
from cnnviz.explain.sides import written_sides
from cnnviz.locales import Words
from cnnviz.mobjects.frames import Outline, with_border
from cnnviz.mobjects.heat_map import HeatMap, Photo
from cnnviz.mobjects.maps import picture_pixels
from cnnviz.mobjects.text import Label, Number
from cnnviz.model.architecture import INPUT, Architecture
from cnnviz.model.trace import Trace
from cnnviz.scenes.journey.fold import WORTH, Spacing, best_fold
from cnnviz.scenes.journey.one_cell import CellBoard
from cnnviz.scenes.journey.panel import Panel
from cnnviz.scenes.journey.trail import channel_colours, field_edges
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

GAP_SHARE = 0.012
"""Of the room's width, between two layers of the cone."""

LINE = 0.4
"""Height of the lines above and below the cone."""

SIZE_GAP = 0.26
"""From a field's edge to the middle of the line with its size."""

VALUE_GAP = 0.2
"""From the cell to its value beside it."""

PARTS_GAP = 0.4
"""Between picture, patch and photo."""

HIGH, WIDE = 1.2, 1.6
"""A zone that is so many times higher than wide is divided into rows, a wider one into columns."""

GLOW = 0.13
"""Opacity of the cone's sides."""


class Cone:
    """The fields of one cell, layer by layer, all at the scale of the picture.

    Parameters
    ----------
    trace
        What is shown.
    layers
        The layers to show, from the first to the cell's own, each with a channel; those that
        the cell does not see are left out.
    row, column
        The cell in the last of them.
    zone
        The room.
    theme, words
        Looks and words.
    """

    def __init__(
        self,
        trace: Trace,
        layers: list[tuple[str, int]],
        row: int,
        column: int,
        zone: Zone,
        theme: Theme,
        words: Words,
    ) -> None:
        self._trace, self._theme = trace, theme
        last, channel = layers[-1]
        cone = receptive_cone(trace.architecture, last, row, column)
        by_layer = {field.layer: field for field in cone}
        self.layers = layers = [each for each in layers if each[0] in by_layer]
        self.fields = [by_layer[INPUT], *(by_layer[layer] for layer, _ in layers)]
        jumps = [(1, 1), *(jumps_of(trace.architecture, layer) for layer, _ in layers)]
        value = float(trace[last].output[channel, row, column])
        quantity = Quantity.of(
            "activation", value, 2, width=7, layer=last, channel=channel, row=row, column=column
        )
        self.value = Number(quantity, theme.sizes.number, theme.palette.accent, weight=600)
        boxes, upper = self._place_fields(jumps, zone)
        self.crops = [
            HeatMap(self._colours(index, field), box.width, box.height).move_to(box.centre)
            for index, (field, box) in enumerate(zip(self.fields, boxes, strict=True))
        ]
        self.outlines = [self._outline(crop) for crop in self.crops]
        self.sides = [
            cone_side(one, other, theme)
            for one, other in zip(self.crops[:-1], self.crops[1:], strict=True)
        ]
        self.sizes = [
            self._size(field, crop, above=index >= len(self.crops) - upper)
            for index, (field, crop) in enumerate(zip(self.fields, self.crops, strict=True))
        ]
        self.board = CellBoard(
            channel_colours(trace, last, channel, theme),
            words("journey.channel_of", layer=last, channel=channel),
            self.fields[-1],
            zone,
            theme,
        )
        self.value.move_to(self.board.value_place)

    def _place_fields(self, jumps: list[tuple[int, int]], zone: Zone) -> tuple[list[Zone], int]:
        """Return where each layer's field stands, the picture's first, and how many of them above.

        From left to right; where the room is high and narrow, in two rows with a turn. The value
        gets its goal: above the cell or, in two rows, before it, where no other field is.
        """
        extents = [
            (float(field.size[1] * across), float(field.size[0] * down))
            for field, (down, across) in zip(self.fields, jumps, strict=True)
        ]
        gap, width = GAP_SHARE * zone.width, self.value.width
        unit, boxes = _row_of(extents, gap, zone)
        tip = boxes[-1]
        self.value_goal = point(min(tip.x, zone.right - width / 2), tip.top + LINE)
        left, bottom = self.value_goal[0] - width / 2, self.value_goal[1] - self.value.height / 2
        if any(box.right > left and box.top > bottom for box in boxes):
            if tip.left + width > zone.right:
                narrower = Zone(zone.left, zone.top, zone.right - width, zone.bottom)
                unit, boxes = _row_of(extents, gap, narrower)
            self.value_goal = point(boxes[-1].left + width / 2, boxes[-1].top + LINE)
        fold = best_fold(extents[::-1], zone, Spacing(gap, 0.0, LINE, ahead=VALUE_GAP + width))
        if fold is None or fold.unit < WORTH * unit:
            return boxes, 0
        tip = fold.boxes[0]
        self.value_goal = point(tip.left - VALUE_GAP - width / 2, tip.y)
        return list(fold.boxes[::-1]), fold.upper

    def _colours(self, index: int, field: Field) -> np.ndarray:
        if not index:
            return picture_pixels(self._trace)[field.slices]
        return channel_colours(self._trace, *self.layers[index - 1], self._theme)[field.slices]

    def _outline(self, crop: HeatMap) -> Outline:
        outline = Outline(self._theme.palette.accent, self._theme.strokes.thin)
        outline.set_edges(*crop.corners())
        return outline

    def _size(self, field: Field, crop: HeatMap, *, above: bool) -> Label:
        """Return the line with a field's size; the cell's own stays clear of larger fields."""
        label = Label(written_sides(field.size), self._theme.sizes.label, self._theme.palette.text)
        x, _, _ = crop.get_center()
        y = crop.get_top()[1] + SIZE_GAP if above else crop.get_bottom()[1] - SIZE_GAP
        overhang = max((label.width - crop.width) / 2, 0.0)
        if field is self.fields[-1]:
            x += -overhang if above else overhang
        return label.move_to(point(x, y))


class Patch:
    """The picture, the patch that one cell saw, enlarged, and the same place in the photo.

    Parameters
    ----------
    trace
        What is shown.
    field
        The cell's receptive field in the picture.
    zone
        The room.
    theme, words
        Looks and words.
    """

    def __init__(self, trace: Trace, field: Field, zone: Zone, theme: Theme, words: Words) -> None:
        self._theme = theme
        pixels = picture_pixels(trace)
        rows, columns = pixels.shape[:2]
        whole, near, sharp = (Panel(part, theme) for part in _parts_of(zone))
        size = _fit(columns, rows, whole.room)
        self.photo = with_border(Photo(trace.photo, *size).move_to(whole.room.centre), theme)
        # The photo has more pixels than the picture in which the field is counted.
        counted = HeatMap(pixels, *size).move_to(self.photo)
        self.edges = field_edges(counted, field, 0.0)
        self.mark = Outline(theme.palette.accent, theme.strokes.normal)
        self.mark.set_edges(*self.edges)
        height, width = field.size
        row_slice, column_slice = field.slices
        crop = pixels[row_slice, column_slice]
        self.near = HeatMap(crop, *_fit(width, height, near.room)).move_to(near.room.centre)
        y_scale, x_scale = trace.photo.shape[0] / rows, trace.photo.shape[1] / columns
        part = trace.photo[
            round(row_slice.start * y_scale) : max(round(row_slice.stop * y_scale), 1),
            round(column_slice.start * x_scale) : max(round(column_slice.stop * x_scale), 1),
        ]
        cut_out = Photo(part, *_fit(width, height, sharp.room)).move_to(sharp.room.centre)
        self.sharp = with_border(cut_out, theme)
        self.near_mark = Outline(theme.palette.accent, theme.strokes.window)
        self.near_mark.set_edges(*self.near.corners())
        self.whole_heading = whole.heading(words("common.picture"), self.photo)
        text = words("journey.patch", count=height * width, rows=height, columns=width)
        self.near_heading = near.heading(text, self.near, is_accent=True)
        self.sharp_heading = sharp.heading(words("journey.patch_in_photo"), self.sharp)
        self.is_below = bool(self.near.get_top()[1] < self.edges[3])
        self.parts: list[Mobject] = [self.photo, self.mark, self.whole_heading]


def jumps_of(architecture: Architecture, layer: str) -> tuple[int, int]:
    """Return how far the fields of cells one below the other, and side by side, lie apart."""
    down, across = (receptive_geometry(architecture, layer, axis).jump for axis in (0, 1))
    return down, across


def cone_side(one: HeatMap, other: HeatMap, theme: Theme) -> VMobject:
    """Return the part of a cone between two maps, side by side or one above the other."""
    side = VMobject(
        stroke_color=theme.palette.accent,
        stroke_width=theme.strokes.hairline,
        fill_color=theme.palette.accent,
        fill_opacity=GLOW,
    )
    corners = _facing_corners(one, other)
    side.set_points_as_corners(np.array([(x, y, 0.0) for x, y in [*corners, corners[0]]]))
    return side


def _facing_corners(one: HeatMap, other: HeatMap) -> list[tuple[float, float]]:
    left, right = sorted((one.corners(), other.corners()))
    if left[2] <= right[0]:
        return [
            (left[2], left[1]),
            (right[0], right[1]),
            (right[0], right[3]),
            (left[2], left[3]),
        ]
    low, high = sorted((one.corners(), other.corners()), key=lambda corners: corners[1])
    return [(low[0], low[1]), (high[0], high[3]), (high[2], high[3]), (low[2], low[1])]


def _row_of(
    extents: Sequence[tuple[float, float]], gap: float, zone: Zone
) -> tuple[float, list[Zone]]:
    """Return the largest fields in one row, in the middle of a zone, and the length of a pixel."""
    total = sum(width for width, _ in extents)
    gaps = gap * (len(extents) - 1)
    highest = max(height for _, height in extents)
    unit = min((zone.width - gaps) / total, (zone.height - 2 * LINE) / highest)
    x = zone.x - (unit * total + gaps) / 2
    boxes = []
    for width, height in extents:
        half = height * unit / 2
        boxes.append(Zone(x, zone.y + half, x + width * unit, zone.y - half))
        x += width * unit + gap
    return unit, boxes


def _fit(columns: int, rows: int, room: Zone) -> tuple[float, float]:
    cell = min(room.width / columns, room.height / rows)
    return columns * cell, rows * cell


def _parts_of(zone: Zone) -> tuple[Zone, ...]:
    """Return three parts side by side or one above the other; of a square one large and two."""
    if zone.height > HIGH * zone.width:
        return zone.rows(1, 1, 1, gap=PARTS_GAP)
    if zone.width > WIDE * zone.height:
        return zone.columns(1, 1, 1, gap=PARTS_GAP)
    large, rest = zone.columns(1.2, 1, gap=PARTS_GAP)
    return large, *rest.rows(1, 1, gap=PARTS_GAP)
