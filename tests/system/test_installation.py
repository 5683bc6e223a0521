"""How to add an extra, for each way in which people install."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from cnnviz.system import installation


class Installed:
    """What pip leaves about a package."""

    requires = ("click>=8", 'noto-cjk-sans-otc>=0.0.1; extra == "cjk"', 'ruff; extra == "dev"')

    def __init__(self, **origin: object) -> None:
        self.origin = json.dumps(origin) if origin else None

    def read_text(self, name: str) -> str | None:
        assert name == "direct_url.json"
        return self.origin


@pytest.mark.parametrize(
    ("installed", "command"),
    [
        (Installed(), "python -m pip install 'cnnviz[cjk]'"),
        (
            Installed(url="file:///a.whl", archive_info={}),
            "python -m pip install noto-cjk-sans-otc",
        ),
        (Installed(url="file:///a", dir_info={}), "python -m pip install noto-cjk-sans-otc"),
        (
            Installed(url="file:///a%20b", dir_info={"editable": True}),
            "python -m pip install -e '/a b[cjk]'",
        ),
    ],
)
def test_pip(monkeypatch: pytest.MonkeyPatch, installed: Installed, command: str) -> None:
    monkeypatch.setattr(installation, "distribution", lambda name: installed)
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    assert installation.how_to_add("cjk") == command
    monkeypatch.setenv("PATH", "")
    assert installation.how_to_add("cjk") == command.replace("python", sys.executable, 1)


def test_pipx(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "pipx_metadata.json").touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(installation, "distribution", lambda name: Installed())
    assert installation.how_to_add("cjk") == "pipx inject cnnviz noto-cjk-sans-otc"


def test_the_real_metadata_has_the_extra() -> None:
    assert "cjk" in installation.how_to_add("cjk")


def test_faults_are_reported_at_an_address() -> None:
    assert re.fullmatch(r"https://\S+/issues", installation.where_to_report())
