"""What a command takes: time, processor time, memory, each in a fresh process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, NamedTuple

import av

ROOT = Path(__file__).parents[1]

COMMAND = str(Path(sys.executable).with_name("cnnviz"))


class Cost(NamedTuple):
    """What a process, with all it started, took.

    Attributes
    ----------
    seconds
        From start to end.
    cpu
        Seconds of processor time.
    memory
        Megabytes the largest of the processes had at its peak.
    first_line
        Seconds until it first said something on stderr; its whole time if it said nothing.
    result
        The JSON that it printed, if it printed any.
    """

    seconds: float
    cpu: float
    memory: float
    first_line: float
    result: dict[str, Any]


def measure(arguments: list[str], *, cache: Path) -> Cost:
    """Run ``cnnviz`` with these arguments and a cache folder."""
    return _measure([COMMAND, *arguments], {"CNNVIZ_CACHE_DIR": str(cache / "cache")})


def measure_case(case: str, quality: str, *arguments: str) -> Cost:
    """Run one case of :mod:`benchmarks.case`."""
    command = [sys.executable, "-m", "benchmarks.case", case, "--quality", quality, *arguments]
    return _measure(command, {})


def render_command(film: Path, quality: str) -> list[str]:
    """Return the arguments that render the convolution of the bundled photo."""
    return ["render", "conv", "-q", quality, "-o", str(film)]


def film_seconds(path: Path) -> float:
    """Return how long a film is."""
    with av.open(str(path)) as film:
        assert film.duration is not None
        return float(film.duration / av.time_base)


def _measure(command: list[str], environment: dict[str, str]) -> Cost:
    started = time.perf_counter()
    with (
        TemporaryFile("w+") as printed,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=printed,
            stderr=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        assert process.stderr is not None
        said = process.stderr.readline()
        first_line = time.perf_counter() - started
        said += process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"failed: {' '.join(command)}\n{said}")
        printed.seek(0)
        lines = printed.read().strip().splitlines()
    per_megabyte = 2**20 if sys.platform == "darwin" else 2**10
    return Cost(
        time.perf_counter() - started,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss / per_megabyte,
        first_line,
        json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {},
    )
