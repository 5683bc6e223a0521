"""What a film can be written as."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cnnviz.errors import UserError


@dataclass(frozen=True)
class OutputFormat:
    """A kind of file that films are written to.

    Attributes
    ----------
    name
        As people call it.
    suffix
        How its files end, with the dot.
    """

    name: str
    suffix: str


MP4 = OutputFormat("MP4", ".mp4")

FORMATS = (MP4,)


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
    endings = " or ".join(known.suffix for known in FORMATS)
    raise UserError(f'the output is "{output}": give a name that ends in {endings}')
