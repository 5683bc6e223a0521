"""Playing a scene without drawing it, with a look at its stage at every turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from manim import Mobject

from cnnviz.rendering.film import measure_film
from cnnviz.rendering.renderer import FilmRenderer
from cnnviz.rendering.settings import FilmSettings
from cnnviz.scene import LectureScene, SceneSetting

Moment = Literal["rest", "motion", "end of the beat"]

Look = Callable[[LectureScene, str, Moment, Sequence[Mobject]], None]
"""Called with the scene, the beat's name, the moment and what is being animated."""

FRAME_RATE = 10
"""Enough to meet the middle of every motion."""


def visit(scene: type[LectureScene], setting: SceneSetting, look: Look) -> LectureScene:
    """Play a scene and look at it in the middle of every motion, at rest and after each beat.

    Returns
    -------
    LectureScene
        The scene after its last beat.
    """
    made: list[LectureScene] = []

    def make(renderer: FilmRenderer) -> LectureScene:
        made.append(_visited(scene, look)(setting, renderer=renderer))
        return made[-1]

    layout = setting.theme.layout
    width = round(100 * layout.frame_width / layout.frame_height) * 2
    film = FilmSettings(width, 200, FRAME_RATE, frame_height=layout.frame_height)
    measure_film(make, film)
    return made[-1]


def _visited(scene: type[LectureScene], look: Look) -> type[LectureScene]:
    """Return the scene's class, made so that it tells where it is."""

    class Visited(scene):  # type: ignore[misc, valid-type]
        seekable = False  # no motion is leapt over

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.current_beat = ""
            self.looked_at_play: int | None = None

        def next_section(self, name: str = "", *args: Any, **kwargs: Any) -> None:
            if self.current_beat:
                look(self, self.current_beat, "end of the beat", ())
            super().next_section(name, *args, **kwargs)
            self.current_beat = name

        def construct(self) -> None:
            super().construct()
            look(self, self.current_beat, "end of the beat", ())

        def update_to_time(self, t: float) -> None:
            super().update_to_time(t)
            play = self.renderer.num_plays
            if t >= self.duration / 2 and self.looked_at_play != play:
                self.looked_at_play = play
                moving = [each.mobject for each in self.animations or ()]
                look(self, self.current_beat, "motion", moving)

        def play(self, *args: Any, **kwargs: Any) -> None:
            super().play(*args, **kwargs)
            look(self, self.current_beat, "rest", ())

    Visited.__name__ = scene.__name__
    return Visited
