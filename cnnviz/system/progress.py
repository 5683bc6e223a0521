"""How far a render is: in words, and in a notebook by itself."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from html import escape
from typing import ParamSpec, TypeVar

from cnnviz.system.interrupts import remembered_interrupts

FIRST_ESTIMATE = 10
"""Per cent before which nothing is said of what is left: the first frames pay for the start."""

NOTEBOOK_INTERVAL = 0.2
"""Seconds between two changes of a notebook's bar."""

P = ParamSpec("P")
R = TypeVar("R")


def progress_text(what: str, done: int, total: int, seconds: float) -> str:
    """Return how far something is.

    Parameters
    ----------
    what
        What is being made.
    done, total
        The frames that are done, and the frames there are.
    seconds
        Since it was begun.
    """
    percent = done * 100 // total
    text = f"{what}: {percent} % ({done} of {total} frames)"
    if percent < FIRST_ESTIMATE:
        return text
    return f"{text}, {seconds * (total - done) / done:.0f} s left"


def with_notebook_progress(render: Callable[P, R]) -> Callable[P, R]:
    """Let a function show a bar where a notebook calls it without ``on_progress``.

    Parameters
    ----------
    render
        Takes the scene's name first, and ``on_progress`` as a keyword.
    """

    @wraps(render)
    def call(*arguments: P.args, **options: P.kwargs) -> R:
        if options.get("on_progress") is not None or not is_notebook():
            return render(*arguments, **options)
        scene = arguments[0] if arguments else options.get("scene")
        with notebook_progress(str(scene)) as report:
            options["on_progress"] = report
            return render(*arguments, **options)

    return call


def is_notebook() -> bool:
    """Return whether a notebook's kernel is what runs this process."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


@contextmanager
def notebook_progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar below the cell, and give a function to call with frames done and in all.

    It raises KeyboardInterrupt if an interrupt has come and got lost on the way.

    Parameters
    ----------
    what
        What is being made.
    """
    from IPython.display import display

    start = shown = time.monotonic()
    handle = display(_bar(f"{what}: getting ready"), raw=True, display_id=True)
    with remembered_interrupts() as check:

        def report(done: int, total: int) -> None:
            nonlocal shown
            check()
            now = time.monotonic()
            if now - shown >= NOTEBOOK_INTERVAL:
                shown = now
                text = progress_text(what, done, total, now - start)
                handle.update(_bar(text, done / total), raw=True)

        try:
            yield report
        except BaseException:
            handle.update(_bar(f"{what}: stopped", 0.0), raw=True)
            raise
    handle.update(_bar(f"{what}: done in {time.monotonic() - start:.0f} s", 1.0), raw=True)


def _bar(text: str, share: float | None = None) -> dict[str, str]:
    """Return a bar with a text for a notebook; without a share, one of unknown length."""
    value = "" if share is None else f' value="{share:.4f}"'
    bar = f'<progress{value} style="width: 40ex"></progress>'
    return {"text/plain": text, "text/html": f"{bar} {escape(text)}"}
