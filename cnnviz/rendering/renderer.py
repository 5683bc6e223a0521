"""The frame loop: a renderer for any Manim scene that draws only what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from manim import Animation, AnimationGroup, Mobject
from manim.renderer.cairo_renderer import CairoRenderer
from manim.utils.exceptions import EndSceneEarlyException

from cnnviz.mobjects.viewport import Box
from cnnviz.rendering.canvas import Canvas
from cnnviz.rendering.damage import mobjects_to_draw
from cnnviz.rendering.frame_sink import FrameRun, FrameSink
from cnnviz.rendering.profile import Profile
from cnnviz.rendering.sections import SectionRecorder
from cnnviz.rendering.timing import FilmTiming

if TYPE_CHECKING:
    from manim import Camera, Scene


class FilmRenderer(CairoRenderer):
    """Plays a scene frame by frame and hands the wanted frames to a sink.

    Frames that are not wanted are not drawn: the scene only advances. A scene whose class
    says ``seekable = True`` (every frame depends on nothing but its place in the play) leaps
    from a play's start to its end; any other goes through all of its frames.

    Parameters
    ----------
    sink
        Where frames go.
    on_frame
        Called with the number of frames so far, after each picture.
    make_canvas
        Makes the canvas on which the camera's pictures are drawn.
    profile
        Where to count the time.
    """

    def __init__(
        self,
        sink: FrameSink,
        on_frame: Callable[[int], None] | None = None,
        make_canvas: Callable[[Camera, Profile], Canvas] = Canvas,
        profile: Profile | None = None,
    ) -> None:
        super().__init__()
        self._profile = Profile() if profile is None else profile
        self._sink = sink
        self._on_frame = on_frame
        self._make_canvas = make_canvas
        self._canvas: Canvas | None = None
        self._sections = SectionRecorder()
        self._unshown: list[Box] = []
        self.frame_count = 0

    def init_scene(self, scene: Scene, session_spec: Any, file_writer_settings: Any) -> None:
        """Take the scene's camera class; called by Manim's ``Scene.__init__``.

        A further scene with the same renderer goes on with the same film.
        """
        if type(self.camera) is not scene.camera_class:
            self.camera: Camera = scene.camera_class()
        self.file_writer = self._sections

    @property
    def time(self) -> float:
        """Seconds of film so far."""
        return self.frame_count / self.camera.frame_rate

    @time.setter
    def time(self, value: float) -> None:
        """Ignore what Manim sets: the frames are what counts."""

    @property
    def timing(self) -> FilmTiming:
        """The sections so far."""
        return self._sections.timing(int(self.camera.frame_rate))

    @property
    def _section(self) -> int:
        return len(self._sections.sections) - 1

    @property
    def canvas(self) -> Canvas:
        """The picture, made when it is first needed."""
        if self._canvas is None:
            self._canvas = self._make_canvas(self.camera, self._profile)
        return self._canvas

    # -- the frame loop ------------------------------------------------------------------

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Play animations; called by Manim's ``Scene.play`` and ``Scene.wait``."""
        if self._sink.is_done(self.frame_count, self._section):
            raise EndSceneEarlyException
        with self._profile.stage("animate"):
            self._play(scene, *args, **kwargs)

    def _play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        self.skip_animations = self._sections.sections[-1].skip_animations
        scene.compile_animation_data(*args, **kwargs)
        animations = scene.animations or []
        for animation in animations:
            animation._setup_scene(scene)
            animation.begin()
        if scene.is_current_animation_frozen_frame():
            if not self.skip_animations:
                self._show(scene, int(scene.duration / (1 / self.camera.frame_rate)))
        else:
            scene.duration = scene.get_run_time(animations)
            self._play_frames(scene)
            for animation in animations:
                animation.finish()
                animation.clean_up_from_scene(scene)
            if not self.skip_animations:
                scene.update_mobjects(0)
        self.num_plays += 1

    def _play_frames(self, scene: Scene) -> None:
        times = np.arange(0, scene.duration, 1 / self.camera.frame_rate)
        if self.skip_animations:
            scene.update_to_time(scene.duration)
        elif self._can_leap(scene, len(times)):
            scene.update_to_time(times[-1])
            self._count(len(times))
        else:
            self._expect_motion(scene)
            for time in times:
                scene.update_to_time(time)
                self._show(scene, 1)
                if scene.stop_condition is not None and scene.stop_condition():
                    break

    def _can_leap(self, scene: Scene, frame_count: int) -> bool:
        return (
            getattr(scene, "seekable", False)
            and scene.stop_condition is None
            and not self._sink.wants(self._next_frames(frame_count))
        )

    def _expect_motion(self, scene: Scene) -> None:
        if self._sink.wants(self._next_frames(1)):
            self.canvas.expect(_moving(scene))

    def _show(self, scene: Scene, count: int) -> None:
        frames = self._next_frames(count)
        if count and self._sink.wants(frames):
            with self._profile.stage("detect"):
                damage = [*self._unshown, *self.canvas.update(mobjects_to_draw(scene))]
            self._unshown = []
            self._sink.show(frames, self.canvas.pixels, damage)
        self._count(count)

    def _next_frames(self, count: int) -> FrameRun:
        return FrameRun(self.frame_count, count, self._section)

    def _count(self, frames: int) -> None:
        self.frame_count += frames
        self._sections.count(frames)
        if self._on_frame is not None:
            self._on_frame(self.frame_count)

    # -- what else Manim may call --------------------------------------------------------

    def get_frame(self) -> Any:
        """Return the last picture drawn, RGBA of shape (height, width, 4)."""
        return self.canvas.pixels.copy()

    def update_frame(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Bring the picture up to date without adding it to the film."""
        self._unshown += self.canvas.update(mobjects_to_draw(scene))
        self.camera.set_pixel_array(self.get_frame())

    def release(self) -> None:
        """Let go of the picture: Manim's scenes live on in circles that refer to us."""
        self._canvas = None

    def scene_finished(self, scene: Scene) -> None:
        """Do nothing: whoever owns the sink completes the film."""


def _moving(scene: Scene) -> Iterator[Mobject]:
    """Yield what the current animations and all updaters can be expected to change."""
    for animation in _with_nested(scene.animations or ()):
        if isinstance(animation.mobject, Mobject):
            yield from animation.mobject.get_family()
    for mobject in scene.get_mobject_family_members():
        if mobject.updaters:
            yield from mobject.get_family()


def _with_nested(animations: Iterable[Animation]) -> Iterator[Animation]:
    for animation in animations:
        yield animation
        if isinstance(animation, AnimationGroup):
            yield from _with_nested(animation.animations)
