"""From a request to a scene that can be played."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cnnviz.cache.store import Cache
from cnnviz.locales import Words
from cnnviz.model.trace import Trace
from cnnviz.pipeline.request import FilmRequest, RenderRequest
from cnnviz.pipeline.tracing import traces_for
from cnnviz.staging.parameters import make_parameters
from cnnviz.staging.registry import load_scene

if TYPE_CHECKING:  # Manim is imported where it is needed, which is not always
    from cnnviz.rendering.renderer import FilmRenderer
    from cnnviz.staging.scene import LectureScene
    from cnnviz.staging.scene_setting import SceneSetting


@dataclass(frozen=True)
class SceneMaker:
    """Makes a scene for any renderer, in whatever process it is called."""

    scene: type[LectureScene]
    setting: SceneSetting

    def __call__(self, renderer: FilmRenderer) -> LectureScene:
        """Return the scene with that renderer."""
        return self.scene(self.setting, renderer=renderer)


def scene_maker(request: RenderRequest, cache: Cache | None) -> SceneMaker:
    """Return the scene that is asked for, about what the network sees in the picture.

    Parameters
    ----------
    request
        The film and the picture.
    cache
        Where what the network sees in the picture may be kept.

    Raises
    ------
    UserError
        If something given cannot be used.
    """
    film = request.film
    (trace,) = traces_for(film.scene, [request.picture], cache)
    scene = load_scene(film.scene)
    return SceneMaker(scene, scene_setting(scene, trace, film))


def scene_setting(scene: type[LectureScene], trace: Trace, request: FilmRequest) -> SceneSetting:
    """Return all that a scene reads.

    Raises
    ------
    UserError
        If a parameter is unknown or does not fit the trace.
    """
    from cnnviz.staging.scene_setting import SceneSetting
    from cnnviz.staging.showing import Showing

    given = make_parameters(scene.name, scene.Parameters, request.parameters)
    look = request.look
    return SceneSetting(
        trace=trace,
        parameters=scene.resolve(trace, given),
        theme=look.make_theme(),
        words=Words(look.language),
        pace=look.pace,
        showing=Showing(request.part.has_title, look.captions == "burn", request.part.beats),
    )
