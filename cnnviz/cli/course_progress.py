"""How far a course is: a line for each film, and one for all of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress import Progress as Bars

from cnnviz.system.interrupts import remembered_interrupts

if TYPE_CHECKING:
    from cnnviz.course.engine import FilmProgress, OnProgress
    from cnnviz.course.plan import Plan


@contextmanager
def course_progress(plan: Plan, *, quiet: bool) -> Iterator[OnProgress]:
    """Give a function to call with the number of a wanted film and how far that is.

    It raises KeyboardInterrupt if an interrupt has come and got lost on the way.

    Parameters
    ----------
    plan
        What is to be done.
    quiet
        Show nothing.
    """
    names = [str(each.film.output) for each in plan.wanted]
    shown = nullcontext(_nothing) if quiet else _shown(names, len(plan.films))
    with remembered_interrupts() as check, shown as show:

        def report(number: int, progress: FilmProgress) -> None:
            check()
            show(number, progress)

        yield report


def _nothing(number: int, progress: FilmProgress) -> None:
    """Show nothing."""


@contextmanager
def _shown(names: list[str], count: int) -> Iterator[OnProgress]:
    """Give a function that shows how far films are: bars on a terminal, else plain lines."""
    console = Console(stderr=True)
    if not console.is_terminal or console.is_dumb_terminal:
        yield _PlainLines(names, count)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Bars(*columns, TimeElapsedColumn(), console=console) as bars:
        yield _FilmBars(bars, names, count)


class _PlainLines:
    """A line whenever a film is begun, done, failed, or begun again."""

    def __init__(self, names: list[str], count: int) -> None:
        self._names = names
        self._begun: set[int] = set()
        self._done = 0
        fresh = count - len(names)
        self._say(f"{len(names)} of {count} films are to be made, {fresh} are up to date")

    def __call__(self, number: int, progress: FilmProgress) -> None:
        name = self._names[number]
        if progress.state == "begun" and number not in self._begun:
            self._begun.add(number)
            self._say(f"{name}: begun")
        elif progress.state == "again":
            self._say(f"{name}: begun again, since its worker failed ({progress.message})")
        elif progress.state in ("done", "failed"):
            self._done += 1
            said = f"done, {progress.total} frames"
            if progress.state == "failed":
                said = f"failed: {progress.message}"
            self._say(f"{name}: {said} ({self._done} of {len(self._names)} films)")

    def _say(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)


class _FilmBars:
    """A bar for each film that is being made, and one for all at the bottom."""

    def __init__(self, bars: Bars, names: list[str], count: int) -> None:
        self._bars, self._names = bars, names
        self._films: dict[int, TaskID] = {}
        fresh = count - len(names)
        self._all = bars.add_task(f"all {count} films", completed=fresh, total=count)

    def __call__(self, number: int, progress: FilmProgress) -> None:
        name = self._names[number]
        if progress.state in ("done", "failed"):
            if number in self._films:
                self._bars.remove_task(self._films.pop(number))
            said = f"failed: {progress.message}" if progress.state == "failed" else "done"
            self._bars.console.print(f"{name}: {said}", markup=False, highlight=False)
            self._bars.advance(self._all)
            return
        if number not in self._films:
            self._films[number] = self._bars.add_task(name, total=None)
        self._bars.update(
            self._films[number], completed=progress.done, total=progress.total or None
        )
