"""The picture a network looks at: any image, upright, cropped and scaled to the input's size.

Scaling covers the network's input and crops the centre. Large pictures are first averaged over
whole squares of pixels, a band of rows at a time, then resampled once with a Lanczos filter.
A picture of 100 megapixels peaks at its own decoded size (Pillow keeps up to four bytes a pixel)
plus less than 200 MB; a JPEG is decoded smaller than that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from os import PathLike

import numpy as np
from PIL import Image

from cnnviz.arrays import ByteArray, FloatArray
from cnnviz.errors import UserError
from cnnviz.model.architecture import InputDescription
from cnnviz.model.picture_use import WHITE, Colour
from cnnviz.network.picture_files import open_source
from cnnviz.network.pixels import PixelSource

MAX_PHOTO_SIDE = 512
REDUCING_GAP = 2
"""Averaging stops at this many times the final size, so that Lanczos decides the sharpness."""
BAND_PIXELS = 500_000

LUMINANCE = (0.299, 0.587, 0.114)
"""Weights of red, green and blue in luma, ITU-R BT.601, as in Pillow's mode L."""

ORIENTATIONS = {
    1: (False, False, False),
    2: (False, False, True),
    3: (False, True, True),
    4: (False, True, False),
    5: (True, False, False),
    6: (True, False, True),
    7: (True, True, True),
    8: (True, True, False),
}
"""EXIF orientation to (swap rows and columns, then reverse rows, reverse columns)."""


@dataclass(frozen=True, eq=False)
class Picture:
    """One crop of a picture, for the network and for the eye.

    Attributes
    ----------
    values
        What the network looks at: float32, (channels, height, width), 0..1.
    photo
        The same crop at higher resolution: uint8 RGB, (height, width, 3), at most 512 pixels
        on the longer side, never enlarged.
    """

    values: FloatArray
    photo: ByteArray


@dataclass(frozen=True)
class CropBox:
    """A rectangle in pixels: left and top edge, width and height."""

    x: float
    y: float
    width: float
    height: float


def load_picture(
    image: object,
    input: InputDescription,  # noqa: A002  (the network's own word for it)
    crop: tuple[int, int, int, int] | None = None,
    background: Colour = WHITE,
) -> Picture:
    """Read a picture, crop and scale it for a network.

    Parameters
    ----------
    image
        A path to any image Pillow reads (of an animation, the first frame); a Pillow image; or an
        array (H, W), (H, W, 3) or (H, W, 4) of uint8, uint16, or floats in 0..1.
    input
        The picture that the network wants: red, green, blue, or one channel of luminance.
    crop
        (x, y, width, height) in pixels of the upright picture: the part to look at. The
        whole picture otherwise. Of either, the largest centred part that has the
        input's aspect ratio is taken; if it has the input's size, it is taken bit for bit.
    background
        (red, green, blue), 0..255: what shows through transparent places.

    Raises
    ------
    UserError
        If the picture cannot be read, or the crop does not lie inside it.
    """
    _check_background(background)
    size = (input.width, input.height)
    shrink_to = REDUCING_GAP * max(MAX_PHOTO_SIDE, *size) if crop is None else None
    source = open_source(image, background, shrink_to)
    width, height = _upright_size(source)
    region = CropBox(0, 0, width, height) if crop is None else _checked_crop(crop, width, height)
    box = covering_box(region, *size)
    photo_size = _photo_size(box)
    largest = (max(size[0], photo_size[0]), max(size[1], photo_size[1]))
    factor = int(min(box.width / largest[0], box.height / largest[1]) / REDUCING_GAP)
    with np.errstate(all="ignore"):  # of values that are no numbers, which are refused below
        pixels, box = _read_averaged(source, box, max(1, factor))
    values = _resample(pixels, box, size)
    if input.channels == 1:
        values = (values @ np.array(LUMINANCE))[..., np.newaxis].astype(np.float32)
    photo = _resample(pixels, box, photo_size)
    if not (np.isfinite(values).all() and np.isfinite(photo).all()):
        what = f"picture '{image}'" if isinstance(image, str | PathLike) else "the picture"
        raise UserError(f"{what} contains values that are not finite numbers")
    return Picture(
        values=np.ascontiguousarray(values.transpose(2, 0, 1)),
        photo=np.rint(photo * 255).astype(np.uint8),
    )


def covering_box(region: CropBox, width: int, height: int) -> CropBox:
    """Return the largest centred part of `region` with the aspect ratio of width : height.

    Its left and top edge lie on whole pixels, so that nothing is resampled without need.
    """
    part_width, part_height = region.width, region.height
    if region.width * height > region.height * width:
        part_width = region.height * width / height
    else:
        part_height = region.width * height / width
    return CropBox(
        region.x + (region.width - part_width) // 2,
        region.y + (region.height - part_height) // 2,
        part_width,
        part_height,
    )


