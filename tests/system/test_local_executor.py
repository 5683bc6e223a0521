"""Processes that take tasks: answers, errors and deaths, and nothing that is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import Future
from pathlib import Path

import pytest

from cnnviz.errors import UserError
from cnnviz.system.local_executor import LocalExecutor


def test_an_executor_leaves_nothing_in_the_system(tmp_path: Path) -> None:
    shared = Path("/dev/shm")
    if not shared.is_dir():
        pytest.skip("semaphores are no files here")
    before = set(shared.iterdir())
    executor = LocalExecutor(1, tmp_path)
    try:
        assert executor.submit(os.path.exists, str(tmp_path)).result()
        assert {path for path in shared.iterdir() if path.name.startswith("sem.mp")} <= before
    finally:
        executor.kill()
        executor.shutdown()


def test_the_executors_answers_errors_and_deaths(tmp_path: Path) -> None:
    executor = LocalExecutor(1, tmp_path)
    try:
        assert executor.submit(divmod, 7, 2).result() == (3, 1)
        failed = executor.submit(int, "seven").exception()
        assert isinstance(failed, ValueError)
        assert "Traceback" in str(failed.__cause__)
        killed = executor.submit(os.kill, *(executor.submit(os.getpid).result(), signal.SIGKILL))
        with pytest.raises(ValueError, match=r"killed \(signal 9\), perhaps for want of memory"):
            killed.result()
        with pytest.raises(RuntimeError, match="exit code 3"):
            executor.submit(os._exit, 3).result()
        assert executor.submit(sum, [1, 2]).result() == 3  # by another process
    finally:
        executor.shutdown()


def test_temporary_files_of_workers_lie_where_they_are_told_to(tmp_path: Path) -> None:
    executor = LocalExecutor(1, tmp_path)
    try:
        assert executor.submit(tempfile.gettempdir).result() == str(tmp_path)
    finally:
        executor.shutdown()


def test_a_worker_does_not_import_the_script_that_is_run(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from pathlib import Path\n"
        "from cnnviz.system.local_executor import LocalExecutor\n"
        f"executor = LocalExecutor(1, Path({str(tmp_path)!r}))\n"
        "print(executor.submit(len, 'abc').result())\n"
        "executor.shutdown()\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert done.stdout == "3\n"


def test_a_killed_process_costs_only_what_it_was_at(tmp_path: Path) -> None:
    with LocalExecutor(2, tmp_path) as executor:
        stays, dies = executor.submit(wait_for, tmp_path / "go"), executor.submit(kill_oneself)
        assert isinstance(dies.exception(timeout=60), UserError)
        after = executor.submit(os.getpid).result()
        (tmp_path / "go").touch()
        assert stays.result(timeout=60) != after


def kill_oneself() -> Future[None]:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def wait_for(path: Path) -> int:
    while not path.exists():
        threading.Event().wait(0.05)
    return os.getpid()
