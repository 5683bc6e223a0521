"""What a film may be written as: each format is one object in one file."""

from __future__ import annotations

from pathlib import Path

from cnnviz.errors import UserError
from cnnviz.publishing.formats.base import OutputFormat
from cnnviz.publishing.formats.gif import GIF
from cnnviz.publishing.formats.mov import MOV
from cnnviz.publishing.formats.mp4 import MP4
from cnnviz.publishing.formats.png import PNG
from cnnviz.publishing.formats.webm import WEBM
from cnnviz.publishing.formats.webp import WEBP

FORMATS: tuple[OutputFormat, ...] = (MP4, WEBM, MOV, GIF, WEBP, PNG)


def format_named(name: str) -> OutputFormat:
    """Return the format that ``--format`` calls so.

    Raises
    ------
    UserError
        If there is none.
    """
    for known in FORMATS:
        if known.name == name:
            return known
    names = ", ".join(known.name for known in FORMATS)
    raise UserError(f'there is no format "{name}": choose {names}')


def format_of(output: Path) -> OutputFormat:
    """Return the format that a file's ending stands for.

    Raises
    ------
    UserError
        If it stands for none.
    """
    for known in FORMATS:
        if output.suffix.lower() == known.suffix:
            return known
    *others, last = (known.suffix for known in FORMATS)
    raise UserError(
        f'the output is "{output}": give a name that ends in {", ".join(others)} or {last}'
    )


def agreed_format(output: Path, name: str | None) -> OutputFormat:
    """Return the format of a file that is asked for by its ending, and perhaps by name.

    Raises
    ------
    UserError
        If there is no such format, or the ending stands for another one.
    """
    if name is None:
        return format_of(output)
    chosen = format_named(name)
    if output.suffix.lower() != chosen.suffix:
        raise UserError(
            f'the output is "{output}", but the format is {name}: give a name that ends in '
            f"{chosen.suffix}"
        )
    return chosen


def codec_for(chosen: OutputFormat, encode: str, *, is_transparent: bool) -> str:
    """Return how the sections of a film in a format are encoded.

    Raises
    ------
    UserError
        As :meth:`OutputFormat.codec`; and it says which formats carry transparency.
    """
    if is_transparent and chosen.alpha_codec is None:
        *others, last = (known.suffix for known in FORMATS if known.alpha_codec)
        raise UserError(
            f"{chosen.title} carries no transparency: choose an output that ends in "
            f"{', '.join(others)} or {last}"
        )
    return chosen.codec(encode, is_transparent=is_transparent)
