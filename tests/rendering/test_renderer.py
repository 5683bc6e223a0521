"""The frame loop keeps Manim's times, order and pixels."""

import gc
import tracemalloc

import numpy as np
import pytest
from manim import (
    DEGREES,
    LEFT,
    RIGHT,
    UP,
    Camera,
    Circle,
    Create,
    Cube,
    Dot,
    FadeIn,
    ImageMobject,
    MovingCameraScene,
    Scene,
    Sphere,
    Square,
    Text,
    ThreeDScene,
    Transform,
    ValueTracker,
    VGroup,
    Wait,
    ZoomedScene,
    always_redraw,
)

from cnnviz.rendering.canvas import Canvas
from cnnviz.rendering.checking import check_film
from cnnviz.rendering.film import measure_film, stills
from cnnviz.rendering.manim_config import film_config
from cnnviz.rendering.profile import Profile
from cnnviz.rendering.renderer import FilmRenderer
from cnnviz.rendering.settings import FilmSettings
from cnnviz.rendering.sinks import NoFrames


def of(scene_class):
    return lambda renderer: scene_class(renderer=renderer)


class Ordinary(Scene):
    def construct(self):
        title = Text("Title").to_edge(UP)
        squares = VGroup(*(Square(0.5, fill_opacity=0.5).shift(x * RIGHT) for x in range(3)))
        self.play(FadeIn(title), Create(squares), run_time=0.7)
        tracker = ValueTracker(0)
        dot = always_redraw(lambda: Dot(tracker.get_value() * RIGHT))
        self.add(dot)
        self.play(tracker.animate.set_value(3), run_time=0.55)
        self.wait(0.25)
        circle = Circle(fill_opacity=1, z_index=-1)
        self.add_foreground_mobject(squares)
        self.play(FadeIn(circle), Transform(title, Text("Other")), run_time=0.3)
        circle.add_updater(lambda m, dt: m.shift(dt * RIGHT))
        self.wait(0.3)


class Zooming(MovingCameraScene):
    def construct(self):
        self.add(Square())
        self.play(self.camera.frame.animate.scale(0.5), run_time=0.5)
        self.play(Create(Circle()), run_time=0.3)


class Turning(ThreeDScene):
    def construct(self):
        self.set_camera_orientation(phi=60 * DEGREES, theta=30 * DEGREES)
        self.add(Cube(), Sphere(resolution=(6, 6)).shift(2 * RIGHT))
        self.add_fixed_in_frame_mobjects(Text("fixed").to_edge(UP))
        self.begin_ambient_camera_rotation(rate=1)
        self.wait(0.3)


class Magnified(ZoomedScene):
    """Not with `animate`: meanwhile Manim's display shows nothing that stands still; ours does."""

    def construct(self):
        dot = Dot()
        self.add(dot, Square())
        self.activate_zooming(animate=False)
        self.play(dot.animate.shift(0.3 * LEFT), run_time=0.3)


class Pictures(Scene):
    def construct(self):
        image = ImageMobject(np.uint8([[0, 100], [200, 255]])).shift(2 * LEFT)
        self.add(image, Square())
        self.play(image.animate.shift(UP), run_time=0.3)


@pytest.mark.parametrize("frame_rate", [10, 15, 24])
@pytest.mark.parametrize("scene_class", [Ordinary, Zooming, Turning, Magnified, Pictures])
def test_frames_are_those_of_manims_own_renderer(scene_class, frame_rate, frames_of_manim):
    settings = FilmSettings(160, 90, frame_rate)
    expected = frames_of_manim(scene_class, settings)
    found = stills(of(scene_class), settings, range(len(expected)))
    assert all(map(np.array_equal, found, expected))
    assert measure_film(of(scene_class), settings).frame_count == len(expected)


class Timed(Scene):
    """Writes down the time whenever it can."""

    def construct(self):
        self.times = [self.time]
        self.next_section("first")
        self.play(Create(Square()), run_time=0.7)
        self.times.append(self.time)
        self.wait(0.5)
        self.times.append(self.renderer.time)
        self.next_section("skipped", skip_animations=True)
        self.play(Create(Circle()), run_time=2)
        self.add_sound("not there.wav")
        self.next_section("empty")
        self.next_section("last")
        self.add_subcaption("words", duration=1)
        self.wait_until(lambda: self.time >= 1.5, max_time=5)
        self.wait(2, stop_condition=lambda: len(self.mobjects) > 1)
        self.times.append(self.time)


class SeekableTimed(Timed):
    seekable = True


@pytest.mark.parametrize("scene_class", [Timed, SeekableTimed])
def test_times_and_frame_counts_are_exact(scene_class, settings):
    with film_config(settings):
        renderer = FilmRenderer(NoFrames())
        scene = scene_class(renderer=renderer)
        scene.render()
    assert [round(10 * time) for time in scene.times] == [0, 7, 12, 16]
    assert scene.times == [count / 10 for count in (0, 7, 12, 16)]
    assert renderer.frame_count == 16
    sections = renderer.timing.sections
    assert [(s.name, s.first_frame, s.frame_count) for s in sections] == [
        ("first", 0, 12),
        ("last", 12, 4),
    ]
    assert renderer.timing.duration == 1.6


def test_a_leaping_scene_shows_the_same_frames(map_scene, settings):
    class Stepping(map_scene):
        seekable = False

    count = measure_film(of(map_scene), settings).frame_count
    assert count == measure_film(of(Stepping), settings).frame_count
    wanted = [count - 1, 12, 0]
    every = stills(of(Stepping), settings, range(count))
    leaping = stills(of(map_scene), settings, wanted)
    assert all(np.array_equal(every[n], frame) for n, frame in zip(wanted, leaping, strict=True))


class Accumulating(Scene):
    """Every step counts: leaping would end somewhere else."""

    def construct(self):
        square = Square().add_updater(lambda m, dt: m.shift(dt * (1 + m.get_x() ** 2) * RIGHT))
        self.add(square)
        self.wait(1)
        self.play(Create(Circle()))
        square.clear_updaters()
        self.wait(0.5)


def test_a_scene_that_does_not_say_it_is_seekable_is_stepped_through(settings):
    every = stills(of(Accumulating), settings, range(25))
    assert np.array_equal(stills(of(Accumulating), settings, [24])[0], every[24])


def test_scenes_end_early_when_the_last_still_is_there(settings):
    class Endless(Scene):
        def construct(self):
            self.add(Square())
            for _ in range(10_000_000):
                self.play(Wait(0.5, frozen_frame=False))

    assert len(stills(of(Endless), settings, [3])) == 1


class Looking(Scene):
    """Asks for the picture in between, as Manim's own code and users do."""

    def construct(self):
        square = Square()
        self.add(square)
        self.wait(0.2)
        square.shift(2 * RIGHT)
        self.renderer.update_frame(self)
        self.seen = np.asarray(self.camera.get_image())
        self.wait(0.2)


def test_looking_at_a_picture_in_between_takes_nothing_from_the_film(settings):
    scenes = []

    def make(renderer):
        scenes.append(Looking(renderer=renderer))
        return scenes[-1]

    assert check_film(make, settings).is_exact
    last = stills(make, settings, [3])[0]
    assert np.array_equal(scenes[-1].seen, last)


def test_no_more_pictures_are_held_than_are_drawn_on():
    with film_config(FilmSettings(320, 180, 15)):
        frame = Camera().pixel_array.nbytes
        gc.collect()
        tracemalloc.start()
        canvas = Canvas(Camera(), Profile())
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert canvas.pixels.nbytes == frame
    assert 3 * frame <= held < 3.5 * frame
