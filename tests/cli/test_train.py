from __future__ import annotations

import inspect
import os
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from cnnviz.cli.train import command_line, train
from cnnviz.errors import UserError
from cnnviz.network import load_network
from cnnviz.network.training import TrainingSettings, train_network

DESCRIPTION = """
name = "small"
input = { channels = 3, height = 8, width = 8 }
layers = [
    { kind = "conv", name = "conv_1", out_channels = 2, kernel_size = 3 },
    { kind = "relu", name = "relu_1" },
    { kind = "flatten", name = "flatten" },
    { kind = "linear", name = "output" },
]
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder with pictures, a description and notes."""
    monkeypatch.chdir(tmp_path)
    generator = np.random.default_rng(0)
    for channel, name in enumerate(("red", "green", "blue_sky")):
        (tmp_path / "data" / name).mkdir(parents=True)
        for number in range(6):
            pixels = generator.integers(0, 60, (8, 8, 3), dtype=np.uint8)
            pixels[..., channel] += 150
            Image.fromarray(pixels).save(tmp_path / "data" / name / f"{number}.png")
    (tmp_path / "small.toml").write_text(DESCRIPTION)
    (tmp_path / "notes.md").write_text("## Limits\n\nThree colours.")
    return tmp_path


COMMAND = ["data", "--network", "small.toml", "--epochs", "2", "--threads", "1"]
COMMAND += ["--classes", "red,blue_sky"]


def test_trains_and_prints_the_weights_path_alone_on_stdout(folder):
    result = CliRunner().invoke(
        train, [*COMMAND, "-o", "out/net.safetensors", "--notes", "notes.md"]
    )
    assert result.exit_code == 0, result.output
    assert result.stdout == "out/net.safetensors\n"
    assert "epoch 2/2: loss" in result.stderr
    assert "true \\ predicted" in result.stderr
    assert load_network("out/net.safetensors").classes == ("red", "blue sky")
    card = (folder / "out" / "net.md").read_text()
    assert "Three colours." in card
    assert (
        "cnnviz train data --output out/net.safetensors --network small.toml "
        "--classes red,blue_sky --epochs 2 --threads 1 --notes notes.md\n" in card
    )


def test_training_twice_leaves_no_folder_of_torchs(folder, monkeypatch):
    monkeypatch.delenv("TORCHINDUCTOR_CACHE_DIR", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "temporary"))
    (folder / "temporary").mkdir()
    for name in ("one", "two"):
        result = CliRunner().invoke(train, [*COMMAND, "-o", f"{name}.safetensors"])
        assert result.exit_code == 0, result.output
    assert "TORCHINDUCTOR_CACHE_DIR" not in os.environ
    assert not list((folder / "temporary").glob("cnnviz-*"))


def test_quietly_nothing_is_on_stderr(folder):
    result = CliRunner().invoke(train, [*COMMAND, "-o", "net.safetensors", "-Q"])
    assert result.exit_code == 0, result.output
    assert (result.stdout, result.stderr) == ("net.safetensors\n", "")
    assert (folder / "net.md").is_file()


def test_resume_without_a_checkpoint_is_told(folder):
    result = CliRunner().invoke(train, [*COMMAND, "-o", "net.safetensors", "--resume"])
    assert isinstance(result.exception, UserError)
    assert "nothing to resume" in str(result.exception)


@pytest.mark.parametrize(
    ("option", "reason"),
    [
        (["--threads", "0"], "threads is 0"),
        (["--notes", "missing.md"], 'cannot read "missing.md"'),
        (["--epochs", "0"], "epochs is 0"),
    ],
)
def test_wrong_options_are_told(folder, option, reason):
    result = CliRunner().invoke(train, [*COMMAND, "-o", "net.safetensors", *option])
    assert isinstance(result.exception, UserError)
    assert reason in str(result.exception)


@pytest.mark.parametrize("name", ["net.safetensors", "net.md"])
def test_what_is_there_is_replaced_with_force_only(folder, name):
    Path(name).write_text("mine")
    arguments = [*COMMAND, "-o", "net.safetensors", "--epochs", "1"]
    result = CliRunner().invoke(train, arguments)
    assert isinstance(result.exception, UserError)
    assert f"'{name}' is there already" in str(result.exception)
    assert Path(name).read_text() == "mine"
    assert CliRunner().invoke(train, [*arguments, "--force"]).exit_code == 0
    assert Path(name).read_bytes() != b"mine"


