"""What every format says about itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from cnnviz.errors import UserError
from cnnviz.rendering.encoded_film import EncodedFilm
from cnnviz.rendering.encoded_frames import DecodedFilm
from cnnviz.rendering.joining import CaptionTrack

MEGABYTE = 1_000_000
"""Bytes, as upload forms count."""


@dataclass(frozen=True)
class Contents:
    """What goes into a film's file beside the pictures, as far as it holds that.

    Attributes
    ----------
    title
        What players show.
    record
        How it was made, JSON: see :mod:`cnnviz.publishing.record`.
    captions
        Captions that are not drawn, or in any case offered.
    max_bytes
        What the file may take; None for as much as it needs.
    """

    title: str = ""
    record: str = ""
    captions: CaptionTrack | None = None
    max_bytes: int | None = None


@dataclass(frozen=True)
class OutputFormat(ABC):
    """A kind of file that films are written to.

    Attributes
    ----------
    name
        What ``--format`` says.
    title
        As people call it.
    suffix
        How its files end, with the dot.
    codecs
        How sections are encoded (:data:`cnnviz.rendering.codecs.CODECS`), by what ``--encode``
        says.
    alpha_codec
        How transparent sections are encoded; None where the format carries no transparency.
    needs_alpha
        Whether it is for transparent films alone.
    holds_captions
        Whether a caption track goes into the file; else captions lie beside it.
    holds_chapters
        Whether the file has chapter marks.
    has_limit
        Whether a size can be asked for.
    usual_frame_rate, usual_side
        Frames per second and the longer side in pixels, at most, where nobody says; None for
        those of the quality.
    is_folder
        Whether it is a folder of files.
    mime_type
        What browsers call what they play; None for what they do not play.
    """

    name: str
    title: str
    suffix: str
    codecs: Mapping[str, str]
    alpha_codec: str | None = None
    needs_alpha: bool = False
    holds_captions: bool = False
    holds_chapters: bool = False
    has_limit: bool = False
    usual_frame_rate: int | None = None
    usual_side: int | None = None
    is_folder: bool = False
    mime_type: str | None = None

    RECORD_TAG: ClassVar[str] = "comment"
    """The tag in containers that says how a film was made."""

    @property
    def plays_as_picture(self) -> bool:
        """Whether browsers show it where they show pictures, and not in a player."""
        return self.mime_type is not None and self.mime_type.startswith("image/")

    @abstractmethod
    def write(self, film: EncodedFilm, output: Path, contents: Contents) -> None:
        """Make one file of a film's sections.

        Raises
        ------
        UserError
            If the disk is full, or the film does not fit into what it may take.
        """

    def read_record(self, path: Path) -> str | None:
        """Return what a file says of how it was made; None if it says nothing."""
        return None

    def frame_digests(
        self, path: Path, first_frames: Sequence[int], frame_rate: float
    ) -> list[str] | None:
        """Return a digest of what each part of a film shows, as it is encoded in the file.

        None for a folder, each file of which has a digest.

        Parameters
        ----------
        path
            The film.
        first_frames
            The number of the first frame of each part, rising.
        frame_rate
            Of those numbers; the file may have another one.

        Raises
        ------
        UserError
            If the file is damaged.
        """
        return None

    def decode(self, path: Path) -> DecodedFilm | None:
        """Decode a film to its end, and return what it turned out to be.

        None where that need not be what the film was made as: of a folder, and of an image, which
        may be smaller to fit.

        Raises
        ------
        UserError
            If it cannot be decoded to its end.
        """
        return None

    @abstractmethod
    def first_difference(self, path: Path, other: Path, frame_rate: float) -> int | None:
        """Return the number of the first frame whose pixels differ; None if there is none.

        Parameters
        ----------
        path, other
            Two films in this format.
        frame_rate
            Of the films that were written to it; the files may have another one.

        Raises
        ------
        UserError
            If one of them cannot be decoded.
        """

    def codec(self, encode: str, *, is_transparent: bool) -> str:
        """Return how sections are encoded.

        Raises
        ------
        UserError
            If the format has no such encoding, or it and transparency do not go together.
        """
        if is_transparent:
            if self.alpha_codec is None:
                raise UserError(f"{self.title} carries no transparency")
            if encode != "default":
                raise UserError(
                    f'a transparent film has one encoding: leave out --encode "{encode}"'
                )
            return self.alpha_codec
        if self.needs_alpha:
            raise UserError(
                f"{self.title} is for transparent films: add --transparent, or choose .mp4"
            )
        if encode not in self.codecs:
            choices = ", ".join(self.codecs)
            raise UserError(f'{self.title} has no encoding "{encode}": choose {choices}')
        return self.codecs[encode]
