"""A folder of PNG files, for editors: every frame, without loss."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from cnnviz.errors import UserError
from cnnviz.publishing.formats.base import Contents, OutputFormat
from cnnviz.publishing.formats.frames import frames_of
from cnnviz.rendering.encoded_film import EncodedFilm


@dataclass(frozen=True)
class PngFormat(OutputFormat):
    """A folder with a numbered PNG for each frame; a transparent film's have transparency."""

    def write(self, film: EncodedFilm, output: Path, contents: Contents) -> None:
        """Make the folder, in the place of a file if there is one."""
        mode = "RGBA" if film.settings.is_transparent else "RGB"
        try:
            output.unlink(missing_ok=True)
            output.mkdir()
            for frame in frames_of(film):
                picture = Image.fromarray(frame.to_ndarray(format="rgba")).convert(mode)
                picture.save(output / f"{frame.pts:06}.png", compress_level=1)
        except OSError as error:
            raise UserError(f'cannot write "{output.name}": {error.strerror}') from None


PNG = PngFormat(
    "png",
    "a PNG sequence",
    ".frames",
    {"default": "lossless"},
    alpha_codec="lossless",
    is_folder=True,
)
