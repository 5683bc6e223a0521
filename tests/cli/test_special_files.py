"""A pipe, a device or a folder where a file is wanted ends in one line, soon."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CNNVIZ = [sys.executable, "-c", "import sys; from cnnviz.cli.main import main; sys.exit(main())"]
SMALL = ["-q", "l", "--fps", "2", "--pace", "0.2"]

COMMANDS = {
    "render": lambda image: ["render", "conv", *SMALL, "--image", image],
    "batch": lambda image: ["render", "conv", *SMALL, "--image", image, "--image", image + "2"],
    "still": lambda image: ["still", "conv", *SMALL, "--at", "0", "--image", image],
    "inspect": lambda image: ["inspect", image],
    "audit": lambda image: ["audit", "conv", "--image", image],
}


def check_fails(arguments: list[str], folder: Path, *said: str) -> None:
    """Run a command in a folder and assert that it says one line and leaves nothing behind."""
    before = sorted(folder.rglob("*"))
    done = subprocess.run(
        [*CNNVIZ, *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: ")
    for each in said:
        assert each in line
    assert [path for path in sorted(folder.rglob("*")) if path.is_file()] == [
        path for path in before if path.is_file()
    ]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_pipe_as_a_picture(tmp_path: Path, command: str) -> None:
    for name in ("pipe", "pipe2"):
        os.mkfifo(tmp_path / name)
    check_fails(COMMANDS[command]("pipe"), tmp_path, "'pipe'", "not an ordinary file")


@pytest.mark.parametrize("command", ["render", "inspect"])
def test_a_device_as_a_picture(tmp_path: Path, command: str) -> None:
    check_fails(COMMANDS[command]("/dev/zero"), tmp_path, "'/dev/zero'", "not an ordinary file")


@pytest.mark.parametrize("command", ["still", "inspect"])
def test_a_folder_as_a_picture(tmp_path: Path, command: str) -> None:
    (tmp_path / "photos").mkdir()
    check_fails(COMMANDS[command]("photos"), tmp_path, "'photos'", "is a folder")


@pytest.mark.parametrize(
    ("weights", "reason"),
    [("pipe", "not an ordinary file"), ("/dev/zero", "not an ordinary file"), (".", "is a folder")],
)
def test_weights(tmp_path: Path, weights: str, reason: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    arguments = ["render", "conv", *SMALL, "--weights", weights]
    check_fails(arguments, tmp_path, f"'{weights}'", reason)
