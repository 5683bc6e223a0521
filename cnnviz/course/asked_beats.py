"""Whether the beats that a course asks for exist, before anything is rendered."""

from __future__ import annotations

from cnnviz.cache.store import Cache
from cnnviz.errors import UserError
from cnnviz.pipeline.measuring import measure_beats
from cnnviz.pipeline.request import RenderRequest
from cnnviz.staging.beats import NUMBER
from cnnviz.staging.registry import describe_scene, scene_names


def check_beats(request: RenderRequest, cache: Cache | None) -> None:
    """Raise a UserError if a film is to have a beat that its scene does not have.

    Beats with a title exist: a film may still lack one, where there is nothing to tell of its
    picture. Others are looked for in the film, as its picture makes it, without drawing it.

    Parameters
    ----------
    request
        The film.
    cache
        Where scenes' descriptions and what the network sees may be kept.
    """
    scene = request.film.scene
    unknown = [name for name in request.film.part.beats or () if not _is_titled(scene, name, cache)]
    if not unknown:
        return
    names = [beat.name for beat in measure_beats(request, cache)]
    for name in unknown:
        if name not in names:
            raise UserError(f'there is no beat "{name}": choose {", ".join(names)}')


def _is_titled(scene: str, beat: str, cache: Cache | None) -> bool:
    """Return whether a scene has a title for a beat; one that plays others has theirs as well."""
    description = describe_scene(scene, cache)
    teller, dot, name = beat.partition(".")
    if dot and description.plays_other_scenes:
        if teller != description.name:
            return teller in scene_names() and _is_titled(teller, name, cache)
        beat = name
    return not {beat, NUMBER.sub("", beat)}.isdisjoint(description.titled_beats)
