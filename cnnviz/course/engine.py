"""Films made by the workers of an executor: each once, whatever becomes of a worker.

Any executor will do whose workers have cnnviz. A film that comes back is checked against its
digests and appears whole; one whose worker dies is given to another, with the sections of it that
were finished, if they could be sent home; one that cannot be made does not stop the others.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cnnviz.cache.store import Cache
from cnnviz.course.course_file import CourseFilm
from cnnviz.course.film_task import (
    FilmFailure,
    FilmResult,
    FilmTask,
    WeightsWanted,
    run_film_task,
)
from cnnviz.course.sections import ArrivedSections, SectionChannel, SectionSender
from cnnviz.errors import UserError
from cnnviz.pipeline.clip import Clip, check_output
from cnnviz.publishing.clip_files import ClipFiles
from cnnviz.publishing.publication import publish, unfinished_clip
from cnnviz.rendering.worker_pool import POLLING_INTERVAL, Report
from cnnviz.system.disk import writing

TRIES = 4
"""How many workers a film may cost before it counts as one that cannot be made."""

OnProgress = Callable[[int, "FilmProgress"], None]


@dataclass(frozen=True)
class FilmProgress:
    """How far a film is.

    Attributes
    ----------
    state
        ``"waiting"``, ``"begun"``, ``"again"`` after its worker died, ``"done"`` or
        ``"failed"``.
    done, total
        Frames, as far as they are known: those of workers that share no folder are not.
    message
        Why it failed, or is begun again.
    """

    state: str
    done: int = 0
    total: int = 0
    message: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of a film: a clip, or why there is none."""

    film: CourseFilm
    clip: Clip | None
    failure: FilmFailure | None = None


@dataclass(frozen=True)
class Workers:
    """Who makes films.

    Attributes
    ----------
    executor
        Takes them.
    at_once
        Returns how many films it should have at a time.
    jobs
        How many processes draw each.
    use_cache
        Whether workers use their caches.
    folder
        Where workers on this machine leave word how far they are; None if they do not see it.
    channel
        A way for finished sections to the client; None if there is none, or no need of one.
    """

    executor: Executor
    at_once: Callable[[], int]
    jobs: int = 1
    use_cache: bool = True
    folder: Path | None = None
    channel: SectionChannel | None = None


