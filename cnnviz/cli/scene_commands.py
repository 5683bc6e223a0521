"""What the commands about scenes share: a command per scene, and its options."""

from __future__ import annotations

import logging
from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from cnnviz.cache.store import Cache
from cnnviz.cli.groups import CommandGroup
from cnnviz.cli.options import (
    PIXEL,
    RESOLUTION,
    WholeNumber,
    choice_option,
    picture_options,
    with_options,
)
from cnnviz.cli.pairs import pair_options
from cnnviz.cli.tracebacks import keep_traceback
from cnnviz.errors import UserError
from cnnviz.locales import LANGUAGES
from cnnviz.rendering.settings import QUALITIES
from cnnviz.staging.parameters import Parameter, option_name
from cnnviz.staging.registry import SceneDescription, describe_scene, describe_scenes, scene_names
from cnnviz.staging.scene_files import SceneFile, shown
from cnnviz.style.names import ASPECTS, CAPTIONS, THEMES
from cnnviz.system.log import show_log

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


class SceneGroup(CommandGroup):
    """A group with one command per scene, made when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all scenes."""
        return scene_names()

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the scene's command; what there is to say about that is said with ``-v``, too."""
        if not {"-v", "--verbose"}.isdisjoint(args):
            show_log(logging.INFO)
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of one scene, installed or in a file.

        UserError if there is no such scene; None if only a shell asks.
        """
        try:
            return self.make_command(describe_scene(cmd_name, Cache()))
        except UserError:
            if ctx.resilient_parsing:
                return None
            if SceneFile.of(cmd_name) is None and Path(cmd_name).is_file():
                raise UserError(
                    f'"{cmd_name}" is no scene: name one before the picture, as in '
                    f"{ctx.command_path} conv {cmd_name}"
                ) from None
            raise

    def summaries(self, ctx: click.Context) -> Iterable[tuple[str, str]]:
        """Return the names alone: what scenes say about themselves takes too long to find."""
        return ((name, "") for name in scene_names())

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of scenes, without making their commands."""
        with formatter.section("Commands"):
            formatter.write_dl([(each.name, each.summary) for each in describe_scenes(Cache())])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the scenes that begin so, or let the shell complete a file's name."""
        found = super().shell_complete(ctx, incomplete)
        return found or [CompletionItem(incomplete, type="file")]

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
        Called with what the scene is called by, its own parameters, and the value of every
        other option.
    example
        A call, for the help.
    image
        Decorator that adds the option for the picture, or the pictures. A scene that compares has
        :func:`pair_options` in its place.
    *options
        Decorators that add the action's own options.
    """

    def run(**values: Any) -> None:
        own = {name: values.pop(name) for name in scene.parameters}
        with faults_of(scene.reference):
            action(scene.reference, own, **values)

    run.__doc__ = f"{scene.documentation}\n\n    \b\n    Example:\n      {example}\n"
    own_options = [_option(name, parameter) for name, parameter in scene.parameters.items()]
    seen = (pair_options,) if scene.compares else (image, picture_options)
    command = with_options(run, seen[0], *own_options, *seen[1:], *options)
    made = click.command(scene.reference, short_help=scene.summary)(command)
    counts = Counter(each.name for each in made.params)
    for name in scene.parameters:
        if counts[name] > 1:
            raise UserError(
                f'the scene "{scene.reference}" has a parameter "{name}", as every scene has '
                "one: give it another name"
            )
    return made


@contextmanager
def faults_of(scene: str) -> Iterator[None]:
    """Turn what goes wrong in a scene's file into one line that names the file's line."""
    file = SceneFile.of(scene)
    if file is None:
        yield
        return
    module = file.module
    try:
        yield
    except (UserError, click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except Exception as error:
        if file.module != module:
            raise UserError(
                f'"{shown(file.path)}" has changed meanwhile: call the command again'
            ) from None
        fault = file.fault(error)
        if fault is None:
            raise
        raise UserError(f"{fault} (traceback: {keep_traceback(error)})") from None


def force_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `force`."""
    return with_options(
        command,
        click.option(
            "--force",
            is_flag=True,
            help="Replace files in the way that cnnviz did not make; never the picture.",
        ),
    )


def look_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that decide what a frame looks like and when it is shown."""
    return with_options(
        command,
        click.option(
            "-q",
            "--quality",
            type=click.Choice(list(QUALITIES)),
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
        choice_option("--theme", THEMES, "The look.", "dark"),
        choice_option(
            "--aspect", ASPECTS, "Proportions of the frame: 9:16 for phones, 1:1 for feeds.", "16:9"
        ),
        choice_option(
            "--language",
            LANGUAGES,
            "Of all words on screen. zh, Simplified Chinese, takes noto-cjk-sans-otc.",
            "en",
        ),
        click.option(
            "--pace",
            type=click.FloatRange(0.1, 10),
            default=1.0,
            show_default=True,
            metavar="FACTOR",
            help="How many times longer everything takes.",
        ),
        click.option(
            "--resolution",
            type=RESOLUTION,
            metavar="WIDTH,HEIGHT",
            help="In pixels, even. [default: the quality's]",
        ),
        choice_option(
            "--captions",
            CAPTIONS,
            "none leaves them out of the picture, whose stage takes their room.",
            "burn",
        ),
        choice_option(
            "--captions-language",
            LANGUAGES,
            "Of captions, descriptions and transcript. [default: the film's]",
        ),
        click.option(
            "--transparent",
            is_flag=True,
            help="Nothing behind it: for .mov, .webm, .webp or PNG, over a slide.",
        ),
    )


def _option(name: str, parameter: Parameter) -> Decorator:
    """Return the option for a scene's parameter."""
    option = option_name(name)
    if parameter.kind == "flag":
        return click.option(
            option, name, is_flag=True, default=bool(parameter.default), help=parameter.help
        )
    whole = WholeNumber(parameter.minimum, parameter.maximum) if parameter.range else click.INT
    types: dict[str, tuple[Any, str | None]] = {
        "text": (str, "NAME"),
        "number": (whole, "N"),
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