@pytest.mark.parametrize("name", ["data/README.md", "notes.md"])
def test_an_input_is_not_even_replaced_with_force(folder, name):
    Path(name).write_text("mine")
    output = str(Path(name).with_suffix(".safetensors"))
    result = CliRunner().invoke(train, [*COMMAND, "--notes", "notes.md", "-o", output, "--force"])
    assert isinstance(result.exception, UserError)
    assert "is an input" in str(result.exception)
    assert Path(name).read_text() == "mine"


def test_defaults_are_those_of_the_library():
    settings = {parameter.name: parameter.default for parameter in train.params}
    for name, field in inspect.signature(TrainingSettings).parameters.items():
        if name in settings:
            assert settings[name] == field.default


def test_the_command_line_is_told_as_it_was_given():
    arguments = ["my data", "-o", "o.safetensors", "--no-flip", "--teacher", "a", "--teacher", "b"]
    context = train.make_context("train", [*arguments, "--resume"])
    assert isinstance(context, click.Context)
    assert command_line(context) == (
        "cnnviz train 'my data' --output o.safetensors --no-flip --teacher a --teacher b"
    )


def test_help_has_an_example():
    assert "cnnviz train pictures/" in CliRunner().invoke(train, ["--help"]).output


def test_names_in_another_language_are_written_down(folder):
    (folder / "zh.toml").write_text('red = "红"\nblue_sky = "蓝天"\n', encoding="utf-8")
    result = CliRunner().invoke(
        train, [*COMMAND, "-o", "net.safetensors", "--names", "zh:zh.toml", "-Q"]
    )
    assert result.exit_code == 0, result.output
    assert load_network("net.safetensors").architecture.class_names("zh") == ("红", "蓝天")
    card = (folder / "net.md").read_text(encoding="utf-8")
    assert "| class | class (zh) | training pictures |" in card
    assert "| blue sky | 蓝天 | 5 | 1 |" in card
    assert "--names zh:zh.toml" in card


def test_the_scores_of_what_was_trained_add_up_to_zero(folder):
    result = CliRunner().invoke(train, [*COMMAND, "-o", "net.safetensors", "-Q"])
    assert result.exit_code == 0, result.output
    last = load_network("net.safetensors").module[-1]
    assert abs(last.weight.detach().sum(0)).max() < 1e-6
    assert abs(last.bias.detach().sum()) < 1e-6
    assert "scores add up to zero" in (folder / "net.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["zh"], "--names 'zh' is not LANGUAGE:FILE"),
        (["zh:none.toml"], 'cannot read "none.toml"'),
        (["zh:a.toml", "zh:b.toml"], "--names is given twice for language 'zh'"),
        (["de:small.toml"], 'there is no language "de"'),
        (["zh:small.toml"], "there is no class 'name'; there are red, blue sky"),
    ],
)
def test_names_that_cannot_be_used_are_told_before_training(folder, names, message):
    options = [word for each in names for word in ("--names", each)]
    result = CliRunner().invoke(train, [*COMMAND, "-o", "net.safetensors", *options])
    assert isinstance(result.exception, UserError)
    assert message in str(result.exception)
    assert not (folder / "net.safetensors").exists()


def test_a_file_that_appears_during_the_training_is_not_replaced(folder, monkeypatch):
    module = import_module(train_network.__module__)
    evaluate = module.evaluate

    def evaluate_while_another_writes(*arguments: Any) -> Any:
        Path("net.safetensors").write_text("mine")
        return evaluate(*arguments)

    monkeypatch.setattr(module, "evaluate", evaluate_while_another_writes)
    arguments = [*COMMAND, "-o", "net.safetensors", "--epochs", "1"]
    result = CliRunner().invoke(train, arguments)
    assert "is there already" in str(result.exception)
    assert Path("net.safetensors").read_text() == "mine"
    Path("net.safetensors").unlink()
    monkeypatch.setattr(module, "evaluate", evaluate)
    assert CliRunner().invoke(train, [*arguments, "--resume"]).exit_code == 0
