"""From a request to a scene that can be played."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cnnviz.cache.store import Cache
from cnnviz.errors import UserError
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
    traces = traces_for(film.scene, request.pictures, cache)
    scene = load_scene(film.scene)
    return SceneMaker(scene, scene_setting(scene, traces, film))


def scene_setting(
    scene: type[LectureScene], traces: Sequence[Trace], request: FilmRequest
) -> SceneSetting:
    """Return all that a scene reads.

    Parameters
    ----------
    scene
        The scene.
    traces
        One, or the two that it compares.
    request
        The film.

    Raises
    ------
    UserError
        If a parameter is unknown or does not fit the traces, or if there is one trace where the
        scene compares two, or the other way round.
    """
    from cnnviz.staging.scene_setting import SceneSetting
    from cnnviz.staging.visibility import Visibility

    trace, *others = traces
    given = make_parameters(scene.name, scene.Parameters, request.parameters)
    other = others[0] if others else None
    resolved = _resolved(scene, trace, other, given)
    look = request.look
    return SceneSetting(
        trace=trace,
        parameters=resolved,
        theme=look.make_theme(),
        words=Words(look.language),
        pace=look.pace,
        visibility=Visibility(request.part.has_title, look.captions == "burn", request.part.beats),
        other=other,
    )


def _resolved(scene: type[LectureScene], trace: Trace, other: Trace | None, given: Any) -> Any:
    """Return a scene's parameters as it fills them in."""
    from cnnviz.staging.pair.scene import PairScene

    if other is None:
        return scene.resolve(trace, given)
    if not issubclass(scene, PairScene):
        raise UserError(
            f'the scene "{scene.name}" is about one picture and one network, not two: render it '
            "for each, or see cnnviz compare"
        )
    return scene.resolve_both(trace, other, given)
