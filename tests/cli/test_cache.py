"""``cnnviz cache`` in a folder that holds other things, too."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cnnviz.cli.main import main

SMALL = ["-q", "l", "--fps", "2", "--pace", "0.1"]


def test_what_else_lies_there_stays(
    fresh_cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = fresh_cache
    theirs = [
        place / "wedding.mp4",
        place / "films" / "old" / "film.json",
        place / "work-of-mine" / "thesis.txt",
        place / "cnnviz" / "notes.txt",
        place / "cnnviz" / "films" / "mine.mp4",
        place / "cnnviz" / "traces" / "0123456789abcdef0123456789abcdef",
        place / "cnnviz" / "mine" / "fedcba9876543210fedcba9876543210",
    ]
    assert main(["scenes"]) == 0  # makes the cache
    for path in theirs:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a user's")
        os.utime(path, (1, 1))
        os.utime(path.parent, (1, 1))
    assert main(["render", "overview", *SMALL, "-o", str(tmp_path / "film.mp4")]) == 0
    capsys.readouterr()
    assert main(["cache", "show"]) == 0
    kinds = [line.split()[:2] for line in capsys.readouterr().out.splitlines()[1:-1]]
    assert ["1", "films"] in kinds
    assert ["2", "traces"] in kinds
    assert main(["cache", "clear"]) == 0
    assert {path.read_text() for path in theirs} == {"a user's"}
    left = {path for path in place.rglob("*") if path.is_file()}
    assert left == {*theirs, place / "cnnviz" / "CACHEDIR.TAG"}


def test_somebody_elses_folder_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CNNVIZ_CACHE_DIR", str(tmp_path))
    (tmp_path / "cnnviz").mkdir()
    (tmp_path / "cnnviz" / "thesis.txt").write_text("years of work")
    assert main(["scenes"]) == 0
    for command in ("show", "clear"):
        assert main(["cache", command]) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert f'"{tmp_path / "cnnviz"}" is not a cache of cnnviz\'s' in line
    assert [path.name for path in tmp_path.rglob("*")] == ["cnnviz", "thesis.txt"]
