"""Work in a process of its own, which may die or never end."""

import signal
import time

import pytest

from cnnviz.errors import UserError
from cnnviz.system import subprocess_call
from cnnviz.system.subprocess_call import call_in_subprocess


def test_what_it_returns_and_raises_arrives() -> None:
    assert call_in_subprocess(divmod, 7, 2) == (3, 1)
    with pytest.raises(ValueError, match="invalid literal"):
        call_in_subprocess(int, "seven")


def test_a_death_is_the_files_fault() -> None:
    with pytest.raises(UserError, match="whoever reads it dies"):
        call_in_subprocess(signal.raise_signal, signal.SIGSEGV)


def test_what_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess_call, "LONGEST", 0.5)
    start = time.monotonic()
    with pytest.raises(UserError, match="has not come to an end within"):
        call_in_subprocess(time.sleep, 600)
    assert time.monotonic() - start < 60
