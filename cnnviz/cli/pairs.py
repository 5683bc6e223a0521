"""What is compared on the command line: two pictures, or one picture and ``--weights`` twice."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from cnnviz.cli.like import require_source
from cnnviz.cli.options import view_options, with_options
from cnnviz.cli.pictures import all_pictures, pictures_argument, repeated_image_option


def pair_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `image` and `weights`, of which one is a pair: see :func:`pair_of`."""

    def run(
        pictures: tuple[Path, ...],
        image: tuple[Path, ...],
        weights: tuple[Path, ...],
        **values: Any,
    ) -> Any:
        from cnnviz.pipeline.comparison import pair_of

        given = all_pictures(pictures, image)
        require_source(
            click.get_current_context(), has_picture=bool(given), has_weights=bool(weights)
        )
        compared, networks = pair_of(given, [str(each) for each in weights])
        return command(image=compared, weights=networks, **values)

    decorated: Callable[..., Any] = wraps(command)(run)
    return with_options(
        decorated,
        pictures_argument("[PICTURE PICTURE]"),
        repeated_image_option(
            "A photo, in any format Pillow reads: the same as PICTURE; again for the other. "
            "[default: a cat and a cup of espresso]"
        ),
        click.option(
            "--weights",
            type=click.Path(path_type=Path),
            multiple=True,
            metavar="NETWORK",
            help="Network to use: a .safetensors file made by cnnviz, or a name of 'cnnviz weights "
            "list'; twice, with one picture, to compare two networks. [default: tiny_vgg]",
        ),
        view_options,
    )
