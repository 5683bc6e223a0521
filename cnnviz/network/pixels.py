"""Pixels of any picture as red, green and blue in 0..1, a rectangle at a time.

A source keeps its picture as it came (decoded, but neither turned nor converted), so that a
picture of 100 megapixels costs its own decoded size and little more. Positions are pixels of
the picture as stored; :mod:`.picture` turns it upright.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnnviz.arrays import FloatArray
from cnnviz.model.picture_use import Colour

DEEP_MODES = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")
"""Pillow's modes of one grey channel with more than 8 bits."""


class PixelSource(Protocol):
    """A picture that gives its pixels a rectangle at a time.

    Attributes
    ----------
    width, height
        Size in pixels, as stored.
    orientation
        The EXIF orientation, 1 to 8: how to turn the stored picture upright.
    """

    @property
    def width(self) -> int: ...  # noqa: D102
    @property
    def height(self) -> int: ...  # noqa: D102
    @property
    def orientation(self) -> int: ...  # noqa: D102

    def rgb(self, left: int, top: int, right: int, bottom: int) -> FloatArray:
        """Return a rectangle as (height, width, 3) in 0..1."""
        ...


@dataclass(frozen=True)
class ArraySource:
    """A NumPy array: (height, width), (height, width, 3) or (height, width, 4)."""

    values: npt.NDArray[Any]
    background: Colour
    orientation: int = 1

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.values.shape[0])

    @property
    def width(self) -> int:
        """Columns."""
        return int(self.values.shape[1])

    def rgb(self, left: int, top: int, right: int, bottom: int) -> FloatArray:
        """Return a rectangle as (height, width, 3) in 0..1."""
        return _over_background(_unit(self.values[top:bottom, left:right]), self.background)


@dataclass(frozen=True)
class ImageSource:
    """A decoded Pillow image.

    Attributes
    ----------
    deep_range
        For an image of one deep channel, the values that become 0 and 1.
    """

    image: Image.Image
    background: Colour
    orientation: int
    deep_range: tuple[float, float]

    @property
    def height(self) -> int:
        """Rows."""
        return self.image.height

    @property
    def width(self) -> int:
        """Columns."""
        return self.image.width

    def rgb(self, left: int, top: int, right: int, bottom: int) -> FloatArray:
        """Return a rectangle as (height, width, 3) in 0..1."""
        part = self.image.crop((left, top, right, bottom))
        if part.mode in DEEP_MODES:
            low, high = self.deep_range
            grey = (np.asarray(part).astype(np.float64) - low) / (high - low)
            return _over_background(grey.astype(np.float32), self.background)
        if part.mode == "La":  # the one mode that Pillow turns into RGBA only by way of LA
            part = part.convert("LA")
        mode = "RGBA" if part.has_transparency_data else "RGB"
        return _over_background(_unit(np.asarray(part.convert(mode))), self.background)


def _unit(values: npt.NDArray[Any]) -> FloatArray:
    """Return float32 values in 0..1: whole numbers over their type's largest."""
    unit = values.astype(np.float32)
    if values.dtype.kind == "u":
        unit /= np.float32(np.iinfo(values.dtype).max)
    return unit


def _over_background(values: FloatArray, background: Colour) -> FloatArray:
    """Return (H, W), (H, W, 3) or (H, W, 4) as (H, W, 3), alpha laid over the background."""
    if values.ndim == 2:
        return np.repeat(values[..., np.newaxis], 3, axis=2)
    if values.shape[2] == 3:
        return values
    colour, alpha = values[..., :3], values[..., 3:]
    behind = np.array(background, np.float32) / np.float32(255)
    return colour * alpha + behind * (1 - alpha)
