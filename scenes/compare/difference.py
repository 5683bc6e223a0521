"""Two maps and what is left of the one without the other, place by place: A - B = D."""

from __future__ import annotations

import numpy as np
from manim import Mobject

from cnnviz.explain.quantity import Quantity
from cnnviz.explain.rounding import equals_sign
from cnnviz.locales import Words
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.frames import KernelWindow, map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import feature_map
from cnnviz.mobjects.text import Label, Number
from cnnviz.scenes.compare.board import CompareBoard
from cnnviz.scenes.compare.places import LEGEND_HEIGHT
from cnnviz.staging.pair.photos import CRISP_SHARE, HEADING_ROOM, heading
from cnnviz.style.geometry import Zone, point

GAP, TALL_GAP = 0.5, 0.2
"""Between two maps side by side, or one above the other, in Manim units, as all lengths here."""

NUMBER_ROOM = 0.62
"""Below each map, for its value."""

NUMBER_SIDE = 2.3
"""Beside each map, where they stand one above the other."""


class Difference:
    """Three maps of one scale, and the value of each at one place; none is in the scene at first.

    Parameters
    ----------
    board
        Whose maps they are; they come from there.
    words
        The words.
    """

    def __init__(self, board: CompareBoard, words: Words) -> None:
        theme = board.theme
        self._board = board
        one, two = (half.values for half in board.halves)
        self.values = one.astype(np.float64) - two
        stage = theme.layout.stage
        self._is_tall = theme.layout.aspect == "9:16"
        room = Zone(stage.left, stage.top, stage.right, stage.bottom + LEGEND_HEIGHT)
        thirds = (1.0, 1.0, 1.0)
        zones = (
            room.rows(*thirds, gap=TALL_GAP) if self._is_tall else room.columns(*thirds, gap=GAP)
        )
        places = list(map(self._map_zone, zones))
        side = min(places[0].width, places[0].height)
        arrays = (one, two, self.values.astype(np.float32))
        self.maps = [
            feature_map(each, board.scale, theme, side, CRISP_SHARE).move_to(zone.centre)
            for each, zone in zip(arrays, places, strict=True)
        ]
        first, second = board.sides.names
        texts = (*(board.headings(side)[1] for side in (0, 1)), f"{first} − {second}")
        self.frames: list[Mobject] = []
        for made, text in zip(self.maps, texts, strict=True):
            self.frames += [map_frame(made, theme), self._name(text, made)]
        self.windows = [KernelWindow(each, 1, theme) for each in self.maps]
        self.numbers, self.signs = self._make_numbers()
        self.reveal(0.0)

    @property
    def difference(self) -> HeatMap:
        """The map of what is left."""
        return self.maps[-1]

    def reveal(self, share: float) -> None:
        """Show the first share, 0 to 1, of what is left, in reading order."""
        size = self.values.size
        index = np.arange(size).reshape(self.values.shape)
        alpha = np.where(index < round(share * size), 255, 0).astype(np.uint8)
        self.difference.set_cell_alpha(alpha)

    def show_windows(self, row: float, column: float) -> None:
        """Frame one place on all three maps."""
        for window in self.windows:
            window.show_position(row, column)

    def _name(self, text: str, made: HeatMap) -> FittedLabel:
        """Return what stands above a map."""
        theme = self._board.theme
        return heading(text, made, made.width, theme)

    def _map_zone(self, zone: Zone) -> Zone:
        if self._is_tall:
            return Zone(zone.left + 1.0, zone.top - HEADING_ROOM, zone.right - 1.0, zone.bottom)
        bottom = zone.bottom + NUMBER_ROOM
        return Zone(zone.left, zone.top - HEADING_ROOM, zone.right, bottom)

    def _make_numbers(self) -> tuple[list[Number], list[Label]]:
        """Return the three values at the place that is worked, as an equation."""
        board, theme = self._board, self._board.theme
        sizes, palette = theme.sizes, theme.palette
        one, two = (each.first.total for each in board.numbers)
        decimals = len(one.shown.partition(".")[2])
        place = board.place
        left = Quantity.of(
            "difference",
            one.value - two.value,
            decimals,
            sign="always",
            width=7,
            layer=place.layer,
            channel=place.channel,
            row=place.row,
            column=place.column,
        )
        subtracted = two.shown.translate(str.maketrans("+−", "−+"))
        signs = ("−", equals_sign([one.shown, subtracted], left.shown))
        numbers = [
            Number(each, sizes.number, palette.text, weight=600) for each in (one, two, left)
        ]
        for number, made in zip(numbers, self.maps, strict=True):
            if self._is_tall:
                number.move_to(made.get_right() + point(NUMBER_SIDE / 2, 0.0))
            else:
                number.move_to(made.get_bottom() - point(0.0, NUMBER_ROOM * 0.6))
        labels = [Label(sign, sizes.number, palette.text_muted) for sign in signs]
        for label, before, after in zip(labels, numbers[:-1], numbers[1:], strict=True):
            middle = (before.get_center() + after.get_center()) / 2
            label.move_to(middle)
        return numbers, labels
