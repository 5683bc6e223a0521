"""Machines that share nothing: a scheduler of Dask, and workers with folders of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

DASK = [sys.executable, "-m", "distributed.cli.dask_worker"]


class Machines:
    """A scheduler, and workers that see neither the client's files nor each other's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address_file = folder / "scheduler.json"
        call = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--no-dashboard"]
        where = ["--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(self.address_file)]
        self.processes = [start([*call, *where], folder)]
        wait_until(self.address_file.exists)
        self.workers: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def address(self) -> str:
        address: str = json.loads(self.address_file.read_text())["address"]
        return address

    def start_worker(self, name: str) -> None:
        home = self.folder / name
        home.mkdir(exist_ok=True)
        call = [*DASK, self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard"]
        self.workers[name] = start([*call, "--local-directory", str(home / "dask")], home)
        self.processes.append(self.workers[name])

    def kill_worker(self, name: str) -> None:
        os.kill(self.workers[name].pid, signal.SIGKILL)
        self.workers[name].wait(timeout=30)

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait(timeout=30)


def start(call: list[str], home: Path) -> subprocess.Popen[bytes]:
    own = {"CNNVIZ_CACHE_DIR": str(home / "cache"), "TMPDIR": str(home / "tmp")}
    (home / "tmp").mkdir(exist_ok=True)
    return subprocess.Popen(
        call,
        env={**os.environ, **own},
        cwd=home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def wait_until(is_true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.05)
