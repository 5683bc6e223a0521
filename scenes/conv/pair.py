"""Two maps side by side, as large as the stage lets them be: what comes in, and what comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from manim import FadeIn, Mobject, smooth

from cnnviz.animations.drive import Drive
from cnnviz.arrays import Float64Array
from cnnviz.explain.fields import Field, receptive_field
from cnnviz.explain.places import Place
from cnnviz.explain.routes import winding_route
from cnnviz.locales import Words
from cnnviz.mobjects.colour_bar import ColourBar
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.frames import KernelWindow, map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import feature_map, fitted_size, longest_side, picture_pixels
from cnnviz.model.trace import Trace
from cnnviz.scenes.conv.output import ConvolutionOutput
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import Zone, point
from cnnviz.style.layout import Layout
from cnnviz.style.theme import Theme

HEADING_ROOM = 0.42
"""Above a map, in Manim units, as all lengths here."""

HEADING_DROP = 0.2
"""From a heading's middle down to what it names."""

LEGEND_ROOM = 0.84
LEGEND_DROP = 0.42
"""Below the map, and from it down to its legend's middle."""

GAP = 0.4
"""Between the maps and what stands between or beside them."""

SQUARE_MIDDLE = 1.42
"""Height of what stands below the maps in 1:1."""

TALL_SIDE = 4.95
"""Longest side of a map in 9:16."""

GLIDE = 2.5
"""How long the window takes over the picture, in moves."""

CRISP_SHARE = 0.8
"""Maps of whole pixels are preferred until they would be smaller than this share of their room."""


@dataclass(frozen=True)
class PairPlaces:
    """Where two maps stand, and what is between or beside them."""

    side: float
    """Longest side of both."""
    left: Zone
    right: Zone
    """A square around the middle of each: what comes in, and what comes out."""
    middle: Zone
    alone: tuple[Float64Array, Float64Array]
    """How far from there each stands while nothing is in the middle, and all is theirs."""

    @classmethod
    def of(cls, layout: Layout) -> PairPlaces:
        """Side by side with the middle between them, or below; one above the other if narrow."""
        stage = layout.stage
        first, second = stage.columns(1, 1, gap=GAP)
        room = stage.height - HEADING_ROOM - LEGEND_ROOM
        if layout.aspect == "16:9":
            y = stage.top - HEADING_ROOM - room / 2
            left, right = stage.left + room / 2, stage.right - room / 2
            inner = room + GAP
            middle = Zone(stage.left + inner, stage.top, stage.right - inner, stage.bottom)
            alone = point(first.x - left, 0.0), point(second.x - right, 0.0)
            return cls(room, _square(left, y, room), _square(right, y, room), middle, alone)
        if layout.aspect == "1:1":
            side = min(room - SQUARE_MIDDLE, first.width)
            y = stage.top - HEADING_ROOM - side / 2
            middle = Zone(stage.left, stage.bottom + SQUARE_MIDDLE, stage.right, stage.bottom)
            places = _square(first.x, y, side), _square(second.x, y, side)
            down = point(0.0, (side - room) / 2)
            return cls(side, *places, middle, (down, down))
        side = min(TALL_SIDE, (room - HEADING_ROOM) / 2)
        x = stage.left + side / 2
        inwards = point(stage.x - x, 0.0)
        return cls(
            side,
            _square(x, stage.top - HEADING_ROOM - side / 2, side),
            _square(x, stage.bottom + LEGEND_ROOM + side / 2, side),
            Zone(stage.left + side + GAP, stage.top, stage.right, stage.bottom),
            (inwards, inwards),
        )

    @property
    def is_column(self) -> bool:
        """Whether what is in the middle stands one below the other."""
        return self.middle.height > self.middle.width

    def middle_parts(self, *shares: float, gap: float = 0.0) -> tuple[Zone, ...]:
        """Divide the middle along its longer side."""
        divide = self.middle.rows if self.is_column else self.middle.columns
        return divide(*shares, gap=gap)


