"""Several pictures, a film for each: one network for all, the films side by side."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from pathlib import Path

from cnnviz.cache.traces import TraceTask
from cnnviz.errors import UserError
from cnnviz.pipeline.clip import Clip, check_clips, make_clip
from cnnviz.pipeline.clip_task import ClipTask
from cnnviz.pipeline.naming import result_name
from cnnviz.pipeline.options import ProgressCall, RunOptions
from cnnviz.pipeline.recipe import RecipeBook
from cnnviz.pipeline.request import PictureRequest, RenderRequest
from cnnviz.pipeline.tracing import tracing
from cnnviz.publishing.formats import FORMATS
from cnnviz.rendering.worker_pool import FrameProgress, Report, WorkerPool
from cnnviz.staging.registry import describe_scene, load_scene
from cnnviz.system.scratch import scratch_folder

FILMS_AHEAD = 2
"""For each process that draws, films that wait for it: a thousand at once would fill the memory."""

MOST_REASONS = 5
"""Films of which it is said why they could not be made; the others are counted."""


class UnfinishedBatchError(UserError):
    """Some films of a batch could not be made; the others are there.

    Parameters
    ----------
    failures
        By picture, why there is no film of it.
    clips
        The films that are there, in the order of their pictures.
    """

    def __init__(self, failures: Mapping[str, UserError], clips: Sequence[Clip]) -> None:
        super().__init__(_why(failures, len(failures) + len(clips)))
        self.failures = dict(failures)
        self.clips = list(clips)


def _why(failures: Mapping[str, UserError], count: int) -> str:
    reasons = list(dict.fromkeys(map(str, failures.values())))
    if len(failures) == count and len(reasons) == 1:
        return reasons[0]
    listed = [f"{name}: {error}" for name, error in list(failures.items())[:MOST_REASONS]]
    if len(failures) > MOST_REASONS:
        listed.append(f"and {len(failures) - MOST_REASONS} more")
    return f"{len(failures)} of {count} films could not be made: {'; '.join(listed)}"


def render_clips(
    request: RenderRequest, images: Sequence[object], folder: str | Path, options: RunOptions
) -> list[Clip]:
    """Render a scene about several pictures.

    See :func:`cnnviz.render_batch`, which is the same with friendlier arguments.

    Parameters
    ----------
    request
        Says everything but the pictures.
    images
        The pictures.
    folder
        Where the films go.
    options
        How it is carried out.

    Raises
    ------
    UnfinishedBatchError
        If something is wrong with some of the pictures; all others have their films by then.
    UserError
        If something is wrong with all of it.
    """
    request = request.written_as(request.film.look.output_format.name)
    requests = [request.about(image, f"picture_{number}") for number, image in enumerate(images)]
    outputs = _outputs(requests, Path(folder), options)
    pictures = [each.picture for each in requests]
    size = min(options.processes, len(pictures))
    make = _in_parallel if size > 1 else _one_by_one
    with tracing(pictures, options.cache) as tasks:
        if not all(task.is_ready for task in tasks):
            load_scene(request.film.scene)  # imports Manim while another process runs the network
        films = partial(_film, requests, tasks, outputs, RecipeBook(options.cache))
        clips, failures = make(films, len(pictures), options)
    if failures:
        named = {_shown_name(pictures[place]): error for place, error in sorted(failures.items())}
        raise UnfinishedBatchError(named, [clips[place] for place in sorted(clips)])
    return [clips[place] for place in sorted(clips)]


Made = tuple[dict[int, Clip], dict[int, UserError]]
"""By picture's place the films that were made, and why others were not."""

FilmOf = Callable[[int], ClipTask]
"""Gives the film in a place, or raises why there is none."""


def _film(
    requests: Sequence[RenderRequest],
    tasks: Sequence[TraceTask],
    outputs: Sequence[Path],
    book: RecipeBook,
    place: int,
) -> ClipTask:
    return ClipTask.of(requests[place], [tasks[place].trace()], outputs[place], book)


