"""What the tests of commands share."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from cnnviz.cli.main import INTERRUPTED

START = "import sys; from cnnviz.cli.main import main; sys.exit(main())"


@pytest.fixture
def interrupt() -> Callable[..., None]:
    """Return a function that interrupts a command once it has said something.

    It asserts that the command says so in one line and that no process is left.
    """

    def run(arguments: list[str], said_first: str, **environment: Path) -> None:
        process = subprocess.Popen(
            [sys.executable, "-c", START, *arguments],
            env={**os.environ, **{name: str(value) for name, value in environment.items()}},
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert process.stderr is not None
        with process:
            assert said_first in process.stderr.readline()
            family = psutil.Process(process.pid).children(recursive=True)
            os.killpg(process.pid, signal.SIGINT)  # as a terminal does
            said = process.stderr.read()
            assert process.wait(timeout=60) == INTERRUPTED
        assert said.splitlines()[-1] == "Error: interrupted; nothing was left behind"
        assert "Traceback" not in said
        psutil.wait_procs(family, timeout=30)
        assert not [each for each in family if each.is_running()]

    return run
