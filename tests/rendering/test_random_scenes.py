"""Scenes put together at random: every frame is that of a full repaint."""

import random

import numpy as np
import pytest
from manim import (
    BLUE,
    RED,
    TAU,
    WHITE,
    Animation,
    Arrow,
    CapStyleType,
    Circle,
    Create,
    DashedLine,
    FadeIn,
    FadeOut,
    Line,
    LineJointType,
    Mobject,
    Polygon,
    Rotate,
    Scene,
    Square,
    Text,
    VMobject,
)

from cnnviz.mobjects.heat_map import HeatMap, Photo
from cnnviz.rendering.checking import check_film
from cnnviz.rendering.settings import FilmSettings


class RandomScene(Scene):
    """Five mobjects; three times, three of them do something."""

    def __init__(self, seed, **kwargs):
        self.dice = random.Random(seed)
        super().__init__(**kwargs)

    def construct(self):
        mobjects = [self.mobject() for _ in range(5)]
        self.add(*mobjects)
        for _ in range(3):
            chosen = self.dice.sample(mobjects, 3)
            self.play(*map(self.animation, chosen), run_time=0.4)

    def point(self):
        return [self.dice.uniform(-6, 6), self.dice.uniform(-3.5, 3.5), 0]

    def points(self, most):
        return [self.point() for _ in range(self.dice.randrange(3, most))]

    def mobject(self) -> Mobject:
        make = self.dice.choice([self.vector, self.vector, self.map, self.text])
        return make()

    def vector(self) -> VMobject:
        look = {
            "stroke_width": self.dice.choice([0.5, 2, 4, 10, 30]),
            "color": self.dice.choice([RED, BLUE, WHITE]),
            "joint_type": self.dice.choice(list(LineJointType)),
            "cap_style": self.dice.choice(list(CapStyleType)),
            "fill_opacity": self.dice.choice([0, 0, 0.4]),
        }
        make = self.dice.choice(
            [
                lambda: Line(self.point(), self.point(), **look),
                lambda: DashedLine(self.point(), self.point(), **look),
                lambda: Arrow(self.point(), self.point(), color=RED),
                lambda: Square(self.dice.uniform(0.2, 6), **look),
                lambda: Circle(self.dice.uniform(0.1, 3), **look),
                lambda: Polygon(*self.points(9), **look),
                lambda: VMobject(**look).set_points_smoothly(self.points(6)),
            ]
        )
        vector = make()
        if self.dice.random() < 0.2:
            vector.set_stroke(width=12, background=True, color=WHITE)
        if self.dice.random() < 0.2:
            vector.set_stroke(color=[RED, BLUE])
        return vector

    def map(self) -> HeatMap:
        kind = self.dice.choice([HeatMap, Photo])
        shape = self.dice.randrange(1, 12), self.dice.randrange(1, 12), 3
        colours = np.random.default_rng(1).integers(0, 255, shape, dtype=np.uint8)
        sides = self.dice.uniform(0.1, 5), self.dice.uniform(0.1, 5)
        return kind(colours, *sides).move_to(self.point())

    def text(self) -> Text:
        return Text("Ag", font_size=self.dice.choice([20, 90])).move_to(self.point())

    def animation(self, mobject: Mobject) -> Animation:
        choices = [
            lambda: mobject.animate.shift([self.dice.uniform(-2, 2), self.dice.uniform(-1, 1), 0]),
            lambda: mobject.animate.scale(self.dice.uniform(0.3, 2)),
            lambda: FadeIn(mobject),
            lambda: FadeOut(mobject),
        ]
        if isinstance(mobject, VMobject):
            choices += [lambda: Rotate(mobject, self.dice.uniform(0, TAU)), lambda: Create(mobject)]
        return self.dice.choice(choices)()


@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 8))]
)
def test_every_frame_is_that_of_a_full_repaint(seed):
    check = check_film(
        lambda renderer: RandomScene(seed, renderer=renderer), FilmSettings.of_quality("l")
    )
    assert check.is_exact, check