def _check_background(background: Colour) -> None:
    if len(background) != 3 or not all(0 <= value <= 255 for value in background):
        raise UserError(f"background {background!r} must be red, green, blue, each 0 to 255")


def _checked_crop(crop: tuple[int, int, int, int], width: int, height: int) -> CropBox:
    if len(crop) != 4:
        raise UserError(f"crop {crop!r} must be four numbers: x, y, width, height")
    x, y, crop_width, crop_height = crop
    inside = 0 <= x < x + crop_width <= width and 0 <= y < y + crop_height <= height
    if not inside:
        raise UserError(
            f"crop {x},{y},{crop_width},{crop_height} does not lie inside the picture of "
            f"{width} x {height} pixels: x 0 to {width - 1}, y 0 to {height - 1}, width 1 to "
            f"{width} - x, height 1 to {height} - y"
        )
    return CropBox(x, y, crop_width, crop_height)


def _photo_size(box: CropBox) -> tuple[int, int]:
    """Return the (width, height) at which a part is shown."""
    scale = min(1, MAX_PHOTO_SIDE / max(box.width, box.height))
    return max(1, round(box.width * scale)), max(1, round(box.height * scale))


def _read_averaged(source: PixelSource, box: CropBox, factor: int) -> tuple[FloatArray, CropBox]:
    """Read the pixels around an upright box, averaged over squares of `factor` pixels.

    Returns
    -------
    pixels
        float32 (height, width, 3), upright.
    box
        Where the box lies in them.
    """
    left, top = int(box.x), int(box.y)
    width, height = _upright_size(source)
    right = min(math.ceil(box.x + box.width), width)
    bottom = min(math.ceil(box.y + box.height), height)
    rows = factor * max(1, BAND_PIXELS // ((right - left) * factor))
    bands = [
        _average(_upright_rgb(source, left, row, right, min(row + rows, bottom)), factor)
        for row in range(top, bottom, rows)
    ]
    inner = CropBox(
        (box.x - left) / factor, (box.y - top) / factor, box.width / factor, box.height / factor
    )
    return np.concatenate(bands), inner


def _upright_rgb(source: PixelSource, left: int, top: int, right: int, bottom: int) -> FloatArray:
    """Return a rectangle of the upright picture, (height, width, 3) in 0..1."""
    swap, reverse_rows, reverse_columns = ORIENTATIONS[source.orientation]
    width, height = _upright_size(source)
    if reverse_columns:
        left, right = width - right, width - left
    if reverse_rows:
        top, bottom = height - bottom, height - top
    if swap:
        pixels = source.rgb(top, left, bottom, right).swapaxes(0, 1)
    else:
        pixels = source.rgb(left, top, right, bottom)
    return pixels[:: -1 if reverse_rows else 1, :: -1 if reverse_columns else 1]


def _upright_size(source: PixelSource) -> tuple[int, int]:
    """Return the (width, height) of the upright picture."""
    swap, _, _ = ORIENTATIONS[source.orientation]
    return (source.height, source.width) if swap else (source.width, source.height)


def _average(pixels: FloatArray, factor: int) -> FloatArray:
    """Return the means of squares of `factor` pixels; those at the right and bottom may be cut."""
    if factor == 1:
        return pixels
    height, width = pixels.shape[:2]
    rows, columns = np.arange(0, height, factor), np.arange(0, width, factor)
    sums = np.add.reduceat(np.add.reduceat(pixels, rows, axis=0), columns, axis=1)
    row_counts, column_counts = np.diff([*rows, height]), np.diff([*columns, width])
    counts = np.outer(row_counts, column_counts)[..., np.newaxis]
    means: FloatArray = (sums / counts).astype(np.float32)
    return means


def _resample(pixels: FloatArray, box: CropBox, size: tuple[int, int]) -> FloatArray:
    """Return the box's pixels scaled to (width, height), as they are if they have that size."""
    width, height = size
    x, y = int(box.x), int(box.y)
    if box == CropBox(x, y, width, height):
        return pixels[y : y + height, x : x + width]
    edges = (
        box.x,
        box.y,
        min(box.x + box.width, pixels.shape[1]),
        min(box.y + box.height, pixels.shape[0]),
    )
    channels = [
        Image.fromarray(np.ascontiguousarray(pixels[..., channel])).resize(
            size, Image.Resampling.LANCZOS, box=edges
        )
        for channel in range(3)
    ]
    return np.stack([np.asarray(channel, np.float32) for channel in channels], axis=2).clip(0, 1)
