"""A pipe, a device or a folder where a file is wanted ends in one line, soon."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from cnnviz.cli.main import main

SMALL = ["-q", "l", "--fps", "2", "--pace", "0.2"]

COMMANDS = {
    "render": lambda image: ["render", "conv", *SMALL, "--image", image],
    "batch": lambda image: ["render", "conv", *SMALL, "--image", image, "--image", image + "2"],
    "still": lambda image: ["still", "conv", *SMALL, "--at", "0", "--image", image],
    "inspect": lambda image: ["inspect", image],
    "audit": lambda image: ["audit", "conv", "--image", image],
}


@pytest.fixture
def check_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., None]:
    """Return a function that runs a command in an empty folder.

    It asserts that the command says one line and leaves nothing behind.
    """
    monkeypatch.chdir(tmp_path)

    def check(arguments: list[str], *said: str) -> None:
        before = {path for path in tmp_path.rglob("*") if path.is_file()}
        assert main(arguments) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        (line,) = printed.err.splitlines()
        assert line.startswith("Error: ")
        for each in said:
            assert each in line
        assert {path for path in tmp_path.rglob("*") if path.is_file()} == before

    return check


@pytest.mark.timeout(60)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_pipe_as_a_picture(
    tmp_path: Path, check_fails: Callable[..., None], command: str
) -> None:
    for name in ("pipe", "pipe2"):
        os.mkfifo(tmp_path / name)
    check_fails(COMMANDS[command]("pipe"), "'pipe'", "not an ordinary file")


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("picture", "reason"), [("/dev/zero", "not an ordinary file"), (".", "is a folder")]
)
def test_a_device_or_a_folder_as_a_picture(
    check_fails: Callable[..., None], picture: str, reason: str
) -> None:
    check_fails(COMMANDS["inspect"](picture), f"'{picture}'", reason)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("weights", "reason"),
    [("pipe", "not an ordinary file"), ("/dev/zero", "not an ordinary file"), (".", "is a folder")],
)
def test_weights(
    tmp_path: Path, check_fails: Callable[..., None], weights: str, reason: str
) -> None:
    os.mkfifo(tmp_path / "pipe")
    photo = tmp_path / "photo.png"
    Image.new("RGB", (40, 40)).save(photo)
    check_fails(["inspect", str(photo), "--weights", weights], f"'{weights}'", reason)
