"""OKLab, a space in which equal steps look equal: its colours, and ramps of them.

Source: Björn Ottosson, "A perceptual color space for image processing", 2020,
https://bottosson.github.io/posts/oklab/ (the matrices are his, of January 2021). sRGB's
curve is that of IEC 61966-2-1.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from cnnviz.arrays import BoolArray, ByteArray, Float64Array
from cnnviz.style.colour import RGB, ColourScale, hex_of_rgb

LMS_OF_LAB = np.array(
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.2914855480],
    ]
)
RGB_OF_LMS = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)

HALVINGS = 24
"""Of the interval in which the largest chroma that sRGB can show is sought."""

STOPS_PER_SIDE = 64
"""Colours from zero to an end of a range; between two of them sRGB is mixed."""

QUARTER_SHARE = 0.45
"""Share of its rise that a ramp's lightness has made at a quarter of the range.

Half of a map's values lie within a fifth of its range: with even steps all over it, they
would look like zero.
"""

RISE = float(np.log(QUARTER_SHARE) / np.log(0.25))
"""The exponent that follows: lightness rises as ``value ** 0.58``."""


def linear_of_srgb(colours: npt.ArrayLike) -> Float64Array:
    """Return light intensities, 0 to 1, of sRGB values, 0 to 255; any shape."""
    shares = np.asarray(colours, np.float64) / 255
    return np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)


def srgb_of_linear(light: Float64Array) -> ByteArray:
    """Return sRGB values, 0 to 255, of light intensities; what is outside 0 to 1 is cut."""
    light = light.clip(0, 1)
    curved = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(255 * curved), np.uint8)


def oklab_of_srgb(colours: npt.ArrayLike) -> Float64Array:
    """Return (lightness, a, b) along the last axis of sRGB values, 0 to 255."""
    lms = np.cbrt(linear_of_srgb(colours) @ np.linalg.inv(RGB_OF_LMS).T)
    return np.asarray(lms @ np.linalg.inv(LMS_OF_LAB).T)


def srgb_of_oklch(lightness: Float64Array, chroma: Float64Array, hue: Float64Array) -> ByteArray:
    """Return sRGB colours of lightness and hue as given, as strong as sRGB can show them.

    Parameters
    ----------
    lightness
        0 (black) to 1 (white), of any shape.
    chroma
        Distance from grey, 0 to about 0.3; less is taken where sRGB has no such colour.
    hue
        Degrees: about 30 is red, 90 yellow, 145 green, 265 blue.

    Returns
    -------
    uint8 array of shape ``lightness.shape + (3,)``
    """
    least, most = np.zeros_like(lightness), chroma
    if not _fits(_linear_of_oklch(lightness, most, hue)).all():
        for _ in range(HALVINGS):
            middle = (least + most) / 2
            fits = _fits(_linear_of_oklch(lightness, middle, hue))
            least, most = np.where(fits, middle, least), np.where(fits, most, middle)
    else:
        least = most
    return srgb_of_linear(_linear_of_oklch(lightness, least, hue))


def _linear_of_oklch(
    lightness: Float64Array, chroma: Float64Array, hue: Float64Array
) -> Float64Array:
    angle = np.deg2rad(hue)
    lab = np.stack([lightness, chroma * np.cos(angle), chroma * np.sin(angle)], axis=-1)
    return np.asarray((lab @ LMS_OF_LAB.T) ** 3 @ RGB_OF_LMS.T)


def _fits(light: Float64Array) -> BoolArray:
    """Return whether sRGB can show each colour, up to what rounding to 8 bits forgives."""
    return np.asarray(((light >= -1e-4) & (light <= 1 + 1e-4)).all(axis=-1))


@dataclass(frozen=True)
class Hues:
    """The hues of one sign's values, in degrees, from those near zero to the largest."""

    near: float
    far: float


@dataclass(frozen=True)
class Ramp:
    """Colours from zero, a neutral grey, to the largest values of either sign.

    Attributes
    ----------
    negative, positive
        Their hues.
    zero, end
        OKLab lightness at zero and at both ends of the range.
    chroma
        How colourful they are at most; as a rule sRGB's own limit is lower.
    """

    negative: Hues
    positive: Hues
    zero: float
    end: float
    chroma: float

    def scale(self, low: float, high: float) -> ColourScale:
        """Return the scale from `low` to `high`: symmetric around 0, or from 0 upwards."""
        return ColourScale(low, high, _stops(self, is_signed=low < 0))

    def colour(self, share: float) -> str:
        """Return the colour at a share, -1 to 1, of a symmetric range."""
        return self.scale(-1.0, 1.0).colour(share)


@lru_cache(maxsize=32)
def _stops(ramp: Ramp, *, is_signed: bool) -> tuple[str, ...]:
    """Return a ramp's colours at equal distances, from the lowest value to the highest."""
    negative = _side(ramp, ramp.negative)[:0:-1] if is_signed else []
    return tuple(hex_of_rgb(rgb) for rgb in [*negative, *_side(ramp, ramp.positive)])


def _side(ramp: Ramp, hues: Hues) -> list[RGB]:
    """Return the colours of one sign, from zero to the end."""
    share = np.linspace(0, 1, STOPS_PER_SIDE + 1)
    rise = share**RISE
    lightness = ramp.zero + (ramp.end - ramp.zero) * rise
    hue = hues.near + (hues.far - hues.near) * rise
    # Full chroma at a sixth of the rise: what is near zero is grey, what is not has a sign.
    chroma = ramp.chroma * (6 * rise).clip(0, 1)
    colours = srgb_of_oklch(lightness, chroma, hue)
    return [(int(red), int(green), int(blue)) for red, green, blue in colours]