class Engine:
    """Makes films, once.

    Parameters
    ----------
    films
        The films.
    codes
        For each, the digest of the code that it is to be made with.
    workers
        Who makes them.
    cache
        Where sections are kept that came home; None for nowhere.
    force
        Whether files in the way that cnnviz did not make are replaced.
    on_progress
        Called with a film's number and how far it is, as soon as that changes; may raise
        KeyboardInterrupt.
    """

    def __init__(
        self,
        films: Sequence[CourseFilm],
        codes: Sequence[str],
        workers: Workers,
        *,
        cache: Cache | None = None,
        force: bool,
        on_progress: OnProgress,
    ) -> None:
        self._films, self._codes, self._workers = films, codes, workers
        self._force, self._on_progress = force, on_progress
        self._waiting = deque(range(len(films)))
        self._running: dict[Future[Any], int] = {}
        self._tasks: dict[int, FilmTask] = {}
        self._tries = [0] * len(films)
        self._outcomes: dict[int, Outcome] = {}
        self._arrived = None
        if cache is not None and workers.channel is not None:
            self._arrived = ArrivedSections(cache, workers.channel)

    def run(self) -> list[Outcome]:
        """Make all films and return what became of each.

        On an interrupt no film is begun any more; those that are finished stay.
        """
        try:
            while self._waiting or self._running:
                self._submit()
                finished, _ = wait(self._running, POLLING_INTERVAL, FIRST_COMPLETED)
                if self._arrived is not None:
                    self._arrived.take()
                ended = [(self._running.pop(future), future) for future in finished]
                self._submit()  # so that no worker waits while its last film is written
                for number, future in ended:
                    self._receive(number, future)
                self._tell_how_far()
        except BaseException:
            self._stop()
            raise
        return [self._outcomes[number] for number in range(len(self._films))]

    def _submit(self) -> None:
        """Give out films until the workers have enough."""
        while self._waiting and len(self._running) < self._workers.at_once():
            number = self._waiting.popleft()
            film = self._films[number]
            try:
                if number not in self._tasks:
                    check_output(film.output, film.request.inputs, force=self._force)
                    self._tasks[number] = self._task(number)
                future = self._workers.executor.submit(run_film_task, *self._work(number))
            except UserError as error:
                self._fail(number, FilmFailure(str(error)))
            except RuntimeError as error:  # it is shut down, or broken for good
                self._fail(number, FilmFailure(f"the executor takes no films: {error}"))
            else:
                self._running[future] = number
                self._on_progress(number, FilmProgress("begun"))

    def _task(self, number: int) -> FilmTask:
        film, workers = self._films[number], self._workers
        code = self._codes[number]
        return FilmTask.of(
            film.request, film.output.name, code, workers.jobs, use_cache=workers.use_cache
        )

    def _work(self, number: int) -> tuple[FilmTask, Report | None, SectionSender | None]:
        """Return what a worker takes to make a film."""
        task, report, channel = self._tasks[number], self._report(number), self._workers.channel
        if self._arrived is None or channel is None:
            return task, report, None
        sender = channel.sender(number, self._tries[number])
        return replace(task, sections=self._arrived.of(number)), report, sender

    def _report(self, number: int) -> Report | None:
        folder = self._workers.folder
        return None if folder is None else Report(folder, number)

    def _receive(self, number: int, future: Future[Any]) -> None:
        """Take what came back for a film."""
        try:
            answer = future.result()
            if isinstance(answer, FilmResult) and not all(file.is_whole() for file in answer.files):
                raise ConnectionError("the film arrived damaged")
        except (Exception, CancelledError) as error:  # of the worker or on the way, not the film's
            self._try_again(number, error)
            return
        if isinstance(answer, WeightsWanted):
            self._tasks[number] = self._tasks[number].complete()
            self._waiting.appendleft(number)
        elif isinstance(answer, FilmFailure):
            self._fail(number, answer)
        else:
            self._publish(number, answer)

    def _try_again(self, number: int, error: BaseException) -> None:
        reason = " ".join(f"{type(error).__name__} {error}".split())
        self._tries[number] += 1
        if self._tries[number] < TRIES:
            self._waiting.appendleft(number)
            self._on_progress(number, FilmProgress("again", message=reason))
        else:
            message = f"given up, since {TRIES} workers have failed at it: {reason}"
            self._fail(number, FilmFailure(message))

    def _publish(self, number: int, result: FilmResult) -> None:
        """Let a film's files appear."""
        film = self._films[number]
        clip = ClipFiles.at(film.output)
        try:
            with writing(film.output), unfinished_clip(clip) as unfinished:
                for file in result.files:
                    file.write(unfinished.video.parent)
                publish(unfinished, clip, force=self._force)
        except UserError as error:
            self._fail(number, FilmFailure(str(error)))
        else:
            self._end(number, Outcome(film, Clip.of(clip, result.seconds)))
            self._on_progress(number, FilmProgress("done", result.frames, result.frames))

    def _fail(self, number: int, failure: FilmFailure) -> None:
        self._end(number, Outcome(self._films[number], None, failure))
        self._on_progress(number, FilmProgress("failed", message=failure.message))

    def _end(self, number: int, outcome: Outcome) -> None:
        self._outcomes[number] = outcome
        self._tasks.pop(number, None)  # and the picture's content with it
        if self._arrived is not None:
            self._arrived.forget(number)

    def _tell_how_far(self) -> None:
        for number in self._running.values():
            report = self._report(number)
            last = None if report is None else report.last()
            if last is not None:
                self._on_progress(number, FilmProgress("begun", last.done, last.total))

    def _stop(self) -> None:
        """Let workers end what they are at, as soon as they hear of it."""
        if self._workers.folder is not None:
            (self._workers.folder / "stop").touch()
        for future in self._running:
            future.cancel()
