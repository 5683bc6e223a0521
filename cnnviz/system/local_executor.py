"""Fresh processes of this machine that work for this one, as an Executor.

Unlike :class:`concurrent.futures.ProcessPoolExecutor` it leaves nothing in the system, however its
processes end: it takes no semaphores, all temporary files of its processes lie in a folder that
is given, and none of them outlives this one. They do not run the script that this one runs, so
that needs no guard. One that is killed fails what it was at, and another takes its place.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import tempfile
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Executor, Future
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from cnnviz.errors import UserError
from cnnviz.system.log import log_level, show_log
from cnnviz.system.processes import collect_garbage_rarely, end_process, start_process

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE = 3.0
"""Seconds in which processes may end by themselves after an error, to keep what is finished."""

Task = tuple["Future[Any]", bytes]


class KilledError(UserError):
    """The process was killed while it was at something, or by that."""


class RemoteError(Exception):
    """The traceback of what failed in another process, as the cause of the error raised here."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


class LocalExecutor(Executor):
    """Several processes that take what is submitted, first come, first served.

    Parameters
    ----------
    size
        How many; each is started when there is something for it to do.
    folder
        Where they keep temporary files; whoever gives it removes it.
    """

    def __init__(self, size: int, folder: Path) -> None:
        self._size = size
        self._folder = folder
        self._tasks: SimpleQueue[Task | None] = SimpleQueue()
        self._workers: list[_Worker] = []
        self._lock = Lock()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Let one of the processes call a function that can be pickled and imported."""
        future: Future[T] = Future()
        task = pickle.dumps((fn, args, kwargs))
        with self._lock:
            self._tasks.put((future, task))
            if len(self._workers) < self._size:
                self._workers.append(_Worker(self._tasks, self._folder))
        return future

    def shutdown(  # the signature is Executor's
        self,
        wait: bool = True,  # noqa: FBT001, FBT002
        *,
        cancel_futures: bool = False,
    ) -> None:
        """Let the processes end when they are done with what was submitted."""
        if cancel_futures:
            while not self._tasks.empty():
                task = self._tasks.get()
                if task is not None:
                    task[0].cancel()
        for _ in self._workers:
            self._tasks.put(None)
        if wait:
            for worker in self._workers:
                worker.join()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the processes when they are done; after an error without waiting for long."""
        if error is not None:
            self.shutdown(wait=False, cancel_futures=True)
            deadline = time.monotonic() + PATIENCE
            for worker in self._workers:
                worker.join(max(0.0, deadline - time.monotonic()))
            self.kill()
        self.shutdown()

    def kill(self) -> None:
        """End all processes at once, whatever they are at."""
        for worker in self._workers:
            worker.kill()


class _Worker(Thread):
    """A thread of this process that hands tasks to a process of its own."""

    def __init__(self, tasks: SimpleQueue[Task | None], folder: Path) -> None:
        super().__init__(daemon=True)
        self._tasks = tasks
        self._folder = folder
        self._killed = False
        self._process: subprocess.Popen[str] | None = None
        self._connection: Connection | None = None
        self.start()

    def run(self) -> None:
        """Hand over one task after the other until there are no more."""
        while (task := self._tasks.get()) is not None:
            future, work = task
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(self._answer_to(work))
            except BaseException as error:
                future.set_exception(error)
        self._end()

    def _answer_to(self, work: bytes) -> Any:
        """Return what the process says, or raise what it has raised or died of."""
        try:
            connection = self._connection or self._start()
            connection.send_bytes(work)
            answer = connection.recv_bytes()
        except (EOFError, OSError) as error:
            death = self._death(error)
            self._end()
            raise death from None
        succeeded, result = pickle.loads(answer)
        if succeeded:
            return result
        failure, text = result
        raise failure from RemoteError(text)

    def kill(self) -> None:
        """End the process; what it was at fails."""
        self._killed = True
        if self._process is not None:
            self._process.kill()

    def _start(self) -> Connection:
        ours, theirs = Pipe()
        self._connection = ours
        with theirs:
            handed_over = theirs.fileno()
            arguments = (handed_over, str(self._folder), log_level())
            self._process = start_process(__name__, *arguments, pass_fds=[handed_over])
        if self._killed:
            self._process.kill()
        return ours

    def _end(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            end_process(self._process)
        self._connection = self._process = None

    def _death(self, error: Exception) -> Exception:
        """Return what to say of a process that has answered nothing."""
        if self._process is None:
            return error
        code = self._process.wait()
        if code >= 0:
            return RuntimeError(f"a drawing process died (exit code {code})")
        return KilledError(
            f"a drawing process was killed (signal {-code}), perhaps for want of memory: "
            "free some, or choose a smaller quality or fewer jobs"
        )


def main(descriptor: int, folder: str, level: int) -> None:
    """Do what the process at the other end asks for, until it has nothing more to ask."""
    os.environ["TMPDIR"] = tempfile.tempdir = folder  # for those that it starts as well
    collect_garbage_rarely()
    show_log(level)
    connection = Connection(descriptor)
    while True:
        try:
            work = connection.recv_bytes()
        except EOFError:
            return
        connection.send_bytes(_answer(work))


def _answer(work: bytes) -> bytes:
    """Return the pickle of whether a task succeeded, and of its result or error."""
    try:
        function, arguments, keywords = pickle.loads(work)
        return pickle.dumps((True, function(*arguments, **keywords)))
    except BaseException as error:
        text = traceback.format_exc()
        try:
            answer = pickle.dumps((False, (error, text)))
            pickle.loads(answer)
        except Exception:
            return pickle.dumps((False, (RuntimeError(f"{type(error).__name__}: {error}"), text)))
        return answer
