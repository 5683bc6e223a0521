"""The window at every position: slowly at first, then gliding, then faster than it is seen."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from manim import FadeIn, FadeOut, Mobject, linear, rush_into, smooth

from cnnviz.animations.drive import Drive
from cnnviz.explain.convolution import intermediate_maps
from cnnviz.explain.convolution_numbers import ConvolutionNumbers
from cnnviz.explain.scaling import symmetric_range
from cnnviz.locales import Words
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.frames import KernelWindow, map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import fitted_size, longest_side, small_map
from cnnviz.mobjects.text import Label, Number
from cnnviz.model.architecture import INPUT
from cnnviz.scenes.conv.inputs import ChannelNames
from cnnviz.scenes.conv.pair import CRISP_SHARE, Pair
from cnnviz.scenes.conv.rows import RowScales
from cnnviz.scenes.conv.sweep_places import ChannelPlaces
from cnnviz.staging.scene import LectureScene
from cnnviz.style.colour import rgb_of_hex
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

STEPS = 6
"""Positions at which the window rests, so that the value can be read."""

GLIDED_ROWS = 3
"""Rows of the output along which the window is seen to glide."""

TRAIL_SHARE = 0.25
"""Of the map's rows: so many behind the newest cell still glow."""

GLOW = 0.5
"""How much of the text's colour the newest cell has: it is light, and no value's colour."""

NAME_ROOM = 0.3
"""Above a row of the middle, in Manim units, as all lengths here."""

VALUE_SHARE, COLUMN_VALUE_SHARE = 0.72, 0.5
"""Room of the value, in relation to that of a channel: beside the channels, and below them."""


