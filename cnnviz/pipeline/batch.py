"""Several pictures, a film for each: one network for all, the films side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from cnnviz.errors import UserError
from cnnviz.pipeline.clip import Clip, check_output, make_clip
from cnnviz.pipeline.clip_task import ClipTask
from cnnviz.pipeline.naming import default_output
from cnnviz.pipeline.options import ProgressCall, RunOptions
from cnnviz.pipeline.recipe import RecipeBook
from cnnviz.pipeline.request import RenderRequest
from cnnviz.pipeline.tracing import traces_for
from cnnviz.publishing.formats import FORMATS
from cnnviz.rendering.worker_pool import Progress, Report, WorkerPool


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
    """
    request = request.written_as(request.film.look.output_format.name)
    requests = [request.about(image, f"picture_{number}") for number, image in enumerate(images)]
    outputs = _outputs(requests, Path(folder), options)
    pictures = [each.picture for each in requests]
    traces = traces_for(request.film.scene, pictures, options.cache)
    book = RecipeBook(options.cache)
    films = [
        ClipTask.of(each, trace, output, book)
        for each, trace, output in zip(requests, traces, outputs, strict=True)
    ]
    size = min(options.processes, len(films))
    if size > 1:
        return _in_parallel(films, size, options)
    progress: list[Progress | None] = [None] * len(films)

    def report(place: int, done: int, total: int) -> None:
        progress[place] = Progress(done, total)
        _report_together(options.on_progress, progress)

    return [
        _clip_of_batch(partial(report, place), film, options) for place, film in enumerate(films)
    ]


def _in_parallel(films: Sequence[ClipTask], size: int, options: RunOptions) -> list[Clip]:
    each = replace(
        options, jobs=options.processes // size, executor=None, on_progress=None, profile=None
    )
    with (
        TemporaryDirectory(prefix="cnnviz-batch-") as folder,
        WorkerPool(Path(folder), size, options.executor) as workers,
    ):
        for film in films:
            workers.submit(_clip_of_batch, film, each)
        return workers.results(partial(_report_together, options.on_progress))


def _clip_of_batch(report: Report | ProgressCall, film: ClipTask, options: RunOptions) -> Clip:
    """Render one of several films; may run in a process of its own."""
    clip = make_clip(film, replace(options, on_progress=report))
    frames = round(clip.seconds * film.film.look.make_settings().frame_rate)
    report(frames, frames)  # what comes from the cache has said nothing so far
    return clip


def _report_together(on_progress: ProgressCall | None, progress: Sequence[Progress | None]) -> None:
    """Report several films as one; those not begun are taken to be as long as the others."""
    begun = [each for each in progress if each]
    if begun and on_progress is not None:
        total = sum(each.total for each in begun) * len(progress) // len(begun)
        on_progress(sum(each.done for each in begun), total)


def _outputs(requests: Sequence[RenderRequest], folder: Path, options: RunOptions) -> list[Path]:
    """Return where the film about each picture goes."""
    files = [each.suffix for each in FORMATS if not each.is_folder]
    if folder.suffix.lower() in files:
        raise UserError(f'the output is "{folder}": several films need a folder')
    outputs = [default_output(request, options.cache, folder) for request in requests]
    counts = Counter(str(output).casefold() for output in outputs)  # some disks know no case
    for output in outputs:
        count = counts[str(output).casefold()]
        if count > 1:
            raise UserError(
                f'{count} pictures would make the film "{output}": rename them, or render them '
                "one by one"
            )
    inputs = [path for request in requests for path in request.picture.inputs]
    for output in outputs:
        check_output(output, inputs, options.force)
    return outputs
