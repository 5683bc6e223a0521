"""The beats of a film and how long each takes, without drawing any of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cnnviz.cache.store import Cache
from cnnviz.locales import Words
from cnnviz.pipeline.look import Look
from cnnviz.pipeline.request import RenderRequest
from cnnviz.pipeline.setting import SceneMaker, scene_maker

if TYPE_CHECKING:  # Manim is imported where it is needed
    from cnnviz.rendering.renderer import FilmRenderer
    from cnnviz.rendering.settings import FilmSettings
    from cnnviz.rendering.timing import FilmTiming
    from cnnviz.staging.beats import Beat
    from cnnviz.staging.scene import LectureScene


def measure_beats(request: RenderRequest, cache: Cache | None) -> list[Beat]:
    """Return the beats of the film that a request asks for, exact to the frame.

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
    make = with_captions(scene_maker(request, cache), request.film.look)
    return timing_and_beats(make, request.film.look.make_settings())[1]


def timing_and_beats(make: SceneMaker, settings: FilmSettings) -> tuple[FilmTiming, list[Beat]]:
    """Return how long a scene's sections are, and the beats that they tell."""
    from cnnviz.rendering.film import measure_film

    made: list[LectureScene] = []

    def make_and_note(renderer: FilmRenderer) -> LectureScene:
        made.append(make(renderer))
        return made[-1]

    timing = measure_film(make_and_note, settings)
    return timing, made[-1].beats


def with_captions(make: SceneMaker, look: Look) -> SceneMaker:
    """Return what makes the scene with captions and descriptions in the language they are to have.

    They are those of the same scene in that language: every value in them is in it as well.
    """
    if look.language_of_captions == look.language:
        return make
    setting = replace(make.setting, words=Words(look.language_of_captions))
    _, beats = timing_and_beats(replace(make, setting=setting), look.make_settings())
    texts = {beat.name: (beat.caption, beat.description) for beat in beats}
    visibility = replace(make.setting.visibility, translations=texts)
    return replace(make, setting=replace(make.setting, visibility=visibility))
