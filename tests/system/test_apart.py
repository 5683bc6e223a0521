"""Work in a process of its own, which may die or never end."""

import signal
import time

import pytest

from cnnviz.errors import UserError
from cnnviz.system import apart
from cnnviz.system.apart import call_apart


def test_what_it_returns_and_raises_arrives() -> None:
    assert call_apart(divmod, 7, 2) == (3, 1)
    with pytest.raises(ValueError, match="invalid literal"):
        call_apart(int, "seven")


def test_a_death_is_the_files_fault() -> None:
    with pytest.raises(UserError, match="whoever reads it dies"):
        call_apart(signal.raise_signal, signal.SIGSEGV)


def test_what_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LONGEST", 0.5)
    start = time.monotonic()
    with pytest.raises(UserError, match="has not come to an end within"):
        call_apart(time.sleep, 600)
    assert time.monotonic() - start < 60