class Sweep:
    """What the window sees and makes on its way; nothing is in the scene at first.

    Parameters
    ----------
    numbers
        The filter's.
    pair
        The picture and the map, large: the map is filled, and the input takes the picture's
        place.
    scales
        Colours of the input and of products.
    theme, words
        Looks and words.
    """

    def __init__(
        self,
        numbers: ConvolutionNumbers,
        pair: Pair,
        scales: RowScales,
        theme: Theme,
        words: Words,
    ) -> None:
        self._numbers, self._pair, self._theme = numbers, pair, theme
        self._scales = scales
        self._padded = numbers.padded_input
        self._weights = numbers.weight[numbers.place.channel]
        self.rows, self.columns = numbers.output_shape
        names = ChannelNames(numbers, theme, words)
        self.input = self._make_input()
        lead = numbers.shown_channels[0]
        name = words("common.picture") if numbers.source == INPUT else names.name(lead)
        self.input_parts: list[Mobject] = [
            map_frame(self.input, theme),
            pair.heading(name, self.input),
        ]
        self.window = KernelWindow(self.input, numbers.reach, theme)
        self.cursor = KernelWindow(pair.map, 1, theme)
        self.products: list[HeatMap] = []
        self.added: list[HeatMap] = []
        self.around: list[Mobject] = []
        self._grid_frames: list[Mobject] = []
        shares = [1.0] * len(numbers.shown_channels)
        value_share = COLUMN_VALUE_SHARE if pair.places.is_column else VALUE_SHARE
        *zones, value_zone = pair.places.middle_parts(*shares, value_share, gap=0.1)
        maps = intermediate_maps(numbers.layer_trace, numbers.place.channel)
        self._added_scale = theme.signed_scale(symmetric_range(maps).high)
        for channel, zone in zip(numbers.shown_channels, zones, strict=True):
            self._add_channel(names, channel, maps[channel].astype(np.float32), zone)
        others = numbers.source_count - len(numbers.shown_channels)
        more = f" + {words('common.others', count=others)}" if others else ""
        self.sign = FittedLabel(
            f"Σ{more} + b =", theme.sizes.label, theme.palette.text_muted, value_zone.width
        )
        self.sign.move_to(value_zone.centre + point(0.0, 0.22))
        total = numbers.at(0, 0).total
        self.value = Number(total, theme.sizes.number, theme.palette.text, weight=600)
        self.value.move_to(value_zone.centre - point(0.0, 0.22))
        self._colours = pair.map.bitmap.rgba[..., :3].copy()
        self._light = np.array(rgb_of_hex(theme.palette.text), np.float64)
        self.fill(0)
        self.show_position(0.0)

    @property
    def filled(self) -> list[HeatMap]:
        """The output, and what each channel adds to it."""
        return [self._pair.map, *self.added]

    @property
    def shows_picture(self) -> bool:
        """Return whether the window slides over the very picture of the pair."""
        return np.array_equal(self.input.bitmap.rgba, self._pair.picture.bitmap.rgba)

    def play(self, scene: LectureScene) -> None:
        """Let the window visit every position; the maps are in the scene, empty."""
        timing, columns, count = scene.timing, self.columns, self.rows * self.columns
        moving = [self.window, self.cursor, *self.products]
        numbers = [self.sign, self.value]
        scene.play(
            *map(FadeIn, (*self.around, *self._grid_frames, *moving)),
            run_time=timing.move,
        )
        self.fill(1)
        scene.add(*self.added)
        scene.play(*map(FadeIn, numbers), run_time=timing.fade)
        driven = [*moving, *self.filled]
        steps = min(STEPS, columns) - 1
        for step in range(steps):
            scene.play(
                Drive([*driven, self.value], self.step_to, step, step + 1),
                run_time=timing.example_step,
                rate_func=linear,
            )
        scene.play(*map(FadeOut, numbers), run_time=timing.fade / 2)
        glided = min(GLIDED_ROWS, self.rows) * columns - 1
        scene.play(
            Drive(driven, self.glide_to, steps, glided),
            run_time=timing.sweep_first_row * (glided - steps + 1) / columns,
            rate_func=linear,
        )
        scene.play(*map(FadeOut, (*self._grid_frames, *moving)), run_time=timing.fade / 2)
        if glided + 1 < count:
            scene.play(
                Drive(self.filled, self.run_to, glided + 1, count * (1 + TRAIL_SHARE)),
                run_time=timing.sweep,
                rate_func=rush_into,
            )
        self.fill(count)

    # -- one position ---------------------------------------------------------------------------

    def step_to(self, position: float) -> None:
        """Glide to a position and rest there; the value is that of where the window is."""
        whole = int(position)
        self.glide_to(whole + float(smooth(min(2 * (position - whole), 1.0))))
        at = min(int(self._at + 0.5), self.columns - 1)
        self.value.set_quantity(self._numbers.at(0, at).total)

    def glide_to(self, position: float) -> None:
        """Fill up to a position, counted in reading order; fractions lie between two."""
        self.fill(int(position + 0.5) + 1)
        self.show_position(position)

    def show_position(self, position: float) -> None:
        """Put the window there, and show its products."""
        self._at = position
        row, column = divmod(position, self.columns)
        column = min(column, self.columns - 1)
        down, across = self._numbers.layer.window.strides
        self.window.show_position(row * down, column * across)
        self.cursor.show_position(row, column)
        for grid, channel in zip(self.products, self._numbers.shown_channels, strict=True):
            grid.set_colours(self._products(channel, int(row), int(column + 0.5)))

    def run_to(self, count: float) -> None:
        """Fill the first `count` cells; the newest ones glow."""
        self.fill(count)
        index = np.arange(self.rows * self.columns).reshape(self.rows, self.columns)
        age = (count - index) / (TRAIL_SHARE * index.size)
        glow = np.where(age >= 0, GLOW * np.clip(1 - age, 0, 1), 0.0)[..., np.newaxis]
        mixed = self._colours * (1 - glow) + self._light * glow
        self._pair.map.set_colours(np.rint(mixed).astype(np.uint8))

    def fill(self, count: float) -> None:
        """Show the first `count` cells, in reading order, of the output and what made it."""
        index = np.arange(self.rows * self.columns).reshape(self.rows, self.columns)
        is_filled = index < round(count)
        self._pair.map.set_colours(self._colours)
        unlit = round(255 * self._theme.dimmed)
        self._pair.map.set_cell_alpha(np.where(is_filled, 255, unlit).astype(np.uint8))
        for each in self.added:
            each.set_cell_alpha(np.where(is_filled, 255, 0).astype(np.uint8))

    def _products(self, channel: int, row: int, column: int) -> npt.NDArray[np.uint8]:
        (down, across), (high, wide) = self._numbers.layer.window.strides, self._numbers.reach
        gap_down, gap_across = self._numbers.layer.window.dilations
        top, left = row * down, column * across
        seen = slice(top, top + high, gap_down), slice(left, left + wide, gap_across)
        patch = self._padded[channel, *seen]
        colours = self._scales.products.colours(patch * self._weights[channel])
        return np.asarray(colours, np.uint8)

    # -- how it is made -------------------------------------------------------------------------

    def _make_input(self) -> HeatMap:
        """Return what the window slides over: the picture, or the channel with most effect."""
        colours = self._scales.patch.colours
        if self._numbers.source != INPUT:
            pixels = colours(self._padded[self._numbers.shown_channels[0]])
        elif len(self._padded) == 1:
            pixels = colours(self._padded[0])
        else:
            pixels = np.dstack([colours(each)[..., 0] for each in self._padded])
        shape = pixels.shape[:2]
        side = self._pair.places.side
        side = longest_side(max(shape), self._theme.layout, side, CRISP_SHARE)
        made = HeatMap(np.asarray(pixels, np.uint8), *fitted_size(shape, side))
        return made.move_to(self._pair.places.left.centre)

    def _add_channel(
        self, names: ChannelNames, channel: int, values: npt.NDArray[np.float32], zone: Zone
    ) -> None:
        """Set a channel's products, and the map of their sums beside or below them."""
        theme = self._theme
        products = self._products(channel, 0, 0)
        room = Zone(zone.left, zone.top - NAME_ROOM, zone.right, zone.bottom)
        places = ChannelPlaces.of(room, products.shape[:2], values.shape)
        grid = HeatMap(products, *places.products_size).move_to(places.products)
        added = small_map(values, self._added_scale, max(places.added_size)).move_to(places.added)
        sign = Label(places.sign, theme.sizes.label, theme.palette.text_muted)
        sign.move_to(places.sign_centre)
        name = FittedLabel(
            names.name(channel), theme.sizes.label, names.colour(channel), zone.width
        )
        name.move_to(point(zone.x, places.top + NAME_ROOM / 2))
        self.products.append(grid)
        self.added.append(added)
        self.around += [sign, name, map_frame(added, theme)]
        self._grid_frames.append(map_frame(grid, theme))
