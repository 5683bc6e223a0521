"""``cnnviz compare``: two pictures, or two networks, side by side in one film."""

from __future__ import annotations

from typing import Any

import click

from cnnviz.cli.options import PIXEL, with_options
from cnnviz.cli.pairs import pair_options
from cnnviz.cli.render import film_options, render_scene
from cnnviz.cli.scene_commands import force_option, look_options

FILMS = ("conv", "overview")
"""Names of what can be compared, as :data:`cnnviz.pipeline.comparison.FILMS` has them."""


def compare_pair(
    scene: str | None,
    layer: str | None,
    channel: int | None,
    pixel: tuple[int, int] | None,
    **options: Any,
) -> None:
    """Compare two pictures, or two networks on one picture, in one film.

    \b
    Example:
      cnnviz compare cat.png dog.png --layer conv_1_2 --channel 3 --pixel 20,31
      cnnviz compare cat.png dog.png --scene overview
      cnnviz compare cat.png --weights tiny_vgg --weights my_network.safetensors

    The same filter glides over both in step, and both maps fill on one scale of colours; or layer
    by layer the whole network is seen on both, with how far apart each layer's values are. Beside
    the film NAME.mp4 lie the same files as cnnviz render leaves; 'cnnviz still compare',
    'cnnviz scenes compare' and 'cnnviz audit compare' take two pictures or networks as well, and
    so they do with compare_overview, as the whole network's film is called there.
    """  # noqa: D301
    from cnnviz.pipeline.comparison import compared_film

    given: dict[str, Any] = {"layer": layer, "channel": channel, "pixel": pixel}
    name = compared_film(scene, given, has_two_networks=isinstance(options["weights"], tuple))
    render_scene(name, given if name == "compare" else {}, **options)


compare = click.command(
    "compare", short_help="Compare two pictures, or two networks, in one film."
)(
    with_options(
        compare_pair,
        pair_options,
        click.option(
            "--scene",
            type=click.Choice(FILMS),
            help="What is compared: one filter, or the whole network. [default: conv; overview for "
            "two networks without --layer, --channel and --pixel]",
        ),
        click.option(
            "--layer",
            metavar="NAME",
            help="A convolution. [default: the first one that both have]",
        ),
        click.option(
            "--channel",
            type=click.IntRange(0),
            metavar="N",
            help="The filter, and channel of the output, from 0. [default: where both differ most]",
        ),
        click.option(
            "--pixel",
            type=PIXEL,
            metavar="ROW,COLUMN",
            help="Of the outputs that are worked, from 0. [default: where both differ most]",
        ),
        look_options,
        film_options,
        force_option,
    )
)
