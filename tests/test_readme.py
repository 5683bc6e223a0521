"""README keeps its word: every command in it exists, every file is there, its Python runs."""

from __future__ import annotations

import re
import shlex
import tomllib
from functools import partial
from pathlib import Path
from typing import Any

import click
import pytest
from packaging.requirements import Requirement
from PIL import Image

import cnnviz
from cnnviz.cli.main import cnnviz as command_line
from cnnviz.errors import UserError

ROOT = Path(__file__).parents[1]

README = (ROOT / "README.md").read_text(encoding="utf-8")

QUICK: dict[str, Any] = {"quality": "l", "fps": 2, "pace": 0.1}

WRITTEN_BY_THE_READER = {"my_network.toml", "my_network.safetensors", "pictures/"}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)


def command_lines() -> list[str]:
    """Return what README says to type, in blocks and within sentences."""
    in_blocks = [line for block in blocks("sh") for line in block.splitlines()]
    prose = re.sub(r"^```.*?^```", "", README, flags=re.DOTALL | re.MULTILINE)
    in_prose = re.findall(r"`((?:[\w./]*cnnviz|make|pip|sh|pipx) [^`]+)`", prose)
    comments = [line.partition("#")[2] for line in in_blocks]
    named = [
        match
        for comment in comments
        for match in re.findall(r"((?:pip|pipx|uv|\.venv/bin)[ /][^;:()]+)", comment)
    ]
    lines = [line.partition(" #")[0].strip() for line in in_blocks]
    return [line for line in [*lines, *in_prose, *named] if line]


def lines_of(program: str) -> list[list[str]]:
    """Return the arguments of each line that calls a program."""
    split = [shlex.split(line.strip()) for line in command_lines()]
    return [words[1:] for words in split if Path(words[0]).name == program]


def lines_about_cnnviz() -> list[list[str]]:
    """Return those that need no scene of the reader's own; other tests make that."""
    return [words for words in lines_of("cnnviz") if not any("verdict" in each for each in words)]


def parse(command: click.Command, words: list[str], parent: click.Context | None = None) -> None:
    """Parse a command line as click does, without running it."""
    if not isinstance(command, click.Group):
        try:
            command.make_context(command.name, list(words), parent=parent)
        except click.MissingParameter:
            assert not words  # a command that is only named
        return
    context = click.Context(command, parent=parent, info_name=command.name)
    if words and not words[0].startswith("-"):
        name, chosen, others = command.resolve_command(context, list(words))
        assert chosen is not None, name
        parse(chosen, others, context)


@pytest.mark.parametrize("words", lines_about_cnnviz(), ids=" ".join)
def test_every_command_line_is_understood(words: list[str]) -> None:
    parse(command_line, words)


@pytest.mark.parametrize(
    "words",
    [
        ["render", "nothing"],
        ["render", "conv", "--nothing"],
        ["nothing"],
        ["still", "conv", "--fps", "a"],
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_is_not(words: list[str]) -> None:
    with pytest.raises((click.UsageError, UserError, AssertionError)):
        parse(command_line, words)


def test_the_lines_are_found() -> None:
    assert len(lines_about_cnnviz()) > 12
    assert len(lines_of("pip")) >= 2
    assert len(lines_of("make")) >= 3
    assert len(lines_of("sh")) == 2


def test_what_is_named_in_command_lines_is_there() -> None:
    words = {word for line in command_lines() for word in shlex.split(line)[1:]}
    files = {word for word in words if re.match(r"(cnnviz|scripts|weights|media)/", word)}
    assert "cnnviz/photos/cat.jpg" in files
    assert not [word for word in files if not (ROOT / word).exists()]
    inputs = {word for word in words if word.endswith((".png", ".jpg", ".toml", ".safetensors"))}
    assert {word for word in inputs if not (ROOT / word).exists()} <= {
        *("add.png", *WRITTEN_BY_THE_READER)
    }


def test_targets_of_make_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    for words in lines_of("make"):
        assert {word for word in words if "=" not in word} <= targets


@pytest.fixture
def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_extras_exist(pyproject: dict[str, Any]) -> None:
    extras = pyproject["project"]["optional-dependencies"]
    named = re.findall(r"'\.\[(\w+)\]'", README)
    assert named
    assert set(named) <= set(extras)
    cjk = {Requirement(line).name for line in extras["cjk"]}
    for program in ("pipx", "uv"):
        packages = {word for words in lines_of(program) for word in words if "noto" in word}
        assert packages == cjk


def test_the_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (block,) = [block for block in blocks("python") if block.startswith("import cnnviz")]
    (tmp_path / "cnnviz").mkdir()
    (tmp_path / "cnnviz" / "photos").symlink_to(ROOT / "cnnviz" / "photos")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cnnviz, "render", partial(cnnviz.render, **QUICK))
    monkeypatch.setattr(cnnviz, "render_batch", partial(cnnviz.render_batch, **QUICK))
    monkeypatch.setattr(cnnviz, "render_still", partial(cnnviz.render_still, quality="l", fps=2))
    names: dict[str, Any] = {}
    exec(compile(block, "README.md", "exec"), names)
    assert names["trace"].predicted_class == "cat"
    assert names["clip"].video.is_file()
    assert all(clip.video.is_file() for clip in names["clips"])
    assert (tmp_path / "frame.png").is_file()


def test_the_picture_at_the_top_moves_and_is_small() -> None:
    first = re.search(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert first is not None
    path = ROOT / first[1]
    assert path.stat().st_size < 3e6
    with Image.open(path) as picture:
        milliseconds = 0
        for index in range(picture.n_frames):
            picture.seek(index)
            picture.load()
            milliseconds += picture.info["duration"]
        assert picture.n_frames > 50
        assert 700 <= picture.width <= 900
    assert milliseconds <= 12_000
