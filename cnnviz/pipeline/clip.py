"""A clip: a scene's film and the files beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cnnviz.errors import UserError
from cnnviz.locales import Words
from cnnviz.model.trace import Trace
from cnnviz.pipeline.measuring import timing_and_beats
from cnnviz.pipeline.naming import default_output
from cnnviz.pipeline.options import RunOptions
from cnnviz.pipeline.recipe import Recipe, RecipeBook
from cnnviz.pipeline.request import FilmRequest, RenderRequest
from cnnviz.pipeline.setting import SceneMaker, scene_setting
from cnnviz.pipeline.tracing import traces_for
from cnnviz.publishing.clip_files import ClipFiles, check_outputs
from cnnviz.publishing.formats import format_of
from cnnviz.publishing.manifest import Source, film_facts, manifest_text
from cnnviz.publishing.notebook import clip_html
from cnnviz.publishing.output_files import refuse_inputs
from cnnviz.publishing.pictures import save_picture
from cnnviz.publishing.publication import finish_what_was_left, publish, unfinished_clip
from cnnviz.rendering.encoded_frames import frame_digests
from cnnviz.rendering.film_cache import FilmCache, FinishedFilm
from cnnviz.staging.beats import poster_frame
from cnnviz.staging.registry import load_scene, modules_of_film
from cnnviz.staging.scene_code import code_of, words_of
from cnnviz.staging.scene_words import scene_title
from cnnviz.system.disk import working_in

POSTER = "poster.png"
"""The poster's name in the cache."""


@dataclass(frozen=True)
class Clip(ClipFiles):
    """What a render leaves behind.

    Attributes
    ----------
    seconds
        The film's length.
    """

    seconds: float

    def _repr_html_(self) -> str | None:
        """Return what a notebook shows: the film, to be played."""
        return clip_html(self.video, self.captions_vtt, self.poster)

    @classmethod
    def of(cls, files: ClipFiles, seconds: float) -> Clip:
        """Return the clip that has these files."""
        return cls(
            files.video,
            files.captions_vtt,
            files.captions_srt,
            files.poster,
            files.manifest,
            seconds,
        )


def render_clip(request: RenderRequest, output: str | Path | None, options: RunOptions) -> Clip:
    """Let the network look at a picture and render a scene about it.

    See :func:`cnnviz.render`, which is the same with friendlier arguments.
    """
    video = default_output(request, options.cache) if output is None else Path(output)
    check_output(video, request.picture.inputs, options.force)
    picture = request.picture
    (trace,) = traces_for(request.film.scene, [picture], options.cache)
    source = picture.source(trace.architecture.name)
    return clip_of_trace(request.film, trace, source, video, options)


def check_output(video: Path, inputs: list[Path], force: bool) -> None:
    """Raise a UserError, before work begins, if a clip cannot be written there."""
    check_clips([video], inputs, force)


def check_clips(videos: Sequence[Path], inputs: Sequence[Path], force: bool) -> None:
    """Raise a UserError, before work begins, if one of several clips cannot be written."""
    for video in videos:
        format_of(video)
        if video.is_dir():
            raise UserError(f'the output "{video}" is a folder: give the name of a file')
    clips = [ClipFiles.at(video) for video in videos]
    refuse_inputs([path for clip in clips for path in clip.all], inputs)
    for folder in {video.parent for video in videos}:
        finish_what_was_left(folder)
    for clip in clips:
        check_outputs(clip, force)


def clip_of_trace(
    request: FilmRequest, trace: Trace, source: Source, output: Path, options: RunOptions
) -> Clip:
    """Render a scene about what the network saw, or take it from the cache.

    Parameters
    ----------
    request, trace
        What decides the film.
    source
        Where picture and network come from.
    output
        The film's file, which has been checked.
    options
        How it is carried out.
    """
    clip = ClipFiles.at(output)
    with unfinished_clip(clip) as files, working_in(clip.video.parent):
        film_cache = _film_cache(request, trace, options)
        made = None if film_cache is None else _take_from(film_cache, files)
        if made is None:
            made = _make(request, trace, files, options, film_cache)
        recipe = RecipeBook(options.cache).recipe(request)
        _write_texts(files, made.notes, source, recipe)
        publish(files, clip, options.force)
    return Clip.of(clip, made.timing.duration)


