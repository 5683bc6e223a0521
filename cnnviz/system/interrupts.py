"""Ctrl-C that cannot get lost."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def remembered_interrupts() -> Iterator[Callable[[], None]]:
    """Give a function that raises KeyboardInterrupt if an interrupt has come.

    Python would raise it wherever it is, and where that is a callback from C code, such as
    HarfBuzz drawing a glyph, the exception is printed and forgotten. So the first one is
    only remembered, until the next call or the next error; a second one is raised at once.

    Interrupts that are ignored stay so, as of a command started with ``nohup`` or in the
    background of a script. In another thread than the main one, where Python tells of no
    interrupt, nothing is remembered.
    """
    came = False
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN or threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return

    def remember(number: int, frame: FrameType | None) -> None:
        nonlocal came
        if came and callable(before):
            before(number, frame)
        came = True

    def check() -> None:
        if came:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, remember)
    try:
        yield check
    except BaseException:
        check()  # an interrupted helper process fails in its own way
        raise
    finally:
        signal.signal(signal.SIGINT, before)
