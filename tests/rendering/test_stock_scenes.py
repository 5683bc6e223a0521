"""Scenes as Manim users write them: every frame is that of a full repaint, and of Manim's own.

They are written against damage tracking: things that change behind an animation's back, that
change places, come and go in updaters, or belong to kinds and cameras it cannot follow.
"""

import numpy as np
import pytest
from manim import (
    BLUE,
    DEGREES,
    DOWN,
    GREEN,
    LEFT,
    ORIGIN,
    PI,
    RED,
    RIGHT,
    TAU,
    UP,
    UR,
    WHITE,
    YELLOW,
    Arrow,
    Axes,
    BackgroundRectangle,
    Brace,
    Circle,
    Circumscribe,
    Create,
    Cutout,
    CyclicReplace,
    DashedLine,
    DecimalNumber,
    Dot,
    FadeIn,
    FadeOut,
    Flash,
    Group,
    GrowArrow,
    ImageMobject,
    Indicate,
    LaggedStart,
    Line,
    MathTypst,
    MoveToTarget,
    MovingCameraScene,
    NumberPlane,
    PMobject,
    ReplacementTransform,
    Rotate,
    Scene,
    ShowPassingFlash,
    Sphere,
    Square,
    Star,
    Succession,
    SurroundingRectangle,
    Text,
    ThreeDAxes,
    ThreeDScene,
    TracedPath,
    Transform,
    TransformMatchingShapes,
    Triangle,
    Uncreate,
    ValueTracker,
    VGroup,
    Wiggle,
    Write,
    always_redraw,
)

from cnnviz.rendering.checking import check_film
from cnnviz.rendering.film import stills
from cnnviz.rendering.settings import FilmSettings

SMALL = FilmSettings(256, 144, 10)


class Lecture(Scene):
    """The usual: axes, a graph, words, a formula, and one thing becoming another."""

    def construct(self):
        plane = NumberPlane(x_range=[-7, 7, 1], y_range=[-4, 4, 1]).set_opacity(0.3)
        axes = Axes(x_range=[0, 4], y_range=[0, 4], x_length=5, y_length=3)
        graph = axes.plot(lambda x: x**2 / 4, color=YELLOW)
        formula = MathTypst("y = x^2 / 4").to_edge(UP)
        self.add(plane)
        self.play(Create(axes), Write(formula), run_time=0.6)
        self.play(Create(graph), run_time=0.4)
        x = ValueTracker(1)
        dot = always_redraw(lambda: Dot(axes.i2gp(x.get_value(), graph), color=RED))
        drop = always_redraw(
            lambda: DashedLine(dot.get_center(), axes.c2p(x.get_value(), 0), color=GREEN)
        )
        number = DecimalNumber(0, mob_class=MathTypst)
        number.add_updater(lambda m: m.set_value(x.get_value()).next_to(dot, UP))
        self.add(dot, drop, number)
        self.play(x.animate.set_value(3), run_time=0.5)
        area = axes.get_area(graph, x_range=[1, 3], color=[BLUE, GREEN], opacity=0.5)
        self.play(FadeIn(area, shift=UP, scale=0.5), Indicate(formula), run_time=0.5)
        other = Text("a parabola", gradient=(RED, BLUE)).to_edge(UP)
        self.play(TransformMatchingShapes(formula, other), FadeOut(plane), run_time=0.5)
        self.wait(0.3)


class Emphasis(Scene):
    """Animations that add helpers of their own and take them away."""

    def construct(self):
        squares = VGroup(*(Square(0.8) for _ in range(4))).arrange(RIGHT)
        arrow = Arrow(LEFT, RIGHT).shift(2 * DOWN)
        self.play(LaggedStart(*map(FadeIn, squares), lag_ratio=0.4), GrowArrow(arrow), run_time=0.5)
        self.play(Flash(squares[0]), Circumscribe(squares[1]), Wiggle(squares[2]), run_time=0.5)
        self.play(ShowPassingFlash(squares[3].copy().set_color(YELLOW)), run_time=0.3)
        self.play(CyclicReplace(*squares), Rotate(arrow, PI / 3), run_time=0.5)
        brace = Brace(squares, DOWN)
        box = SurroundingRectangle(squares, color=RED)
        self.play(Succession(Create(box), FadeIn(brace), Uncreate(box)), run_time=0.9)
        squares.generate_target().arrange(DOWN).scale(0.5).set_fill(GREEN, 0.5)
        self.play(MoveToTarget(squares), run_time=0.4)
        star = Star(fill_opacity=1, color=BLUE)
        self.play(ReplacementTransform(squares, star), arrow.animate.become(Line()), run_time=0.4)


