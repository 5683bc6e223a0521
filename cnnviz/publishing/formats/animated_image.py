"""What animated image formats share: films that are made smaller until they fit."""

from __future__ import annotations

from abc import abstractmethod
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import ClassVar

from PIL import Image

from cnnviz.errors import UserError
from cnnviz.publishing.formats.base import Contents, OutputFormat
from cnnviz.publishing.formats.fitting import EncodingChoice, write_fitting
from cnnviz.publishing.formats.shown_pictures import ShownPicture, decoded_pictures, digests
from cnnviz.rendering.encoded_film import EncodedFilm


@dataclass(frozen=True)
class AnimatedImageFormat(OutputFormat):
    """An image file of many pictures, the record of how it was made in its metadata.

    Attributes
    ----------
    choices
        Ways to encode a film, the best first.
    metadata_key
        Under which Pillow gives the metadata that holds the record.
    """

    choices: ClassVar[Sequence[EncodingChoice]]
    metadata_key: ClassVar[str]

    def write(self, film: EncodedFilm, output: Path, contents: Contents) -> None:
        """Write the best that fits."""
        encode = partial(self.encode, film, contents.record)
        write_fitting(encode, self.choices, output, contents.max_bytes)

    def read_record(self, path: Path) -> str | None:
        """Return the record in the file's metadata."""
        try:
            with Image.open(path, formats=[self.name.upper()]) as picture:
                metadata = picture.info.get(self.metadata_key, b"")
        except (OSError, SyntaxError, Image.DecompressionBombError):
            return None
        return self.record_in(metadata)

    def frame_digests(
        self, path: Path, first_frames: Sequence[int], frame_rate: float
    ) -> list[str]:
        """Return a digest of the encoded pictures that are shown in each part of a film."""
        starts = [1000 * first / frame_rate for first in first_frames]
        try:
            return digests(self.encoded_pictures(path.read_bytes()), starts)
        except (OSError, IndexError) as error:
            raise UserError(f'the film "{path}" is damaged: {error}') from None

    def decode(self, path: Path) -> None:
        """Decode all pictures, which may be fewer and smaller than the film's frames."""
        deque(self._decoded(path), maxlen=0)

    def first_difference(self, path: Path, other: Path, frame_rate: float) -> int | None:
        """Compare picture by picture, and return the frame with which the differing one begins."""
        pairs = zip_longest(self._decoded(path), self._decoded(other))
        starts = (min(each.start for each in pair if each) for pair in pairs if pair[0] != pair[1])
        start = next(starts, None)
        return None if start is None else round(start * frame_rate / 1000)

    def _decoded(self, path: Path) -> Iterator[ShownPicture]:
        return decoded_pictures(path, self.name.upper())

    @abstractmethod
    def encoded_pictures(self, content: bytes) -> Iterator[ShownPicture]:
        """Give the pictures in a file's content, as they are encoded.

        Raises
        ------
        IndexError
            If the content ends too soon.
        """

    @abstractmethod
    def encode(self, film: EncodedFilm, record: str, choice: EncodingChoice, output: Path) -> None:
        """Write a film in one of the ways."""

    @abstractmethod
    def record_in(self, metadata: bytes) -> str | None:
        """Return the record that metadata hold; None if they hold none."""
