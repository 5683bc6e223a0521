"""What the tests of commands share."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterable

import psutil
import pytest

from cnnviz.cli.main import INTERRUPTED

CALL = "import sys; from cnnviz.cli.main import main; sys.exit(main())"


@pytest.fixture
def start_command(
    start: Callable[..., subprocess.Popen[str]],
) -> Callable[..., subprocess.Popen[str]]:
    """Return a function that starts a command, see the fixture ``start``."""

    def run(*arguments: object, **options: object) -> subprocess.Popen[str]:
        return start(CALL, *arguments, **options)

    return run


@pytest.fixture
def interrupt(
    start_command: Callable[..., subprocess.Popen[str]],
    assert_ended: Callable[[Iterable[psutil.Process]], None],
) -> Callable[..., None]:
    """Return a function that interrupts a command once it has said something.

    It asserts that the command says so in one line and that no process is left.
    """

    def run(arguments: list[str], said_first: str, **environment: object) -> None:
        process = start_command(*arguments, **environment)
        assert process.stderr is not None
        assert said_first in process.stderr.readline()
        family = psutil.Process(process.pid).children(recursive=True)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        said = process.stderr.read()
        assert process.wait(timeout=60) == INTERRUPTED
        assert said.splitlines()[-1] == "Error: interrupted; nothing was left behind"
        assert "Traceback" not in said
        assert_ended(family)

    return run