def _film_cache(request: FilmRequest, trace: Trace, options: RunOptions) -> FilmCache | None:
    """Return where the film may be kept, and may be already."""
    if options.cache is None:
        return None
    look = request.look
    modules = modules_of_film(request.scene, options.cache)
    asked = {
        "scene": request.scene,
        "code": code_of(modules),
        "words": words_of(modules, look.language),
        "parameters": request.parameters,
        "pace": look.pace,
    }
    shown = {"trace": trace, "theme": look.make_theme(), "language": look.language}
    return FilmCache(options.cache, asked, look.make_settings(), shared=shown)


def _make(
    request: FilmRequest,
    trace: Trace,
    files: ClipFiles,
    options: RunOptions,
    film_cache: FilmCache | None,
) -> FinishedFilm:
    """Render a scene and its poster; return what there is to say about the film."""
    from cnnviz.publishing.captions import captions
    from cnnviz.rendering.film import RecordOptions, SomeFrames, film_config, record_film
    from cnnviz.rendering.profile import Profile

    scene, settings = load_scene(request.scene), request.look.make_settings()
    make = SceneMaker(scene, scene_setting(scene, trace, request))
    on_progress = options.on_progress
    with film_config(settings):
        timing, beats = timing_and_beats(make, settings)
        poster = poster_frame(beats, scene.poster_beat, timing.frame_count)
        pictures = SomeFrames([poster])
        # A scene that plays something outside of its beats has sections that no beat explains.
        if film_cache is not None and len(beats) == len(timing.sections):
            film_cache.name_sections([beat.cache_key for beat in beats])
        how = RecordOptions(
            on_frame=on_progress and (lambda done: on_progress(done, timing.frame_count)),
            jobs=options.processes,
            profile=options.profile or Profile(),
        )
        record_film(
            make,
            settings,
            files.video,
            how,
            pictures=pictures,
            film_cache=film_cache,
            timing=timing,
        )
    save_picture(pictures.pictures[poster], files.poster)
    title = scene_title(scene, Words(request.look.language))
    notes = {
        "vtt": captions(beats, settings.frame_rate, "vtt"),
        "srt": captions(beats, settings.frame_rate, "srt"),
        "facts": film_facts(scene.name, title, make.setting, settings, beats),
    }
    if film_cache is not None:
        film_cache.add(files.poster, POSTER)
        film_cache.finish(timing, notes)
    return FinishedFilm(timing, notes)


def _take_from(film_cache: FilmCache, files: ClipFiles) -> FinishedFilm | None:
    """Write a film that was made before, without Manim; None if not all of it is there."""
    film = film_cache.finished()
    if film is None:
        return None
    is_whole = film_cache.fetch_added(POSTER, files.poster) and film_cache.write_film(
        files.video, film.timing
    )
    return film if is_whole else None


def _write_texts(
    files: ClipFiles, notes: Mapping[str, object], source: Source, recipe: Recipe
) -> None:
    """Write captions and manifest beside a film and its poster."""
    files.captions_vtt.write_text(str(notes["vtt"]), encoding="utf-8")
    files.captions_srt.write_text(str(notes["srt"]), encoding="utf-8")
    facts = notes["facts"]
    assert isinstance(facts, Mapping)
    frames = frame_digests(files.video, [beat["first_frame"] for beat in facts["beats"]])
    text = manifest_text(facts, source, recipe, files.digests(), frames)
    # A name that is no UTF-8 is written as JSON escapes it.
    files.manifest.write_text(text, encoding="utf-8", errors="backslashreplace")
