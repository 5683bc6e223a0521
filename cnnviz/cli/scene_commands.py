"""What the commands about scenes share: a command per scene, and its options."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from cnnviz.cache.store import Cache
from cnnviz.catalog import SceneDescription, describe_scene, scene_names
from cnnviz.cli.options import PIXEL, picture_options, with_options
from cnnviz.locales import LANGUAGES
from cnnviz.parameters import Parameter, option_name
from cnnviz.theme import THEMES
from cnnviz.zones import ASPECTS

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

QUALITIES = ("l", "m", "h", "p", "k")


class SceneGroup(click.Group):
    """A group with one command per scene, made when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all scenes."""
        return scene_names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """Return the command of one scene; UserError if there is no such scene."""
        return self.make_command(describe_scene(cmd_name, Cache()))

    @abstractmethod
    def make_command(self, scene: SceneDescription) -> click.Command:
        """Return the command that does with a scene what the group is for."""


def scene_command(
    scene: SceneDescription,
    action: Callable[..., None],
    example: str,
    image: Decorator,
    *options: Decorator,
) -> click.Command:
    """Return a command that does something with a scene.

    Parameters
    ----------
    scene
        The scene.
    action
        Called with the scene's name, its own parameters, and the value of every other option.
    example
        A call, for the help.
    image
        Decorator that adds the option for the picture, or the pictures.
    *options
        Decorators that add the action's own options.
    """

    def run(**values: Any) -> None:
        own = {name: values.pop(name) for name in scene.parameters}
        action(scene.name, own, **values)

    run.__doc__ = f"{scene.documentation}\n\n    \b\n    Example:\n      {example}\n"
    own_options = [_option(name, parameter) for name, parameter in scene.parameters.items()]
    command = with_options(run, image, *own_options, picture_options, *options)
    return click.command(scene.name, short_help=scene.summary)(command)


def image_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `image`, the one picture."""
    return with_options(
        command,
        click.option(
            "--image",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="The photo, in any format Pillow reads. [default: a cat]",
        ),
    )


def look_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that decide what a frame looks like and when it is shown."""
    return with_options(
        command,
        click.option(
            "-q",
            "--quality",
            type=click.Choice(QUALITIES),
            default="h",
            show_default=True,
            help="As manim's: l 854x480@15, m 1280x720@30, h 1920x1080@60, p 2560x1440@60, "
            "k 3840x2160@60.",
        ),
        click.option(
            "--fps",
            type=click.IntRange(1, 240),
            metavar="N",
            help="Frames per second. [default: the quality's]",
        ),
        click.option(
            "--theme",
            type=click.Choice(THEMES),
            default="dark",
            show_default=True,
            help="The look.",
        ),
        click.option(
            "--aspect",
            type=click.Choice(ASPECTS),
            default="16:9",
            show_default=True,
            help="Proportions of the frame: 9:16 for phones, 1:1 for feeds.",
        ),
        click.option(
            "--language",
            type=click.Choice(LANGUAGES),
            default="en",
            show_default=True,
            help="Of all words on screen. zh, Simplified Chinese, takes noto-cjk-sans-otc.",
        ),
        click.option(
            "--pace",
            type=click.FloatRange(0.1, 10),
            default=1.0,
            show_default=True,
            metavar="FACTOR",
            help="How many times longer everything takes.",
        ),
    )


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
