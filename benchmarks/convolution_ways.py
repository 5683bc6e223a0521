# ruff: noqa: D102  (what each method makes is plain from its name)
"""The convolution drawn in three ways: with squares, with images, and with cnnviz's bitmaps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from manim import (
    RESAMPLING_ALGORITHMS,
    WHITE,
    YELLOW,
    Animation,
    ChangeDecimalToValue,
    DecimalNumber,
    FadeIn,
    Group,
    ImageMobject,
    LaggedStart,
    Line,
    ManimColor,
    MathTypst,
    Mobject,
    Square,
    UpdateFromAlphaFunc,
    VGroup,
    always_redraw,
    linear,
    smooth,
)

from benchmarks.content import CELL, PIXEL, SIZE, manim_colour, place
from benchmarks.convolution import NUMBER_SIZE, OUTPUT, SUM_SIZE, Convolution
from cnnviz.animations.drive import Drive
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.text import Label

NAME_SIZE, SIGN_SIZE = 22, 28
"""As large in Noto Sans as the other ways' names and signs."""


def row_alphas(alpha: float) -> npt.NDArray[np.uint8]:
    """Return the opacity, 0 to 255, of each row but the first while the rest fills in."""
    rows = np.arange(SIZE - 3)
    shares = np.clip(alpha * (1 + 0.2 * rows[-1]) - 0.2 * rows, 0, 1)
    opacities = 255 * np.array([smooth(share) for share in shares])
    alphas: npt.NDArray[np.uint8] = np.rint(opacities).astype(np.uint8)
    return alphas


class Decimals(Convolution):
    """Numbers as Manim's `DecimalNumber`, which good Manim users take."""

    def make_texts(self, grid: int, values: np.ndarray, colour: ManimColor) -> list[Mobject]:
        return [
            self.make_number(values[row, column], self.grid_place(grid, row, column), colour)
            for row in range(3)
            for column in range(3)
        ]

    def make_number(
        self, value: float, at: np.ndarray, colour: ManimColor = WHITE, size: float = NUMBER_SIZE
    ) -> DecimalNumber:
        number = DecimalNumber(
            float(value),
            mob_class=MathTypst,  # type: ignore[arg-type]  # Manim only names TeX, but takes Typst
            font_size=size,
            color=colour,
        )
        return number.move_to(at)

    def make_numbers(self, values: Sequence[float]) -> list[DecimalNumber]:
        sizes = [NUMBER_SIZE] * 18 + [SUM_SIZE]
        return [
            self.make_number(value, at, size=size)
            for value, at, size in zip(values, self.number_places(), sizes, strict=True)
        ]

    def change_numbers(self, column: int) -> list[Animation]:
        pairs = zip(self.numbers, self.shown_values(column), strict=True)
        return [
            ChangeDecimalToValue(number, value)  # type: ignore[arg-type]  # not only whole numbers
            for number, value in pairs
        ]


class Squares(Decimals):
    """A square a cell, lines redrawn: the straightforward way."""

    output_map: list[list[Square]]

    def make_map(self, colours: np.ndarray, corner: tuple[int, int]) -> VGroup:
        return VGroup(*(square for row in self.squares(colours, corner) for square in row))

    def make_output(self, colours: np.ndarray) -> list[list[Square]]:
        return self.squares(colours, OUTPUT)

    def squares(self, colours: np.ndarray, corner: tuple[int, int]) -> list[list[Square]]:
        return [
            [
                Square(
                    CELL * PIXEL,
                    stroke_width=0,
                    fill_opacity=1,
                    fill_color=manim_colour(rgb),
                ).move_to(place(corner[0] + CELL * (c + 0.5), corner[1] + CELL * (r + 0.5)))
                for c, rgb in enumerate(row)
            ]
            for r, row in enumerate(colours)
        ]

    def show_output(self) -> None:
        """Nothing yet: each square fades in."""

    def make_guide(self, ends: Callable[[], tuple[np.ndarray, np.ndarray]]) -> Mobject:
        return always_redraw(lambda: Line(*ends(), stroke_width=2, color=YELLOW))

    def reveal(self, column: int) -> Animation:
        return FadeIn(self.output_map[0][column])

    def fill(self) -> Animation:
        rows = [VGroup(*row) for row in self.output_map[1:]]
        return LaggedStart(*map(FadeIn, rows), lag_ratio=0.2)


