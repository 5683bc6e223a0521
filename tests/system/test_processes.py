"""Processes that work for another end with it, however it ends, and hear of no signal."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil
import pytest

from cnnviz.system.processes import end_process, start_process

PARENT = """
import sys, time
from pathlib import Path
from cnnviz.system.local_executor import LocalExecutor
from cnnviz.system.processes import start_process
sys.path.insert(0, sys.argv[1])
import busy
kind = sys.argv[2]
if kind == "process":
    start_process("busy", sys.argv[1])
else:
    executor = LocalExecutor(2, Path(sys.argv[1]))
    for number in range(2):
        executor.submit(busy.main, sys.argv[1])
time.sleep(600)
"""

BUSY = """
import os, time
from pathlib import Path
def main(folder):
    (Path(folder) / f"working-{os.getpid()}").touch()
    time.sleep(600)
"""


@pytest.fixture
def busy(tmp_path: Path) -> Path:
    """Return a folder with a module whose ``main`` says that it works, and does so for long."""
    (tmp_path / "busy.py").write_text(BUSY)
    return tmp_path


def at_work(folder: Path, count: int) -> list[psutil.Process]:
    """Wait until so many processes work, and return them."""
    while len(found := list(folder.glob("working-*"))) < count:
        time.sleep(0.01)
    return [psutil.Process(int(path.name.partition("-")[2])) for path in found]


@pytest.mark.parametrize(("kind", "count"), [("process", 1), ("executor", 2)])
@pytest.mark.parametrize("prctl", [True, False])
def test_workers_end_with_a_killed_parent(
    busy: Path,
    kind: str,
    count: int,
    prctl: bool,
    start: Callable[..., subprocess.Popen[str]],
    assert_ended: Callable[[Iterable[psutil.Process]], None],
) -> None:
    # Where there is no prctl, as on macOS, the pipe that closes tells.
    code = PARENT if prctl else f"import sys; sys.platform = 'darwin'\n{PARENT}"
    parent = start(code, busy, kind)
    workers = at_work(busy, count)
    parent.send_signal(signal.SIGKILL)
    assert_ended(workers)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_are_for_the_parent(
    busy: Path, number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(busy)
    process = start_process("busy", str(busy))
    (worker,) = at_work(busy, 1)
    worker.send_signal(number)
    assert worker.is_running()
    end_process(process)
    assert process.returncode == -signal.SIGKILL


def test_warnings_as_errors_are_for_the_parent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "warning.py").write_text("import warnings\ndef main(): warnings.warn('old')\n")
    process = start_process("warning", stderr=subprocess.PIPE)
    assert process.stderr is not None
    assert process.stderr.read() == ""
    assert process.wait() == 0
    end_process(process)


FREEING = """
import sys
import numpy as np, psutil
from cnnviz.system.processes import give_memory_back
if sys.argv[1] == "gives":
    give_memory_back()
process = psutil.Process()
picture = np.ones(20_000_000, np.uint8)
del picture  # from here on glibc would take smaller ones from its heap
before = process.memory_info().rss
pictures = [np.ones(5_000_000, np.uint8) for _ in range(8)]
del pictures[:-1]
print(process.memory_info().rss - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc alone keeps what is freed")
def test_memory_that_is_freed_goes_back_to_the_system() -> None:
    kept = {
        how: int(subprocess.check_output([sys.executable, "-c", FREEING, how], text=True))
        for how in ("keeps", "gives")
    }
    assert kept["gives"] < 10_000_000 < 30_000_000 < kept["keeps"]
