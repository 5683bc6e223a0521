"""What a filter looks like, and what it makes of four patches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from manim import FadeIn, FadeOut, Mobject

from cnnviz.animations.flight import fly
from cnnviz.explain.convolution_numbers import ConvolutionNumbers
from cnnviz.explain.convolution_shown import TOTAL_CHARACTERS
from cnnviz.explain.quantity import Quantity
from cnnviz.explain.rounding import decimals_that_fit
from cnnviz.locales import Words
from cnnviz.mobjects.filter_tile import channel_tint, is_colourful, tile_colours
from cnnviz.mobjects.frames import KernelWindow, corners_of, map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import fitted_size
from cnnviz.mobjects.text import Number, TextBlock
from cnnviz.model.architecture import INPUT
from cnnviz.scenes.conv.matches import LEVELS, Match, find_matches
from cnnviz.scenes.conv.pair import Pair
from cnnviz.staging.rhythm import arriving
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

TILE_SHARE = 1.45
"""Room of the tile, in relation to that of a patch."""

NAME_ROOM = 0.34
"""Below the tile, for a line of its name, in Manim units, as all lengths here."""

VALUE_ROOM = 0.4
"""Below a patch, for its sum."""

LARGEST = 1.7
"""Of tile and patches."""

GAP = 0.16

MOST_KERNELS = 5
"""So many are seen to stack up."""

SPREAD = 0.62
"""From one kernel to the next before they stack up, as a share of the tile's side."""


@dataclass(frozen=True, eq=False)
class Patch:
    """One patch of the picture, the sum that the filter makes of it, and where they are."""

    picture: HeatMap | None
    """None where the window lies on nothing but padding."""
    frame: Mobject | None
    value: Number
    windows: list[KernelWindow]


