"""What a film of a course takes a worker; a module of its own, so that workers can import it."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass

from cnnviz.course.film_task import FilmResult, FilmTask, run_film_task


@dataclass(frozen=True)
class Measured:
    """What a film took a worker: seconds, and seconds of processor time with its helpers."""

    result: FilmResult
    seconds: float
    cpu: float


def measured(task: FilmTask) -> Measured:
    """Make a film in this process and say what it took."""
    start, cpu = time.monotonic(), cpu_seconds()
    result = run_film_task(task)
    if not isinstance(result, FilmResult):
        raise SystemExit(str(result))
    return Measured(result, time.monotonic() - start, cpu_seconds() - cpu)


def cpu_seconds() -> float:
    """Return the processor time of this process and of those that it started and that ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)
