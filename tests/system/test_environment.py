"""What libraries find in the environment: a home folder that may be entered, and a PATH."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cnnviz.errors import UserError
from cnnviz.system.environment import complete_environment, require_working_folder


@pytest.mark.parametrize(("may_enter", "expected"), [(True, None), (False, "/")])
def test_a_home_that_may_not_be_entered_is_none(
    may_enter: bool,
    expected: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(os, "access", lambda *_: may_enter)  # root may enter everywhere
    complete_environment()
    assert os.environ["HOME"] == (expected or str(tmp_path))


def test_a_user_without_a_home_has_the_root_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> Path:
        raise RuntimeError("no such user")

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(Path, "home", nobody)
    complete_environment()
    assert os.environ["HOME"] == "/"


def test_libraries_find_a_path_where_none_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PATH")
    complete_environment()
    assert os.environ["PATH"] == os.defpath


def test_a_path_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/somewhere")
    complete_environment()
    assert os.environ["PATH"] == "/somewhere"


def test_a_working_folder_that_may_not_be_entered_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    require_working_folder()
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may enter everywhere
    with pytest.raises(UserError, match=f'"{tmp_path}" may not be entered: cd to another one'):
        require_working_folder()
