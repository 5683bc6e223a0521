"""Tracebacks, which are kept in a file: on the screen an error is one line."""

from __future__ import annotations

import tempfile
import traceback
from pathlib import Path


def keep_traceback(error: BaseException) -> Path:
    """Write an error's traceback to a file and return its path."""
    return keep_text("".join(traceback.format_exception(error)))


def keep_text(text: str) -> Path:
    """Write a traceback to a file and return its path."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="cnnviz-error-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        file.write(text)
    return Path(file.name)
