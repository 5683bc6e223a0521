"""Tracebacks, which are kept in a file: on the screen an error is one line."""

from __future__ import annotations

import tempfile
import traceback
from pathlib import Path


def keep_traceback(error: BaseException) -> Path:
    """Write an error's traceback to a file and return its path."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="cnnviz-error-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        file.write("".join(traceback.format_exception(error)))
    return Path(file.name)
