"""The command line as people meet it: help, wrong calls, faults of ours, interrupts."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from cnnviz.cache.store import Cache
from cnnviz.cli import doctor as doctor_module
from cnnviz.cli.main import COMMANDS, INTERRUPTED, LazyGroup, main
from cnnviz.cli.main import cnnviz as group
from cnnviz.staging.parameters import parameters_of
from cnnviz.staging.registry import describe_scenes, load_scene, scene_names


def all_commands() -> list[tuple[str, click.Command]]:
    """Return every command with the words that call it."""
    assert isinstance(group, LazyGroup)
    context = click.Context(group)
    found = []
    for name in COMMANDS:
        command = group.get_command(context, name)
        assert command is not None
        found.append((name, command))
        if isinstance(command, click.Group):
            for scene in command.list_commands(context):
                inner = command.get_command(context, scene)
                assert inner is not None
                found.append((f"{name} {scene}", inner))
    return found


def test_every_command_has_help_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    for words, _ in all_commands():
        assert main([*words.split(), "--help"]) == 0
        assert re.search(rf"Example:\s+cnnviz {words}", capsys.readouterr().out), words


@pytest.mark.parametrize("words", [[], ["render"], ["still"], ["audit"], ["cache"]])
def test_a_group_alone_prints_its_help_as_click_does(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--help"]) == 0
    text = capsys.readouterr().out
    assert text.count("\n") > 8
    assert main(words) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == text
    with pytest.raises(SystemExit) as left:
        group.main(words, prog_name="cnnviz")
    assert left.value.code == 2


@pytest.mark.parametrize("words", [[], ["render"], ["render", "conv"], ["cache", "show"]])
def test_help_is_a_command_too(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--help"]) == 0
    text = capsys.readouterr().out
    assert main(["help", *words]) == 0
    assert capsys.readouterr().out == text


def test_every_option_is_explained() -> None:
    for words, command in all_commands():
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{words} {parameter.opts}"


def test_no_help_imports_what_takes_long() -> None:
    describe_scenes(Cache())  # what scenes say is known from earlier
    code = (
        "import sys; from cnnviz.cli.main import COMMANDS, main; main(['--help']);"
        "[main([name, '--help']) for name in COMMANDS]; main(['render', 'conv', '--help']);"
        "print([m for m in ('torch', 'manim', 'numpy', 'PIL', 'rich') if m in sys.modules])"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip().endswith("[]")
    assert "render" in printed.stdout


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (["rendr"], 'there is no command "rendr": did you mean "cnnviz render"?'),
        (["conv"], 'there is no command "conv": did you mean "cnnviz render conv"?'),
        (["conf"], 'there is no command "conf": did you mean "cnnviz render conv"?'),
        (["verdict.py"], 'did you mean "cnnviz render verdict.py"?'),
        (["pyproject.toml"], 'did you mean "cnnviz render lecture pyproject.toml"?'),
        (["xyzzy"], 'there is no command "xyzzy": choose render, compare, build'),
        (["cache", "shwo"], 'there is no command "shwo": did you mean "show"?'),
        (["help", "rendr"], 'did you mean "cnnviz render"?'),
        (["completion", "csh"], "'csh' is not one of 'bash', 'zsh', 'fish'"),
        (["render", "cov"], 'there is no scene "cov": did you mean "conv"? Else choose average'),
        (["render", "xyzzy"], 'there is no scene "xyzzy": choose average'),
        (["render", "pyproject.toml"], "name one before the picture, as in cnnviz render conv"),
        (["render", "conv", "--layr", "a"], "Did you mean '--layer'"),
        (["render", "conv", "--quiet", "-v"], "--quiet leaves out what --verbose asks for"),
        (["render", "conv", "-Q", "--profile"], "--quiet leaves out what --profile asks for"),
        (["still", "conv", "a.png", "b.png"], "still conv takes one picture, not 2: a.png, b.png"),
        (["audit", "conv", "a.png", "--image", "b.png"], "takes one picture, not 2"),
        (["render", "conv", "no such.png"], "no such.png"),
        (["render", "conv", "--layer"], "--layer"),
        (["render", "conv", "--channel", "three"], "'three' is not a valid integer"),
        (["render", "conv", "--channel", "-1"], "-1 is not in the range x>=0"),
        (["render", "hyperparameters", "--stride", "2.5"], "'2.5' is not a valid integer."),
        (["still", "hyperparameters", "--stride", "7"], "7 is not in the range 1<=x<=6"),
        (["render", "conv", "--pixel", "3;4"], "'3;4' is not ROW,COLUMN"),
        (["render", "conv", "--layer", "conv_9_9"], 'no convolution "conv_9_9": choose conv_1_1'),
        (["render", "conv", "--channel", "10"], "no channel 10: choose 0 to 9"),
        (["render", "conv", "--pixel", "62,0"], "no pixel 62,0: choose row 0 to 61"),
        (["render", "conv", "--image", "no such.png"], "no such.png"),
        (["render", "conv", "--crop", "0,0,9999,9999"], "9999"),
        (["render", "conv", "--weights", "no.safetensors"], "no.safetensors"),
        (["render", "conv", "-o", "film.avi"], 'the output is "film.avi": give a name that ends'),
        (["render", "conv", "-q", "x"], "'x' is not one of"),
        (["inspect", "pyproject.toml"], "pyproject.toml"),
    ],
)
def test_wrong_calls_get_one_line_and_exit_code_2(
    call: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(call) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("Error: ")
    assert printed.err.count("\n") == 1
    assert message in printed.err


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid"), reason="needs POSIX rights")
def test_output_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    assert main(["render", "conv", "-o", str(blocker / "film.mp4")]) == 2
    assert f'cannot write "{blocker / "film.mp4"}"' in capsys.readouterr().err
    assert main(["render", "conv", "-o", str(tmp_path)]) == 2


def test_a_fault_of_ours_leaves_a_traceback_in_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> list[doctor_module.Finding]:
        raise RuntimeError("planted")

    monkeypatch.setattr(doctor_module, "examine", broken)
    assert main(["doctor"]) == 1
    line = capsys.readouterr().err
    assert line.startswith("Error: cnnviz failed (RuntimeError); please report it at https://")
    report = Path(line.split()[-1])
    assert "planted" in report.read_text(encoding="utf-8")
    report.unlink()


def test_interrupt_leaves_nothing_behind(
    tmp_path: Path, start_command: Callable[..., subprocess.Popen[str]]
) -> None:
    process = start_command("render", "conv", "-q", "m", "-o", tmp_path / "film.mp4")
    assert process.stderr is not None
    assert "frames" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    rest = process.stderr.read()
    assert process.wait(timeout=60) == INTERRUPTED
    assert "interrupted" in rest
    assert "Traceback" not in rest
    assert list(tmp_path.iterdir()) == []


def test_scenes_are_listed_with_their_parameters(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenes", "--json"]) == 0
    listing = json.loads(capsys.readouterr().out)
    assert list(listing) == scene_names()
    for name, entry in listing.items():
        assert list(entry["parameters"]) == list(parameters_of(load_scene(name).Parameters))
        assert entry["summary"]
    assert main(["scenes"]) == 0
    assert "--pixel" in capsys.readouterr().out


def test_the_doctor_is_content_here(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    printed = capsys.readouterr().out
    assert "Noto Sans" in printed
    assert "missing" not in printed


def test_the_doctor_says_what_lacks_and_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor_module, "requires", lambda _: ["nowhere-at-all>=3", "click>=99"])
    assert main(["doctor"]) == 1
    printed = capsys.readouterr().out
    assert "python -m pip install 'nowhere-at-all>=3'" in printed
    assert "but >=99 is needed" in printed


def test_a_working_folder_that_is_gone_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert main(["render", "softmax", "-o", str(tmp_path / "film.mp4")]) == 2
    assert capsys.readouterr().err == (
        "Error: the working folder has been removed: cd to another one\n"
    )
