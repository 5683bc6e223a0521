"""One film as a task for any process anywhere: contents go in, files come out.

The worker need not see the client's files: picture, weights and a scene's file travel as bytes,
results as well, each with its digest. It must have cnnviz, and that of the client: the same code,
or none.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from cnnviz.cache.store import Cache
from cnnviz.course.sections import SectionRecord, SectionSender, SendingCache
from cnnviz.course.sent_file import SentFile
from cnnviz.course.sent_inputs import SentInputs, named_as_given
from cnnviz.course.sent_scene import SentScene
from cnnviz.errors import UserError
from cnnviz.pipeline.clip import render_clip
from cnnviz.pipeline.options import ProgressCall, RunOptions
from cnnviz.pipeline.recipe import RecipeBook
from cnnviz.pipeline.request import FilmRequest, RenderRequest
from cnnviz.rendering.worker_pool import StoppedError
from cnnviz.staging.scene_files import SceneFile
from cnnviz.system.disk import in_one_line
from cnnviz.system.scratch import scratch_folder

SCENE = "scene-given"
"""Folder for a copy of the scene that was sent."""

ONE_FILM_AT_A_TIME = Lock()
"""Manim's settings are a process's own: a worker with several threads draws in one of them."""


@dataclass(frozen=True)
class FilmTask:
    """A film to be made.

    Attributes
    ----------
    request
        The film and what it is about; where that lies for the client does not count.
    name
        The film's file name.
    inputs
        Contents of pictures and weights.
    scene
        The scene's file, with what it imports; None for a scene that is installed.
    code
        Digest of the code that the film is to be made with.
    jobs
        How many processes draw.
    use_cache
        Whether the worker uses its cache.
    sections
        Those that another worker has finished.
    """

    request: RenderRequest
    name: str
    inputs: SentInputs
    scene: SentScene | None
    code: str
    jobs: int = 1
    use_cache: bool = True
    sections: tuple[SectionRecord, ...] = ()

    @classmethod
    def of(
        cls, request: RenderRequest, name: str, code: str, jobs: int = 1, *, use_cache: bool = True
    ) -> FilmTask:
        """Return the task that makes a film about files.

        Raises
        ------
        UserError
            If a file cannot be read, or a scene's file cannot travel.
        """
        inputs = SentInputs.of(request).without_large_weights()
        scene = SentScene.of(request.film.scene)
        return cls(request, name, inputs, scene, code, jobs, use_cache)

    def complete(self) -> FilmTask:
        """Return the task for a worker that does not have the weights."""
        return replace(self, inputs=self.inputs.complete())


@dataclass(frozen=True)
class FilmResult:
    """A film that was made: its files, and how long it is and took.

    Attributes
    ----------
    files
        Contents, by their paths as seen from the film's folder.
    seconds
        The film's length.
    frames
        How many it has.
    """

    files: tuple[SentFile, ...]
    seconds: float
    frames: int


@dataclass(frozen=True)
class FilmFailure:
    """A film that could not be made, and would not be by another worker either.

    Attributes
    ----------
    message
        Why, in one line.
    traceback
        Of a fault of ours or of a scene's file; empty for what a user can put right without it.
    is_ours
        Whether it is a fault of cnnviz.
    """

    message: str
    traceback: str = ""
    is_ours: bool = False


class SceneFaultError(Exception):
    """Something that went wrong in a scene's file, with the line where it did."""


@dataclass(frozen=True)
class WeightsWanted:
    """A film that the worker does not have the weights for."""


Answer = FilmResult | FilmFailure | WeightsWanted


def run_film_task(
    task: FilmTask, report: ProgressCall | None = None, sender: SectionSender | None = None
) -> Answer:
    """Make a film; runs in any process that has cnnviz.

    Whatever is wrong with the film is returned. What is raised is not about the film, so that
    another try may succeed.

    Parameters
    ----------
    task
        The film.
    report
        Called with the frames that are done and the frames there are.
    sender
        Takes the film's sections as soon as they are finished.

    Raises
    ------
    ConnectionError
        If what was sent arrived damaged, or another worker has died in this attempt.
    StoppedError
        If the process was told to stop.
    """
    cache = None
    if task.use_cache:
        cache = Cache() if sender is None else SendingCache(sender)
    try:
        attempt = nullcontext() if sender is None else sender.attempting()
        with ONE_FILM_AT_A_TIME, attempt, scratch_folder() as folder:
            return _make(task, cache, folder, report)
    except UserError as error:
        return FilmFailure(_with_the_clients_names(str(error), task))
    except (StoppedError, ConnectionError):
        raise
    except SceneFaultError as error:
        message = _with_the_clients_names(str(error), task)
        return FilmFailure(message, traceback.format_exc())
    except Exception as error:
        line = in_one_line(error) if isinstance(error, OSError) else None
        if line is not None:
            return FilmFailure(line)
        return FilmFailure(f"{type(error).__name__}: {error}", traceback.format_exc(), is_ours=True)


def _make(task: FilmTask, cache: Cache | None, folder: Path, report: ProgressCall | None) -> Answer:
    """Make a film in a folder of its own."""
    with _film_here(task, folder / SCENE) as film:
        if RecipeBook(cache).recipe(film)["code"] != task.code:
            raise UserError(
                "the worker has another cnnviz, or another version of a library, than the "
                "machine that asks: install the same on both"
            )
        request = task.inputs.written(replace(task.request, film=film), folder, cache)
        if request is None:
            return WeightsWanted()
        if cache is not None:
            for section in task.sections:
                section.put(Cache())  # not to be sent back
        options = RunOptions(cache=cache, jobs=task.jobs, on_progress=report)
        clip = render_clip(request, folder / "film" / task.name, options)
    files = tuple(
        replace(SentFile.of(path), name=path.relative_to(clip.video.parent).as_posix())
        for path in clip.plain_files()
    )
    frame_rate = film.look.make_settings().frame_rate
    return FilmResult(files, clip.seconds, round(clip.seconds * frame_rate))


@contextmanager
def _film_here(task: FilmTask, folder: Path) -> Iterator[FilmRequest]:
    """Give the film as it is asked for here: with the scene's file where it is written."""
    film = task.request.film
    if task.scene is None:
        yield film
        return
    with task.scene.written(folder) as scene:
        try:
            yield replace(film, scene=scene)
        except (UserError, StoppedError, ConnectionError):
            raise
        except Exception as error:
            file = SceneFile.of(scene)
            fault = file and file.fault(error)
            if fault is None:
                raise
            raise SceneFaultError(fault) from error


def _with_the_clients_names(message: str, task: FilmTask) -> str:
    """Return a message about a file here as one about the file that it is a copy of."""
    message = task.inputs.with_the_clients_names(message)
    for name, path in _scene_files(task):
        message = named_as_given(message, f"{SCENE}/{name}", str(path))
    return message


def _scene_files(task: FilmTask) -> Iterator[tuple[str, Path]]:
    if task.scene is not None:
        for file in task.scene.files:
            yield file.name, Path(task.request.film.scene).parent / file.name
