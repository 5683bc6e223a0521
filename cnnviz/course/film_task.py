"""One film as a task for any process anywhere: contents go in, files come out.

The worker need not see the client's files: picture, weights and a scene's file travel as bytes,
results as well, each with its digest. It must have cnnviz, and that of the client: the same code,
or none. Weights that many films share are sent only to workers that do not have them yet.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from cnnviz.cache.store import Cache, Kind
from cnnviz.course.sections import SectionRecord, SectionSender, SendingCache
from cnnviz.course.sent_file import SentFile
from cnnviz.course.sent_scene import SentScene
from cnnviz.errors import UserError
from cnnviz.pipeline.clip import render_clip
from cnnviz.pipeline.options import RunOptions
from cnnviz.pipeline.recipe import RecipeBook
from cnnviz.pipeline.request import FilmRequest, RenderRequest
from cnnviz.rendering.worker_pool import StoppedError
from cnnviz.staging.scene_files import SceneFile
from cnnviz.system.disk import in_one_line
from cnnviz.system.scratch import scratch_folder
from cnnviz.weights import named_weights

ALWAYS_SENT = 2**20
"""Bytes of weights that travel with each film; larger ones only to who asks for them."""

PICTURE, WEIGHTS, SCENE = "picture-given", "weights-given", "scene-given"
"""Folders for copies of what was sent."""

KEY_LENGTH = 32
"""Of the names of the cache's entries, in hexadecimal digits."""

ONE_FILM_AT_A_TIME = Lock()
"""Manim's settings are a process's own: a worker with several threads draws in one of them."""

Report = Callable[[int, int], None]


@dataclass(frozen=True)
class FilmTask:
    """A film to be made.

    Attributes
    ----------
    request
        The film and the picture; where they lie for the client does not count.
    name
        The film's file name.
    picture
        Its content.
    weights
        Those of the network; None for one that cnnviz knows by name.
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
    picture: SentFile
    weights: SentFile | None
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
        picture, weights = request.picture.image, request.picture.weights
        assert isinstance(picture, str | Path)
        assert weights is None or isinstance(weights, str | Path)
        content = None
        if weights is not None and named_weights(weights) is None:
            content = SentFile.of(Path(weights))
        scene = SentScene.of(request.film.scene)
        task = cls(request, name, SentFile.of(Path(picture)), content, scene, code, jobs, use_cache)
        is_large = content is not None and len(content.data or b"") > ALWAYS_SENT
        return task.without_weights() if is_large else task

    def without_weights(self) -> FilmTask:
        """Return the task for a worker that may have the weights."""
        return self if self.weights is None else self._with_weights(None)

    def complete(self) -> FilmTask:
        """Return the task for a worker that does not have the weights."""
        weights = self.request.picture.weights
        assert self.weights is not None
        assert isinstance(weights, str | Path)
        return self._with_weights(SentFile.of(Path(weights)).data)

    def _with_weights(self, data: bytes | None) -> FilmTask:
        assert self.weights is not None
        return replace(self, weights=replace(self.weights, data=data))


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
    task: FilmTask, report: Report | None = None, sender: SectionSender | None = None
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


def _make(task: FilmTask, cache: Cache | None, folder: Path, report: Report | None) -> Answer:
    """Make a film in a folder of its own."""
    with _film_here(task, folder / SCENE) as film:
        if RecipeBook(cache).recipe(film)["code"] != task.code:
            raise UserError(
                "the worker has another cnnviz, or another version of a library, than the "
                "machine that asks: install the same on both"
            )
        picture = task.request.picture
        if task.weights is not None:
            weights = _weights(task.weights, cache, folder / WEIGHTS)
            if isinstance(weights, WeightsWanted):
                return weights
            picture = replace(picture, weights=weights)
        task.picture.check("the picture")
        picture = replace(picture, image=task.picture.write(folder / PICTURE))
        if cache is not None:
            for section in task.sections:
                section.put(Cache())  # not to be sent back
        options = RunOptions(cache=cache, jobs=task.jobs, on_progress=report)
        clip = render_clip(RenderRequest(film, picture), folder / "film" / task.name, options)
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
    picture = task.request.picture
    for copy, given in (
        *_copies(PICTURE, picture.image),
        *_copies(WEIGHTS, picture.weights),
        *((f"{SCENE}/{name}", str(path)) for name, path in _scene_files(task)),
    ):
        message = given.join(re.split(rf"[^\"' ]*/{re.escape(copy)}", message))
    return message


def _copies(folder: str, given: object) -> Iterator[tuple[str, str]]:
    if isinstance(given, str | Path):
        yield f"{folder}/{Path(given).name}", str(given)


def _scene_files(task: FilmTask) -> Iterator[tuple[str, Path]]:
    if task.scene is not None:
        for file in task.scene.files:
            yield file.name, Path(task.request.film.scene).parent / file.name


def _weights(weights: SentFile, cache: Cache | None, folder: Path) -> Path | WeightsWanted:
    """Return where the weights lie now: those that were sent, or that an earlier film left here."""
    key = weights.sha256[:KEY_LENGTH]
    if weights.data is None:
        kept = None if cache is None else cache.get(Kind.WEIGHTS, key)
        return WeightsWanted() if kept is None else replace(weights, data=kept).write(folder)
    weights.check("the weights")
    if cache is not None and len(weights.data) > ALWAYS_SENT:
        cache.put(Kind.WEIGHTS, key, weights.data)
    return weights.write(folder)
