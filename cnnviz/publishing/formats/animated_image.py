"""What animated image formats share: films that are made smaller until they fit."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from PIL import Image

from cnnviz.publishing.formats.base import Contents, OutputFormat
from cnnviz.publishing.formats.fitting import EncodingChoice, write_fitting
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

    @abstractmethod
    def encode(self, film: EncodedFilm, record: str, choice: EncodingChoice, output: Path) -> None:
        """Write a film in one of the ways."""

    @abstractmethod
    def record_in(self, metadata: bytes) -> str | None:
        """Return the record that metadata hold; None if they hold none."""