class Pattern:
    """The filter's tile and the patches between picture and map; none is in the scene at first.

    Parameters
    ----------
    numbers
        The filter's.
    pair
        The picture and the map.
    theme, words
        Looks and words.
    """

    def __init__(self, numbers: ConvolutionNumbers, pair: Pair, theme: Theme, words: Words) -> None:
        self._numbers, self._pair, self._theme = numbers, pair, theme
        self.weights = numbers.weight[numbers.place.channel]
        self.reads_picture = numbers.source == INPUT
        self.matches = find_matches(numbers.layer_trace, numbers.place.channel)
        tile_zone, *slots = pair.places.middle_parts(TILE_SHARE, *[1.0] * LEVELS, gap=GAP)
        self.tile, self.name = self._make_tile(tile_zone, words)
        self.kernels = self._make_kernels()
        self.frame = map_frame(self.tile, theme)
        self.patches = [
            self._make_patch(match, slot) for match, slot in zip(self.matches, slots, strict=False)
        ]

    @property
    def is_colourful(self) -> bool:
        """Whether the tile has the photo's colours, and not those of weights."""
        return is_colourful(self.weights, reads_picture=self.reads_picture)

    @property
    def caption(self) -> str:
        """The key of what is said of tile and patches."""
        if self.is_colourful:
            return "pattern_colours"
        fields = [self._pair.field_of(*match.pixel).size for match in self.matches]
        if all(size == self._pair.pixels.shape[:2] for size in fields):
            return "pattern_whole"  # deep in a network all patches look alike
        return "pattern_sum"

    def play(self, scene: LectureScene) -> None:
        """Stack the kernels up to the tile, then show patch after patch with its sum."""
        timing = scene.timing
        arriving_kernels = [FadeIn(each, rate_func=arriving) for each in self.kernels]
        scene.play(*self._pair.make_room(), *arriving_kernels, run_time=timing.move)
        end = self.tile.corners()
        scene.play(*(fly(each, end, 1.5 * timing.move) for each in self.kernels))
        scene.play(
            FadeIn(self.tile), FadeIn(self.frame), *map(FadeIn, self.name), run_time=timing.fade
        )
        scene.remove(*self.kernels)
        for patch in self.patches:
            self._show_patch(scene, patch)
            for window in patch.windows:
                window.set_stroke(self._theme.palette.text)

    def _show_patch(self, scene: LectureScene, patch: Patch) -> None:
        """Frame one patch, let it come out of the picture, and its value out of the map."""
        timing = scene.timing
        scene.play(*map(FadeIn, patch.windows), run_time=timing.fade)
        on_map, *on_picture = patch.windows
        growing = []
        if patch.picture is not None and patch.frame is not None:
            place = patch.picture.corners()
            scene.add(patch.picture)
            growing = [fly(patch.picture, place, timing.move, corners_of(on_picture[0]))]
        scene.play(
            *growing,
            FadeIn(patch.value, target_position=on_map.get_center(), scale=0.2),
            run_time=timing.move,
        )
        if patch.frame is not None:
            scene.add(patch.frame)

    def leave(self, scene: LectureScene) -> None:
        """Let go of everything but the tile."""
        parts = [part for part in self.parts if part is not self.tile]
        scene.play(*map(FadeOut, scene.present(parts)), run_time=scene.timing.fade)

    @property
    def parts(self) -> list[Mobject]:
        """Everything that is left on the stage."""
        parts: list[Mobject] = [self.tile, self.frame, *self.name]
        for patch in self.patches:
            parts += [each for each in (patch.picture, patch.frame) if each is not None]
            parts += [patch.value, *patch.windows]
        return parts

    def _make_tile(self, zone: Zone, words: Words) -> tuple[HeatMap, TextBlock]:
        theme = self._theme
        if self.is_colourful:
            text = words("conv.tile_colours")
        else:
            text = words("conv.tile_sum", count=len(self.weights))
        size, muted = theme.sizes.small, theme.palette.text_muted
        colours = tile_colours(self.weights, reads_picture=self.reads_picture, theme=theme)
        # In a row of zones, half of one is too narrow for words.
        beside = zone.width / 2 - GAP if self._pair.places.is_column else 0.0
        name = TextBlock(text, size, muted, zone.width, leading=1.2)
        below = NAME_ROOM * len(name.submobjects)
        side = max(min(zone.height, beside, LARGEST), min(zone.width, zone.height - below, LARGEST))
        tile = HeatMap(colours, *fitted_size(colours.shape[:2], side))
        if side <= beside:
            name = TextBlock(text, size, muted, beside, align="left", leading=1.2)
            name.move_to(zone.centre + point(GAP + name.width / 2, 0.0))
            return tile.move_to(zone.centre - point(side / 2, 0.0)), name
        tile.move_to(zone.centre + point(0.0, below / 2))
        name.move_to(zone.centre - point(0.0, side / 2))
        return tile, name

    def _make_kernels(self) -> list[HeatMap]:
        """Return the first kernels side by side around the tile's place."""
        count = min(len(self.weights), MOST_KERNELS)
        middle = self._pair.places.middle
        side = max(self.tile.width, self.tile.height)
        side = min(side, middle.width / (1 + SPREAD * (count - 1)) if count > 1 else side)
        scale = self._theme.weight_scale(float(abs(self.weights).max()) or 1.0)
        kernels = []
        for channel in range(count):
            if self.is_colourful:
                colours = channel_tint(self.weights, [channel])
            else:
                colours = np.asarray(scale.colours(self.weights[channel]))
            kernel = HeatMap(colours, *fitted_size(colours.shape[:2], side))
            x = middle.x + (channel - (count - 1) / 2) * SPREAD * side
            kernels.append(kernel.move_to(point(x, self.tile.get_center()[1])))
        return kernels

    def _make_patch(self, match: Match, slot: Zone) -> Patch:
        """Return a patch and its value, side by side or one above the other: where it is larger."""
        theme, numbers = self._theme, self._numbers
        values = numbers.layer_trace.output[numbers.place.channel]
        quantity = Quantity.of(
            "activation",
            match.value,
            decimals_that_fit(values, TOTAL_CHARACTERS, most=2, sign="always"),
            sign="always",
            width=TOTAL_CHARACTERS,
            layer=numbers.layer.name,
            channel=numbers.place.channel,
            row=match.row,
            column=match.column,
        )
        value = Number(quantity, theme.sizes.body, theme.palette.text, weight=600)
        windows = self._pair.frames_of(*match.pixel)
        beside = min(slot.height, slot.width / 2 - GAP, LARGEST)
        above = min(slot.height - VALUE_ROOM, slot.width, LARGEST)
        room = max(beside, above)
        if beside >= above:
            centre = slot.centre - point(room / 2, 0.0)
            value.move_to(slot.centre + point(GAP + value.width / 2, 0.0))
        else:
            centre = slot.centre + point(0.0, VALUE_ROOM / 2)
            value.move_to(centre - point(0.0, (room + VALUE_ROOM) / 2))
        field = self._pair.field_of(*match.pixel)
        if field.is_empty:
            return Patch(None, None, value, windows)
        height, width = field.size
        top, left = field.rows[0], field.columns[0]
        cut = self._pair.pixels[top : top + height, left : left + width]
        picture = HeatMap(cut, *fitted_size(cut.shape[:2], room)).move_to(centre)
        return Patch(picture, map_frame(picture, theme), value, windows)
