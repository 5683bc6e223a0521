"""``cnnviz still SCENE``: one frame of a scene, for a slide or to look before rendering."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from cnnviz.cli.options import with_options
from cnnviz.cli.pictures import image_option
from cnnviz.cli.printing import print_paths
from cnnviz.cli.scene_commands import SceneGroup, force_option, look_options, scene_command
from cnnviz.staging.registry import SceneDescription


class StillGroup(SceneGroup):
    """The same scenes with the same options, for one frame of them."""

    def make_command(self, scene: SceneDescription) -> click.Command:
        """Return the command that writes one frame of a scene."""
        example = f"cnnviz still {scene.reference} cat.png --at 12.5 -o frame.png"
        return scene_command(
            scene, write_still, example, image_option, look_options, still_options, force_option
        )


@click.command(cls=StillGroup, short_help="Write one frame of a scene as a PNG.")
def still() -> None:
    """Write one frame of a scene about a picture as a PNG, without rendering the film.

    \b
    Example:
      cnnviz still conv cat.png --beat add -o frame.png
    """  # noqa: D301


def write_still(
    scene: str,
    parameters: dict[str, Any],
    image: Path | None,
    **options: Any,
) -> None:
    """Write the frame and print its path."""
    import cnnviz

    print_paths([cnnviz.render_still(scene, image, **options, **parameters)])


def still_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say which frame is wanted and where it goes."""
    return with_options(
        command,
        click.option(
            "--at", type=click.FloatRange(0), metavar="SECONDS", help="Time from the film's start."
        ),
        click.option("--beat", metavar="NAME", help="In place of a time: the end of this beat."),
        click.option(
            "-o",
            "--output",
            type=click.Path(path_type=Path),
            metavar="FILE.png",
            help="The picture. [default: media/SCENE_PICTURE_TIME.png]",
        ),
        click.option(
            "--cache/--no-cache",
            default=True,
            help="Whether the network's look at the photo may come from the cache.",
        ),
    )
