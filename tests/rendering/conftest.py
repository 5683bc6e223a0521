"""Scenes that exercise the renderer, and small film settings."""

import numpy as np
import pytest
from manim import (
    BLUE,
    DOWN,
    GREEN,
    LEFT,
    ORIGIN,
    PI,
    RED,
    RIGHT,
    UP,
    YELLOW,
    Axes,
    Circle,
    Create,
    Dot,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Line,
    Scene,
    Square,
    Text,
    Transform,
    UpdateFromAlphaFunc,
    ValueTracker,
    VGroup,
    Write,
    always_redraw,
    linear,
)
from manim.renderer.cairo_renderer import CairoRenderer

from cnnviz.mobjects.heat_map import HeatMap, Photo
from cnnviz.rendering.manim_config import film_config
from cnnviz.rendering.settings import FilmSettings


class StockScene(Scene):
    """What Manim users write: no cnnviz mobject in it."""

    def construct(self):
        self.next_section("axes")
        axes = Axes(x_range=[0, 4], y_range=[0, 2], x_length=6, y_length=3)
        title = Text("Stock scene", gradient=(BLUE, GREEN)).to_edge(UP)
        self.play(Create(axes), Write(title), run_time=0.6)
        tracker = ValueTracker(0)
        dot = Dot(color=RED).add_updater(lambda m: m.move_to(axes.c2p(tracker.get_value(), 1)))
        line = always_redraw(lambda: Line(ORIGIN, dot.get_center(), color=YELLOW))
        self.add(dot, line)
        self.play(tracker.animate.set_value(4), run_time=0.5)
        self.next_section("shapes")
        behind = Square(side_length=3, fill_opacity=0.5, color=BLUE, z_index=-1)
        above = Circle(radius=0.5, fill_opacity=0.7, color=GREEN).shift(DOWN)
        self.add_foreground_mobject(above)
        self.play(FadeIn(behind), Transform(title, Text("Changed").to_edge(DOWN)), run_time=0.5)
        turning = Square(color=RED, fill_opacity=1).shift(2 * LEFT)
        turning.add_updater(lambda m, dt: m.rotate(dt * PI))
        self.add(turning)
        self.wait(0.4)
        turning.clear_updaters()
        self.wait(0.5)
        squares = VGroup(*(Square(0.4).shift(x * RIGHT) for x in range(4)))
        self.play(LaggedStart(*(FadeIn(each) for each in squares), lag_ratio=0.3), run_time=0.5)
        self.play(squares.animate.shift(UP), FadeOut(behind), axes.animate.scale(0.5), run_time=0.5)
        self.remove(dot, line)
        self.bring_to_back(turning)
        self.wait(0.2)


class MapScene(Scene):
    """Bitmaps, changed cell by cell, faded and moved, between vector mobjects."""

    seekable = True

    def construct(self):
        rng = np.random.default_rng(0)
        cells = rng.integers(0, 256, (12, 10, 3), dtype=np.uint8)
        self.next_section("map")
        below = Circle(radius=2, fill_opacity=1, color=BLUE)
        hidden = np.zeros((12, 10), np.uint8)
        heat_map = HeatMap(cells, 3.0, 3.6, hidden)
        photo = Photo(rng.integers(0, 256, (9, 9, 3), dtype=np.uint8), 2, 2).shift(3 * RIGHT)
        above = Line(3 * LEFT, 3 * RIGHT, stroke_width=8)
        self.add(below, heat_map, photo, above)

        def reveal(mobject, alpha):
            shown = np.zeros((12, 10), np.uint8)
            shown.flat[: int(alpha * 120)] = 255
            mobject.set_cell_alpha(shown)

        self.play(UpdateFromAlphaFunc(heat_map, reveal, rate_func=linear), run_time=1)
        self.next_section("motion")
        self.play(heat_map.animate.shift(1.234 * LEFT + 0.3 * UP), FadeOut(photo), run_time=0.5)
        self.play(heat_map.animate.scale(0.6), FadeIn(Group(photo)), run_time=0.5)
        self.play(heat_map.animate.set_opacity(0.3), above.animate.rotate(0.5), run_time=0.5)
        self.next_section("rest")
        self.wait(1)
        heat_map.set_colours(255 - cells)
        self.wait(0.5)


class RedScene(Scene):
    """One colour on the whole frame."""

    def construct(self):
        self.add(Square(20, fill_color="#C82814", fill_opacity=1, stroke_width=0))
        self.next_section("a red frame")
        self.wait(0.5)
        self.next_section("and again")
        self.wait(1)


class ManimsOwn(CairoRenderer):
    """Manim's renderer, with frames kept instead of encoded."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.frames = []

    def add_frame(self, frame, num_frames=1):
        self.time += num_frames / self.camera.frame_rate
        self.frames += [frame] * num_frames


@pytest.fixture
def frames_of_manim():
    """Return a function that renders all frames of a scene class with Manim's own renderer."""

    def render(scene_class, settings):
        with film_config(settings):
            renderer = ManimsOwn(camera_class=scene_class().camera_class)
            scene_class(renderer=renderer).render()
        return renderer.frames

    return render


@pytest.fixture
def settings():
    return FilmSettings(320, 180, 10)


@pytest.fixture
def stock_scene():
    return StockScene


@pytest.fixture
def map_scene():
    return MapScene


@pytest.fixture
def red_scene():
    return RedScene
