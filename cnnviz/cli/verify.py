"""``cnnviz verify``: whether a film is still what was made, and would be made again."""

from __future__ import annotations

from pathlib import Path

import click

from cnnviz.cli.options import files_option
from cnnviz.errors import UserError, one_line

EPILOG = """
\b
Example:
  cnnviz verify conv.mp4
  cnnviz verify conv.mp4 --again --image cat.png

The film is decoded to its end, and its files and the frames of each beat are compared with the
digests in its manifest. With --again it is rendered anew, without the cache, and compared. Where
it compares two pictures or networks, give both: --image A.png --image B.png.
"""


@click.command(epilog=EPILOG, short_help="Check that a film is what was made.")
@click.argument("film", type=click.Path(path_type=Path), metavar="FILM")
@click.option("--again", is_flag=True, help="Render it anew, and compare with that as well.")
@files_option("--image", "The picture, if it has another name by now or lies elsewhere.")
@files_option("--weights", "The network, if it has another name by now or lies elsewhere.")
@click.option("--scene", metavar="FILE.py", help="The scene's file, if it is not installed.")
@click.option(
    "-j", "--jobs", type=click.IntRange(1, 256), metavar="N", help="Processes that draw anew."
)
def verify(
    film: Path,
    *,
    again: bool,
    image: tuple[Path, ...],
    weights: tuple[Path, ...],
    scene: str | None,
    jobs: int | None,
) -> None:
    """Check that FILM and the files beside it are what was made.

    Exit code 2 if they are not.
    """
    from cnnviz.pipeline.verifying import RemakeOptions, verify_clip

    if not again and (image, weights, scene, jobs) != ((), (), None, None):
        raise UserError("--image, --weights, --scene and --jobs say how to render: add --again")
    found = verify_clip(film, RemakeOptions(image, weights, scene, jobs) if again else None)
    for fault in found.faults:
        click.echo(one_line(fault))
    if found.faults:
        count = len(found.faults)
        raise UserError(f'{count} fault{"s" if count > 1 else ""} in "{film}": render it anew')
    anew = ", and made anew it is the same" if again else ""
    click.echo(one_line(f"{film}: {found.frames} frames in {found.beats} beats, as made{anew}"))
