"""Processes: fresh ones that do one thing, and short ones, such as a command."""

from __future__ import annotations

import atexit
import gc
import sys

START = "import sys; sys.path[:] = {path!r}; from {module} import main; main(*{arguments!r})"

ALLOCATIONS_PER_COLLECTION = 50_000
"""Python's own 700 are for long lives."""


def command_for(module: str, *arguments: object) -> list[str]:
    """Return the command that calls a module's ``main`` in another process.

    Parameters
    ----------
    module
        Its full name.
    arguments
        What ``main`` is called with: values that are what their ``repr`` says.
    """
    code = START.format(path=sys.path, module=module, arguments=arguments)
    return [sys.executable, "-X", "utf8", "-P", "-c", code]


def collect_garbage_rarely() -> None:
    """Take into account that this process is short and that its memory ends with it.

    Imports are a tenth faster when Python does not search them for garbage, and so is the end
    of the process when it does not search everything once more.
    """
    gc.set_threshold(ALLOCATIONS_PER_COLLECTION)
    atexit.register(gc.freeze)