def _shown_name(picture: PictureRequest) -> str:
    return f'"{picture.image}"' if isinstance(picture.image, str | Path) else picture.name


def _one_by_one(film_of: FilmOf, count: int, options: RunOptions) -> Made:
    progress: list[FrameProgress | None] = [None] * count
    clips: dict[int, Clip] = {}
    failures: dict[int, UserError] = {}

    def report(place: int, done: int, total: int) -> None:
        progress[place] = FrameProgress(done, total)
        _report_together(options.on_progress, progress)

    for place in range(count):
        try:
            how = partial(report, place)
            clips[place] = _clip_of_batch(how, film_of(place), options)
        except UserError as error:
            failures[place] = error
    return clips, failures


def _in_parallel(film_of: FilmOf, count: int, options: RunOptions) -> Made:
    size = min(options.processes, count)
    each = replace(
        options, jobs=options.processes // size, executor=None, on_progress=None, profile=None
    )
    failures: dict[int, UserError] = {}
    places: dict[Future[Clip], int] = {}

    def report(progress: Sequence[FrameProgress | None]) -> None:
        _report_together(options.on_progress, [*progress, *[None] * (count - len(progress))])

    with scratch_folder() as folder, WorkerPool(folder, size, options.executor) as workers:
        for place in range(count):
            try:
                film = film_of(place)
            except UserError as error:
                failures[place] = error
                continue
            workers.wait_for_room((1 + FILMS_AHEAD) * size, report)
            places[workers.submit(_clip_of_batch, film, each)] = place
        clips = {
            places[future]: clip
            for future, clip in _clips(workers.as_completed(report), places, failures)
        }
    return clips, failures


def _clips(
    done: Iterator[Future[Clip]], places: Mapping[Future[Clip], int], failures: dict[int, UserError]
) -> Iterator[tuple[Future[Clip], Clip]]:
    """Give the films that were made, and note why others were not."""
    for future in done:
        try:
            yield future, future.result()
        except UserError as error:
            failures[places[future]] = error


def _clip_of_batch(report: Report | ProgressCall, film: ClipTask, options: RunOptions) -> Clip:
    """Render one of several films; may run in a process of its own."""
    clip = make_clip(film, replace(options, on_progress=report))
    frames = round(clip.seconds * film.film.look.make_settings().frame_rate)
    report(frames, frames)  # what comes from the cache has said nothing so far
    return clip


def _report_together(
    on_progress: ProgressCall | None, progress: Sequence[FrameProgress | None]
) -> None:
    """Report several films as one; those not begun are taken to be as long as the others."""
    begun = [each for each in progress if each]
    if begun and on_progress is not None:
        total = sum(each.total for each in begun) * len(progress) // len(begun)
        on_progress(sum(each.done for each in begun), total)


def _outputs(requests: Sequence[RenderRequest], folder: Path, options: RunOptions) -> list[Path]:
    """Return where the film about each picture goes."""
    if folder.suffix.lower() in [each.suffix for each in FORMATS if not each.is_folder]:
        raise UserError(f'the output is "{folder}": several films need a folder')
    known = describe_scene(requests[0].film.scene, options.cache) if requests else None
    names = [result_name(each, known.parameters) for each in requests if known is not None]
    outputs = [
        folder / f"{name}{each.film.look.output_format.suffix}"
        for name, each in zip(names, requests, strict=True)
    ]
    counts = Counter(str(output).casefold() for output in outputs)  # some disks know no case
    for output in outputs:
        count = counts[str(output).casefold()]
        if count > 1:
            raise UserError(
                f'{count} pictures would make the film "{output}": rename them, or render them '
                "one by one"
            )
    inputs = [path for request in requests for path in request.picture.inputs]
    for path in inputs:
        if not os.path.lexists(path):
            raise UserError(f'there is no file "{path}"')
    check_clips(outputs, inputs, force=options.force)
    return outputs
