"""One progress bar for the whole film, on stderr."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from cnnviz.system.interrupts import remembered_interrupts
from cnnviz.system.progress import progress_text
from cnnviz.system.streams import say

if TYPE_CHECKING:  # for types alone
    from cnnviz.pipeline.options import ProgressCall

PLAIN_STEP = 10
"""Per cent between two plain lines where stderr is no terminal."""


@contextmanager
def film_progress(what: str, *, quiet: bool = False) -> Iterator[ProgressCall]:
    """Give a function to call with the frames that are done and the frames there are.

    It raises KeyboardInterrupt if an interrupt has come and got lost on the way.

    Parameters
    ----------
    what
        What is being made, as the bar's label.
    quiet
        Show nothing.
    """
    shown = nullcontext(_nothing) if quiet else _shown(what)
    with remembered_interrupts() as check, shown as show:

        def report(done: int, total: int) -> None:
            check()
            show(done, total)

        yield report


def _nothing(done: int, total: int) -> None:
    """Show nothing."""


@contextmanager
def _shown(what: str) -> Iterator[ProgressCall]:
    """Give a function that shows how far it is: a bar on a terminal, else plain lines."""
    console = Console(stderr=True)
    if console.is_terminal and not console.is_dumb_terminal:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task(what, total=None)
            yield lambda done, total: progress.update(task, completed=done, total=total)
    else:
        yield _plain_lines(what)


def _plain_lines(what: str) -> ProgressCall:
    """Return a report that prints a line every tenth of the way."""
    start = time.monotonic()
    printed = -1

    def report(done: int, total: int) -> None:
        nonlocal printed
        step = done * 100 // total // PLAIN_STEP
        if step > printed:
            printed = step
            say(progress_text(what, done, total, time.monotonic() - start))

    return report
