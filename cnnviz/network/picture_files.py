"""Pictures from files, Pillow images and arrays: checked, then decoded."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike, fspath
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image, Jpeg2KImagePlugin, UnidentifiedImageError

from cnnviz.errors import UserError
from cnnviz.model.picture_use import Colour
from cnnviz.network.pixels import ArraySource, ImageSource, PixelSource
from cnnviz.system.image_formats import picture_formats
from cnnviz.system.ordinary_files import open_ordinary
from cnnviz.system.streams import quiet_libraries

MAX_PIXELS = 100_000_000

DECODABLE_PIXELS = {"WEBP": 45_000_000, "AVIF": 45_000_000, "JPEG2000": 30_000_000}
"""Most pixels of formats whose decoders take several times what the picture takes.

WebP's takes 16 bytes a pixel in Pillow's hands, JPEG 2000's up to 20: with these limits all stay
below 1 GiB, torch included.
"""

MAX_ROWS = 250_000
"""Each row of a picture takes memory of its own, however short it is."""

LARGEST_FILE = 2**30
"""Bytes: more than 100 megapixels of 64 bits take."""

MOST_HALVINGS = 5
"""JPEG 2000 files are written with at least so many resolutions, if they are large."""

POSTSCRIPT = (b"%!PS", b"\xc5\xd0\xd3\xc6")
"""How files begin that are programs for a printer."""


def open_source(image: object, background: Colour, shrink_to: int | None = None) -> PixelSource:
    """Return the source of a path, a Pillow image or a NumPy array.

    Parameters
    ----------
    image
        A path; a Pillow image; or an array (H, W), (H, W, 3) or (H, W, 4) of uint8, uint16,
        or floats in 0..1.
    background
        What shows through transparent places, 0..255.
    shrink_to
        Decode a JPEG file at 1/2, 1/4 or 1/8 of its size, as long as its shorter side stays
        above this many pixels: faster, and exact averages. None decodes the full size.

    Raises
    ------
    UserError
        If it is none of these, cannot be read, is empty or has over 100 megapixels.
    """
    if isinstance(image, np.ndarray):
        _check_array(image)
        return ArraySource(image, background)
    if isinstance(image, Image.Image):
        return _decode(image, "the image", background)
    if isinstance(image, str | PathLike):
        return _decode_file(Path(fspath(image)), background, shrink_to)
    raise UserError(
        f"a picture must be a path, a Pillow image or a NumPy array, not {type(image).__name__}"
    )


def check_picture_file(path: str | Path) -> None:
    """Refuse what cannot be a picture, without decoding it.

    Raises
    ------
    UserError
        If there is no such file, it is no image, is empty or has over 100 megapixels.
    """
    with _open_file(Path(path)) as image:
        _check_size(image, f"picture '{path}'")


def _decode_file(path: Path, background: Colour, shrink_to: int | None) -> ImageSource:
    with _open_file(path) as image:
        return _decode(image, f"picture '{path}'", background, shrink_to)


@contextmanager
def _open_file(path: Path) -> Iterator[Image.Image]:
    what = f"picture '{path}'"
    try:
        file = open_ordinary(path)
    except OSError as error:
        raise UserError(f"cannot read {what}: {error.strerror}") from None
    with file:
        size = os.fstat(file.fileno()).st_size
        if size == 0:
            raise UserError(f"cannot read {what}: it is empty")
        if size > LARGEST_FILE:
            raise UserError(f"{what} has {size:,} bytes; at most {LARGEST_FILE:,} are read")
        with _opened(file, what) as image:
            yield image


def _opened(file: BinaryIO, what: str) -> Image.Image:
    """Return the image in a file, of which only the header has been read."""
    try:
        with quiet_libraries():
            return Image.open(file, formats=picture_formats())
    except Image.DecompressionBombError:
        raise UserError(f"{what} has over {MAX_PIXELS:,} pixels, the most allowed") from None
    except UnidentifiedImageError:
        reason = "it is not an image, or damaged"
        if _start_of(file) in POSTSCRIPT:
            reason = "it is a PostScript program, which is never run: save it as PNG"
        raise UserError(f"cannot read {what}: {reason}") from None
    except OSError as error:
        raise UserError(f"cannot read {what}: {error.strerror or _one_line(error)}") from None
    except MemoryError:
        raise UserError(f"there is not enough memory for {what}: scale it down") from None
    except Exception as error:  # Pillow raises any kind of error from a damaged file
        raise UserError(f"cannot read {what}, it is damaged: {_one_line(error)}") from None


def _start_of(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read(4)


def _decode(
    image: Image.Image, what: str, background: Colour, shrink_to: int | None = None
) -> ImageSource:
    try:
        with quiet_libraries():
            if shrink_to is not None:
                _decode_smaller(image, shrink_to)
            _check_size(image, what)
            image.load()
            deep_range = _deep_range(image)
    except UserError:
        raise
    except MemoryError:
        raise UserError(f"there is not enough memory for {what}: scale it down") from None
    except Exception as error:  # as above
        raise UserError(f"{what} is damaged or truncated: {_one_line(error)}") from None
    return ImageSource(image, background, _orientation(image), deep_range)


def _decode_smaller(image: Image.Image, shrink_to: int) -> None:
    """Let a JPEG or JPEG 2000 be decoded at a fraction of its size, if it is much larger."""
    if image.format != "JPEG2000":
        image.draft(None, (shrink_to, shrink_to))
        return
    halvings = int(math.log2(max(1, min(image.size) / shrink_to)))
    if halvings and isinstance(image, Jpeg2KImagePlugin.Jpeg2KImageFile):
        image.reduce = min(halvings, MOST_HALVINGS)


def _check_size(image: Image.Image, what: str) -> None:
    """Refuse a picture that is empty, or would take too much memory to decode."""
    width, height = image.size
    most = DECODABLE_PIXELS.get(image.format or "", MAX_PIXELS)
    if isinstance(image, Jpeg2KImagePlugin.Jpeg2KImageFile):
        most *= 4 ** int(getattr(image, "_reduce", 0))
    if width * height == 0:
        raise UserError(f"{what} has {width} x {height} pixels: it is empty")
    if width * height > most:
        kind = "" if most == MAX_PIXELS else f" of a {image.format} file"
        raise UserError(f"{what} has {width} x {height} pixels; at most {most:,}{kind} are allowed")
    if height > MAX_ROWS:
        raise UserError(f"{what} has {height:,} rows of pixels; at most {MAX_ROWS:,} are allowed")


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 where there is none or it means nothing, as viewers do.

    Read after decoding, because Pillow turns TIFF upright by itself.
    """
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # damaged EXIF data, of any kind, in a picture that is whole
        return 1
    return orientation if orientation in range(1, 9) else 1


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _check_array(values: npt.NDArray[Any]) -> None:
    """Refuse an array that is not a picture."""
    is_picture = values.ndim == 2 or (values.ndim == 3 and values.shape[2] in (3, 4))
    if not is_picture or values.size == 0:
        raise UserError(
            f"an array of shape {values.shape} is no picture; "
            "allowed are (height, width), (height, width, 3) and (height, width, 4)"
        )
    if values.shape[0] * values.shape[1] > MAX_PIXELS:
        raise UserError(
            f"the array has {values.shape[1]} x {values.shape[0]} pixels; "
            f"at most {MAX_PIXELS:,} are allowed"
        )
    if values.dtype.kind == "f":
        low, high = float(values.min()), float(values.max())
        if not (low >= 0 and high <= 1):
            raise UserError(
                f"the array's values reach from {low:g} to {high:g}; floats must lie in 0..1"
            )
    elif values.dtype not in (np.uint8, np.uint16):
        raise UserError(
            f"an array of type {values.dtype} is no picture; "
            "allowed are uint8, uint16, and floats in 0..1"
        )


def _deep_range(image: Image.Image) -> tuple[float, float]:
    """Return the values of a deep grey image that become black and white.

    16 bits: 0 and 65535. 32-bit whole numbers and floats, whose files do not say it: 0 and the
    first of 1, 255 and 65535 that is not exceeded, or else the smallest and the largest value.
    """
    if image.mode not in ("I", "F"):
        return 0, 65535
    low, high = (float(value) for value in image.getextrema())  # type: ignore[arg-type]
    if not np.isfinite((low, high)).all():
        raise ValueError("it contains values that are not finite numbers")
    for white in (1, 255, 65535):
        if low >= 0 and high <= white:
            return 0, white
    return low, max(high, low + 1)