class Order(Scene):
    """What lies over what changes, with and without a word."""

    def construct(self):
        parts = [
            Square(2, fill_opacity=0.8, color=colour).shift(x * RIGHT + x / 2 * UP)
            for x, colour in zip((-1, 0, 1), (RED, GREEN, BLUE), strict=True)
        ]
        front = Circle(0.7, fill_opacity=1, color=WHITE)
        self.add(*parts)
        self.add_foreground_mobject(front)
        self.play(parts[0].animate.shift(RIGHT), run_time=0.3)
        self.bring_to_back(parts[2])
        self.wait(0.2)
        self.bring_to_front(parts[0])
        self.play(parts[1].animate.set_z_index(5), run_time=0.3)
        parts[1].set_z_index(-1)
        self.play(Rotate(parts[0], 0.5), run_time=0.3)
        self.remove_foreground_mobject(front)
        self.bring_to_back(front)
        self.mobjects.reverse()
        self.wait(0.2)
        nested = Group(VGroup(parts[0], VGroup(parts[1])), Group(parts[2]))
        self.add(nested, parts[0])
        self.play(nested.animate.scale(0.5), run_time=0.3)
        nested[0].remove(parts[0])
        self.wait(0.2)

        def climb(mobject, dt):
            mobject.set_z_index(mobject.z_index + 1)

        front.add_updater(climb)
        self.play(nested.animate.shift(DOWN), run_time=0.4)


class BehindTheBack(Scene):
    """Changes that no animation announces: colours, points in place, comings and goings."""

    def construct(self):
        square = Square(fill_opacity=0.5).shift(2 * LEFT)
        label = Text("label").shift(2 * UP)
        far = Triangle(color=GREEN).shift(3 * RIGHT + DOWN)
        pin = Dot(radius=0.2)
        guests = [Circle(0.3 + 0.1 * n, color=YELLOW).shift(n * UR / 2) for n in range(4)]
        steps = iter(range(100))

        def meddle(mobject, dt):
            step = next(steps)
            label.set_color([RED, GREEN, BLUE][step % 3])
            far.points[:, 1] += 0.02
            square.fill_rgbas[0, 3] = 0.1 * (step % 10)
            if step % 2:
                self.add(guests[step % 4])
            else:
                self.remove(guests[(step + 1) % 4])

        pin.add_updater(meddle)
        self.add(square, label, far, pin)
        self.play(square.animate.rotate(1), run_time=1)
        self.wait(0.5)
        pin.clear_updaters()
        square.set_stroke(RED, 20)
        self.play(FadeOut(pin), run_time=0.3)
        far.set_points([[np.nan, 0, 0]] * 4)
        self.wait(0.2)
        square.set_stroke(width=0).set_fill(opacity=0)
        self.wait(0.2)
        self.camera.background_color = BLUE
        self.play(label.animate.set_opacity(0), run_time=0.3)


class Trails(Scene):
    """Updaters that depend on each other, strokes that grow, holes and backgrounds."""

    def construct(self):
        dot = Dot(color=RED).shift(2 * RIGHT)
        trail = TracedPath(dot.get_center, dissipating_time=0.3, stroke_width=8)
        words = Text("over it").set_stroke(BLUE, 8, background=True)
        ground = BackgroundRectangle(words, fill_opacity=0.7)
        hole = Cutout(Square(3), Circle(0.5), fill_opacity=1, color=GREEN).shift(LEFT)
        line = Line().add_updater(lambda m: m.put_start_and_end_on(ORIGIN, dot.get_center()))
        self.add(hole, trail, line, dot, ground, words)
        self.play(Rotate(dot, TAU / 2, about_point=ORIGIN), run_time=0.8)
        self.play(Group(words, ground).animate.shift(DOWN), hole.animate.fade(0.5), run_time=0.4)
        self.play(Transform(hole, Circle(fill_opacity=1)), dot.animate.shift(UP), run_time=0.4)
        self.wait(0.3)


