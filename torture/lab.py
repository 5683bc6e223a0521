"""Where an attack takes place: folders of its own, commands in them, and what must hold after."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psutil

COMMAND = (sys.executable, "-c", "import sys; from cnnviz.entry import main; sys.exit(main())")

MARK = "CNNVIZ_TORTURE"
"""The variable in the environment of all processes that a lab starts, and that they start."""

LONGEST_RUN = 240.0
"""Seconds after which a run hangs; machines are shared."""

PATIENCE = 10.0
"""Seconds in which what a dead process has started must be gone, on a busy machine."""

LEFT_BY_RIGHT = re.compile(r"cnnviz-error-.*\.txt")
"""What may stay among temporary files: a traceback, of which a message speaks."""


class BrokenPromiseError(Exception):
    """Something that cnnviz promises did not hold."""


def promise(holds: object, text: str) -> None:
    """Raise BrokenPromiseError unless something holds."""
    if not holds:
        raise BrokenPromiseError(text)


@dataclass(frozen=True)
class Run:
    """A command that has ended."""

    arguments: tuple[str, ...]
    code: int
    out: str
    err: str

    @property
    def errors(self) -> list[str]:
        """Its lines that tell of an error."""
        return [line for line in self.err.splitlines() if line.startswith("Error")]

    def check(self, *codes: int) -> None:
        """Raise BrokenPromiseError unless it ended with one of these codes and spoke plainly."""
        said = f"{' '.join(self.arguments)} ended with {self.code}: {self.err[-600:]}"
        promise(self.code in codes, said)
        promise("Traceback" not in self.err, f"a traceback: {said}")
        promise("cnnviz failed" not in self.err, f"a fault of ours: {said}")
        promise(len(self.errors) == (self.code != 0), f"not one line: {said}")


class Lab:
    """Folders for one attack: temporary files, cache, home, results.

    Parameters
    ----------
    folder
        Where they are made.
    """

    def __init__(self, folder: Path) -> None:
        self.mark = uuid4().hex
        self.folder = folder
        self.temporary, self.cache, self.home, self.out = (
            folder / name for name in ("temporary", "cache", "home", "out")
        )
        for each in (self.temporary, self.cache, self.home, self.out):
            each.mkdir(parents=True)

    def environment(self, **variables: str | None) -> dict[str, str]:
        """Return the environment of its commands; None leaves a variable out."""
        settings: Mapping[str, str | None] = {
            MARK: self.mark,
            "TMPDIR": str(self.temporary),
            "CNNVIZ_CACHE_DIR": str(self.cache),
            "HOME": str(self.home),
            **variables,
        }
        whole: dict[str, str | None] = {**os.environ, **settings}
        return {name: value for name, value in whole.items() if value is not None}

    @contextmanager
    def started(
        self, arguments: Sequence[str], shell: str = "", **variables: str | None
    ) -> Iterator[subprocess.Popen[str]]:
        """Start a command in a session of its own; all of it has ended when the block has.

        Parameters
        ----------
        arguments
            Those of ``cnnviz``.
        shell
            What a shell is told to do with the command, such as ``ulimit -f 100; exec "$@" 2>&-``.
        variables
            Changes of the environment.
        """
        command = [*COMMAND, *arguments]
        if shell:
            command = ["sh", "-c", shell, "sh", *command]
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environment(**variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="backslashreplace",
            start_new_session=True,
        )
        try:
            yield process
        finally:
            for each in self.processes():
                with suppress(psutil.NoSuchProcess):
                    each.kill()
            process.communicate()

    def run(self, arguments: Sequence[str], shell: str = "", **variables: str | None) -> Run:
        """Run a command to its end."""
        with self.started(arguments, shell, **variables) as process:
            try:
                out, err = process.communicate(timeout=LONGEST_RUN)
            except subprocess.TimeoutExpired:
                raise BrokenPromiseError(f"it hangs: {' '.join(arguments)}") from None
            self.check_processes()
        return Run(tuple(arguments), process.returncode, out, err)

    def killed_run(
        self, arguments: Sequence[str], delay: float, number: signal.Signals, *, group: bool
    ) -> Run:
        """Run a command, send it a signal after some seconds, and see it end, with all its own."""
        with self.started(arguments) as process:
            with suppress(subprocess.TimeoutExpired):
                process.wait(delay)
            with suppress(ProcessLookupError):
                (os.killpg if group else os.kill)(process.pid, number)
            try:
                out, err = process.communicate(timeout=LONGEST_RUN)
            except subprocess.TimeoutExpired:
                raise BrokenPromiseError(f"{number.name} after {delay:.2f} s: it hangs") from None
            self.check_processes()
        return Run(tuple(arguments), process.returncode, out, err)

    def processes(self) -> list[psutil.Process]:
        """Return all processes that its commands have left."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                alive = process.status() != psutil.STATUS_ZOMBIE
                if alive and process.environ().get(MARK) == self.mark:
                    found.append(process)
        return found

    def check_processes(self) -> None:
        """Raise BrokenPromiseError if a process stays that a command has started."""
        deadline = time.monotonic() + PATIENCE
        while left := self.processes():
            if time.monotonic() > deadline:
                names = [" ".join(each.cmdline())[-200:] for each in left if each.is_running()]
                raise BrokenPromiseError(f"processes stay: {names}")
            time.sleep(0.02)

    def check_nothing_left(self, *results: str) -> None:
        """Raise BrokenPromiseError if anything but results is among them, or a temporary file."""
        there = {path.name for path in self.out.iterdir()}
        promise(there <= set(results), f"left among results: {sorted(there - set(results))}")
        names = [path.name for path in self.temporary.iterdir()]
        left = [name for name in names if not LEFT_BY_RIGHT.fullmatch(name)]
        promise(not left, f"left among temporary files: {left}")
        hidden = [str(path) for path in self.cache.rglob(".*cnnviz-*")]
        promise(not hidden, f"left in the cache: {hidden}")
