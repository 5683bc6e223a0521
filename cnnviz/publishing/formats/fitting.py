"""A film made small enough: the best size, frame rate and quality that fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cnnviz.errors import UserError
from cnnviz.publishing.formats.base import MEGABYTE

Encode = Callable[["EncodingChoice", Path], None]
"""Writes a film in one way to a file."""


@dataclass(frozen=True)
class EncodingChoice:
    """One way to write a film.

    Attributes
    ----------
    scale
        Share of the film's sides.
    every
        One frame of so many is shown, for so many times as long.
    quality
        Of a palette, how many colours; of a lossy format, 0 to 100.
    """

    scale: float
    every: int
    quality: int


SIZES = ((1.0, 1), (1.0, 1), (0.8, 1), (0.67, 1), (0.67, 2), (0.5, 2), (0.5, 2), (0.4, 4), (0.3, 4))
"""Scale and `every` of each choice, from the best to the smallest: colours go first, then size,
then motion, which is what a lecture is about."""


def encoding_choices(qualities: Sequence[int]) -> list[EncodingChoice]:
    """Return the choices with a quality for each, in the order of :data:`SIZES`."""
    return [
        EncodingChoice(scale, every, quality)
        for (scale, every), quality in zip(SIZES, qualities, strict=True)
    ]


def write_fitting(
    encode: Encode, choices: Sequence[EncodingChoice], output: Path, max_bytes: int | None
) -> EncodingChoice:
    """Write the first of several ways, ordered from large to small, that fits; return it.

    Few are tried: the first, and then the middle of those that are left.

    Parameters
    ----------
    encode
        Writes one of them.
    choices
        From the best to the smallest.
    output
        The file.
    max_bytes
        What it may take; None for as much as the first one needs.

    Raises
    ------
    UserError
        If even the last one is too large.
    """
    if max_bytes is None:
        encode(choices[0], output)
        return choices[0]
    trial = output.with_name(f"{output.name}.trial")
    fits: EncodingChoice | None = None
    low, high, place = 0, len(choices), 0
    smallest = 0
    try:
        while low < high:
            encode(choices[place], trial)
            smallest = trial.stat().st_size
            if smallest <= max_bytes:
                fits, high = choices[place], place
                trial.replace(output)
            else:
                low = place + 1
            place = (low + high) // 2
    finally:
        trial.unlink(missing_ok=True)
    if fits is None:
        raise UserError(
            f"the film takes at least {smallest / MEGABYTE:.1f} MB, more than "
            f"{max_bytes / MEGABYTE:g}: choose fewer beats, a larger --max-mb, or .mp4"
        )
    return fits
