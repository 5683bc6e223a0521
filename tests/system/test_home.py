"""The home folder that libraries are told of."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cnnviz.system.home import ensure_home


@pytest.mark.parametrize(("may_enter", "expected"), [(True, None), (False, "/")])
def test_a_home_that_may_not_be_entered_is_none(
    may_enter: bool,
    expected: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(os, "access", lambda *_: may_enter)  # root may enter everywhere
    ensure_home()
    assert os.environ["HOME"] == (expected or str(tmp_path))


def test_a_user_without_a_home_has_the_root_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> Path:
        raise RuntimeError("no such user")

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(Path, "home", nobody)
    ensure_home()
    assert os.environ["HOME"] == "/"
