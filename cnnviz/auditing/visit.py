"""Playing a scene without drawing it, with a look at its stage at every turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from manim import Mobject, Scene

from cnnviz.rendering.film import film_config
from cnnviz.rendering.renderer import FilmRenderer
from cnnviz.rendering.settings import FilmSettings
from cnnviz.rendering.sinks import NoFrames
from cnnviz.staging.scene import LectureScene, SceneSetting

Moment = Literal["rest", "motion"]

Look = Callable[[LectureScene, str, Moment, Sequence[Mobject]], None]
"""Called with the scene, the beat's name, the moment and what is being animated."""

FRAME_RATE = 10
"""Enough to meet the middle of every motion."""


def visit(scene: type[LectureScene], setting: SceneSetting, look: Look) -> LectureScene:
    """Play a scene and look at it in the middle of every motion and after it.

    Returns
    -------
    LectureScene
        The scene after its last beat.
    """
    layout = setting.theme.layout
    width = round(100 * layout.frame_width / layout.frame_height) * 2
    film = FilmSettings(width, 200, FRAME_RATE, frame_height=layout.frame_height)
    with film_config(film):
        played = scene(setting, renderer=_Visitor(look))
        played.render()
    return played


class _Visitor(FilmRenderer):
    """A renderer that draws nothing and says where it is."""

    def __init__(self, look: Look) -> None:
        super().__init__(NoFrames())
        self._look = look
        self._is_half_way = False

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Play animations, look half way and afterwards."""
        self._is_half_way = False
        super().play(scene, *args, **kwargs)
        self._look_at(scene, "rest", ())

    def _can_leap(self, scene: Scene, frame_count: int) -> bool:
        return False

    def _show(self, scene: Scene, count: int) -> None:
        super()._show(scene, count)
        if not self._is_half_way and scene.last_t >= scene.duration / 2:
            self._is_half_way = True
            self._look_at(scene, "motion", [each.mobject for each in scene.animations or ()])  # type: ignore[misc]

    def _look_at(self, scene: Scene, moment: Moment, moving: Sequence[Mobject]) -> None:
        if isinstance(scene, LectureScene):
            self._look(scene, self._sections.sections[-1].name, moment, moving)
