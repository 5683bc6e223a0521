# ruff: noqa: D102  (what each method makes is plain from its name)
"""The softmax: ten bars that grow, and the number at the end of each."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manim import (
    BLUE,
    RIGHT,
    DecimalNumber,
    FadeIn,
    MathTypst,
    Mobject,
    Rectangle,
    Scene,
    Text,
    ValueTracker,
    Write,
    always_redraw,
)

from benchmarks.content import CLASSES, PIXEL, place, probabilities
from cnnviz.mobjects.text import Label

LEFT_EDGE, LONGEST, BAR_HEIGHT = 330, 1200, 44

NUMBER_SIZE, SPRITE_SIZE = 30, 21
"""Typst's digits at the one size are as high as Noto Sans's at the other."""

NAME_SIZE, NAME_SPRITE_SIZE = 26, 24
"""The same for Manim's `Text`."""


def bar_y(index: int) -> float:
    """Return the height of a bar's middle, in pixels of 1080p."""
    return 180 + 76 * index


def bar_length(share: float) -> float:
    """Return how long the bar of a probability is, in pixels of 1080p."""
    return max(share * LONGEST, 1)


class Softmax(Scene):
    """Seven seconds; subclasses say how bars and numbers follow their values."""

    def construct(self) -> None:
        trackers = [ValueTracker(0) for _ in CLASSES]
        names = [self.make_name(name) for name in CLASSES]
        for index, name in enumerate(names):
            name.move_to(place(LEFT_EDGE - 30, bar_y(index)), aligned_edge=RIGHT)
        formula = MathTypst("p_i = e^(z_i) / (sum_j e^(z_j))", font_size=40)
        self.play(*map(FadeIn, names), Write(formula.move_to(place(1500, 160))), run_time=1)
        for index, tracker in enumerate(trackers):
            self.add(*self.make_bar(index, tracker.get_value))
        for shares in (probabilities(), np.roll(probabilities(), 3)):
            pairs = zip(trackers, shares, strict=True)
            self.play(*(tracker.animate.set_value(share) for tracker, share in pairs), run_time=2)
            self.wait(1)

    def make_name(self, name: str) -> Mobject:
        raise NotImplementedError

    def make_bar(self, index: int, share: Callable[[], float]) -> tuple[Mobject, Mobject]:
        raise NotImplementedError


class Decimals(Softmax):
    """Bars redrawn, numbers as `DecimalNumber`."""

    def make_name(self, name: str) -> Mobject:
        return Text(name, font_size=NAME_SIZE)

    def make_bar(self, index: int, share: Callable[[], float]) -> tuple[Mobject, Mobject]:
        def redraw() -> Rectangle:
            length = bar_length(share())
            bar = Rectangle(
                width=length * PIXEL,
                height=BAR_HEIGHT * PIXEL,
                stroke_width=0,
                fill_opacity=1,
                fill_color=BLUE,
            )
            return bar.move_to(place(LEFT_EDGE + length / 2, bar_y(index)))

        def follow(number: DecimalNumber) -> None:
            end = place(LEFT_EDGE + bar_length(share()), bar_y(index))
            number.set_value(share()).next_to(end, RIGHT, buff=0.1)

        number = DecimalNumber(
            0,
            num_decimal_places=4,
            mob_class=MathTypst,  # type: ignore[arg-type]  # Manim only names TeX, but takes Typst
            font_size=NUMBER_SIZE,
        )
        number.add_updater(follow)  # type: ignore[arg-type]  # is given the number itself
        return always_redraw(redraw), number


class Sprites(Softmax):
    """Bars stretched in place, numbers as sprites."""

    seekable = True

    def make_name(self, name: str) -> Mobject:
        return Label(name, NAME_SPRITE_SIZE, "#ffffff")

    def make_bar(self, index: int, share: Callable[[], float]) -> tuple[Mobject, Mobject]:
        bar = Rectangle(stroke_width=0, fill_opacity=1, fill_color=BLUE)
        number = Label("0.0000", SPRITE_SIZE, "#ffffff", anchor="left")

        def stretch(each: Rectangle) -> None:
            length = bar_length(share())
            left, top = place(LEFT_EDGE, bar_y(index) - BAR_HEIGHT / 2)[:2]
            right, bottom = place(LEFT_EDGE + length, bar_y(index) + BAR_HEIGHT / 2)[:2]
            corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
            each.set_points_as_corners([(x, y, 0.0) for x, y in corners])

        def follow(each: Label) -> None:
            end = place(LEFT_EDGE + bar_length(share()), bar_y(index))
            each.set_text(f"{share():.4f}").next_to(end, RIGHT, buff=0.1)

        bar.add_updater(stretch)  # type: ignore[arg-type]  # is given the bar itself
        number.add_updater(follow)  # type: ignore[arg-type]  # is given the number itself
        return bar, number