class OtherKinds(Scene):
    """Images and point clouds between vector mobjects, then without them."""

    def construct(self):
        pixels = np.random.default_rng(0).integers(0, 256, (8, 8, 4), dtype=np.uint8)
        image = ImageMobject(pixels).scale(8).shift(LEFT)
        cloud = PMobject().add_points(np.random.default_rng(1).normal(size=(80, 3)))
        textured = Circle(fill_opacity=1)
        below, above = Square(3), Line(3 * LEFT, 3 * RIGHT)
        self.add(below, image, above)
        self.play(image.animate.shift(RIGHT).set_opacity(0.5), run_time=0.4)
        self.play(FadeIn(cloud), above.animate.rotate(0.3), run_time=0.3)
        self.remove(image)
        self.play(cloud.animate.shift(UP), run_time=0.3)
        self.remove(cloud)
        self.play(below.animate.rotate(0.3), run_time=0.3)
        self.add(textured)
        self.wait(0.2)


class Camera(MovingCameraScene):
    """The camera follows, rests, follows again."""

    def construct(self):
        dot = Dot()
        self.add(NumberPlane(), dot, Text("here").shift(UP))
        self.camera.frame.save_state()
        self.play(self.camera.frame.animate.scale(0.5).move_to(dot), run_time=0.3)
        self.play(dot.animate.shift(RIGHT), run_time=0.3)
        self.camera.frame.add_updater(lambda m: m.move_to(dot))
        self.play(dot.animate.shift(2 * LEFT), run_time=0.4)
        self.camera.frame.clear_updaters()
        self.add(self.camera.frame.copy().set_stroke(RED, 4))
        self.play(self.camera.frame.animate.restore(), run_time=0.3)
        self.wait(0.2)


class Space(ThreeDScene):
    """Three dimensions, with something flat in front."""

    def construct(self):
        self.set_camera_orientation(phi=70 * DEGREES, theta=-40 * DEGREES)
        axes, ball = ThreeDAxes(), Sphere(resolution=(6, 6))
        title = Text("flat").to_edge(UP)
        self.add_fixed_in_frame_mobjects(title)
        self.add(axes, ball)
        self.move_camera(phi=30 * DEGREES, run_time=0.3)
        self.play(ball.animate.shift(RIGHT), run_time=0.3)
        self.begin_ambient_camera_rotation(rate=1)
        self.wait(0.3)
        self.stop_ambient_camera_rotation()
        self.wait(0.2)


SCENES = [Lecture, Emphasis, Order, BehindTheBack, Trails, OtherKinds, Camera, Space]


@pytest.mark.parametrize("scene_class", SCENES)
def test_every_frame_is_that_of_a_full_repaint(scene_class):
    check = check_film(lambda renderer: scene_class(renderer=renderer), SMALL)
    assert check.is_exact, (check.wrong_pixels, check.wrong_planes)


# Manim itself does not see what changes below the first mobject that it takes for moving: it
# shows the old picture until the next play.
STALE_IN_MANIM = [BehindTheBack]


@pytest.mark.parametrize("scene_class", [each for each in SCENES if each not in STALE_IN_MANIM])
def test_every_frame_is_that_of_manims_own_renderer(scene_class, frames_of_manim):
    expected = frames_of_manim(scene_class, SMALL)
    found = stills(lambda renderer: scene_class(renderer=renderer), SMALL, range(len(expected)))
    different = [n for n, (a, b) in enumerate(zip(found, expected, strict=True)) if (a != b).any()]
    assert different == []
