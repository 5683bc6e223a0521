"""Pictures named without an option, with ``--image``, and both."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnnviz.cli.main import main
from tests.short_film.short import SHORT_SCENE

SMALL = ["-q", "l", "--fps", "2", "--pace", "0.2"]


@pytest.fixture
def pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with pictures, one of them in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "more").mkdir()
    for seed, name in enumerate(["a.png", "b.png", "c.png", "more/d.png"]):
        pixels = np.random.default_rng(seed).integers(0, 255, (64, 64, 3), np.uint8)
        Image.fromarray(pixels).save(tmp_path / name)
    return tmp_path


def sources(films: list[str]) -> list[str]:
    """Return the names of the pictures that films are about."""
    manifests = [json.loads(Path(film).with_suffix(".json").read_text()) for film in films]
    return [Path(manifest["source"]["image"]).name for manifest in manifests]


def test_a_picture_needs_no_option(pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", SHORT_SCENE, "a.png", *SMALL, "-Q"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert sources(printed.out.splitlines()) == ["a.png"]
    films = []
    for call in (["a.png"], ["--image", "a.png"]):
        assert main(["still", SHORT_SCENE, *SMALL, *call, "--at", "1", "-o", "still.png"]) == 0
        films.append(Path("still.png").read_bytes())
    assert films[0] == films[1]


def test_pictures_without_an_option_come_first(
    pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = [
        "render",
        SHORT_SCENE,
        "--image",
        "a.png",
        "c.png",
        "more",
        *SMALL,
        "--quiet",
        "-j",
        "2",
    ]
    assert main(call) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert sources(printed.out.splitlines()) == ["c.png", "d.png", "a.png"]


def test_a_default_picture_gives_way(pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("cnnviz.toml").write_text('image = "a.png"\nquiet = true\n[still]\nimage = "b.png"')
    assert main(["render", SHORT_SCENE, *SMALL]) == 0
    assert main(["render", SHORT_SCENE, "c.png", *SMALL]) == 0
    assert main(["render", SHORT_SCENE, "--image", "c.png", *SMALL]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert sources(printed.out.splitlines()) == ["a.png", "c.png", "c.png"]
    assert main(["still", SHORT_SCENE, "--at", "0", "c.png", *SMALL]) == 0
    assert "_c_" in capsys.readouterr().out


def test_errors_are_told_quietly_too(pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", SHORT_SCENE, "none.png", "-Q"]) == 2
    assert "none.png" in capsys.readouterr().err
