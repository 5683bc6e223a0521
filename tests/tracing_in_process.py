"""The network's process, played by the one that runs the tests, which has torch already."""

from __future__ import annotations

import io
import traceback
from ast import literal_eval
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import IO

import pytest

from cnnviz.cache import traces
from cnnviz.network import tracing_process


class TracedHere:
    """What a process would have said and left, had it been started with these arguments."""

    def __init__(self, *arguments: object, stderr: IO[str]) -> None:
        said = io.StringIO()
        self._code = 0
        with redirect_stdout(said):
            try:
                tracing_process.main(*literal_eval(f"{arguments!a}"))
            except SystemExit as left:
                self._code = int(left.code or 0)
            except Exception:
                self._code = 1
                traceback.print_exc(file=stderr)
        self.stdout = io.StringIO(said.getvalue())

    def wait(self) -> int:
        return self._code


@contextmanager
def tracing_in_process() -> Iterator[None]:
    """Start no process for the network: each would import torch, for more than a second.

    Processes of their own are started by all commands that tests start as processes, and what
    becomes of them is tested in ``tests/cache/test_traces.py``.
    """

    def start(module: str, *arguments: object, stdout: int, stderr: IO[str]) -> TracedHere:
        assert module == tracing_process.__name__
        return TracedHere(*arguments, stderr=stderr)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(traces, "start_process", start)
        patch.setattr(traces, "end_process", lambda process: None)
        yield
