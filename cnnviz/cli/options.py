"""Options that several commands share, and the types of their values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from click.types import FuncParamType

Command = TypeVar("Command", bound=Callable[..., Any])


def parse_pixel(value: Any) -> tuple[int, int]:
    """Return (row, column) from ``ROW,COLUMN``, such as ``20,31``."""
    row, column = _integers(value, 2, "ROW,COLUMN, two whole numbers such as 20,31")
    return row, column


def parse_crop(value: Any) -> tuple[int, int, int, int]:
    """Return (x, y, width, height) from ``X,Y,WIDTH,HEIGHT``, such as ``40,0,300,300``."""
    wanted = "X,Y,WIDTH,HEIGHT, four whole numbers such as 40,0,300,300"
    x, y, width, height = _integers(value, 4, wanted)
    return x, y, width, height


def parse_colour(value: str) -> tuple[int, int, int]:
    """Return (red, green, blue), each 0 to 255, from ``#rrggbb`` or a name Pillow knows."""
    from PIL import ImageColor  # Only where a colour is needed: start-up stays fast.

    try:
        channels: tuple[int, ...] = ImageColor.getrgb(value)
    except ValueError:
        channels = ()
    if len(channels) != 3:  # A fourth number would be transparency.
        raise click.BadParameter(f"{value!r} is no colour: write #rrggbb or a name such as white")
    red, green, blue = channels
    return red, green, blue


def parse_resolution(value: Any) -> tuple[int, int]:
    """Return (width, height) from ``WIDTH,HEIGHT``, such as ``1280,720``."""
    wanted = "WIDTH,HEIGHT, two whole numbers of pixels such as 1280,720"
    width, height = _integers(value, 2, wanted)
    return width, height


def _integers(value: Any, count: int, wanted: str) -> tuple[int, ...]:
    """Return the whole numbers in ``"1,2"``; the message says what else was wanted."""
    try:
        parts = value if isinstance(value, tuple) else str(value).split(",")
        numbers = tuple(map(int, parts))
    except ValueError:
        numbers = ()
    if len(numbers) != count:
        raise click.BadParameter(f"{value!r} is not {wanted}")
    return numbers


class WholeNumber(click.IntRange):
    """A whole number within a range."""

    name = "integer"  # in messages, where Click would write "integer range"


PIXEL = FuncParamType(parse_pixel)
RESOLUTION = FuncParamType(parse_resolution)
CROP = FuncParamType(parse_crop)
COLOUR = FuncParamType(parse_colour)


def picture_options(command: Command) -> Command:
    """Add the options that say which network looks at which part of the picture.

    They arrive as `weights`, `crop` and `background`.
    """
    return with_options(
        command,
        click.option(
            "--weights",
            type=click.Path(path_type=Path),
            metavar="NETWORK",
            help="Network to use: a .safetensors file made by cnnviz, or a name of 'cnnviz weights "
            "list'. [default: tiny_vgg]",
        ),
        view_options,
    )


def view_options(command: Command) -> Command:
    """Add the options that say what of a picture is looked at: `crop` and `background`."""
    return with_options(
        command,
        click.option(
            "--crop",
            type=CROP,
            metavar="X,Y,WIDTH,HEIGHT",
            help="Part of the picture to look at, in its pixels. [default: centred square]",
        ),
        click.option(
            "--background",
            type=COLOUR,
            metavar="COLOUR",
            default="white",
            show_default=True,
            help="What shows through transparent places: #rrggbb or a name.",
        ),
    )


def place_options(command: Command) -> Command:
    """Add the options that choose one value of one layer.

    They arrive as `layer`, `channel` and `pixel`.
    """
    return with_options(
        command,
        click.option("--layer", metavar="NAME", help="Layer to look at, such as conv_1_2."),
        click.option(
            "--channel", type=int, metavar="N", help="Channel of that layer, counted from 0."
        ),
        click.option(
            "--pixel",
            type=PIXEL,
            metavar="ROW,COLUMN",
            help="Pixel of that layer's output, counted from 0.",
        ),
    )


def choice_option(
    name: str, choices: Sequence[str], text: str, default: str | None = None
) -> Callable[[Command], Command]:
    """Return the decorator that adds an option with a few values; the help says its default."""
    return click.option(
        name,
        type=click.Choice(choices),
        default=default,
        show_default=default is not None,
        help=text,
    )


def new_weights_options(command: Command) -> Command:
    """Add `output` and `force`, for commands that write a weights file and its model card."""
    return with_options(
        command,
        click.option(
            "-o",
            "--output",
            type=click.Path(path_type=Path),
            required=True,
            help="Weights file to write, .safetensors; its model card is written beside it.",
        ),
        click.option(
            "--force", is_flag=True, help="Replace weights and a model card that are there already."
        ),
    )


def files_option(name: str, text: str) -> Callable[[Command], Command]:
    """Return the decorator that adds an option for files, given once for each."""
    return click.option(
        name, type=click.Path(path_type=Path), multiple=True, metavar="FILE", help=text
    )


def cache_option(command: Command) -> Command:
    """Add `cache`, for commands that make films."""
    return click.option(
        "--cache/--no-cache",
        default=True,
        help="Whether to use what earlier renders left, and to leave something.",
    )(command)


def quiet_option(command: Command) -> Command:
    """Add `quiet`, for commands that show how far they are."""
    return click.option("-Q", "--quiet", is_flag=True, help="Print nothing on stderr but errors.")(
        command
    )


def with_options(command: Command, *options: Callable[[Command], Command]) -> Command:
    """Apply option decorators so that ``--help`` lists them in this order."""
    for option in reversed(options):
        command = option(command)
    return command
