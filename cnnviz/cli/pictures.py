"""The pictures that a command is about: named without an option, with ``--image``, or both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from cnnviz.cli.options import with_options
from cnnviz.errors import UserError


def image_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `image`, the one picture."""

    def run(pictures: tuple[Path, ...], image: Path | None, **values: Any) -> Any:
        given = all_pictures(pictures, [image] if image else [])
        if len(given) > 1:
            context = click.get_current_context()
            raise UserError(
                f"{context.command_path} takes one picture, not {len(given)}: "
                f"{', '.join(map(str, given))}"
            )
        return command(image=given[0] if given else None, **values)

    decorated: Callable[..., Any] = wraps(command)(run)
    return with_options(
        decorated,
        pictures_argument("[PICTURE]"),
        click.option(
            "--image",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="The photo, in any format Pillow reads: the same as PICTURE. [default: a cat]",
        ),
    )


def images_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `image`, any number of pictures."""

    def run(pictures: tuple[Path, ...], image: tuple[Path, ...], **values: Any) -> Any:
        return command(image=all_pictures(pictures, image), **values)

    decorated: Callable[..., Any] = wraps(command)(run)
    return with_options(
        decorated,
        pictures_argument("[PICTURE]..."),
        repeated_image_option(
            "The photo, in any format Pillow reads: the same as PICTURE; again for more, or "
            "a folder of them. [default: a cat]"
        ),
    )


def repeated_image_option(text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return ``--image`` for commands that take it several times, with `text` as its help."""
    return click.option(
        "--image", type=click.Path(path_type=Path), multiple=True, metavar="FILE", help=text
    )


def pictures_argument(metavar: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the argument for pictures that are named without an option."""
    return click.argument("pictures", nargs=-1, type=click.Path(path_type=Path), metavar=metavar)


def all_pictures(pictures: Sequence[Path], images: Sequence[Path]) -> tuple[Path, ...]:
    """Return the pictures that were named, those of ``--image`` at the end.

    What a file of defaults says gives way to those without an option.
    """
    source = click.get_current_context().get_parameter_source("image")
    if pictures and source is not ParameterSource.COMMANDLINE:
        images = ()
    return (*pictures, *images)
