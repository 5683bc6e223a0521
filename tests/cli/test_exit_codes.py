"""``docs/exit-codes.md`` keeps its word."""

from __future__ import annotations

import re
import shlex
import signal
from pathlib import Path

import click
import pytest

from cnnviz.cli.main import INTERRUPT_MESSAGE, main
from cnnviz.course import build as building
from cnnviz.course.plan import Plan
from cnnviz.system.interrupts import EndedError

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "exit-codes.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^\| `cnnviz ([^`]+)` \| (\d+) \| (.*?) ?\|$", DOCUMENT, re.MULTILINE)


@pytest.mark.parametrize(("call", "code", "message"), EXAMPLES)
def test_the_examples_are_true(
    call: str,
    code: str,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(shlex.split(call)) == int(code)
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == (code != "0")
    assert said.startswith("Error: ") == (code != "0")


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (KeyboardInterrupt(), 130),
        (EndedError(signal.SIGTERM), 143),
        (EndedError(signal.SIGHUP), 129),
        (OSError(28, "No space left on device", "/full/film.mp4"), 2),
        (PermissionError(13, "Permission denied", "/theirs"), 2),
        (MemoryError(), 2),
        (KeyError("ours"), 1),
    ],
)
def test_the_codes_are_those_of_the_table(
    raised: BaseException,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(click.Group, "invoke", fail)
    assert main(["cache", "show"]) == code
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith("Error: ")
    assert f"| {code} |" in DOCUMENT
    if isinstance(raised, KeyboardInterrupt):
        assert INTERRUPT_MESSAGE in said
        assert INTERRUPT_MESSAGE in DOCUMENT
    if isinstance(raised, OSError):
        assert str(raised.filename) in said
    assert ("cnnviz failed (KeyError)" in said) == (code == 1)


def test_a_build_that_is_ended_says_that_it_can_go_on_and_has_the_signals_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def end(*_: object) -> None:
        raise EndedError(signal.SIGTERM)

    monkeypatch.setattr(building, "prepare_course", lambda course, options: (None, Plan(())))
    monkeypatch.setattr(building, "build_course", end)
    assert main(["build", "--no-cache", "--quiet"]) == 143
    assert "interrupted; what was finished stays" in capsys.readouterr().err


def test_a_traceback_that_cannot_be_written_is_shortened_on_stderr(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("ours")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(click.Group, "invoke", fail)
    monkeypatch.setattr("tempfile.NamedTemporaryFile", full)
    assert main(["cache", "show"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) <= 13
    assert "KeyError: 'ours'" in said
    assert "with the lines above" in said[-1]
