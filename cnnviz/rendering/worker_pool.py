"""Other processes at work for this one: what they do, how far they are, and that they stop."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from cnnviz.system.disk import writing
from cnnviz.system.local_executor import PATIENCE, LocalExecutor

CORES_PER_JOB = 2
"""Drawing and encoding fill two: more jobs are slower, see docs/performance.md."""

POLLING_INTERVAL = 0.2
"""Seconds between looks at how far other processes are."""


def default_jobs() -> int:
    """Return how many processes fill this machine."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)) // CORES_PER_JOB)
    return max(1, (os.cpu_count() or 1) // CORES_PER_JOB)


class StoppedError(Exception):
    """Another process failed or was interrupted, so this one need not go on."""


class FrameProgress(NamedTuple):
    """How far somebody is: frames that are done, and frames there are."""

    done: int
    total: int


@dataclass(frozen=True)
class Report:
    """What a process calls to say how far it is; raises StoppedError if it need not go on."""

    folder: Path
    number: int

    def __call__(self, done: int, total: int) -> None:
        """Say how many frames are done, and how many there are."""
        unfinished = self._file.with_suffix(".part")
        with writing(self.folder):
            unfinished.write_text(f"{done} {total}")
            os.replace(unfinished, self._file)  # whoever reads it meanwhile finds one or the other
        if (self.folder / "stop").exists():
            raise StoppedError

    @property
    def _file(self) -> Path:
        return self.folder / f"progress-of-{self.number}"

    def last(self) -> FrameProgress | None:
        """Return what was said last; None if nothing was."""
        try:
            done, total = self._file.read_text().split()
        except FileNotFoundError:
            return None
        return FrameProgress(int(done), int(total))


class WorkerPool:
    """Processes that work for this one, on what can be pickled and imported.

    Use it in a ``with`` block: on leaving it all have ended; if by an exception, as soon as
    they report next, or local ones after a few seconds anyway.

    Parameters
    ----------
    folder
        Where they leave word, and local ones their temporary files; all of them must see it.
    size
        How many processes.
    executor
        Where they run: fresh local processes by default, see
        :class:`~cnnviz.system.local_executor.LocalExecutor`.
    """

    def __init__(self, folder: Path, size: int, executor: Executor | None = None) -> None:
        self._folder = folder
        self._own = None if executor else LocalExecutor(size, folder)
        self._executor = executor or self._own
        self._futures: list[Future[Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if error is not None:
                with suppress(OSError):  # a full disk: they are ended without word
                    (self._folder / "stop").touch()
                begun = [future for future in self._futures if not future.cancel()]
                # Others than ours cannot be ended, and use the folder, which may go then.
                wait(begun, None if self._own is None else PATIENCE)
        finally:  # an impatient second Ctrl-C does not leave them at work
            if self._own is not None:
                if error is not None:
                    self._own.kill()
                self._own.shutdown(cancel_futures=True)

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Let one of them call ``work(report, *arguments)``."""
        assert self._executor is not None
        report = Report(self._folder, len(self._futures))
        self._futures.append(self._executor.submit(work, report, *arguments))
        return self._futures[-1]

    def wait_for_room(
        self, most: int, on_progress: Callable[[Sequence[FrameProgress | None]], None]
    ) -> None:
        """Wait until fewer than `most` pieces of work are unfinished, telling how far each is."""
        while len(waiting := [each for each in self._futures if not each.done()]) >= most:
            wait(waiting, POLLING_INTERVAL, FIRST_COMPLETED)
            on_progress(self._progress())

    def results(self, on_progress: Callable[[Sequence[FrameProgress | None]], None]) -> list[Any]:
        """Wait for all work, telling how far each is, and return what it came to.

        Raises
        ------
        BaseException
            What the first work that failed has raised.
        """
        for future in self.as_completed(on_progress):
            future.result()
        return [future.result() for future in self._futures]

    def as_completed(
        self, on_progress: Callable[[Sequence[FrameProgress | None]], None]
    ) -> Iterator[Future[Any]]:
        """Give the futures of all work as they are done or have failed, telling how far each is."""
        waiting: set[Future[Any]] = set(self._futures)
        while waiting:
            done, waiting = wait(waiting, POLLING_INTERVAL, FIRST_COMPLETED)
            yield from done
            on_progress(self._progress())

    def _progress(self) -> list[FrameProgress | None]:
        return [Report(self._folder, number).last() for number in range(len(self._futures))]
