"""What the compared films show: numbers and places, the same for every way of drawing them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from manim import ManimColor

PIXEL = 1 / 135
"""One pixel of 1080p in Manim units."""

SIZE = 64
"""Rows and columns of the convolution's input; its output has two fewer."""

CELL = 8
"""Pixels of 1080p a cell of the maps takes."""

KERNEL = np.array([[0.25, -0.5, 0.31], [-0.75, 1.0, 0.12], [0.08, -0.33, 0.47]])

LAYERS = (62, 62, 60, 60, 30, 28, 28, 26, 26, 13)
"""Sides of the overview's maps, layer by layer; there are ten maps a layer."""

CLASSES = (
    "lifeboat",
    "ladybug",
    "pizza",
    "bell pepper",
    "school bus",
    "koala",
    "espresso",
    "red panda",
    "orange",
    "sports car",
)


def place(x: float, y: float) -> npt.NDArray[np.float64]:
    """Return the scene point of a pixel of 1080p."""
    return np.array([(x - 960) * PIXEL, (540 - y) * PIXEL, 0.0])


def picture() -> npt.NDArray[np.float64]:
    """Return the convolution's input, 0 to 1."""
    rows, columns = np.mgrid[0:SIZE, 0:SIZE] / (SIZE - 1)
    noise = np.random.default_rng(7).standard_normal((SIZE, SIZE))
    waves = np.sin(6.3 * columns + 2 * rows) * np.cos(5 * rows - columns)
    values: npt.NDArray[np.float64] = np.clip(0.5 + 0.35 * waves + 0.1 * noise, 0, 1)
    return values


def convolved(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the cross-correlation with the kernel."""
    windows = np.lib.stride_tricks.sliding_window_view(values, (3, 3))
    sums: npt.NDArray[np.float64] = np.einsum("rcij,ij->rc", windows, KERNEL)
    return sums


def feature_map(layer: int, channel: int) -> npt.NDArray[np.float64]:
    """Return one map of the overview, about -1 to 1."""
    side = LAYERS[layer]
    rows, columns = np.mgrid[0:side, 0:side] / side
    noise = np.random.default_rng(100 * layer + channel).standard_normal((side, side))
    waves = np.sin((3 + channel) * columns + layer) * np.cos((2 + channel / 2) * rows - layer / 3)
    values: npt.NDArray[np.float64] = waves + 0.2 * noise
    return values


def probabilities() -> npt.NDArray[np.float64]:
    """Return what the softmax shows first; later it shows it rolled by three places."""
    exponentials = np.exp([-1.2, 3.1, 0.4, 1.5, -0.3, 0.2, 1.1, 2.2, 0.7, -2.0])
    shares: npt.NDArray[np.float64] = exponentials / exponentials.sum()
    return shares


def grey(values: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """Return RGB for 0 to 1."""
    return np.repeat(np.rint(255 * values).astype(np.uint8)[..., None], 3, axis=-1)


def diverging(values: npt.NDArray[np.float64], limit: float) -> npt.NDArray[np.uint8]:
    """Return RGB for -limit to limit: blue, nearly white, red."""
    share = np.clip(values / limit, -1, 1)[..., None]
    zero, low, high = (np.array(rgb) for rgb in ((245, 245, 245), (5, 113, 176), (202, 0, 32)))
    colours = np.where(share < 0, zero + (low - zero) * -share, zero + (high - zero) * share)
    rounded: npt.NDArray[np.uint8] = np.rint(colours).astype(np.uint8)
    return rounded


def manim_colour(rgb: npt.NDArray[np.uint8]) -> ManimColor:
    """Return one of these colours as Manim takes it."""
    red, green, blue = map(int, rgb)
    return ManimColor.from_rgb((red, green, blue))
