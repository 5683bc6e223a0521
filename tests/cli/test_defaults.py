"""Defaults of options from the working folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest

import cnnviz
import cnnviz.cli.render as render_module
from cnnviz.cli.main import main
from cnnviz.cli.train import command_line, train
from cnnviz.errors import UserError
from cnnviz.system.toml_files import LARGEST_FILE


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def arrived(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return what a render would be asked for."""
    found: dict[str, Any] = {}

    def note(scene: str, parameters: dict[str, Any], **options: Any) -> None:
        found.update(options, **parameters)

    monkeypatch.setattr(render_module, "render_scene", note)
    return found


OWN = """
language = "zh"
quality = "m"
fps = 12
pace = 2
background = "#102030"
crop = [1, 2, 30, 40]
cache = false
epochs = 3
[render]
theme = "light"
jobs = 2
[conv]
jobs = 3
layer = "conv_1_2"
pixel = [3, 4]
[hyperparameters]
kernel_size = 5
input-size = 7
"""


def test_options_have_the_defaults_of_the_folder(arrived: dict[str, Any]) -> None:
    Path("cnnviz.toml").write_text(OWN)
    assert main(["render", "conv"]) == 0
    expected = {
        "language": "zh", "quality": "m", "fps": 12, "pace": 2.0, "background": (16, 32, 48),
        "crop": (1, 2, 30, 40), "cache": False, "theme": "light", "jobs": 3,
        "layer": "conv_1_2", "pixel": (3, 4), "channel": None, "scale": "unit",
    }  # fmt: skip
    assert {name: arrived[name] for name in expected} == expected


def test_a_table_is_for_its_scene_alone(arrived: dict[str, Any]) -> None:
    Path("cnnviz.toml").write_text(OWN)
    assert main(["render", "hyperparameters"]) == 0
    assert (arrived["jobs"], arrived["kernel_size"], arrived["input_size"]) == (2, 5, 7)


def test_the_command_line_wins(arrived: dict[str, Any]) -> None:
    Path("cnnviz.toml").write_text(OWN)
    call = ["render", "conv", "--language", "en", "--cache", "--layer", "conv_2_1", "-j", "1"]
    assert main(call) == 0
    assert (arrived["language"], arrived["cache"]) == ("en", True)
    assert (arrived["layer"], arrived["jobs"], arrived["fps"]) == ("conv_2_1", 1, 12)


def test_the_project_file_is_read_where_there_is_no_own(arrived: dict[str, Any]) -> None:
    project = Path("pyproject.toml")
    project.write_text('[tool.cnnviz]\ntheme = "light"\n[tool.cnnviz.conv]\nchannel = 3\n')
    assert main(["render", "conv"]) == 0
    assert (arrived["theme"], arrived["channel"]) == ("light", 3)
    Path("cnnviz.toml").write_text("fps = 3\n")
    assert main(["render", "conv"]) == 0
    assert (arrived["theme"], arrived["channel"], arrived["fps"]) == ("dark", None, 3)


def test_a_project_file_of_others_is_no_matter(arrived: dict[str, Any]) -> None:
    Path("pyproject.toml").write_text("= broken")
    assert main(["render", "conv"]) == 0
    Path("pyproject.toml").write_text('[project]\nname = "uses-cnnviz"\n')
    assert main(["render", "conv"]) == 0
    assert arrived["theme"] == "dark"


def test_help_shows_them(capsys: pytest.CaptureFixture[str]) -> None:
    Path("cnnviz.toml").write_text(OWN)
    assert main(["render", "hyperparameters", "--help"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "[default: zh]" in text
    assert "[default: 5; 1<=x<=7]" in text


def test_python_does_not_read_them() -> None:
    Path("cnnviz.toml").write_text("= broken")
    with pytest.raises(UserError, match='no scene "nothing"'):
        cnnviz.render("nothing")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('langage = "zh"', 'langage is no option: did you mean "language"?'),
        ("xyzzy = 1", "xyzzy is no option"),
        ("help = true", "help is no option"),
        ("[conv]\nlayr = 3", 'conv.layr is no option: did you mean "layer"?'),
        ("[render]\nepochs = 3", "render.epochs is no option"),
        ("[cnov]\nx = 1", '[cnov] is neither a scene nor a command: did you mean "conv"?'),
        ('language = "fr"', "language = \"fr\": 'fr' is not one of 'en', 'zh'"),
        ('fps = "30"', 'fps = "30": give a whole number'),
        ("fps = 2.5", "fps = 2.5: give a whole number"),
        ("fps = true", "fps = true: give a whole number"),
        ("fps = 0", "fps = 0: 0 is not in the range 1<=x<=240"),
        ('pace = "slow"', 'pace = "slow": give a number'),
        ("theme = 1979-05-27", 'theme = "1979-05-27": give a text in quotes'),
        ("cache = 1", "cache = 1: give true or false"),
        ("crop = [1, 2]", "crop = [1, 2]: (1, 2) is not X,Y,WIDTH,HEIGHT"),
        ("[conv]\npixel = 3", 'conv.pixel = 3: give numbers, as "ROW,COLUMN" or a list'),
        ("image = 3", "image = 3: give a text in quotes"),
        ("theme = = 3", "cnnviz.toml:1: "),
        ('theme = "dark"\n\nfps = ', "cnnviz.toml:3: "),
        ('theme = """\n', "cnnviz.toml:1: "),
        ("fps = " + "[" * 100_000, "nested too deeply"),
        ("#" * (LARGEST_FILE + 1), "at most 1,048,576 are read"),
    ],
)
def test_what_cannot_be_is_one_line_with_file_and_key(
    content: str, message: str, arrived: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    Path("cnnviz.toml").write_text(content)
    assert main(["render", "conv"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("Error: cnnviz.toml") or '"cnnviz.toml" has' in said
    assert message in said
    assert said.count("\n") == 1
    assert arrived == {}


def test_a_file_that_is_no_text(capsys: pytest.CaptureFixture[str]) -> None:
    Path("cnnviz.toml").write_bytes(b'theme = "dark"\n# \xff\n')
    assert main(["render", "conv"]) == 2
    assert "cnnviz.toml:2: this is not UTF-8" in capsys.readouterr().err


def test_the_doctor_tells_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    assert "none: no cnnviz.toml" in capsys.readouterr().out
    Path("cnnviz.toml").write_text('theme = "light"\n[conv]\npixel = [3, 4]\n')
    assert main(["doctor"]) == 0
    assert 'cnnviz.toml: theme = "light", conv.pixel = [3, 4]' in capsys.readouterr().out
    Path("cnnviz.toml").write_text("[pool]\nchannel = -1\n")
    assert main(["doctor"]) == 1
    assert "pool.channel = -1" in capsys.readouterr().out
    Path("cnnviz.toml").write_text("= broken")
    assert main(["doctor"]) == 1
    assert "cnnviz.toml:1: " in capsys.readouterr().out
    assert main(["help", "render"]) == 0


def test_the_model_card_names_them() -> None:
    defaults = {"epochs": 3, "quiet": True}
    call = ["pictures", "-o", "a.safetensors"]
    context = train.make_context("train", call, default_map=defaults)
    assert isinstance(context, click.Context)
    written = "cnnviz train pictures --output a.safetensors --epochs 3"
    assert command_line(context) == written
