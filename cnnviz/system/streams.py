"""The standard streams, which may be closed, full, or gone before the work is done."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from cnnviz.errors import one_line

STANDARD = (0, 1, 2)
"""The descriptors of stdin, stdout and stderr."""


def open_closed_streams() -> None:
    """Open those of the standard streams that are closed to nothing.

    Else the next file that is opened would take their place, and get what others print.
    """
    for descriptor in STANDARD:
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest that is free: this one
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def say(line: str) -> None:
    """Write lines to stderr, or nothing where that is full or gone: work goes on without."""
    with suppress(OSError, ValueError):
        print("\n".join(map(one_line, line.split("\n"))), file=sys.stderr, flush=True)


def flush_stdout() -> OSError | None:
    """Write what has been printed; if that fails, forget it and return why.

    Python would complain of it in its own words while it ends.
    """
    try:
        sys.stdout.flush()
    except OSError as error:
        nothing = os.open(os.devnull, os.O_WRONLY)
        with suppress(OSError, ValueError):
            os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
        return error
    return None


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Let nothing that libraries print or warn of reach stderr, also not what C code prints."""
    logger = logging.getLogger("PIL")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    with warnings.catch_warnings(), _stderr_to_nowhere():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _stderr_to_nowhere() -> Iterator[None]:
    try:
        kept = os.dup(2)
    except OSError:  # it is closed
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
