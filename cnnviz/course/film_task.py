"""One film as a task for any process anywhere: contents go in, files come out.

The worker need not see the client's files: picture and weights travel as bytes, results as well,
each with its digest. It must have cnnviz, and that of the client: the same code, or none.
Weights that many films share are sent only to workers that do not have them yet.
"""

from __future__ import annotations

import errno
import hashlib
import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from cnnviz.cache.store import Cache, Kind
from cnnviz.errors import UserError
from cnnviz.pipeline.clip import render_clip
from cnnviz.pipeline.options import RunOptions
from cnnviz.pipeline.recipe import RecipeBook
from cnnviz.pipeline.request import RenderRequest
from cnnviz.rendering.worker_pool import StoppedError
from cnnviz.system.scratch import scratch_folder
from cnnviz.weights import named_weights

ALWAYS_SENT = 2**20
"""Bytes of weights that travel with each film; larger ones only to who asks for them."""

PICTURE, WEIGHTS = "picture-given", "weights-given"
"""Folders for copies of what was sent."""

KEY_LENGTH = 32
"""Of the names of the cache's entries, in hexadecimal digits."""

DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT)

ONE_FILM_AT_A_TIME = Lock()
"""Manim's settings are a process's own: a worker with several threads draws in one of them."""

Report = Callable[[int, int], None]


@dataclass(frozen=True)
class Content:
    """A file's content.

    Attributes
    ----------
    name
        The file's name, without its folder; of a clip's, from the film's folder on.
    sha256
        Digest of the content, in hexadecimal.
    data
        The content; None if it is sent only to who does not have it.
    """

    name: str
    sha256: str
    data: bytes | None

    @classmethod
    def of(cls, path: Path) -> Content:
        """Return a file's content.

        Raises
        ------
        UserError
            If it cannot be read.
        """
        try:
            data = path.read_bytes()
        except OSError as error:
            raise UserError(f'cannot read "{path}": {error.strerror}') from None
        return cls(path.name, hashlib.sha256(data).hexdigest(), data)

    def is_whole(self) -> bool:
        """Return whether the content is the one that was sent."""
        return self.data is not None and hashlib.sha256(self.data).hexdigest() == self.sha256


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
    code
        Digest of the code that the film is to be made with.
    jobs
        How many processes draw.
    use_cache
        Whether the worker uses its cache.
    """

    request: RenderRequest
    name: str
    picture: Content
    weights: Content | None
    code: str
    jobs: int = 1
    use_cache: bool = True

    @classmethod
    def of(
        cls, request: RenderRequest, name: str, code: str, jobs: int = 1, *, use_cache: bool = True
    ) -> FilmTask:
        """Return the task that makes a film about files.

        Raises
        ------
        UserError
            If a file cannot be read.
        """
        picture, weights = request.picture.image, request.picture.weights
        assert isinstance(picture, str | Path)
        assert weights is None or isinstance(weights, str | Path)
        content = None
        if weights is not None and named_weights(weights) is None:
            content = Content.of(Path(weights))
        task = cls(request, name, Content.of(Path(picture)), content, code, jobs, use_cache)
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
        return self._with_weights(Content.of(Path(weights)).data)

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

    files: tuple[Content, ...]
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
        Of a fault of ours; empty for what the user can put right.
    """

    message: str
    traceback: str = ""


@dataclass(frozen=True)
class WeightsWanted:
    """A film that the worker does not have the weights for."""


Answer = FilmResult | FilmFailure | WeightsWanted


def make_film(task: FilmTask, report: Report | None = None) -> Answer:
    """Make a film; runs in any process that has cnnviz.

    Whatever is wrong with the film is returned. What is raised is not about the film, so that
    another try may succeed.

    Parameters
    ----------
    task
        The film.
    report
        Called with the frames that are done and the frames there are.

    Raises
    ------
    ConnectionError
        If what was sent arrived damaged.
    StoppedError
        If the process was told to stop.
    """
    cache = Cache() if task.use_cache else None
    try:
        with ONE_FILM_AT_A_TIME, scratch_folder() as folder:
            if RecipeBook(cache).recipe(task.request.film)["code"] != task.code:
                raise UserError(
                    "the worker has another cnnviz, or another version of a library, than the "
                    "machine that asks: install the same on both"
                )
            weights = _weights(task, cache)
            if isinstance(weights, WeightsWanted):
                return weights
            return _make(task, weights, cache, folder, report)
    except UserError as error:
        return FilmFailure(_with_the_clients_names(str(error), task))
    except (StoppedError, ConnectionError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in DISK_IS_FULL:
            return FilmFailure(f"the disk is full: {error.strerror}")
        return FilmFailure(f"{type(error).__name__}: {error}", traceback.format_exc())


def _make(
    task: FilmTask, weights: bytes | None, cache: Cache | None, folder: Path, report: Report | None
) -> Answer:
    """Make a film in a folder of its own."""
    if not task.picture.is_whole():
        raise ConnectionError(f'the picture "{task.picture.name}" arrived damaged')
    picture = replace(
        task.request.picture,
        image=_written(folder / PICTURE, task.picture.name, task.picture.data),
        weights=task.request.picture.weights
        if task.weights is None
        else _written(folder / WEIGHTS, task.weights.name, weights),
    )
    request = replace(task.request, picture=picture)
    options = RunOptions(cache=cache, jobs=task.jobs, on_progress=report)
    clip = render_clip(request, folder / "film" / task.name, options)
    frame_rate = request.film.look.make_settings().frame_rate
    files = tuple(
        replace(Content.of(path), name=path.relative_to(clip.video.parent).as_posix())
        for path in clip.plain_files()
    )
    return FilmResult(files, clip.seconds, round(clip.seconds * frame_rate))


def _with_the_clients_names(message: str, task: FilmTask) -> str:
    """Return a message about a file here as one about the file that it is a copy of."""
    for folder, given in (
        (PICTURE, task.request.picture.image),
        (WEIGHTS, task.request.picture.weights),
    ):
        if isinstance(given, str | Path):
            copy = rf"[^\"' ]*/{folder}/{re.escape(Path(given).name)}"
            message = str(given).join(re.split(copy, message))
    return message


def _written(folder: Path, name: str, data: bytes | None) -> Path:
    folder.mkdir()
    path = folder / name
    path.write_bytes(data or b"")
    return path


def _weights(task: FilmTask, cache: Cache | None) -> bytes | WeightsWanted | None:
    """Return the weights: those that were sent, or that an earlier film left here."""
    weights = task.weights
    if weights is None:
        return None
    key = weights.sha256[:KEY_LENGTH]
    if weights.data is not None:
        if not weights.is_whole():
            raise ConnectionError(f'the weights "{weights.name}" arrived damaged')
        if cache is not None and len(weights.data) > ALWAYS_SENT:
            cache.put(Kind.WEIGHTS, key, weights.data)
        return weights.data
    kept = None if cache is None else cache.get(Kind.WEIGHTS, key)
    return WeightsWanted() if kept is None else kept
