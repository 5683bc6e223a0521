"""A film drawn, its beats chosen, and what is said in it put together."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial

from cnnviz.errors import UserError
from cnnviz.locales import Words
from cnnviz.pipeline.clip import save_poster
from cnnviz.pipeline.clip_task import ClipTask, FilmContent
from cnnviz.pipeline.measuring import timing_and_beats, with_captions
from cnnviz.pipeline.options import RunOptions
from cnnviz.pipeline.request import Part
from cnnviz.pipeline.setting import SceneMaker, scene_setting
from cnnviz.publishing.clip_files import ClipFiles
from cnnviz.publishing.manifest import film_facts
from cnnviz.publishing.script import FILM, Script
from cnnviz.rendering.cut import Cut
from cnnviz.rendering.encoder import EncoderProcess
from cnnviz.rendering.film import RecordOptions, SomeFrames, film_config, record_film
from cnnviz.rendering.film_cache import FilmCache
from cnnviz.rendering.profile import Profile
from cnnviz.rendering.settings import FilmSettings
from cnnviz.rendering.timing import FilmTiming
from cnnviz.staging.beats import Beat, poster_frame
from cnnviz.staging.registry import load_scene
from cnnviz.staging.scene_words import scene_title, words_with
from cnnviz.system.processes import free_memory


def make_film(
    task: ClipTask, files: ClipFiles, options: RunOptions, film_cache: FilmCache | None
) -> tuple[float, FilmContent]:
    """Render a scene and its poster; return the film's length in seconds, and what it tells.

    Parameters
    ----------
    task
        What is made.
    files
        Where its files are made.
    options
        How it is carried out.
    film_cache
        Where the film is kept, if anywhere.
    """
    film, on_progress = task.film, options.on_progress
    scene, settings = load_scene(film.scene), film.look.make_settings()
    with film_config(settings), _encoder(settings, options) as encoder:
        made = SceneMaker(scene, scene_setting(scene, task.traces, film))
        make = with_captions(made, film.look)
        timing, beats = timing_and_beats(make, settings)
        free_memory()  # the measured scenes would lie beside those drawn now
        cut = cut_of(film.part, timing, beats, make.setting.theme.timing.loop)
        if film_cache is not None:
            _name_sections(film_cache, timing, beats, cut)
        kept = [beat for _, beat in _beats_of(cut, timing, beats)]
        poster = poster_frame(kept, scene.poster_beat, timing.frame_count)
        pictures = SomeFrames([poster])
        content = _content(task, make, settings, cut, timing, beats)
        total = cut.timing(timing).frame_count
        record_film(
            make,
            settings,
            files.video,
            RecordOptions(
                on_frame=on_progress and (lambda done: on_progress(min(done, total), total)),
                jobs=options.processes,
                profile=options.profile or Profile(),
                encoder=encoder,
            ),
            pictures=pictures,
            film_cache=film_cache,
            timing=timing,
            cut=cut,
            write=partial(task.write_film, content, files),
        )
    save_poster(pictures.pictures[poster], files, film_cache)
    if film_cache is not None:
        film_cache.finish(cut.timing(timing), content.to_json(), cut.files(timing))
    return cut.timing(timing).duration, content


def _encoder(
    settings: FilmSettings, options: RunOptions
) -> AbstractContextManager[EncoderProcess | None]:
    """Return the process that encodes, if one is enough: it starts while the film is measured."""
    return EncoderProcess(settings) if options.processes == 1 else nullcontext()


def cut_of(part: Part, timing: FilmTiming, beats: Sequence[Beat], loop: float) -> Cut:
    """Return which of a scene's sections make the film that is asked for.

    Parameters
    ----------
    part
        What is asked for.
    timing, beats
        The scene's sections and beats.
    loop
        Seconds from the last picture back to the first, where that is asked for.

    Raises
    ------
    UserError
        If the scene has no such beat; the message lists those there are.
    """
    numbers = {section.name: number for number, section in enumerate(timing.sections)}
    sections = list(range(len(timing.sections)))
    if part.beats is not None:
        names = [beat.name for beat in beats]
        for name in part.beats:
            if name not in names:
                raise UserError(f'there is no beat "{name}": choose {", ".join(names)}')
        sections = [numbers[name] for name in part.beats]
    loop_frames = max(1, round(loop * timing.frame_rate)) if part.loop else 0
    return Cut(tuple(sections), loop_frames)


def _name_sections(
    film_cache: FilmCache, timing: FilmTiming, beats: Sequence[Beat], cut: Cut
) -> None:
    """Say what decides each section, so that films that have some in common share them."""
    # A scene that plays something outside of its beats has sections that no beat explains.
    if len(beats) != len(timing.sections):
        return
    keys = [beat.cache_key for beat in beats]
    ends = (keys[cut.sections[-1]], keys[cut.sections[0]], cut.loop_frames)
    film_cache.name_sections([*keys, ["loop", *ends]])


def _beats_of(cut: Cut, timing: FilmTiming, beats: Sequence[Beat]) -> list[tuple[int, Beat]]:
    """Return the film's beats, each with the number of its first frame in the film."""
    by_frame = {beat.first_frame: beat for beat in beats}
    pairs = zip(cut.sections, cut.timing(timing).sections, strict=False)
    found = (
        (section.first_frame, timing.sections[number].first_frame) for number, section in pairs
    )
    return [(there, by_frame[first]) for there, first in found if first in by_frame]


def _content(
    task: ClipTask,
    make: SceneMaker,
    settings: FilmSettings,
    cut: Cut,
    timing: FilmTiming,
    beats: Sequence[Beat],
) -> FilmContent:
    """Return what is known of the film before it is drawn."""
    look, setting, scene = task.film.look, make.setting, make.scene
    film = [replace(beat, first_frame=first) for first, beat in _beats_of(cut, timing, beats)]
    words = words_with(Words(look.language_of_captions), scene)
    script = Script.of(
        look.language_of_captions,
        scene_title(scene, Words(look.language_of_captions)),
        words("description.transcript", film=FILM),
        film,
        settings.frame_rate,
    )
    frame_count = cut.timing(timing).frame_count
    title = scene_title(scene, Words(look.language))
    return FilmContent(script, film_facts(scene.name, title, setting, settings, film, frame_count))
