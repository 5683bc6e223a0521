"""Signals that end a program: Ctrl-C, and what `kill`, `timeout` and clusters send.

All of them raise KeyboardInterrupt, so that whatever cleans up after Ctrl-C does so after the
others, too, and none of them can get lost.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C; the polite way to end a program; the terminal is gone."""

FIRST_EXIT_CODE = 128
"""Shells expect this plus the signal's number from a program that a signal has ended."""


class EndedError(KeyboardInterrupt):
    """A signal other than Ctrl-C's asks this process to end.

    Parameters
    ----------
    number
        The signal's.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def exit_code_of(interrupt: KeyboardInterrupt) -> int:
    """Return what a program ends with after an interrupt: 130 for Ctrl-C, 143 for SIGTERM."""
    number = interrupt.number if isinstance(interrupt, EndedError) else signal.SIGINT
    return FIRST_EXIT_CODE + int(number)


@contextmanager
def signals_as_interrupts() -> Iterator[None]:
    """Let the signals that end a program raise :class:`EndedError`, unless they are ignored.

    In another thread than the main one, where Python tells of no signal, nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {}
    for number in SIGNALS:
        if signal.getsignal(number) is signal.SIG_DFL:
            before[number] = signal.signal(number, _end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int, frame: FrameType | None) -> None:
    raise EndedError(number)


@contextmanager
def remembered_interrupts() -> Iterator[Callable[[], None]]:
    """Give a function that raises KeyboardInterrupt if an interrupt has come.

    Python would raise it wherever it is, and where that is a callback from C code, such as
    HarfBuzz drawing a glyph, the exception is printed and forgotten. So the first one is
    only remembered, until the next call or the next error; a second one is raised at once.

    Interrupts that are ignored stay so, as of a command started with ``nohup`` or in the
    background of a script, and what ends a process at once goes on to do so. In another thread
    than the main one, where Python tells of no interrupt, nothing is remembered.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}
    handlers = {number: handler for number, handler in before.items() if callable(handler)}
    came: list[int] = []

    def remember(number: int, frame: FrameType | None) -> None:
        came.append(number)
        if len(came) > 1:
            handlers[signal.Signals(number)](number, frame)

    def check() -> None:
        if came:
            handlers[signal.Signals(came[0])](came[0], None)
            raise KeyboardInterrupt  # whatever else the handler does

    for number in handlers:
        signal.signal(number, remember)
    try:
        yield check
    except BaseException as error:
        if not isinstance(error, KeyboardInterrupt):
            check()  # an interrupted helper process fails in its own way
        raise
    finally:
        for number in handlers:
            signal.signal(number, before[number])
