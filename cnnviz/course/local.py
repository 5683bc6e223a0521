"""Processes on this machine that make films, one each, and are replaced when they die."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, TypeVar

from cnnviz.rendering.worker_pool import local_processes, starting_processes

Result = TypeVar("Result")


class LocalProcesses(Executor):
    """An executor whose processes do not share their fate.

    A `ProcessPoolExecutor` loses all that its processes are at when one of them is killed, for
    want of memory for example. Here each process is a pool of its own: only what the killed one
    was at is lost, and the next thing that is submitted starts another.

    Parameters
    ----------
    size
        How many processes.
    temporary
        Where they have their temporary files.
    """

    def __init__(self, size: int, temporary: Path) -> None:
        self._temporary = temporary
        self._pools = [local_processes(1, temporary) for _ in range(size)]
        self._futures: list[list[Future[Any]]] = [[] for _ in range(size)]

    def submit(
        self, work: Callable[..., Result], /, *arguments: Any, **keywords: Any
    ) -> Future[Result]:
        """Let the process that has least to do call ``work``."""
        for place, futures in enumerate(self._futures):
            self._futures[place] = [future for future in futures if not future.done()]
        place = min(range(len(self._pools)), key=lambda each: len(self._futures[each]))
        with starting_processes():
            try:
                future = self._pools[place].submit(work, *arguments, **keywords)
            except BrokenProcessPool:
                self._pools[place] = local_processes(1, self._temporary)
                future = self._pools[place].submit(work, *arguments, **keywords)
        self._futures[place].append(future)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes: when they have done what they are at, if `wait`."""
        for pool in self._pools:
            pool.shutdown(wait=wait, cancel_futures=cancel_futures)
