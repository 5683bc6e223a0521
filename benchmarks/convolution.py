# ruff: noqa: D102  (what each method makes is plain from its name)
"""The convolution as a story; :mod:`benchmarks.convolution_ways` says how it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from manim import (
    BLACK,
    DR,
    GREY,
    GREY_B,
    UR,
    YELLOW,
    Animation,
    Create,
    FadeIn,
    Line,
    ManimColor,
    MathTypst,
    Mobject,
    Scene,
    Square,
    Text,
    VGroup,
    Write,
)

from benchmarks.content import (
    CELL,
    KERNEL,
    PIXEL,
    SIZE,
    convolved,
    diverging,
    grey,
    manim_colour,
    picture,
    place,
)

INPUT = (80, 240)
OUTPUT = (1344, 248)
GRIDS = (664, 880, 1096)
GRID_TOP, GRID_CELL = 412, 56
DETAILED_STEPS = 6
NUMBER_SIZE, SUM_SIZE = 22, 40


class Convolution(Scene):
    """Six positions in detail, the rest of the first row quickly, then all other rows."""

    def construct(self) -> None:
        self.values = picture()
        self.output = convolved(self.values)
        self.input_map = self.make_map(grey(self.values), INPUT)
        colours = diverging(self.output, float(np.abs(self.output).max()))
        self.output_map = self.make_output(colours)
        self.window = Square(3 * CELL * PIXEL, color=YELLOW, stroke_width=4)
        self.cursor = Square(CELL * PIXEL, color=YELLOW, stroke_width=3)
        self.window.move_to(self.window_place(0))
        self.cursor.move_to(self.cursor_place(0))
        self.guides = [self.make_guide(ends) for ends in self.guide_ends()]
        self.numbers = self.make_numbers(self.shown_values(0))
        self.show_everything()
        for column in range(1, DETAILED_STEPS + 1):
            self.play(*self.step(column), *self.change_numbers(column), run_time=0.5)
            self.wait(0.5)
        for column in range(DETAILED_STEPS + 1, SIZE - 2):
            self.set_numbers(self.shown_values(column))
            self.play(*self.step(column), run_time=1 / 15)
        self.play(self.fill(), run_time=2)
        self.wait(1)

    def show_everything(self) -> None:
        title = Text("Convolution of the input with a 3x3 kernel", font_size=36)
        names = [self.make_name(f"input {SIZE}x{SIZE}"), self.make_name("output")]
        names[0].move_to(place(INPUT[0] + 256, 200))
        names[1].move_to(place(OUTPUT[0] + 248, 200))
        side = CELL * (SIZE - 2)
        frame = Square(side * PIXEL, stroke_color=GREY, stroke_width=2)
        frame.move_to(place(OUTPUT[0] + side / 2, OUTPUT[1] + side / 2))
        grids = [self.make_grid(grid) for grid in range(3)]
        kernel = self.make_texts(1, KERNEL, BLACK)
        signs = [self.make_sign(sign) for sign in ("times", "=", "sum =")]
        for sign, x, y in zip(signs, (856, 1072, 900), (496, 496, 720), strict=True):
            sign.move_to(place(x, y))
        self.play(Write(title.move_to(place(960, 80))), *map(FadeIn, names), run_time=1)
        self.show_output()
        self.play(FadeIn(self.input_map), Create(frame), run_time=1)
        self.play(*map(FadeIn, (*grids, *kernel, *signs)), run_time=0.5)
        self.play(
            Create(self.window),
            Create(self.cursor),
            *map(FadeIn, (*self.guides, *self.numbers)),
            self.reveal(0),
            run_time=0.5,
        )

    # -- where things are --------------------------------------------------------------------

    def window_place(self, column: float) -> np.ndarray:
        return place(INPUT[0] + CELL * (column + 1.5), INPUT[1] + CELL * 1.5)

    def cursor_place(self, column: float) -> np.ndarray:
        return place(OUTPUT[0] + CELL * (column + 0.5), OUTPUT[1] + CELL * 0.5)

    def grid_place(self, grid: int, row: int, column: int) -> np.ndarray:
        x, y = GRIDS[grid] + GRID_CELL * (column + 0.5), GRID_TOP + GRID_CELL * (row + 0.5)
        return place(x, y)

    def guide_ends(self) -> list[Callable[[], tuple[np.ndarray, np.ndarray]]]:
        top, bottom = place(GRIDS[0], GRID_TOP), place(GRIDS[0], GRID_TOP + 3 * GRID_CELL)
        right = place(GRIDS[2] + 3 * GRID_CELL, GRID_TOP + 1.5 * GRID_CELL)
        return [
            lambda: (self.window.get_corner(UR), top),
            lambda: (self.window.get_corner(DR), bottom),
            lambda: (right, self.cursor.get_left()),
        ]

    def shown_values(self, column: int) -> list[float]:
        patch = self.values[0:3, column : column + 3]
        return [*patch.flat, *(patch * KERNEL).flat, self.output[0, column]]

    def number_places(self) -> list[np.ndarray]:
        cells = [(grid, row, column) for grid in (0, 2) for row in range(3) for column in range(3)]
        return [*(self.grid_place(*cell) for cell in cells), place(1010, 720)]

    def make_grid(self, grid: int) -> VGroup:
        colours = diverging(KERNEL, 1.0)
        squares = VGroup()
        for row in range(3):
            for column in range(3):
                square = Square(GRID_CELL * PIXEL, stroke_width=1, stroke_color=GREY_B)
                if grid == 1:
                    square.set_fill(manim_colour(colours[row, column]), 1)
                squares.add(square.move_to(self.grid_place(grid, row, column)))
        return squares

    def step(self, column: int) -> list[Any]:
        return [
            self.window.animate.move_to(self.window_place(column)),
            self.cursor.animate.move_to(self.cursor_place(column)),
            self.reveal(column),
        ]

    # -- how they are drawn ------------------------------------------------------------------

    def make_name(self, name: str) -> Mobject:
        return Text(name, font_size=24)

    def make_sign(self, sign: str) -> Mobject:
        return MathTypst(sign, font_size=40)

    def make_map(self, colours: np.ndarray, corner: tuple[int, int]) -> Mobject:
        raise NotImplementedError

    def make_output(self, colours: np.ndarray) -> Any:
        return self.make_map(colours, OUTPUT)

    def show_output(self) -> None:
        raise NotImplementedError

    def make_texts(self, grid: int, values: np.ndarray, colour: ManimColor) -> list[Mobject]:
        raise NotImplementedError

    def make_numbers(self, values: Sequence[float]) -> list[Any]:
        raise NotImplementedError

    def set_numbers(self, values: Sequence[float]) -> None:
        for number, value in zip(self.numbers, values, strict=True):
            number.set_value(value)

    def change_numbers(self, column: int) -> list[Animation]:
        raise NotImplementedError

    def make_guide(self, ends: Callable[[], tuple[np.ndarray, np.ndarray]]) -> Mobject:
        line = Line(*ends(), stroke_width=2, color=YELLOW)
        return line.add_updater(lambda each: each.put_start_and_end_on(*ends()))

    def reveal(self, column: int) -> Animation:
        raise NotImplementedError

    def fill(self) -> Animation:
        raise NotImplementedError
