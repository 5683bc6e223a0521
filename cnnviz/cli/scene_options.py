"""The options of one scene: the photo, and what the scene's own parameters say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cnnviz.cli.options import PIXEL
from cnnviz.parameters import Parameter, option_name, parameters_of

if TYPE_CHECKING:
    from cnnviz.scene import LectureScene

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def scene_options(scene: type[LectureScene]) -> Decorator:
    """Return the decorator that adds `image` and all parameters of a scene."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for name, parameter in reversed(parameters_of(scene.Parameters).items()):
            command = _option(name, parameter)(command)
        image = click.option(
            "--image",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="The photo, in any format Pillow reads. [default: a cat]",
        )
        return image(command)

    return decorate


def _option(name: str, parameter: Parameter) -> Decorator:
    """Return the option for a scene's parameter."""
    option = option_name(name)
    if parameter.kind == "flag":
        return click.option(
            option, name, is_flag=True, default=bool(parameter.default), help=parameter.help
        )
    types: dict[str, tuple[Any, str | None]] = {
        "text": (str, "NAME"),
        "number": (int, "N"),
        "pixel": (PIXEL, "ROW,COLUMN"),
        "choice": (click.Choice(parameter.choices), None),
    }
    value_type, metavar = types[parameter.kind]
    return click.option(
        option,
        name,
        type=value_type,
        metavar=metavar,
        default=parameter.default,
        show_default=parameter.default is not None,
        help=parameter.help,
    )
