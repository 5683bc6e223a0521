"""A scene in a file as people use it: the README's, and broken ones."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import cnnviz
from cnnviz.cli.main import main

README = Path(__file__).parents[2] / "README.md"
START = "import sys; from cnnviz.cli.main import main; sys.exit(main())"
SMALL = ["-q", "l", "--fps", "2", "--pace", "0.2"]
IN_PROCESSES = ["cat2.jpg", "-j", "2"]


@pytest.fixture(autouse=True)
def verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with the scene that the README shows, and a picture."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    chapter = README.read_text(encoding="utf-8").partition("## A scene of your own")[2]
    file = tmp_path / "verdict.py"
    file.write_text(chapter.partition("```python\n")[2].partition("```")[0], encoding="utf-8")
    return file


@pytest.mark.usefixtures("fresh_cache")
def test_the_scene_of_the_readme_is_rendered(tmp_path: Path) -> None:
    """In processes of its own, started elsewhere than in the checkout."""
    call = ["render", "verdict.py", *SMALL, "--side", "3", "--jobs", "2"]
    done = subprocess.run(
        [sys.executable, "-P", "-c", START, *call], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "verdict: 100 %" in done.stderr
    film = Path(done.stdout.strip())
    assert film.parent == Path("media")
    assert film.name.startswith("verdict_cat")
    manifest = json.loads(film.with_suffix(".json").read_text(encoding="utf-8"))
    assert (manifest["scene"], manifest["parameters"]) == ("verdict", {"side": 3})


@pytest.mark.slow
def test_films_of_several_pictures_in_several_processes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photos = Path(cnnviz.__file__).parent / "photos"
    call = ["render", "verdict.py:VerdictScene", str(photos), *SMALL, "-j", "2", "-o", "films"]
    assert main(call) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(list(photos.glob("*.jpg")))


def test_an_edited_scene_is_another_film(verdict: Path) -> None:
    call = ["render", "verdict.py", *SMALL, "-Q", "-o", "film.mp4"]
    films = []
    for factor in ("1.2", "1.2", "1.1"):
        text = verdict.read_text(encoding="utf-8").replace("1.2", factor)
        verdict.write_text(text, encoding="utf-8")
        Path("film.mp4").unlink(missing_ok=True)
        assert main(call) == 0
        films.append(Path("film.mp4").read_bytes())
    assert films[0] == films[1]
    assert films[1] != films[2]


def test_still_audit_and_python_take_it_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["still", "verdict.py", *SMALL, "--beat", "answer", "-o", "a.png"]) == 0
    cnnviz.render_still("verdict.py", beat="answer", output="b.png", quality="l", fps=2, pace=0.2)
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()
    capsys.readouterr()
    looks = ["--theme", "dark", "--language", "en", "--aspect", "16:9"]
    assert main(["audit", "verdict.py", "--side", "5", *looks]) == 0
    assert capsys.readouterr().out == "no faults\n"


def test_its_options_are_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", "render", "verdict.py"]) == 0
    text = capsys.readouterr().out
    assert "cnnviz render verdict.py cat.png" in text
    assert "--side N" in text


def test_its_table_of_defaults_has_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    Path("cnnviz.toml").write_text("[verdict]\nside = 2\n")
    assert main(["render", "verdict.py", "--help"]) == 0
    assert "[default: 2" in capsys.readouterr().out
    assert main(["render", "conv", "--help"]) == 0
    Path("cnnviz.toml").write_text("[verdict]\nsied = 2\n")
    assert main(["render", "verdict.py", "--help"]) == 2
    assert 'verdict.sied is no option: did you mean "side"?' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "message", "more"),
    [
        ('with self.beat("photo"):', 'with self.beat("foto"):', "verdict.py:{line}: ", []),
        ("photo.animate.scale(1.2)", "foto.animate.scale(1.2)", "NameError: name 'foto'", []),
        ("return parameters  #", "return self  #", "verdict.py:{line}: NameError", []),
        ("@dataclass(frozen=True)", "@dataclass(frozen=", "SyntaxError", []),
        pytest.param(
            *("photo.animate.scale(1.2)", "foto.animate.scale(1.2)", "NameError", IN_PROCESSES),
            marks=pytest.mark.slow,
        ),
    ],
)
def test_a_fault_in_it_is_one_line_with_its_place(
    old: str,
    new: str,
    message: str,
    more: list[str],
    verdict: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    photo = Path(cnnviz.__file__).parent / "photos" / "cat.jpg"
    for name in ("cat.jpg", "cat2.jpg"):
        Path(name).write_bytes(photo.read_bytes())
    text = verdict.read_text(encoding="utf-8")
    assert old in text
    line = text[: text.index(old)].count("\n") + 1
    verdict.write_text(text.replace(old, new), encoding="utf-8")
    assert main(["render", "verdict.py", "cat.jpg", *more, *SMALL, "-Q"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith("Error: verdict.py:")
    assert message.format(line=line) in said
    assert not list(tmp_path.rglob("*.mp4"))


def test_a_parameter_cannot_hide_an_option(
    verdict: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = verdict.read_text(encoding="utf-8")
    verdict.write_text(text.replace("side", "theme"), encoding="utf-8")
    assert main(["render", "verdict.py"]) == 2
    assert 'has a parameter "theme", as every scene has one' in capsys.readouterr().err


def test_a_name_without_its_ending(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", "verdict"]) == 2
    assert 'there is no scene "verdict": did you mean "verdict.py"?' in capsys.readouterr().err
