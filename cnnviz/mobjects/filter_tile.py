"""A filter's kernels as one small picture: its pattern."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cnnviz.arrays import FloatArray
from cnnviz.explain.scaling import symmetric_range
from cnnviz.style.theme import Theme

MIDDLE = 0.5
"""Brightness of a weight of zero in a colour tile."""


def is_colourful(weights: FloatArray, *, reads_picture: bool) -> bool:
    """Return whether the kernels are one each for red, green and blue."""
    return reads_picture and len(weights) == 3


def tile_colours(
    weights: FloatArray, *, reads_picture: bool, theme: Theme
) -> npt.NDArray[np.uint8]:
    """Return the cells of a filter's tile, uint8 of shape (k, k, 3).

    Where the filter reads a photo's red, green and blue, its three kernels are the red, green
    and blue of the tile: grey is zero, the largest weight of either sign full or none of its
    colour. Elsewhere a cell is the sum of its weights over the input channels, in the colours
    of weights: what the filter answers to one and the same value in all channels.

    Parameters
    ----------
    weights
        The filter's, (in_channels, k, k).
    reads_picture
        Whether the input channels are the picture's.
    theme
        Knows the colours of weights.
    """
    if not is_colourful(weights, reads_picture=reads_picture):
        combined = weights.sum(axis=0)
        colours = theme.weight_scale(symmetric_range(combined).high).colours(combined)
        return np.asarray(colours, np.uint8)
    return channel_tint(weights, [0, 1, 2])


def channel_tint(weights: FloatArray, channels: list[int]) -> npt.NDArray[np.uint8]:
    """Return the part of a colour tile that some of its kernels make, the others at zero."""
    largest = float(abs(weights).max()) or 1.0
    shares = np.full((*weights.shape[1:], 3), MIDDLE)
    for channel in channels:
        shares[..., channel] += MIDDLE * weights[channel] / largest
    return np.asarray(np.rint(255 * shares), np.uint8)
