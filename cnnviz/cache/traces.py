"""The traces of pictures: from the cache, or from the network in a process of its own."""

from __future__ import annotations

import hashlib
import stat
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from cnnviz.cache.code import network_code
from cnnviz.cache.keys import digest
from cnnviz.cache.store import Cache, Kind
from cnnviz.errors import UserError
from cnnviz.model.picture_use import Colour, Crop
from cnnviz.model.trace import Trace
from cnnviz.model.trace_file import trace_from_bytes
from cnnviz.system.processes import end_process, start_process
from cnnviz.system.scratch import scratch_folder
from cnnviz.weights import weights_file

TRACED = "traced"
"""What the process says when it is done with a picture."""

FAILED = "failed: "
"""What it says before why a picture cannot be used."""

LARGEST_FILE = 2**30
"""Bytes above which a file is not digested, so that what it gives is not kept."""


class TraceTask(ABC):
    """A network's task: to say what it sees in a picture.

    Attributes
    ----------
    is_ready
        Whether its trace is there without waiting.
    """

    is_ready: bool

    @abstractmethod
    def trace(self) -> Trace:
        """Return what the network computed, as soon as it has.

        Raises
        ------
        UserError
            If the picture or the weights cannot be used.
        """


class FinishedTrace(TraceTask):
    """A task whose trace is known."""

    is_ready = True

    def __init__(self, trace: Trace) -> None:
        self._trace = trace

    def trace(self) -> Trace:
        """Return it."""
        return self._trace


class RunningTrace(TraceTask):
    """A task that another process takes; it writes the trace to a file."""

    is_ready = False

    def __init__(
        self, process: _Process, place: int, output: Path, keep: Callable[[bytes], None]
    ) -> None:
        self._process = process
        self._place = place
        self._output = output
        self._keep = keep

    def trace(self) -> Trace:
        """Wait for the other process, and keep what it found."""
        self._process.wait_for(self._place)
        content = self._output.read_bytes()
        self._output.unlink()  # of a thousand pictures they would fill a disk
        self._keep(content)
        return trace_from_bytes(content)


class _Process:
    """The process that looks at pictures, one after the other; a line tells of each."""

    def __init__(self, complaints: IO[str], *arguments: object) -> None:
        self._complaints = complaints
        self._outcomes: list[UserError | None] = []
        self._popen = start_process(
            "cnnviz.network.tracing_process",
            *arguments,
            stdout=subprocess.PIPE,
            stderr=complaints,
        )

    def wait_for(self, place: int) -> None:
        """Return when it has looked at the picture in that place, counted from 0.

        Raises
        ------
        UserError
            If that one, or the network, cannot be used, or the process was killed.
        """
        while len(self._outcomes) <= place:
            self._outcomes.append(self._next_outcome())
        outcome = self._outcomes[place]
        if outcome is not None:
            raise outcome

    def _next_outcome(self) -> UserError | None:
        assert self._popen.stdout is not None
        line = self._popen.stdout.readline().removesuffix("\n")
        if line == TRACED:
            return None
        if line.startswith(FAILED):
            return UserError(line.removeprefix(FAILED))
        code = self._popen.wait()
        if code == 2 and line:
            raise UserError(line)
        if code < 0:
            raise UserError(
                f"the network's process was killed (signal {-code}), perhaps for want of memory: "
                "free some, or choose a smaller network or picture"
            )
        self._complaints.seek(0)
        raise RuntimeError(f"the network's process failed:\n{self._complaints.read()}")

    def end(self) -> None:
        """End it if it has not ended."""
        end_process(self._popen)


@contextmanager
def tracing_files(
    images: Sequence[str | Path],
    weights: str | Path | None,
    crop: Crop | None,
    background: Colour,
    cache: Cache | None,
) -> Iterator[list[TraceTask]]:
    """Let a network look at pictures, except for those of which the cache knows what it sees.

    Parameters
    ----------
    images
        The pictures' files. One process looks at all of them.
    weights
        The network's file or name; Tiny VGG by default.
    crop, background
        As in :func:`cnnviz.trace`.
    cache
        Where traces are kept, if anywhere.
    """
    keeper = _Keeper(cache, weights, crop, background)
    keys = [keeper.key_of(image) for image in images]
    tasks: list[TraceTask | None] = [keeper.known(key) for key in keys]
    new = [place for place, task in enumerate(tasks) if task is None]
    if not new:
        yield [task for task in tasks if task]
        return
    with (
        scratch_folder() as folder,
        TemporaryFile("w+", encoding="utf-8") as complaints,
    ):
        path = None if weights is None else str(weights)
        outputs = [folder / f"{place}.safetensors" for place in new]
        pairs = [(str(images[place]), str(out)) for place, out in zip(new, outputs, strict=True)]
        process = _Process(complaints, pairs, path, crop, background)
        for number, (place, output) in enumerate(zip(new, outputs, strict=True)):
            keep = partial(keeper.keep, images[place], keys[place])
            tasks[place] = RunningTrace(process, number, output, keep)
        try:
            yield [task for task in tasks if task]
        finally:
            process.end()


class _Keeper:
    """Knows under which keys traces are kept, if they are.

    Parameters
    ----------
    cache, weights, crop, background
        As for :func:`tracing_files`.
    """

    def __init__(
        self, cache: Cache | None, weights: str | Path | None, crop: Crop | None, background: Colour
    ) -> None:
        self._cache = cache
        self._weights = weights_file(weights)
        self._others = None if cache is None else (crop, background, network_code())

    def key_of(self, image: str | Path) -> str | None:
        """Return a picture's key; None where a file cannot be read, which is said later."""
        if self._cache is None:
            return None
        contents = digest_of_file(Path(image)), digest_of_file(self._weights)
        return None if None in contents else digest([contents, self._others])

    def known(self, key: str | None) -> FinishedTrace | None:
        """Return the task that is kept under a key."""
        if self._cache is None or key is None:
            return None
        content = self._cache.get(Kind.TRACE, key)
        return None if content is None else FinishedTrace(trace_from_bytes(content))

    def keep(self, image: str | Path, key: str | None, content: bytes) -> None:
        """Keep a picture's trace, unless one of the files has changed since it had the key."""
        if self._cache is not None and key is not None and key == self.key_of(image):
            self._cache.put(Kind.TRACE, key, content)
            self._cache.prune()


def digest_of_file(path: Path) -> str | None:
    """Return a digest of an ordinary file of a sensible size; None for anything else.

    Reading a pipe or a device might never end, and some of those say that they are ordinary
    but empty files.
    """
    try:
        status = path.stat()
        if not (stat.S_ISREG(status.st_mode) and 0 < status.st_size <= LARGEST_FILE):
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
