"""A clip: a scene's film and the files beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any

from cnnviz.errors import UserError
from cnnviz.pipeline.clip_task import ClipTask, FilmContent
from cnnviz.pipeline.naming import default_output
from cnnviz.pipeline.options import RunOptions
from cnnviz.pipeline.recipe import RecipeBook
from cnnviz.pipeline.request import RenderRequest
from cnnviz.pipeline.tracing import traces_for
from cnnviz.publishing.clip_files import ClipFiles, check_outputs
from cnnviz.publishing.formats import agreed_format, format_of
from cnnviz.publishing.notebook import clip_html
from cnnviz.publishing.output_files import refuse_inputs
from cnnviz.publishing.pictures import save_picture
from cnnviz.publishing.publication import finish_what_was_left, publish, unfinished_clip
from cnnviz.rendering.film_cache import FilmCache
from cnnviz.staging.registry import modules_of_film, output_stem
from cnnviz.staging.scene_code import code_of, words_of
from cnnviz.system.disk import working_in

POSTER = "poster.png"
"""The poster's name in the cache."""


@dataclass(frozen=True)
class Clip(ClipFiles):
    """What a render leaves behind.

    Attributes
    ----------
    video, captions_vtt, captions_srt, chapters, descriptions, transcript, stills, poster, manifest
        Paths of its files: see :class:`ClipFiles`.
    seconds
        The film's length.
    """

    seconds: float

    def _repr_html_(self) -> str | None:
        """Return what a notebook shows: the film, to be played."""
        return clip_html(self.video, self.captions_vtt, self.poster)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """Return the film with its captions for a notebook that plays it, and its name."""
        html = self._repr_html_()
        plain = {"text/plain": f"<Clip {self.video}, {self.seconds:.1f} s>"}
        return plain if html is None else {**plain, "text/html": html}

    @classmethod
    def of(cls, files: ClipFiles, seconds: float) -> Clip:
        """Return the clip that has these files."""
        names = {each.name: getattr(files, each.name) for each in fields(ClipFiles)}
        return cls(**names, seconds=seconds)


def render_clip(request: RenderRequest, output: str | Path | None, options: RunOptions) -> Clip:
    """Let the network look at a picture and render a scene about it.

    See :func:`cnnviz.render`, which is the same with friendlier arguments.

    Raises
    ------
    UserError
        If something given cannot be used, or a file cannot be written.
    """
    video = default_output(request, options.cache) if output is None else Path(output)
    request = request.written_as(agreed_format(video, request.film.look.format).name)
    check_output(video, request.inputs, force=options.force)
    traces = traces_for(request.film.scene, request.pictures, options.cache)
    task = ClipTask.of(request, traces, video, RecipeBook(options.cache))
    return make_clip(task, options)


def check_output(video: Path, inputs: list[Path], *, force: bool) -> None:
    """Raise a UserError, before work begins, if a clip cannot be written there."""
    check_clips([video], inputs, force=force)


def check_clips(videos: Sequence[Path], inputs: Sequence[Path], *, force: bool) -> None:
    """Raise a UserError, before work begins, if one of several clips cannot be written."""
    clips = [ClipFiles.at(video) for video in videos]
    for video in videos:
        if video.is_dir() and not format_of(video).is_folder:
            raise UserError(f'the output "{video}" is a folder: give the name of a file')
    refuse_inputs([path for clip in clips for path in clip.all], inputs)
    for folder in {video.parent for video in videos}:
        finish_what_was_left(folder)
    for clip in clips:
        check_outputs(clip, force=force)


def make_clip(task: ClipTask, options: RunOptions) -> Clip:
    """Render a scene about what the network saw, or take it from the cache.

    Parameters
    ----------
    task
        What is made, and where it goes.
    options
        How it is carried out.
    """
    clip = ClipFiles.at(task.output)
    with unfinished_clip(clip) as files, working_in(clip.video.parent):
        film_cache = film_cache_for(task, options)
        made = None if film_cache is None else _take_from(film_cache, task, files)
        if made is None:
            from cnnviz.pipeline.making import make_film  # imports Manim

            made = make_film(task, files, options, film_cache)
        seconds, content = made
        task.write_texts(content, files)
        publish(files, clip, force=options.force)
    return Clip.of(clip, seconds)


def film_cache_for(task: ClipTask, options: RunOptions) -> FilmCache | None:
    """Return where the film may be kept, and may be already."""
    if options.cache is None:
        return None
    film, look = task.film, task.film.look
    modules = modules_of_film(film.scene, options.cache)
    languages = sorted({look.language, look.language_of_captions})
    asked = {
        "scene": output_stem(film.scene),
        "code": code_of(modules),
        "words": [words_of(modules, language) for language in languages],
        "parameters": film.parameters,
        "pace": look.pace,
        "part": film.part,
        "captions": [look.captions, look.language_of_captions],
    }
    shown = {"trace": task.traces, "theme": look.make_theme(), "language": look.language}
    return FilmCache(options.cache, asked, look.make_settings(), shared=shown)


def _take_from(
    film_cache: FilmCache, task: ClipTask, files: ClipFiles
) -> tuple[float, FilmContent] | None:
    """Write a film that was made before, without Manim; None if not all of it is there."""
    film = film_cache.finished()
    if film is None or not film_cache.fetch_added(POSTER, files.poster):
        return None
    content = FilmContent.from_json(film.notes)
    write = partial(task.write_film, content, files)
    settings = task.film.look.make_settings()
    if not film_cache.write_film(files.video, film.timing, settings, write):
        return None
    return film.timing.duration, content


def save_poster(picture: Any, files: ClipFiles, film_cache: FilmCache | None) -> None:
    """Write the frame that stands for a film, RGBA as it was drawn, and keep it."""
    save_picture(picture, files.poster)
    if film_cache is not None:
        film_cache.add(files.poster, POSTER)
