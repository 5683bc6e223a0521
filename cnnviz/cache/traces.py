"""The trace of a picture: from the cache, or from the network in a process of its own."""

from __future__ import annotations

import shutil
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

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

    def __init__(self, process: subprocess.Popen[str], output: Path, entry: Path | None) -> None:
        self._process = process
        self._output = output
        self._entry = entry

    def trace(self) -> Trace:
        """Wait for the other process, and keep what it found."""
        said, complaints = self._process.communicate()
        if self._process.returncode == 2:
            raise UserError(said)
        if self._process.returncode:
            raise RuntimeError(f"the network's process failed:\n{complaints}")
        trace = load_trace(self._output)
        if self._entry is not None:
            with suppress(OSError, UserError), whole_file(self._entry) as unfinished:
                shutil.copyfile(self._output, unfinished)
        return trace


@contextmanager
def looking_at_file(
    image: str | Path,
    weights: str | Path | None,
    crop: Crop | None,
    background: Colour,
    cache: Cache | None,
) -> Iterator[Look]:
    """Let a network look at a picture, unless the cache knows what it sees.

    Parameters
    ----------
    image
        The picture's file.
    weights
        The network's file; the bundled one by default.
    crop, background
        As in :func:`cnnviz.trace`.
    cache
        Where traces are kept, if anywhere.
    """
    entry = None if cache is None else _entry(cache, image, weights, crop, background)
    known = None if entry is None else _known(entry)
    if known is not None:
        yield DoneLook(known)
        return
    with TemporaryDirectory(prefix="cnnviz-trace-") as folder:
        output = Path(folder) / "trace.safetensors"
        path = None if weights is None else str(weights)
        process = _start(str(image), path, crop, background, str(output))
        try:
            yield RunningLook(process, output, entry)
        finally:
            process.kill()  # does nothing if it has ended
            process.communicate()


def _start(*arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command_for("cnnviz.network.tracing_process", *arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,  # Ctrl-C is for this process, which then ends that one
    )


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


def _known(entry: Path) -> Trace | None:
    try:
        trace = load_trace(entry)
    except (OSError, ValueError, KeyError, TypeError, SafetensorError):
        return None
    touch(entry)
    return trace
