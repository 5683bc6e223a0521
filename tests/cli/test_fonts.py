"""The commands where the font for Chinese is not installed, and names that no font has."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnnviz.cli import doctor as doctor_module
from cnnviz.cli.main import main
from cnnviz.network import Network, save_network
from cnnviz.pipeline import tracing
from tests.conftest import fixed_network

SMALL = ["-q", "l", "--fps", "2", "--pace", "0.2"]


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail if a network looks at a picture."""

    def refuse(*arguments: object) -> None:
        raise AssertionError("the network ran")

    monkeypatch.setattr(tracing, "tracing", refuse)


@pytest.mark.usefixtures("without_chinese_font", "no_network")
@pytest.mark.parametrize(
    "call",
    [
        ["render", "relu"],
        ["render", "relu", "--image", "a.png", "--image", "b.png"],
        ["still", "relu", "--at", "1"],
        ["audit", "relu"],
    ],
    ids=" ".join,
)
def test_chinese_without_its_font_is_refused_before_work_begins(
    call: list[str],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*call, "--language", "zh"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith('Error: the language "zh" needs a font: ')
    assert "cjk" in line
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("without_chinese_font")
def test_an_arrow_is_drawn_without_the_font_for_chinese(
    tmp_path: Path, small_weights: Path
) -> None:
    film = tmp_path / "softmax.mp4"
    call = [
        "render",
        "softmax",
        "-q",
        "l",
        "--fps",
        "1",
        "--pace",
        "0.1",
        "--weights",
        str(small_weights),
        "-o",
        str(film),
    ]
    assert main(call) == 0
    assert film.is_file()


@pytest.mark.usefixtures("without_chinese_font")
def test_the_audit_goes_without_chinese_and_says_so(
    small_weights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["audit", "relu", "--weights", str(small_weights), "--aspect", "16:9", "--theme", "dark"]
    main(call)
    said = capsys.readouterr()
    assert " zh " not in said.out
    assert "not in Chinese, which needs a font" in said.err


@pytest.mark.usefixtures("without_chinese_font")
def test_the_font_for_chinese_is_optional(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    (place,) = (index for index, line in enumerate(lines) if line.startswith("optional"))
    assert "Chinese font" in lines[place]
    assert "cjk" in lines[place + 1]


def test_the_doctor_draws_every_character(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    assert "ok       Chinese font" in capsys.readouterr().out


def test_a_character_of_the_locales_without_a_glyph_is_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor_module, "SIGNS", "+ꦏ")
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "missing  fonts" in said
    assert "no glyph for 'ꦏ'" in said
    assert "--force-reinstall fontpkg-noto-sans" in said


def test_names_that_no_font_has_are_refused_before_anything_is_drawn(
    small_network: Network,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    architecture = small_network.architecture
    network = fixed_network(architecture.layers, ("cat", "dog", "ꦏ"), (3, 32, 32))
    weights = tmp_path / "odd.safetensors"
    save_network(network, weights)

    def refuse(*arguments: object, **more: object) -> None:
        raise AssertionError("the film was begun")

    monkeypatch.setattr("cnnviz.rendering.film.measure_film", refuse)
    call = ["render", "relu", *SMALL, "--weights", str(weights), "-o", str(tmp_path / "a.mp4")]
    assert main(call) == 2
    assert "no glyph for 'ꦏ' in 'ꦏ'; write it in other letters" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["odd.safetensors"]