class Pair:
    """The picture and the output, large; nothing is in the scene at first.

    Parameters
    ----------
    trace
        What the network computed.
    place
        The output that is worked.
    output
        The output on the board of arithmetic: its colours, its legend.
    theme, words
        Looks and words.
    """

    def __init__(
        self, trace: Trace, place: Place, output: ConvolutionOutput, theme: Theme, words: Words
    ) -> None:
        self.places = PairPlaces.of(theme.layout)
        self._theme, self.scale = theme, output.scale
        self._trace, self._layer = trace, place.layer
        side = self.places.side
        values = trace[place.layer].output[place.channel]
        self.map = feature_map(values, output.scale, theme, side, CRISP_SHARE)
        self.map.move_to(self.places.right.centre)
        self.place = self.map.corners()
        self.pixels = picture_pixels(trace)
        shape = self.pixels.shape[:2]
        longest = longest_side(max(shape), theme.layout, side, CRISP_SHARE)
        self.picture = HeatMap(self.pixels, *fitted_size(shape, longest))
        self.picture.move_to(self.places.left.centre)
        legend_width = min(0.9 * side, max(self.map.width, 2.4))
        self.legend = ColourBar(
            output.scale, output.legend_marks, theme, legend_width, output.legend_note
        )
        self.legend.move_to(self.map.get_bottom() - point(0.0, LEGEND_DROP))
        name = words("conv.output", layer=place.layer, channel=place.channel)
        self.map_parts: list[Mobject] = [map_frame(self.map, theme), self.heading(name, self.map)]
        self.picture_parts: list[Mobject] = [
            map_frame(self.picture, theme),
            self.heading(words("common.picture"), self.picture),
        ]

    @property
    def _sides(self) -> tuple[list[Mobject], list[Mobject]]:
        """What belongs to the picture, and what to the map."""
        return [self.picture, *self.picture_parts], [self.map, *self.map_parts, self.legend]

    def stand_alone(self) -> None:
        """Go to where both have all of the stage; nothing of them is in the scene yet."""
        for side, shift in zip(self._sides, self.places.alone, strict=True):
            for part in side:
                part.shift(shift)

    def make_room(self) -> list[Any]:
        """Return the motions with which both make room for what stands in the middle."""
        moved = zip(self._sides, self.places.alone, strict=True)
        return [part.animate.shift(-shift) for side, shift in moved for part in side]

    def heading(self, text: str, below: HeatMap) -> FittedLabel:
        """Return a name above a map."""
        theme = self._theme
        room = self.places.side
        label = FittedLabel(text, theme.sizes.label, theme.palette.text_muted, room)
        return label.move_to(below.get_top() + point(0.0, HEADING_DROP))

    def field_of(self, row: int, column: int) -> Field:
        """Return what one output sees of the picture."""
        return receptive_field(self._trace.architecture, self._layer, row, column)

    def glide(self, scene: LectureScene) -> None:
        """Let the window pass over the picture, and on the map over what comes of it.

        On a map of one cell it has no way: it appears the more slowly.
        """
        route = winding_route(*self.map.bitmap.rgba.shape[:2])
        frames = self.frames_of(*route[0])
        is_one_place = len(route) == 1
        if not is_one_place:
            scene.fade_in(*frames)

        def show(step: float) -> None:
            self._put_frames(frames, *route[round(step)])

        motions = map(FadeIn, frames) if is_one_place else [Drive(frames, show, 0, len(route) - 1)]
        run_time = scene.while_read(GLIDE * scene.timing.move, after=scene.timing.fade)
        scene.play(*motions, run_time=run_time, rate_func=smooth)
        scene.fade_out(*frames)

    def frames_of(self, row: int, column: int) -> list[KernelWindow]:
        """Return frames around one output on the map, and around what it sees of the picture."""
        on_map = KernelWindow(self.map, 1, self._theme)
        on_picture = KernelWindow(self.picture, 1, self._theme)
        is_seen = not self.field_of(row, column).is_empty
        frames = [on_map, on_picture] if is_seen else [on_map]
        self._put_frames(frames, row, column)
        return frames

    def _put_frames(self, frames: Sequence[KernelWindow], row: int, column: int) -> None:
        """Put frames around another output; where it sees nothing, that on the picture stays."""
        on_map, *on_picture = frames
        on_map.show_position(row, column)
        field = self.field_of(row, column)
        if field.is_empty:
            return
        height, width = field.size
        top, left = field.rows[0], field.columns[0]
        for each in on_picture:
            each.show_area(top, left, top + height, left + width)


def _square(x: float, y: float, side: float) -> Zone:
    half = np.float64(side / 2)
    return Zone(x - half, y + half, x + half, y - half)
