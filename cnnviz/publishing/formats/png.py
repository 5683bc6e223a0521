"""A folder of PNG files, for editors: every frame, without loss."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, PngImagePlugin

from cnnviz.errors import UserError
from cnnviz.publishing.formats.base import Contents, OutputFormat
from cnnviz.publishing.formats.frames import decoded_frames
from cnnviz.rendering.encoded_film import EncodedFilm

COMMENT = "Comment"
"""The text chunk that says how the film was made: a keyword of PNG's own, section 11.3.3.2."""


@dataclass(frozen=True)
class PngFormat(OutputFormat):
    """A folder with a numbered PNG for each frame; a transparent film's have transparency.

    The first of them says how the film was made, in a text chunk.
    """

    def read_record(self, path: Path) -> str | None:
        """Return the comment of the first picture."""
        try:
            with Image.open(path / FIRST, formats=["PNG"]) as picture:
                record = picture.info.get(COMMENT)
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return None
        return record if isinstance(record, str) else None

    def first_difference(self, path: Path, other: Path, frame_rate: float) -> int | None:
        """Compare the files that both have; what they say beside their pixels is no pixel."""
        for name in sorted(each.name for each in other.iterdir() if (path / each.name).is_file()):
            if pixels_of(path / name) != pixels_of(other / name):
                return int(Path(name).stem)
        return None

    def write(self, film: EncodedFilm, output: Path, contents: Contents) -> None:
        """Make the folder, in the place of a file if there is one."""
        mode = "RGBA" if film.settings.is_transparent else "RGB"
        try:
            output.unlink(missing_ok=True)
            output.mkdir()
            for number, frame in enumerate(decoded_frames(film)):
                picture = Image.fromarray(frame.to_ndarray(format="rgba")).convert(mode)
                name = frame_name(number)
                text = PngImagePlugin.PngInfo()
                if name == FIRST and contents.record:
                    text.add_text(COMMENT, contents.record, zip=True)
                picture.save(output / name, compress_level=1, pnginfo=text)
        except OSError as error:
            raise UserError(f'cannot write "{output.name}": {error.strerror}') from None


def frame_name(number: int) -> str:
    """Return the name of the file of a frame, counted from 0."""
    return f"{number:06}.png"


def pixels_of(path: Path) -> tuple[tuple[int, int], bytes]:
    """Return size and pixels of one of the files.

    Raises
    ------
    UserError
        If it is no PNG that can be read.
    """
    try:
        with Image.open(path, formats=["PNG"]) as picture:
            return picture.size, picture.tobytes()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise UserError(f'"{path}" is no picture that can be read') from None


FIRST = frame_name(0)

PNG = PngFormat(
    "png",
    "a PNG sequence",
    ".frames",
    {"default": "lossless"},
    alpha_codec="lossless",
    is_folder=True,
)
