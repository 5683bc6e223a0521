"""One frame of a film as a picture, without rendering the film."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cnnviz.cache.store import Cache
from cnnviz.cache.traces import Colour, Crop
from cnnviz.catalog import load_scene
from cnnviz.clip import SceneMaker, default_output, save_picture
from cnnviz.errors import UserError
from cnnviz.looking import looking
from cnnviz.plans import FilmPlan
from cnnviz.whole_file import whole_file

if TYPE_CHECKING:  # Manim and torch are imported where they are needed
    from cnnviz.network import Network
    from cnnviz.rendering.timing import FilmTiming


def render_still(
    plan: FilmPlan,
    image: object,
    output: str | Path | None = None,
    *,
    at: float | None = None,
    beat: str | None = None,
    network: Network | str | Path | None = None,
    crop: Crop | None = None,
    background: Colour = (255, 255, 255),
    cache: Cache | None = None,
) -> Path:
    """Write one frame of a scene about a picture.

    See :func:`cnnviz.still`, which is the same with friendlier arguments.
    """
    plan.check()
    if (at is None) == (beat is None):
        raise UserError("say which frame: either a time in seconds, or the name of a beat")
    if at is not None and not at >= 0:
        raise UserError(f"a film starts at 0 seconds, so there is nothing at {at:g}")
    path = Path(output) if output is not None else _default_output(plan.scene, image, at, beat)
    if path.suffix.lower() != ".png":
        raise UserError(f'the output is "{path}": give a name that ends in .png')
    with whole_file(path) as unfinished:
        with looking([image], network, crop, background, cache) as (look,):
            scene = load_scene(plan.scene)  # imports Manim while another process runs the network
            trace = look.trace()
        make = SceneMaker(scene, plan.setting(scene, trace))
        from cnnviz.rendering.film import measure_film, still_of_film

        if beat is not None:
            at = _end_of_beat(measure_film(make, plan.settings), beat)
        assert at is not None
        save_picture(still_of_film(make, plan.settings, at), unfinished)
    return path


def _end_of_beat(timing: FilmTiming, beat: str) -> float:
    """Return when the last frame of a beat is shown, in seconds."""
    for section in timing.sections:
        if section.name == beat:
            return (section.end_frame - 1) / timing.frame_rate
    names = ", ".join(section.name for section in timing.sections)
    raise UserError(f'there is no beat "{beat}": choose {names}')


def _default_output(scene: str, image: object, at: float | None, beat: str | None) -> Path:
    """Return ``media/SCENE_PICTURE_BEAT.png``, or with the time in place of the beat."""
    film = default_output(scene, image)
    return film.with_name(f"{film.stem}_{beat or f'{at:g}s'}.png")
