"""Playing a scene without drawing it, with a look at its stage at every turn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Protocol

from manim import Mobject, Scene

from cnnviz.rendering.film import film_config
from cnnviz.rendering.renderer import FilmRenderer
from cnnviz.rendering.settings import FilmSettings
from cnnviz.rendering.sinks import NoFrames
from cnnviz.staging.scene import LectureScene
from cnnviz.staging.scene_setting import SceneSetting

Moment = Literal["rest", "motion"]

FRAME_RATE = 10
"""Enough to meet the middle of every motion."""


class Visitor(Protocol):
    """Who looks at a scene while it is played."""

    def look(
        self, scene: LectureScene, beat: str, moment: Moment, moving: Sequence[Mobject]
    ) -> None:
        """Look at the stage in the middle of a motion, or after it.

        Parameters
        ----------
        scene
            As it now stands; a part of the film, where a film has several.
        beat
            The beat's name.
        moment
            Which of the two it is.
        moving
            What is being animated.
        """

    def see(self, scene: LectureScene, beat: str, first_frame: int, frame_count: int) -> None:
        """Look at frames that are alike: all of them come by, in their order."""


def visit(scene: type[LectureScene], setting: SceneSetting, visitor: Visitor) -> LectureScene:
    """Play a scene and let somebody look at it.

    Returns
    -------
    LectureScene
        The scene after its last beat.
    """
    layout = setting.theme.layout
    width = round(100 * layout.frame_width / layout.frame_height) * 2
    film = FilmSettings(width, 200, FRAME_RATE, frame_height=layout.frame_height)
    with film_config(film):
        played = scene(setting, renderer=_VisitedRenderer(visitor))
        played.render()
    return played


class _VisitedRenderer(FilmRenderer):
    """A renderer that draws nothing and says where it is."""

    def __init__(self, visitor: Visitor) -> None:
        super().__init__(NoFrames())
        self._visitor = visitor
        self._is_half_way = False

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Play animations, look half way and afterwards."""
        self._is_half_way = False
        super().play(scene, *args, **kwargs)
        self._look_at(scene, "rest", ())

    def _can_leap(self, scene: Scene, frame_count: int) -> bool:
        return False

    def _show(self, scene: Scene, count: int) -> None:
        if count and isinstance(scene, LectureScene):
            self._visitor.see(scene, self._beat, self.frame_count, count)
        super()._show(scene, count)
        if not self._is_half_way and scene.last_t >= scene.duration / 2:
            self._is_half_way = True
            self._look_at(scene, "motion", [each.mobject for each in scene.animations or ()])  # type: ignore[misc]

    @property
    def _beat(self) -> str:
        return self._sections.sections[-1].name

    def _look_at(self, scene: Scene, moment: Moment, moving: Sequence[Mobject]) -> None:
        if isinstance(scene, LectureScene):
            self._visitor.look(scene, self._beat, moment, moving)
