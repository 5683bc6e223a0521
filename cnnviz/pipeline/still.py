"""One frame of a film as a picture, without rendering the film."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from cnnviz.errors import UserError
from cnnviz.pipeline.measuring import with_captions
from cnnviz.pipeline.naming import default_output
from cnnviz.pipeline.options import RunOptions
from cnnviz.pipeline.request import RenderRequest
from cnnviz.pipeline.setting import scene_maker
from cnnviz.publishing.output_files import refuse_folders, refuse_foreign, refuse_inputs
from cnnviz.publishing.pictures import is_own_picture, save_picture
from cnnviz.system.atomic_write import atomic_write

if TYPE_CHECKING:  # Manim is imported where it is needed
    from cnnviz.rendering.timing import FilmTiming


def render_still(
    request: RenderRequest,
    output: str | Path | None,
    options: RunOptions,
    *,
    at: float | None = None,
    beat: str | None = None,
) -> Path:
    """Write one frame of a scene about a picture.

    See :func:`cnnviz.render_still`, which is the same with friendlier arguments.

    Raises
    ------
    UserError
        If something given cannot be used, or the film has no such moment.
    """
    if (at is None) == (beat is None):
        raise UserError("say which frame: either a time in seconds, or the name of a beat")
    if at is not None and not math.isfinite(at):
        raise UserError(f"no film has a frame at {at:g} seconds: give a time within it")
    if at is not None and at < 0:
        raise UserError(f"a film starts at 0 seconds, so there is nothing at {at:g}")
    if output is None:
        film = default_output(request, options.cache)
        path = film.with_name(f"{film.stem}_{beat or f'{at:g}s'}.png")
    else:
        path = Path(output)
    _check_output(path, request.inputs, force=options.force)
    with atomic_write(path) as unfinished:
        make = with_captions(scene_maker(request, options.cache), request.film.look)
        from cnnviz.rendering.film import measure_film, still_of_film

        settings = request.film.look.make_settings()
        if beat is not None:
            at = _end_of_beat(measure_film(make, settings), beat)
        assert at is not None
        save_picture(still_of_film(make, settings, at), unfinished)
    return path


def _check_output(path: Path, inputs: list[Path], *, force: bool) -> None:
    """Raise a UserError, before work begins, if the picture cannot be written there."""
    if path.suffix.lower() != ".png":
        raise UserError(f'the output is "{path}": give a name that ends in .png')
    refuse_inputs([path], inputs)
    refuse_folders([path])
    if not force:
        refuse_foreign([path], [path] if is_own_picture(path) else [])


def _end_of_beat(timing: FilmTiming, beat: str) -> float:
    """Return when the last frame of a beat is shown, in seconds."""
    for section in timing.sections:
        if section.name == beat:
            return (section.end_frame - 1) / timing.frame_rate
    names = ", ".join(section.name for section in timing.sections)
    raise UserError(f'there is no beat "{beat}": choose {names}')
