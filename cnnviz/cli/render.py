"""``cnnviz render SCENE``: one command per scene, with the scene's own parameters as options."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from cnnviz.cache.store import Cache
from cnnviz.catalog import SceneDescription, describe_scene, scene_names
from cnnviz.cli.options import PIXEL, picture_options
from cnnviz.errors import UserError
from cnnviz.log import show_log
from cnnviz.parameters import Parameter

QUALITIES = ("l", "m", "h", "p", "k")


class SceneGroup(click.Group):
    """A group with one command per scene, made when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all scenes."""
        return scene_names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """Return the command of one scene; UserError if there is no such scene."""
        return self.make_command(describe_scene(cmd_name, Cache()))

    def make_command(self, scene: SceneDescription) -> click.Command:
        """Return the command that renders a scene."""
        example = f"cnnviz render {scene.name} --image cat.png"
        return scene_command(scene, render_scene, film_options, example)


@click.command(cls=SceneGroup, short_help="Render a scene about a picture to an MP4.")
def render() -> None:
    """Render a scene about a picture to an MP4.

    \b
    Example:
      cnnviz render conv --image cat.png --layer conv_1_2 --channel 3 --pixel 20,31

    Beside the film NAME.mp4 lie its captions NAME.vtt and NAME.srt, a poster NAME.png and a
    manifest NAME.json with every number shown. The film's path alone is printed on stdout.
    """  # noqa: D301


def scene_command(
    scene: SceneDescription,
    action: Callable[..., None],
    options: Callable[[Callable[..., Any]], Callable[..., Any]],
    example: str,
) -> click.Command:
    """Return a command that does something with a scene.

    Parameters
    ----------
    scene
        The scene.
    action
        Called with the scene's name, its own parameters, and the value of every other option.
    options
        Adds the action's own options.
    example
        A call, for the help.
    """

    def run(**values: Any) -> None:
        own = {name: values.pop(name) for name in scene.parameters}
        action(scene.name, own, **values)

    run.__doc__ = f"{scene.documentation}\n\n    \b\n    Example:\n      {example}\n"
    summary = scene.documentation.splitlines()[0]
    command = picture_options(options(look_options(run)))
    for name, parameter in reversed(scene.parameters.items()):
        command = _option(name, parameter)(command)
    image = click.option(
        "--image",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The photo, in any format Pillow reads. [default: a cat]",
    )
    return click.command(scene.name, short_help=summary)(image(command))


def render_scene(
    scene: str,
    parameters: dict[str, Any],
    image: Path | None,
    weights: Path | None,
    crop: tuple[int, int, int, int] | None,
    background: tuple[int, int, int],
    output: Path | None,
    quality: str,
    fps: int | None,
    encode: str,
    theme: str,
    pace: float,
    preview: bool,
    jobs: int | None,
    cache: bool,
    profile: bool,
    verbose: bool,
) -> None:
    """Render, show how far it is, and print the path of the film."""
    import cnnviz
    from cnnviz.cli.progress import film_progress
    from cnnviz.rendering.profile import Profile

    if profile and jobs not in (None, 1):
        raise UserError(f"--profile counts one job, not {jobs}: leave out --jobs")
    if verbose:
        show_log()
    stages = Profile() if profile else None
    with film_progress(scene) as report:
        clip = cnnviz.render(
            scene,
            image,
            output,
            network=weights,
            crop=crop,
            background=background,
            quality=quality,  # type: ignore[arg-type]
            fps=fps,
            encode=encode,  # type: ignore[arg-type]
            theme=theme,  # type: ignore[arg-type]
            pace=pace,
            on_progress=report,
            cache=cache,
            jobs=1 if profile else jobs,
            profile=stages,
            **parameters,
        )
    if stages is not None:
        click.echo(stages.table(), err=True)
    click.echo(clip.video)
    if preview:
        click.launch(str(clip.video))


def look_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that decide what a frame looks like and when it is shown."""
    options = (
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
            type=click.Choice(["dark", "light"]),
            default="dark",
            show_default=True,
            help="The look.",
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
    for option in reversed(options):
        command = option(command)
    return command


def film_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what the film is made to."""
    options = (
        click.option(
            "-o",
            "--output",
            type=click.Path(path_type=Path),
            metavar="FILE.mp4",
            help="The film. [default: media/SCENE_PICTURE.mp4]",
        ),
        click.option(
            "--encode",
            type=click.Choice(["default", "small"]),
            default="default",
            show_default=True,
            help="small takes longer and makes a file a third of the size.",
        ),
        click.option("-p", "--preview", is_flag=True, help="Open the film when it is done."),
        click.option(
            "-j",
            "--jobs",
            type=click.IntRange(1),
            metavar="N",
            help="Processes that draw, each with one that encodes. [default: half the cores]",
        ),
        click.option(
            "--cache/--no-cache",
            default=True,
            help="Whether to use what earlier renders left, and to leave something.",
        ),
        click.option("--profile", is_flag=True, help="Print where the time went."),
        click.option(
            "-v", "--verbose", is_flag=True, help="Say why frames are repainted in full, and more."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _option(name: str, parameter: Parameter) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option for a scene's parameter."""
    types: dict[str, tuple[Any, str | None]] = {
        "text": (str, "NAME"),
        "number": (int, "N"),
        "pixel": (PIXEL, "ROW,COLUMN"),
        "choice": (click.Choice(parameter.choices), None),
    }
    value_type, metavar = types[parameter.kind]
    return click.option(
        f"--{name.replace('_', '-')}",
        name,
        type=value_type,
        metavar=metavar,
        default=parameter.default,
        show_default=parameter.default is not None,
        help=parameter.help,
    )
