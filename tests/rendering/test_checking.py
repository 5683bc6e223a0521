"""Damage tracking and partial conversion equal full repaints and full conversions."""

import logging

import numpy as np
import pytest
from manim import (
    BLUE,
    DEGREES,
    GREEN,
    LEFT,
    RED,
    RIGHT,
    UP,
    UR,
    Circle,
    Create,
    Dot,
    FadeIn,
    ImageMobject,
    Line,
    MoveAlongPath,
    MovingCameraScene,
    PMobject,
    Restore,
    Scene,
    Sphere,
    Square,
    Star,
    Text,
    ThreeDScene,
    Triangle,
    UpdateFromAlphaFunc,
    VGroup,
    VMobject,
    ZoomedScene,
)

from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.rendering.checking import check_film
from cnnviz.rendering.settings import FilmSettings


def of(scene_class):
    return lambda renderer: scene_class(renderer=renderer)


def test_stock_scene(stock_scene, settings):
    assert check_film(of(stock_scene), settings).is_exact


def test_maps(map_scene, settings):
    assert check_film(of(map_scene), settings).is_exact


def test_another_size_and_background(map_scene):
    assert check_film(of(map_scene), FilmSettings(362, 200, 7, background="#f4efe6")).is_exact


def test_every_so_many_pictures_are_compared(map_scene, settings):
    check = check_film(of(map_scene), settings, every=4)
    assert check.compared_count == -(-check.picture_count // 4)


class SideEffects(Scene):
    """An animation changes mobjects that it does not say it animates."""

    def construct(self):
        self.marker = HeatMap(np.full((2, 2, 3), 200, np.uint8), 1, 1).shift(2 * LEFT)
        self.square = Square(fill_opacity=1).shift(2 * RIGHT)
        self.label = Text("below").shift(UP)
        self.add(self.label, self.marker, self.square)
        self.play(UpdateFromAlphaFunc(Dot(), self.meddle), run_time=1)
        self.square.set_fill(BLUE)
        self.wait(0.5)

    def meddle(self, dot, alpha):
        dot.set_x(3 * alpha)
        self.marker.set_cell_alpha(np.full((2, 2), int(255 * alpha), np.uint8))
        self.label.set_color(RED if alpha > 0.5 else GREEN)
        self.square.points += [0.01, 0, 0]
        if alpha > 0.7 and self.label in self.mobjects:
            self.remove(self.label)
            self.add(Circle())


class Corners(Scene):
    """Sharp mitres, paths of several parts, thick strokes: ink far from its points."""

    def construct(self):
        star = Star(12, outer_radius=1.5, density=5, stroke_width=30).shift(3 * LEFT)
        spike = VMobject(stroke_width=40).set_points_as_corners(
            [[0, -1, 0], [0.2, 1, 0], [0.4, -1, 0], [0, -1, 0]]
        )
        both = VMobject(stroke_width=20, color=RED)
        both.append_points(Triangle().points)
        both.append_points(Square(0.5).shift(RIGHT).points)
        self.add(star, spike, both.shift(3 * RIGHT))
        self.play(star.animate.rotate(1), spike.animate.shift(UP), both.animate.scale(0.7))
        outlined = Text("Ag", stroke_width=6, stroke_color=GREEN).set_stroke(
            RED, 12, background=True
        )
        self.play(FadeIn(outlined), MoveAlongPath(spike, Circle()))


class Ties(Scene):
    """Pixels that lie exactly between two cells, while other cells change."""

    def construct(self):
        cells = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
        heat_map = HeatMap(cells, 227 * 8 / 360, 227 * 8 / 360).shift(0.01 * RIGHT)
        self.add(heat_map)
        self.play(UpdateFromAlphaFunc(heat_map, self.change), run_time=1)

    def change(self, heat_map, alpha):
        shown = np.full((64, 64), 255, np.uint8)
        shown[20:40, : int(64 * alpha)] = 0
        heat_map.set_cell_alpha(shown)


class Gradients(Scene):
    """Colours that depend on a direction and on neighbours."""

    def construct(self):
        square = Square(fill_opacity=1).set_color([RED, GREEN, BLUE]).set_sheen_direction(UR)
        shiny = Circle(fill_opacity=1, fill_color=BLUE).set_sheen(0.5, LEFT).shift(3 * RIGHT)
        self.add(square, shiny)
        self.play(square.animate.set_sheen_direction(LEFT), run_time=0.5)
        square.set_sheen_direction(UP)
        self.wait(0.3)
        self.play(VGroup(square, shiny).animate.rotate(0.5).set_opacity(0.5), run_time=0.5)


class Structure(Scene):
    """Families that change while they are shown."""

    def construct(self):
        group = VGroup(*(Square(0.5).shift(x * RIGHT) for x in range(5)))
        self.add(group, Line(3 * LEFT, 3 * RIGHT))
        self.play(UpdateFromAlphaFunc(group, self.restructure), run_time=1)
        group[0].set_z_index(3)
        self.wait(0.3)
        self.camera.background_color = BLUE
        self.wait(0.3)
        self.clear()
        self.wait(0.3)

    def restructure(self, group, alpha):
        if alpha > 0.3 and len(group) == 5:
            group.remove(group[2])
        if alpha > 0.6 and len(group) == 4:
            group.add(Circle(), group[0])
            group.submobjects.reverse()


class MovingCamera(MovingCameraScene):
    def construct(self):
        self.camera.frame.save_state()
        self.add(Square(), HeatMap(np.full((2, 2, 3), 90, np.uint8), 1, 1), Text("zoom"))
        self.play(self.camera.frame.animate.scale(0.5).shift(RIGHT), run_time=0.5)
        self.play(Create(Circle()), run_time=0.3)
        self.play(Restore(self.camera.frame), run_time=0.5)


class ThreeD(ThreeDScene):
    def construct(self):
        self.set_camera_orientation(phi=60 * DEGREES, theta=30 * DEGREES)
        self.add(Sphere(resolution=(6, 6)))
        self.begin_ambient_camera_rotation(rate=1)
        self.wait(0.3)
        self.stop_ambient_camera_rotation()
        self.wait(0.3)


class Zoomed(ZoomedScene):
    def construct(self):
        dot = Dot()
        self.add(dot)
        self.activate_zooming(animate=False)
        self.play(dot.animate.shift(0.3 * LEFT), run_time=0.3)


class OtherKinds(Scene):
    """Point clouds and Manim's own images, for a while."""

    def construct(self):
        points = PMobject(stroke_width=4).add_points(np.random.default_rng(0).random((50, 3)))
        image = ImageMobject(np.uint8([[0, 100], [200, 255]])).shift(2 * LEFT)
        square = Square()
        self.add(square, points, image)
        self.play(points.animate.shift(RIGHT), image.animate.shift(UP), run_time=0.3)
        self.remove(points, image)
        self.play(square.animate.shift(RIGHT), run_time=0.3)


@pytest.mark.parametrize(
    "scene_class",
    [SideEffects, Corners, Ties, Gradients, Structure, MovingCamera, ThreeD, Zoomed, OtherKinds],
)
def test_hard_cases(scene_class):
    check = check_film(of(scene_class), FilmSettings(640, 360, 10))
    assert check.is_exact, (check.wrong_pixels, check.wrong_planes)


@pytest.mark.parametrize(
    ("scene_class", "word"),
    [
        (ThreeD, "ThreeDCamera in use"),
        (Zoomed, "MultiCamera in use"),
        (OtherKinds, "PMobject in use"),
        (MovingCamera, "MovingCamera moves"),
    ],
)
def test_falling_back_is_said(scene_class, word, settings, caplog):
    with caplog.at_level(logging.INFO, "cnnviz.rendering"):
        check_film(of(scene_class), settings)
    assert any(word in message for message in caplog.messages)
    assert len(caplog.messages) == len(set(caplog.messages))
