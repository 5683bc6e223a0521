"""One process at a time writes a file on which it works for long."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cnnviz.errors import UserError
from cnnviz.system.sole_writer import sole_writer

HOLD = (
    "import sys; from pathlib import Path; from cnnviz.system.sole_writer import sole_writer\n"
    "with sole_writer(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
)


def test_nobody_else_has_it_meanwhile_and_nothing_stays(tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    with sole_writer(path):
        with pytest.raises(UserError, match="another process is about to write"), sole_writer(path):
            pass
        with sole_writer(tmp_path / "other.safetensors"):
            pass
    with sole_writer(path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", HOLD, str(path)], **pipes) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(UserError, match="another process"), sole_writer(path):
            pass
        process.send_signal(signal.SIGKILL)
    assert list(tmp_path.iterdir()), "it had no time to tidy up"
    with sole_writer(path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_its_last_writer_removes_is_not_mistaken_for_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "net.safetensors"
    lock, removed = fcntl.flock, []

    def remove_then_lock(descriptor: int, how: int) -> None:
        if not removed:  # its last writer ends between our opening it and locking it
            removed.extend(tmp_path.iterdir())
            removed[0].unlink()
        lock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", remove_then_lock)
    with sole_writer(path):
        assert list(tmp_path.iterdir()) == removed


def test_names_may_be_long_and_a_link_is_not_followed(tmp_path: Path) -> None:
    with sole_writer(tmp_path / ("猫" * 80)):
        (hidden,) = tmp_path.iterdir()
    os.symlink(tmp_path / "elsewhere", hidden)
    with pytest.raises(UserError, match="cannot write"), sole_writer(tmp_path / ("猫" * 80)):
        pass
    assert not (tmp_path / "elsewhere").exists()
