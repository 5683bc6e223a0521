"""Two maps and what is left of the one without the other, place by place: A - B = D."""

from __future__ import annotations

import numpy as np
from manim import Mobject

from cnnviz.arrays import FloatArray
from cnnviz.explain.quantity import Quantity
from cnnviz.explain.rounding import equals_sign
from cnnviz.locales import Words
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.frames import KernelWindow, map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import feature_map, longest_within
from cnnviz.mobjects.text import Label, Number
from cnnviz.scenes.compare.board import CompareBoard
from cnnviz.scenes.compare.places import GAP, NUMBER_ROOM, NUMBER_SIDE, DifferencePlaces
from cnnviz.staging.pair.photos import CRISP_SHARE, heading
from cnnviz.style.geometry import Zone, point

SIGN_GAP = 0.15
"""Between a result and the sign before it, in Manim units."""


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
        self._places = DifferencePlaces.of(theme.layout, one.shape, board.name_widths[1])
        arrays = (one, two, self.values.astype(np.float32))
        self.maps = [
            self._make_map(each, zone) for each, zone in zip(arrays, self._places.maps, strict=True)
        ]
        first, second = board.sides.names
        texts = (*(board.headings(side)[1] for side in (0, 1)), f"{first} − {second}")
        self.frames: list[Mobject] = []
        for made, text, zone in zip(self.maps, texts, self._places.maps, strict=True):
            self.frames += [map_frame(made, theme), self._name(text, made, zone)]
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

    def _name(self, text: str, made: HeatMap, zone: Zone) -> FittedLabel:
        """Return what stands above a map: where its number stands beside, above that, too."""
        has_number_beside = self._places.has_numbers_beside and made is not self.difference
        room = zone.width + NUMBER_SIDE * has_number_beside
        name = heading(text, made, room, self._board.theme)
        return name.shift(point(max(zone.left - float(name.get_left()[0]), 0.0), 0.0))

    def _make_map(self, values: FloatArray, zone: Zone) -> HeatMap:
        side, theme = longest_within(values.shape, zone.width, zone.height), self._board.theme
        made = feature_map(values, self._board.scale, theme, side, CRISP_SHARE)
        return made.move_to(zone.centre)

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
            if self._places.has_numbers_beside and made is not self.difference:
                number.move_to(made.get_right() + point((NUMBER_SIDE + GAP) / 2, 0.0))
            else:
                number.move_to(made.get_bottom() - point(0.0, NUMBER_ROOM * 0.6))
        labels = [Label(sign, sizes.number, palette.text_muted) for sign in signs]
        for label, before, after in zip(labels, numbers[:-1], numbers[1:], strict=True):
            middle = (before.get_center() + after.get_center()) / 2
            label.move_to(middle)
        if not self._places.is_in_line:
            equals, result = labels[-1], numbers[-1]
            equals.move_to(result.get_left() - point(SIGN_GAP + equals.width / 2, 0.0))
        return numbers, labels
