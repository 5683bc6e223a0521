"""Formats into which sections go as they are, one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import av

from cnnviz.publishing.formats.base import Contents, OutputFormat
from cnnviz.rendering.encoded_film import EncodedFilm
from cnnviz.rendering.encoded_frames import DecodedFilm, decode, first_difference, frame_digests
from cnnviz.rendering.joining import Container, join
from cnnviz.rendering.media_files import libav_name


@dataclass(frozen=True)
class ContainerFormat(OutputFormat):
    """A container of libav's.

    Attributes
    ----------
    container
        Its name in libav's words.
    options
        For libav.
    caption_codec
        How captions are written in it: see :class:`cnnviz.rendering.joining.Container`.
    """

    container: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    caption_codec: str = "mov_text"

    def read_record(self, path: Path) -> str | None:
        """Return the comment among the file's tags."""
        try:
            with av.open(libav_name(path)) as film:
                tags = {name.lower(): text for name, text in film.metadata.items()}
        except (OSError, ValueError):
            return None
        return tags.get(self.RECORD_TAG)

    def frame_digests(
        self, path: Path, first_frames: Sequence[int], frame_rate: float
    ) -> list[str]:
        """Return a digest of the encoded frames of each part of a film."""
        return frame_digests(path, first_frames)

    def decode(self, path: Path) -> DecodedFilm:
        """Decode all frames."""
        return decode(path)

    def first_difference(self, path: Path, other: Path, frame_rate: float) -> int | None:
        """Compare frame by frame."""
        return first_difference(path, other)

    def write(self, film: EncodedFilm, output: Path, contents: Contents) -> None:
        """Join the sections, and put in the rest."""
        tags = {"title": contents.title, self.RECORD_TAG: contents.record}
        container = Container(
            self.container,
            self.options,
            metadata={name: text for name, text in tags.items() if text},
            has_chapters=self.holds_chapters,
            caption_codec=self.caption_codec,
            captions=contents.captions if self.holds_captions else None,
        )
        join(film.segments, output, film.timing, container)
