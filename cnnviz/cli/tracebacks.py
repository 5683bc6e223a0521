"""Tracebacks, which are kept in a file: on the screen an error is one line."""

from __future__ import annotations

import tempfile
import traceback

from cnnviz.system.streams import say

LAST_LINES = 12
"""Lines of a traceback that are printed where it cannot be written to a file."""


def keep_traceback(error: BaseException) -> str:
    """Write an error's traceback to a file and return its path; see :func:`keep_text`."""
    return keep_text("".join(traceback.format_exception(error)))


def keep_text(text: str) -> str:
    """Write a traceback to a file and return its path.

    Where no file can be written, its last lines go to stderr, and what is returned says so.
    """
    try:
        with tempfile.NamedTemporaryFile(
            "w",
            prefix="cnnviz-error-",
            suffix=".txt",
            delete=False,
            encoding="utf-8",
            errors="backslashreplace",
        ) as file:
            file.write(text)
    except OSError:
        say("\n".join(text.rstrip().splitlines()[-LAST_LINES:]))
        return "the lines above (there is no room for a file)"
    return file.name
