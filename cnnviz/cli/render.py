"""``cnnviz render SCENE``: one command per scene, with the scene's own parameters as options."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cnnviz.catalog import load_scene, scene_names
from cnnviz.cli.options import picture_options
from cnnviz.cli.scene_options import scene_options
from cnnviz.locales import LANGUAGES
from cnnviz.parameters import parameters_of
from cnnviz.zones import ASPECTS

if TYPE_CHECKING:
    from cnnviz.scene import LectureScene

QUALITIES = ("l", "m", "h", "p", "k")


class SceneGroup(click.Group):
    """A group with one command per scene, made when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all scenes."""
        return scene_names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """Return the command of one scene; UserError if there is no such scene."""
        return scene_command(load_scene(cmd_name))


@click.command(cls=SceneGroup, short_help="Render a scene about a picture to an MP4.")
def render() -> None:
    """Render a scene about a picture to an MP4.

    \b
    Example:
      cnnviz render conv --image cat.png --layer conv_1_2 --channel 3 --pixel 20,31

    Beside the film NAME.mp4 lie its captions NAME.vtt and NAME.srt, a poster NAME.png and a
    manifest NAME.json with every number shown. The film's path alone is printed on stdout.
    """  # noqa: D301


def scene_command(scene: type[LectureScene]) -> click.Command:
    """Return the command that renders a scene."""

    def run(**values: Any) -> None:
        own = {name: values.pop(name) for name in parameters_of(scene.Parameters)}
        render_scene(scene.name, own, **values)

    run.__doc__ = f"{scene.__doc__}\n\n    \b\n    Example:\n      {_example(scene.name)}\n"
    summary = (scene.__doc__ or "").strip().splitlines()[0]
    command = scene_options(scene)(picture_options(film_options(run)))
    return click.command(scene.name, short_help=summary)(command)


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
    aspect: str,
    language: str,
    pace: float,
    preview: bool,
) -> None:
    """Render, show how far it is, and print the path of the film."""
    import cnnviz
    from cnnviz.cli.progress import film_progress

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
            aspect=aspect,  # type: ignore[arg-type]
            language=language,  # type: ignore[arg-type]
            pace=pace,
            on_progress=report,
            **parameters,
        )
    click.echo(clip.video)
    if preview:
        click.launch(str(clip.video))


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
            "--encode",
            type=click.Choice(["default", "small"]),
            default="default",
            show_default=True,
            help="small takes longer and makes a file a third of the size.",
        ),
        click.option(
            "--theme",
            type=click.Choice(["dark", "light"]),
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
            help="Of all words on screen. zh, Simplified Chinese, needs pip install 'cnnviz[cjk]'.",
        ),
        click.option(
            "--pace",
            type=click.FloatRange(0.1, 10),
            default=1.0,
            show_default=True,
            metavar="FACTOR",
            help="How many times longer everything takes.",
        ),
        click.option("-p", "--preview", is_flag=True, help="Open the film when it is done."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _example(scene: str) -> str:
    return f"cnnviz render {scene} --image cat.png"