class Images(Decimals):
    """Maps as images changed in place, lines with plain updaters: the smart way."""

    output_map: ImageMobject

    def make_map(self, colours: np.ndarray, corner: tuple[int, int]) -> ImageMobject:
        image = ImageMobject(colours)
        image.set_resampling_algorithm(RESAMPLING_ALGORITHMS["nearest"])
        side = CELL * len(colours)
        image.height = side * PIXEL
        return image.move_to(place(corner[0] + side / 2, corner[1] + side / 2))

    def make_output(self, colours: np.ndarray) -> ImageMobject:
        transparent = np.zeros((*colours.shape[:2], 1), np.uint8)
        return self.make_map(np.dstack([colours, transparent]), OUTPUT)

    def show_output(self) -> None:
        self.add(self.output_map)

    def reveal(self, column: int) -> Animation:
        def show(_: Mobject, alpha: float) -> None:
            self.output_map.pixel_array[0, column, 3] = round(255 * alpha)

        return UpdateFromAlphaFunc(self.output_map, show, rate_func=smooth)

    def fill(self) -> Animation:
        def show(_: Mobject, alpha: float) -> None:
            self.output_map.pixel_array[1:, :, 3] = row_alphas(alpha)[:, None]

        return UpdateFromAlphaFunc(self.output_map, show, rate_func=linear)


class Value(Label):
    """A number that changes, drawn as a sprite."""

    def set_value(self, value: float) -> None:
        self.value = float(value)
        self.set_text(f"{value:.2f}")


class Bitmaps(Convolution):
    """Maps as heat maps, numbers as sprites: what cnnviz's own scenes are made of."""

    seekable = True
    output_map: HeatMap
    shown: npt.NDArray[np.uint8]

    def make_name(self, name: str) -> Label:
        return Label(name, NAME_SIZE, "#ffffff")

    def make_sign(self, sign: str) -> Label:
        text = sign.replace("times", "×").replace("sum", "Σ")
        return Label(text, SIGN_SIZE, "#ffffff")

    def make_guide(self, ends: Callable[[], tuple[np.ndarray, np.ndarray]]) -> Mobject:
        line = Line(*ends(), stroke_width=2, color=YELLOW)
        return line.add_updater(lambda each: each.set_points_as_corners(ends()))

    def step(self, column: int) -> list[Any]:
        """One number moves everything, as in cnnviz's own scenes."""

        def show(position: float) -> None:
            self.window.move_to(self.window_place(position))
            self.cursor.move_to(self.cursor_place(position))
            self.shown = self.shown.copy()
            self.shown[0, column] = round(255 * (position - column + 1))
            self.output_map.set_cell_alpha(self.shown)

        return [Drive([self.window, self.cursor, self.output_map], show, column - 1, column)]

    def make_map(self, colours: np.ndarray, corner: tuple[int, int]) -> HeatMap:
        side = CELL * len(colours)
        heat_map = HeatMap(colours, side * PIXEL, side * PIXEL)
        return heat_map.move_to(place(corner[0] + side / 2, corner[1] + side / 2))

    def show_output(self) -> None:
        self.shown = np.zeros((SIZE - 2, SIZE - 2), np.uint8)
        self.add(self.output_map.set_cell_alpha(self.shown))

    def make_texts(self, grid: int, values: np.ndarray, colour: ManimColor) -> list[Mobject]:
        return [
            self.make_number(values[row, column], self.grid_place(grid, row, column), "#000000")
            for row in range(3)
            for column in range(3)
        ]

    def make_number(
        self, value: float, at: np.ndarray, colour: str = "#ffffff", size: float = NUMBER_SIZE
    ) -> Value:
        number = Value("0.00", size, colour)
        number.set_value(value)
        return number.move_to(at)

    def make_numbers(self, values: Sequence[float]) -> list[Value]:
        sizes = [NUMBER_SIZE] * 18 + [SUM_SIZE]
        return [
            self.make_number(value, at, size=size)
            for value, at, size in zip(values, self.number_places(), sizes, strict=True)
        ]

    def change_numbers(self, column: int) -> list[Animation]:
        before = np.array([number.value for number in self.numbers])
        change = np.array(self.shown_values(column)) - before

        def show(_: Mobject, alpha: float) -> None:
            self.set_numbers(before + alpha * change)

        return [UpdateFromAlphaFunc(Group(*self.numbers), show, rate_func=smooth)]

    def reveal(self, column: int) -> Animation:
        def show(_: Mobject, alpha: float) -> None:
            self.shown = self.shown.copy()
            self.shown[0, column] = round(255 * alpha)
            self.output_map.set_cell_alpha(self.shown)

        return UpdateFromAlphaFunc(self.output_map, show, rate_func=smooth)

    def fill(self) -> Animation:
        def show(_: Mobject, alpha: float) -> None:
            self.shown = self.shown.copy()
            self.shown[1:] = row_alphas(alpha)[:, None]
            self.output_map.set_cell_alpha(self.shown)

        return UpdateFromAlphaFunc(self.output_map, show, rate_func=linear)
