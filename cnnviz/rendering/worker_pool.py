"""Other processes at work for this one: what they do, how far they are, and that they stop."""

from __future__ import annotations

import logging
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, NamedTuple, Self

from cnnviz.system.log import show_log
from cnnviz.system.processes import collect_garbage_rarely

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


class Progress(NamedTuple):
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
        unfinished.write_text(f"{done} {total}")
        os.replace(unfinished, self._file)  # whoever reads it meanwhile finds one or the other
        if (self.folder / "stop").exists():
            raise StoppedError

    @property
    def _file(self) -> Path:
        return self.folder / f"progress-of-{self.number}"

    def last(self) -> Progress | None:
        """Return what was said last; None if nothing was."""
        try:
            done, total = self._file.read_text().split()
        except FileNotFoundError:
            return None
        return Progress(int(done), int(total))


class WorkerPool:
    """Processes that work for this one, on what can be pickled and imported.

    Local ones do not run the script that this one runs: it needs no guard against that.

    Use it in a ``with`` block: on leaving it all have ended; if by an exception, as soon as
    they report next.

    Parameters
    ----------
    folder
        Where they leave word; all of them must see it.
    size
        How many processes.
    executor
        Where they run: fresh local processes by default.
    """

    def __init__(self, folder: Path, size: int, executor: Executor | None = None) -> None:
        self._folder = folder
        self._own = None if executor else local_processes(size)
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
                (self._folder / "stop").touch()
                begun = [future for future in self._futures if not future.cancel()]
                wait(begun)  # they use the folder, which may go now
        finally:  # an impatient second Ctrl-C does not leave them at work
            if self._own is not None:
                self._own.shutdown(cancel_futures=True)

    def submit(self, work: Callable[..., Any], *arguments: Any) -> None:
        """Let one of them call ``work(report, *arguments)``."""
        assert self._executor is not None
        report = Report(self._folder, len(self._futures))
        with starting_processes():
            self._futures.append(self._executor.submit(work, report, *arguments))

    def results(self, on_progress: Callable[[Sequence[Progress | None]], None]) -> list[Any]:
        """Wait for all work, telling how far each is, and return what it came to."""
        waiting: set[Future[Any]] = set(self._futures)
        while waiting:
            done, waiting = wait(waiting, POLLING_INTERVAL)
            for future in done:
                future.result()
            on_progress([Report(self._folder, each).last() for each in range(len(self._futures))])
        return [future.result() for future in self._futures]


def local_processes(size: int, temporary: Path | None = None) -> ProcessPoolExecutor:
    """Return fresh processes on this machine; submit to them while :func:`starting_processes`.

    Parameters
    ----------
    size
        How many.
    temporary
        Where they have their temporary files, which stay there if they are killed; by default
        where the system has them.
    """
    level = logging.getLogger("cnnviz").getEffectiveLevel()
    begin = (level, None if temporary is None else str(temporary))
    return ProcessPoolExecutor(size, get_context("spawn"), initializer=_begin, initargs=begin)


def _begin(level: int, temporary: str | None) -> None:
    """Make a fresh process ready."""
    collect_garbage_rarely()
    show_log(level)
    if temporary is not None:
        os.environ["TMPDIR"] = tempfile.tempdir = temporary  # for those that it starts as well


@contextmanager
def starting_processes() -> Iterator[None]:
    """Let processes started meanwhile hear of no interrupt, and not run this one's script."""
    with _interrupts_for_this_process(), _script_for_this_process():
        yield


@contextmanager
def _interrupts_for_this_process() -> Iterator[None]:
    """Let processes started meanwhile never see Ctrl-C: this one gets it and ends them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _script_for_this_process() -> Iterator[None]:
    """Let processes started meanwhile not import this one's main module, as `multiprocessing` does.

    A script that renders would be run again by each of them.
    """
    before = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = before
