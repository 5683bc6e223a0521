"""From a request to a scene that can be played."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cnnviz.errors import UserError
from cnnviz.locales import Words
from cnnviz.parameters import parameters_of
from cnnviz.pipeline.request import FilmRequest
from cnnviz.traces import Trace

if TYPE_CHECKING:  # Manim is imported where it is needed, which is not always
    from cnnviz.rendering.renderer import FilmRenderer
    from cnnviz.scene import LectureScene, SceneSetting


@dataclass(frozen=True)
class SceneMaker:
    """Makes a scene for any renderer, in whatever process it is called."""

    scene: type[LectureScene]
    setting: SceneSetting

    def __call__(self, renderer: FilmRenderer) -> LectureScene:
        """Return the scene with that renderer."""
        return self.scene(self.setting, renderer=renderer)


def scene_setting(scene: type[LectureScene], trace: Trace, request: FilmRequest) -> SceneSetting:
    """Return all that a scene reads.

    Raises
    ------
    UserError
        If a parameter is unknown or does not fit the trace.
    """
    from cnnviz.scene import SceneSetting

    look = request.look
    return SceneSetting(
        trace=trace,
        parameters=scene.resolve(trace, _scene_parameters(scene, request.parameters)),
        theme=look.make_theme(),
        words=Words(look.language),
        pace=look.pace,
    )


def _scene_parameters(scene: type[LectureScene], given: Mapping[str, Any]) -> Any:
    """Return the scene's own parameters, unknown ones refused."""
    known = parameters_of(scene.Parameters)
    for name in given:
        if name not in known:
            raise UserError(
                f'the scene "{scene.name}" has no parameter "{name}": choose {", ".join(known)}'
            )
    return scene.Parameters(**given)
