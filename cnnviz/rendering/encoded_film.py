"""A film whose sections are encoded, before it is one file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cnnviz.rendering.joining import join
from cnnviz.rendering.settings import FilmSettings
from cnnviz.rendering.timing import FilmTiming


@dataclass(frozen=True)
class EncodedFilm:
    """The files of a film's sections.

    Attributes
    ----------
    segments
        A video file for each section, in the film's order.
    stills
        For each its last frame, PNG, at most 1280 pixels wide.
    timing
        The sections.
    settings
        Size, frame rate and encoding.
    """

    segments: tuple[Path, ...]
    stills: tuple[Path, ...]
    timing: FilmTiming
    settings: FilmSettings


Write = Callable[[EncodedFilm, Path], None]
"""Makes one file of the sections, under the name it is given."""


def write_mp4(film: EncodedFilm, output: Path) -> None:
    """Join the sections to an MP4."""
    join(film.segments, output, film.timing)
