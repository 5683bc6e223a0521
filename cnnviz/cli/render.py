"""``cnnviz render SCENE``: one command per scene, with the scene's own parameters as options."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cnnviz.cache.store import Cache
from cnnviz.cli.like import OPTION, SOURCE, arguments_like, require_source, without_like
from cnnviz.cli.options import cache_option, choice_option, quiet_option, with_options
from cnnviz.cli.pictures import images_option
from cnnviz.cli.printing import print_paths
from cnnviz.cli.scene_commands import SceneGroup, force_option, look_options, scene_command
from cnnviz.errors import UserError
from cnnviz.publishing.format_names import ENCODINGS, FORMAT_NAMES
from cnnviz.staging.registry import SceneDescription, describe_scene, output_stem
from cnnviz.system.log import show_log

if TYPE_CHECKING:  # help stays quick
    from cnnviz.pipeline.clip import Clip


class RenderGroup(SceneGroup):
    """Every scene as a command that renders it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the arguments of the film that ``--like`` names before the others."""
        film, rest = without_like(args)
        return super().parse_args(ctx, rest if film is None else arguments_like(ctx, film, rest))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the scene's command; what is to be like a film has no defaults from a file."""
        found = super().resolve_command(ctx, args)
        if SOURCE in ctx.meta:
            ctx.default_map = None
        return found

    def make_command(self, scene: SceneDescription) -> click.Command:
        """Return the command that renders a scene."""
        example = f"cnnviz render {scene.reference} cat.png"
        return scene_command(
            scene, render_scene, example, images_option, look_options, film_options, force_option
        )


@click.command(cls=RenderGroup, short_help="Render a scene about a picture to an MP4.")
@click.option(
    OPTION,
    expose_value=False,
    metavar="FILM",
    help="As this film of cnnviz was made, in place of a scene: with other options after it.",
)
def render() -> None:
    """Render a scene about a picture to an MP4.

    \b
    Example:
      cnnviz render conv cat.png --layer conv_1_2 --channel 3 --pixel 20,31

    Beside the film NAME.mp4 lie its captions NAME.vtt and NAME.srt, chapters, descriptions and a
    transcript with a still of each beat, a poster NAME.poster.png and a manifest NAME.json with
    every number shown. The film's path alone is printed on stdout.

    With several pictures, or a folder of them, there is a film for each:

    \b
      cnnviz render conv cat.png dog.png --output films
      cnnviz render conv photos/ --output films

    What a film was made with can be used again:

    \b
      cnnviz render --like conv_cat.mp4 --image dog.png

    A scene of your own needs no more than a file:

    \b
      cnnviz render verdict.py cat.png
      cnnviz render scenes.py:VerdictScene cat.png
    """  # noqa: D301


def render_scene(
    scene: str,
    parameters: dict[str, Any],
    image: Any,
    output: Path | None,
    jobs: int | None,
    *,
    preview: bool,
    profile: bool,
    verbose: bool,
    quiet: bool,
    **options: Any,
) -> None:
    """Render, show how far it is, and print the path of each film.

    `image` has any number of pictures, and for a scene that compares what :func:`pair_of` gives;
    `options` are what :func:`cnnviz.render` takes under the same names.
    """
    import cnnviz
    from cnnviz.cli.progress import film_progress
    from cnnviz.rendering.profile import Profile

    compares = describe_scene(scene, Cache()).compares
    if not compares:
        require_source(
            click.get_current_context(),
            has_picture=bool(image),
            has_weights=options["weights"] is not None,
        )
    is_batch = not compares and (len(image) > 1 or any(path.is_dir() for path in image))
    if profile and jobs not in (None, 1):
        raise UserError(f"--profile counts one job, not {jobs}: leave out --jobs")
    if preview and is_batch:
        raise UserError("--preview opens one film, and this makes several: leave it out")
    if quiet and (verbose or profile):
        other = "--verbose" if verbose else "--profile"
        raise UserError(f"--quiet leaves out what {other} asks for: give one of them")
    if verbose:
        show_log(logging.INFO)
    stages = Profile() if profile else None
    how: dict[str, Any] = {"jobs": jobs, "profile": stages, **options, **parameters}
    if is_batch:
        clips = _render_batch(scene, image, output, how, quiet=quiet)
    else:
        picture = image if compares else image[0] if image else None
        with film_progress(output_stem(scene), quiet=quiet) as report:
            clips = [cnnviz.render(scene, picture, output, on_progress=report, **how)]
    if stages is not None:
        click.echo(stages.table(), err=True)
    print_paths(clip.video for clip in clips)
    if preview:
        click.launch(str(clips[0].video))


def _render_batch(
    scene: str, paths: Sequence[Path], output: Path | None, how: dict[str, Any], *, quiet: bool
) -> list[Clip]:
    """Make a film of each picture, and of each in a folder; print those that are done if one fails.

    `how` is what :func:`cnnviz.render_batch` takes besides.
    """
    import cnnviz
    from cnnviz.cli.progress import film_progress
    from cnnviz.pipeline.batch import UnfinishedBatchError
    from cnnviz.pipeline.picture_folder import pictures_in

    found = [pictures_in(path) if path.is_dir() else [path] for path in paths]
    pictures = [picture for some in found for picture in some]
    with film_progress(f"{output_stem(scene)}, {len(pictures)} films", quiet=quiet) as report:
        try:
            return cnnviz.render_batch(
                scene, pictures, output or "media", on_progress=report, **how
            )
        except UnfinishedBatchError as error:
            print_paths(clip.video for clip in error.clips)
            raise


def film_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what the film is made to."""
    return with_options(
        command,
        click.option(
            "-o",
            "--output",
            type=click.Path(path_type=Path),
            metavar="FILE.mp4",
            help="The film, its format by its ending; the folder where there are several. "
            "[default: media/SCENE_PICTURE.mp4, with all that was chosen in the name]",
        ),
        choice_option(
            "--format",
            FORMAT_NAMES,
            "What it is written as; png is a folder of pictures. [default: by the output]",
        ),
        choice_option(
            "--encode",
            ENCODINGS,
            "small takes longer and makes a file a third of the size; av1, for browsers, "
            "one smaller still.",
            "default",
        ),
        click.option(
            "--max-mb",
            type=click.FloatRange(0, min_open=True),
            metavar="MB",
            help="What a GIF or WebP may take: the best size, motion and colours that fit.",
        ),
        click.option(
            "--beats",
            metavar="NAME,NAME",
            help="These beats alone, in this order: cnnviz scenes SCENE lists them.",
        ),
        click.option("--loop", is_flag=True, help="Let the last picture become the first again."),
        click.option(
            "--title/--no-title",
            default=None,
            help="Whether the title is shown. [default: in a whole scene, not with --beats]",
        ),
        click.option("-p", "--preview", is_flag=True, help="Open the film when it is done."),
        click.option(
            "-j",
            "--jobs",
            type=click.IntRange(1, 256),
            metavar="N",
            help="Processes that draw, each with one that encodes. [default: half the cores]",
        ),
        cache_option,
        click.option("--profile", is_flag=True, help="Print where the time went."),
        click.option(
            "-v", "--verbose", is_flag=True, help="Say why frames are repainted in full, and more."
        ),
        quiet_option,
    )
