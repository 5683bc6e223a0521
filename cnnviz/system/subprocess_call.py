"""Work that may never end, or take its process down: libraries in C at damaged files."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import TimeoutError  # noqa: A004
from typing import ParamSpec, TypeVar

from cnnviz.errors import UserError
from cnnviz.system.local_executor import KilledError, LocalExecutor
from cnnviz.system.scratch import scratch_folder

P = ParamSpec("P")
T = TypeVar("T")

LONGEST = 60.0
"""Seconds that such work may take."""


def call_in_subprocess(function: Callable[P, T], *arguments: P.args, **keywords: P.kwargs) -> T:
    """Call a function in a process of its own, and return what it returns.

    Parameters
    ----------
    function
        Can be imported; what it takes and gives can be pickled.
    *arguments, **keywords
        What it is called with.

    Raises
    ------
    UserError
        If the process dies, or works for longer than a minute.
    """
    with scratch_folder() as folder, LocalExecutor(1, folder) as executor:
        try:
            return executor.submit(function, *arguments, **keywords).result(LONGEST)
        except TimeoutError:
            executor.kill()
            raise UserError(
                f"it is damaged: reading it has not come to an end within {LONGEST:.0f} seconds"
            ) from None
        except KilledError:
            raise UserError("it is damaged: whoever reads it dies") from None
