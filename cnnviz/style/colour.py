"""From values to colours: one scale serves a map, its legend and the numbers on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from cnnviz.arrays import ByteArray, Float64Array

RGB = tuple[int, int, int]


@lru_cache(maxsize=256)
def rgb_of_hex(colour: str) -> RGB:
    """Return (red, green, blue), 0 to 255, of a colour written ``"#rrggbb"``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def hex_of_rgb(rgb: ByteArray | RGB) -> str:
    """Return ``"#rrggbb"`` for (red, green, blue), 0 to 255."""
    red, green, blue = (int(value) for value in rgb)
    return f"#{red:02x}{green:02x}{blue:02x}"


@lru_cache(maxsize=4096)
def relative_luminance(colour: str) -> float:
    """Return the luminance, 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in rgb_of_hex(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast_ratio(first: str, second: str) -> float:
    """Return the contrast between two colours, 1 to 21, as WCAG 2.2 defines it."""
    bright, dark = sorted((relative_luminance(first), relative_luminance(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@lru_cache(maxsize=32)
def _table(stops: tuple[str, ...]) -> Float64Array:
    """Return the stops as an array of shape (stops, 3)."""
    return np.array([rgb_of_hex(stop) for stop in stops], np.float64)


@dataclass(frozen=True)
class ColourScale:
    """Colours for a range of values; values beyond it take the colour of its end.

    Attributes
    ----------
    low, high
        The range; `low` is less than `high`.
    stops
        Colours ``"#rrggbb"`` at equal distances from low to high.
    """

    low: float
    high: float
    stops: tuple[str, ...]

    def colours(self, values: npt.ArrayLike) -> ByteArray:
        """Return uint8 colours of shape ``values.shape + (3,)``."""
        position = (np.asarray(values, np.float64) - self.low) / (self.high - self.low)
        position = np.clip(np.nan_to_num(position), 0, 1) * (len(self.stops) - 1)
        table = _table(self.stops)
        places = np.arange(len(self.stops))
        channels = [np.interp(position, places, table[:, channel]) for channel in range(3)]
        return np.rint(np.stack(channels, axis=-1)).astype(np.uint8)

    def colour(self, value: float) -> str:
        """Return the colour of one value as ``"#rrggbb"``."""
        return hex_of_rgb(self.colours(value))


def mixed(first: str, second: str, share: float) -> str:
    """Return the colour at a share, 0 to 1, of the way from one ``"#rrggbb"`` to another."""
    if share in (0.0, 1.0):
        return second if share else first
    return ColourScale(0.0, 1.0, (first, second)).colour(share)
