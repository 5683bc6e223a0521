"""Processes: fresh ones that work for this one and die with it, and short ones, such as a command.

A process that works for this one hears of no signal that is meant for this one (a terminal sends
Ctrl-C to all, and a cluster SIGTERM): this one ends it. If this one is killed, which it cannot
tell, the other ends by itself, at once: Linux sees to it, and everywhere a pipe that this one holds
open closes with it.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import os
import signal
import subprocess
import sys
from ast import literal_eval
from collections.abc import Sequence
from contextlib import suppress
from threading import Thread
from typing import IO, Any

START = (
    "import sys; sys.path[:] = {path!a}; "
    "from cnnviz.system.processes import begin; arguments = begin(); "
    "from {module} import main; main(*arguments)"
)

ALLOCATIONS_PER_COLLECTION = 50_000
"""Python's own 700 are for long lives."""

PR_SET_PDEATHSIG = 1
"""Linux's request for a signal when the parent dies: see prctl(2)."""

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
"""Parameters of glibc: see mallopt(3)."""

LARGE = 4 * 1024 * 1024
"""Bytes from which memory that is freed goes back to the system at once."""


def start_process(
    module: str,
    *arguments: object,
    pass_fds: Sequence[int] = (),
    stdout: IO[Any] | int | None = None,
    stderr: IO[Any] | int | None = None,
) -> subprocess.Popen[str]:
    """Start a process that calls a module's ``main`` and never outlives this one.

    Its stdin is the pipe by which it knows that this one is alive: leave it open.

    Parameters
    ----------
    module
        Its full name.
    arguments
        What ``main`` is called with: values that are what their ``repr`` says. They are sent
        through a pipe, so that they may be longer than a command line.
    pass_fds, stdout, stderr
        As for :class:`subprocess.Popen`; texts are UTF-8.
    """
    process = subprocess.Popen(
        _command_for(module),
        pass_fds=pass_fds,
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=stderr,
        text=True,
        encoding="utf-8",
        errors="surrogateescape",
        start_new_session=True,
    )
    assert process.stdin is not None
    with suppress(BrokenPipeError):  # it has died, which whoever waits for it finds out
        process.stdin.write(f"{arguments!a}\n")
        process.stdin.flush()
    return process


def end_process(process: subprocess.Popen[str]) -> None:
    """End a process, if it has not ended, and wait until it is gone."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()


def _command_for(module: str) -> list[str]:
    code = START.format(path=sys.path, module=module)
    # Warnings are this process's to turn into errors; elsewhere they would only be lost frames.
    return [sys.executable, "-X", "utf8", "-W", "ignore", "-P", "-c", code]


def begin() -> tuple[Any, ...]:
    """Let this process, which :func:`start_process` has started, end when its parent has.

    Returns
    -------
    tuple
        What ``main`` is to be called with.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    arguments: tuple[Any, ...] = literal_eval(_first_line())
    Thread(target=_end_when_closed, daemon=True).start()
    return arguments


def _first_line() -> str:
    """Return the line that stdin begins with; end this process if its parent has."""
    with open(0, encoding="ascii", closefd=False) as stdin:
        line = stdin.readline()
    if not line.endswith("\n"):
        os._exit(1)
    return line


def _end_when_closed() -> None:
    """Wait for the end of stdin, in which nothing more ever comes, and end the process there."""
    while os.read(0, 1):
        pass
    os._exit(1)


def collect_garbage_rarely() -> None:
    """Take into account that this process is short and that its memory ends with it.

    Imports are a tenth faster when Python does not search them for garbage, and so is the end
    of the process when it does not search everything once more.
    """
    gc.set_threshold(ALLOCATIONS_PER_COLLECTION)
    atexit.register(gc.freeze)


def free_memory() -> None:
    """Free what only circles of references hold, and give it back to the system.

    Manim's mobjects and scenes live in such circles. Python finds them late, and glibc keeps
    what they took.
    """
    gc.collect()
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "malloc_trim"):
        library.malloc_trim(0)


def give_memory_back() -> None:
    """Let what is freed go back to the system at once, where glibc allots memory.

    Once a picture has been freed, glibc takes memory of up to its size from a heap that
    seldom shrinks, and each thread has a heap of its own: a process that encodes for minutes
    grows without holding more. Not for processes of others, nor for those that run torch.
    """
    if sys.platform != "linux" or not hasattr(library := ctypes.CDLL(None), "mallopt"):
        return
    for parameter, value in (
        (M_ARENA_MAX, 1),
        (M_MMAP_THRESHOLD, LARGE),
        (M_TRIM_THRESHOLD, LARGE),
    ):
        library.mallopt(parameter, value)
