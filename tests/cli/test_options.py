from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cnnviz.cli.options import COLOUR, CROP, PIXEL, picture_options, place_options


@click.command()
@picture_options
@place_options
def command(**values: object) -> dict[str, object]:
    """Return what arrives."""
    return values


def run(*arguments: str) -> dict[str, object]:
    values: dict[str, object] = command.main(list(arguments), standalone_mode=False)
    return values


def refusal(*arguments: str) -> str:
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 2
    return result.output.splitlines()[-1]


def test_defaults() -> None:
    assert run() == {
        "weights": None,
        "crop": None,
        "background": (255, 255, 255),
        "layer": None,
        "channel": None,
        "pixel": None,
    }


def test_values_are_parsed() -> None:
    values = run(
        "--weights", "net.safetensors", "--crop", "40, 0,300,200", "--background", "#102030",
        "--layer", "conv_1_2", "--channel", "3", "--pixel", "20,31",
    )  # fmt: skip
    assert values == {
        "weights": Path("net.safetensors"),
        "crop": (40, 0, 300, 200),
        "background": (16, 32, 48),
        "layer": "conv_1_2",
        "channel": 3,
        "pixel": (20, 31),
    }


@pytest.mark.parametrize("text", ["20", "20,31,2", "20x31", "", "a,b", "1.5,2"])
def test_what_is_no_pixel_is_quoted(text: str) -> None:
    assert f"{text!r} is not ROW,COLUMN" in refusal("--pixel", text)


@pytest.mark.parametrize("text", ["1,2,3", "1,2,3,4,5", "a,b,c,d", ""])
def test_what_is_no_crop_is_quoted(text: str) -> None:
    assert f"{text!r} is not X,Y,WIDTH,HEIGHT" in refusal("--crop", text)


@pytest.mark.parametrize("text", ["nocolour", "#12345", "#11223344", ""])
def test_what_is_no_colour_is_quoted(text: str) -> None:
    assert f"{text!r} is no colour" in refusal("--background", text)


def test_values_that_are_parsed_already_are_kept() -> None:
    assert PIXEL.convert((1, 2), None, None) == (1, 2)
    assert CROP.convert((1, 2, 3, 4), None, None) == (1, 2, 3, 4)
    assert COLOUR.convert("black", None, None) == (0, 0, 0)


def test_help_lists_the_options_in_order() -> None:
    text = CliRunner().invoke(command, ["--help"]).output
    names = ["--weights", "--crop", "--background", "--layer", "--channel", "--pixel"]
    positions = [text.index(name) for name in names]
    assert positions == sorted(positions)
