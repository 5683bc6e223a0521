"""The traces of pictures: from the cache, or from the network in a process of its own."""

from __future__ import annotations

import shutil
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO

from safetensors import SafetensorError

from cnnviz.cache.keys import code_version, digest
from cnnviz.cache.store import Cache, touch
from cnnviz.errors import UserError
from cnnviz.processes import command_for
from cnnviz.trace_file import load_trace
from cnnviz.traces import Trace
from cnnviz.weights import bundled_weights
from cnnviz.whole_file import whole_file

Crop = tuple[int, int, int, int]
Colour = tuple[int, int, int]

LOOKED_AT = "looked at\n"
"""What the process says when it is done with a picture."""


class Look(ABC):
    """A network's look at a picture.

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


class DoneLook(Look):
    """A look whose trace is known."""

    is_ready = True

    def __init__(self, trace: Trace) -> None:
        self._trace = trace

    def trace(self) -> Trace:
        """Return it."""
        return self._trace


class RunningLook(Look):
    """A look that another process takes; it writes the trace to a file."""

    is_ready = False

    def __init__(self, process: _Process, place: int, output: Path, entry: Path | None) -> None:
        self._process = process
        self._place = place
        self._output = output
        self._entry = entry

    def trace(self) -> Trace:
        """Wait for the other process, and keep what it found."""
        self._process.wait_for(self._place)
        trace = load_trace(self._output)
        if self._entry is not None:
            with suppress(OSError, UserError), whole_file(self._entry) as unfinished:
                shutil.copyfile(self._output, unfinished)
        return trace


class _Process:
    """The process that looks at pictures, one after the other; a line tells of each."""

    def __init__(self, complaints: IO[str], *arguments: object) -> None:
        self._complaints = complaints
        self._looked_at = 0
        self._popen = subprocess.Popen(
            command_for("cnnviz.network.tracing_process", *arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C is for this process, which then ends that one
        )

    def wait_for(self, place: int) -> None:
        """Return when it has looked at the picture in that place, counted from 0."""
        assert self._popen.stdout is not None
        while self._looked_at <= place:
            line = self._popen.stdout.readline()
            if line == LOOKED_AT:
                self._looked_at += 1
                continue
            code = self._popen.wait()
            if code == 2:
                raise UserError(line + self._popen.stdout.read())
            self._complaints.seek(0)
            raise RuntimeError(f"the network's process failed:\n{self._complaints.read()}")

    def end(self) -> None:
        """End it if it has not ended."""
        self._popen.kill()
        self._popen.communicate()


@contextmanager
def looking_at_files(
    images: Sequence[str | Path],
    weights: str | Path | None,
    crop: Crop | None,
    background: Colour,
    cache: Cache | None,
) -> Iterator[list[Look]]:
    """Let a network look at pictures, except for those of which the cache knows what it sees.

    Parameters
    ----------
    images
        The pictures' files. One process looks at all of them.
    weights
        The network's file; the bundled one by default.
    crop, background
        As in :func:`cnnviz.trace`.
    cache
        Where traces are kept, if anywhere.
    """
    entries = [
        None if cache is None else _entry(cache, image, weights, crop, background)
        for image in images
    ]
    looks: list[Look | None] = [_known(entry) for entry in entries]
    new = [place for place, look in enumerate(looks) if look is None]
    if not new:
        yield [look for look in looks if look]
        return
    with (
        TemporaryDirectory(prefix="cnnviz-trace-") as folder,
        TemporaryFile("w+", encoding="utf-8") as complaints,
    ):
        path = None if weights is None else str(weights)
        outputs = [Path(folder) / f"{place}.safetensors" for place in new]
        pairs = [(str(images[place]), str(out)) for place, out in zip(new, outputs, strict=True)]
        process = _Process(complaints, pairs, path, crop, background)
        for number, (place, output) in enumerate(zip(new, outputs, strict=True)):
            looks[place] = RunningLook(process, number, output, entries[place])
        try:
            yield [look for look in looks if look]
        finally:
            process.end()


def _entry(
    cache: Cache,
    image: str | Path,
    weights: str | Path | None,
    crop: Crop | None,
    background: Colour,
) -> Path | None:
    """Return where the trace is kept; None where a file cannot be read, which is said later."""
    try:
        contents = [Path(image).read_bytes(), Path(weights or bundled_weights()).read_bytes()]
    except OSError:
        return None
    key = digest([contents, crop, background, code_version()])
    return cache.entry("traces", f"{key}.safetensors")


def _known(entry: Path | None) -> DoneLook | None:
    if entry is None:
        return None
    try:
        trace = load_trace(entry)
    except (OSError, ValueError, KeyError, TypeError, SafetensorError):
        return None
    touch(entry)
    return DoneLook(trace)
