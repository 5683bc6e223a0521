"""What others call: measure a film, record it, or take stills from it.

Each takes ``make_scene``, a function that makes the scene with the renderer it is given::

    timing = record_film(lambda renderer: MyScene(renderer=renderer), settings, Path("my.mp4"))

or, in two processes, ``record_film(make_scene, settings, path, RecordOptions(jobs=2))``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cnnviz.arrays import ByteArray
from cnnviz.errors import UserError
from cnnviz.rendering.cut import Cut, encode_loop
from cnnviz.rendering.encoded_film import Write, write_mp4
from cnnviz.rendering.film_cache import FilmCache, encoded_film
from cnnviz.rendering.manim_config import film_config
from cnnviz.rendering.recording import MakeScene, Recording, RecordOptions, frames_in
from cnnviz.rendering.renderer import FilmRenderer
from cnnviz.rendering.settings import FilmSettings
from cnnviz.rendering.sinks import NoFrames, SomeFrames
from cnnviz.rendering.timing import FilmTiming
from cnnviz.system.atomic_write import atomic_write
from cnnviz.system.disk import require_room
from cnnviz.system.scratch import scratch_folder

LEAST_BYTES_A_PIXEL = 0.0002
"""Of all frames; films of cnnviz take from ten to a hundred times as much."""

__all__ = [
    "RecordOptions",
    "SomeFrames",
    "film_config",
    "measure_film",
    "record_film",
    "still_of_film",
    "stills",
]


def measure_film(make_scene: MakeScene, settings: FilmSettings) -> FilmTiming:
    """Return the exact length of a film and its sections, without drawing a frame.

    Parameters
    ----------
    make_scene
        Makes the scene.
    settings
        The frame rate counts.
    """
    with film_config(settings):
        renderer = FilmRenderer(NoFrames())
        make_scene(renderer).render()
        return renderer.timing


def record_film(
    make_scene: MakeScene,
    settings: FilmSettings,
    output: Path,
    options: RecordOptions | None = None,
    *,
    pictures: SomeFrames | None = None,
    film_cache: FilmCache | None = None,
    timing: FilmTiming | None = None,
    cut: Cut | None = None,
    write: Write = write_mp4,
) -> FilmTiming:
    """Render a scene to a film of constant frame rate: by default an MP4.

    That is H.264 High, yuv420p, BT.709, index first.

    Parameters
    ----------
    make_scene
        Makes the scene. With more than one job it must be something that can be pickled, from
        a module that can be imported: not from the script that is run.
    settings
        Size, frame rate, encoding and background.
    output
        The file to write. It appears under that name when it is whole, and not before.
    options
        How it is carried out: in how many processes, who is told how far it is.
    pictures
        Frames to keep on the way, for a poster, by their numbers in the scene.
    film_cache
        Where the film's sections are cached: those that are there are not rendered again,
        and those that get done are kept even if the film does not.
    timing
        What :func:`measure_film` says, if that has been asked already.
    cut
        Which sections make the film; by default all.
    write
        Makes one file of the encoded sections.

    Returns
    -------
    FilmTiming
        The sections as they are in the file.

    Raises
    ------
    UserError
        If the file cannot be written, or the scene plays nothing.
    EncodingError
        If the encoder process failed or died.
    """
    options = RecordOptions() if options is None else options
    profile = options.profile
    pictures = SomeFrames(()) if pictures is None else pictures
    with (
        profile.stage("build"),
        film_config(settings),
        atomic_write(output) as unfinished,
        scratch_folder() as folder,
    ):
        if film_cache:
            options = replace(options, on_frame=film_cache.keeping(folder, options.on_frame))
        if timing is None and (film_cache or cut or options.jobs > 1):
            timing = measure_film(make_scene, settings)
        if timing is not None:
            for place in (folder, unfinished.parent):
                require_room(place, _least_size(timing, settings), "the film")
        try:
            recording = Recording(make_scene, settings, folder, pictures, options)
            timing, cut = _record(recording, film_cache, timing, cut)
        finally:
            if film_cache:
                film_cache.keep(folder)
        film = encoded_film(folder, cut.files(timing), cut.timing(timing), settings)
        with profile.stage("join"):
            write(film, unfinished)
        missed = [frame for frame in pictures.frames if frame not in pictures.pictures]
        if missed:  # they lie in sections that were cached
            found = stills(make_scene, settings, missed)
            pictures.pictures.update(zip(missed, found, strict=True))
    return film.timing


def _least_size(timing: FilmTiming, settings: FilmSettings) -> int:
    """Return the bytes that a film takes even if hardly anything moves in it."""
    pixels = settings.pixel_width * settings.pixel_height * timing.frame_count
    return int(pixels * LEAST_BYTES_A_PIXEL)


def _record(
    recording: Recording,
    film_cache: FilmCache | None,
    timing: FilmTiming | None,
    cut: Cut | None,
) -> tuple[FilmTiming, Cut]:
    """Have the files of all wanted sections in a folder; return the scene's timing, and the cut."""
    if timing is None:
        timing = recording.record(None)
        _require_sections(timing)
        return timing, Cut.whole(timing)
    _require_sections(timing)
    folder, settings = recording.folder, recording.settings
    cut = cut or Cut.whole(timing)
    there = film_cache.fetch(folder, cut.files(timing)) if film_cache else []
    missing = sorted(set(cut.sections) - set(there))
    done = frames_in(set(cut.sections) & set(there), timing)
    if recording.options.jobs > 1:
        recording.record_in_parallel(missing, timing, done)
    elif missing:
        recording.record(missing, done)
    if cut.loop_frames and len(timing.sections) not in there:
        ends = stills(recording.make_scene, settings, cut.ends(timing))
        encode_loop(ends, cut.loop_frames, settings, folder, len(timing.sections))
    return timing, cut


def _require_sections(timing: FilmTiming) -> None:
    if not timing.sections:
        raise UserError("the scene plays nothing, so there is no film to record")


def stills(make_scene: MakeScene, settings: FilmSettings, frames: Sequence[int]) -> list[ByteArray]:
    """Return single frames of a film, drawing no others.

    Parameters
    ----------
    make_scene
        Makes the scene.
    settings
        Size, frame rate and background.
    frames
        Their numbers, counted from 0.

    Returns
    -------
    list of ndarray
        For each number the frame, RGBA of shape (height, width, 4).

    Raises
    ------
    UserError
        If the film has no such frame.
    """
    sink = SomeFrames(frames)
    with film_config(settings):
        renderer = FilmRenderer(sink)
        make_scene(renderer).render()
    missing = [frame for frame in frames if frame not in sink.pictures]
    if missing:
        length, rate = renderer.frame_count / settings.frame_rate, settings.frame_rate
        raise UserError(f"the film is {length:.2f} s long: nothing at {missing[0] / rate:.2f} s")
    return [sink.pictures[frame] for frame in frames]


def still_of_film(make_scene: MakeScene, settings: FilmSettings, seconds: float) -> ByteArray:
    """Return the frame that a film shows at a time.

    Parameters
    ----------
    make_scene
        Makes the scene.
    settings
        Size, frame rate and background.
    seconds
        Time from the start.

    Returns
    -------
    ndarray
        RGBA of shape (height, width, 4).

    Raises
    ------
    UserError
        If the film is not that long.
    """
    return stills(make_scene, settings, [int(seconds * settings.frame_rate + 1e-6)])[0]
