"""Closed and full standard streams."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

OPENED = """
import os, sys
from cnnviz.system.streams import open_closed_streams
open_closed_streams()
other = os.open(os.devnull, os.O_RDONLY)
os._exit(0 if other > 2 and sys.stdin and sys.stdout and sys.stderr else 1)
"""

CALL = "import sys; from cnnviz.cli.main import main; sys.exit(main())"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_lead_nowhere(closed: str) -> None:
    call = ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-c", OPENED]
    assert subprocess.run(call, check=False).returncode == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is full")
def test_a_full_stdout_is_one_line_and_a_full_stderr_none() -> None:
    call = ["sh", "-c", 'exec "$@" >/dev/full', "sh", sys.executable, "-c", CALL, "--help"]
    done = subprocess.run(call, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("Error: No space left on device: make room")
    assert done.stderr.count("\n") == 1
    call = ["sh", "-c", 'exec "$@" 2>/dev/full', "sh", sys.executable, "-c", CALL, "no such"]
    assert subprocess.run(call, check=False).returncode == 2


def test_a_reader_that_wants_no_more_is_no_error() -> None:
    call = ["sh", "-c", '"$@" | true', "sh", sys.executable, "-c", CALL, "scenes", "--help"]
    done = subprocess.run(call, stderr=subprocess.PIPE, text=True, check=False)
    assert done.stderr == ""
