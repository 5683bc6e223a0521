"""Where to look when nobody says: a channel and a pixel that are worth explaining.

A choice, not a fact of the network; scenes that use it say so. It depends on nothing but
the trace, and small differences in rounding between machines do not change it.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from cnnviz.arrays import BoolArray, Float64Array, FloatArray
from cnnviz.layers.windows import WindowGeometry, windows
from cnnviz.model.trace import LayerTrace

FLAT = 1e-5
"""Spread, as a share of the input's largest value, below which a patch counts as flat."""

NEIGHBOURHOOD = WindowGeometry(kernel_size=3)
"""What counts as around a cell for layers that look at single cells."""


def maps_of(layer_trace: LayerTrace) -> FloatArray:
    """Return the maps on which a layer's places are counted: (channels, height, width).

    A layer's output; for flatten, the maps that it unrolls.
    """
    return layer_trace.input if layer_trace.layer.unrolls else layer_trace.output


def interesting_channel(layer_trace: LayerTrace) -> int:
    """Return the channel whose map has the highest contrast.

    Contrast is the standard deviation over the map. For a linear layer, the output with
    the highest value. Of channels within a thousandth of the best, the first.
    """
    maps = maps_of(layer_trace)
    if maps.ndim == 1:
        return int(maps.argmax())
    contrast = maps.std(axis=(1, 2), dtype=np.float64)
    return int(np.argmax(_share_of_largest(contrast)))


def interesting_pixel(layer_trace: LayerTrace, channel: int) -> tuple[int, int]:
    """Return the row and column of a strong response that does not come from a flat patch.

    The highest product of strength and texture, each as a share of the map's largest:
    strength is the output above zero, as a ReLU would pass it on (its absolute value where
    nothing is above zero), texture the standard deviation within each channel of the patch
    that made it (for single-cell layers, of the 3x3 cells around).
    Without any texture strength decides alone. A margin of a tenth of the map, and
    windows that touch the padding, are avoided where anything else responds. Of pixels within a
    thousandth of the best, the one nearest the centre: on a constant map, the centre.
    """
    response = maps_of(layer_trace)[channel]
    passed_on = np.maximum(response, 0, dtype=np.float64)
    strength = _share_of_largest(passed_on if passed_on.any() else np.abs(response, dtype=float))
    texture = _share_of_largest(_texture(layer_trace, channel))
    scores = strength * texture if texture.any() else strength
    allowed = _inner_cells(layer_trace, response.shape)
    if strength[allowed].any():
        scores = np.where(allowed, scores, -1)
    candidates = np.argwhere(scores >= scores.max() - 1e-3)
    centre = (np.array(response.shape) - 1) / 2
    distance = ((candidates - centre) ** 2).sum(axis=1)
    row, column = candidates[distance.argmin()]
    return int(row), int(column)


def interesting_corner(picture: FloatArray, size: int) -> tuple[slice, slice]:
    """Return the rows and columns of the picture's corner in which there is most to be seen.

    Parameters
    ----------
    picture
        Of shape (channels, rows, columns).
    size
        Cells along the corner's sides; a picture with fewer is taken whole along that side.

    Returns
    -------
    tuple of slice
        The corner with the highest standard deviation, summed over the channels. Of corners
        within a thousandth of the best the first, from the upper left in reading order.
    """
    rows, columns = ((slice(size), slice(-size, None)) for _ in range(2))

    def cut(choice: slice, extent: int) -> slice:
        return slice(*choice.indices(extent)[:2])

    height, width = picture.shape[1:]
    places = [(cut(down, height), cut(across, width)) for down, across in product(rows, columns)]
    spread = [picture[(slice(None), *place)].std(axis=(1, 2)).sum() for place in places]
    return places[int(np.argmax(_share_of_largest(np.array(spread))))]


def first_of_best(scores: Float64Array) -> int:
    """Return the first index whose score, 0 or more, is within a thousandth of the highest."""
    return int(np.argmax(scores >= scores.max() * (1 - 1e-3)))


def _share_of_largest(values: Float64Array) -> Float64Array:
    """Return `values` divided by the largest, to three decimals; zeros stay zeros."""
    finite = np.nan_to_num(values, posinf=0)
    largest = finite.max()
    return np.round(finite / largest, 3) if largest > 0 else finite


def _texture(layer_trace: LayerTrace, channel: int) -> Float64Array:
    """Return the spread within each output's patch: (rows, columns), 0 where it is flat."""
    layer, window = layer_trace.layer, layer_trace.layer.window
    feeding = layer.feeding(channel)
    own = layer_trace.input[feeding.start : feeding.stop]
    if len(layer_trace.inputs) > 1:
        own = layer_trace.output[channel : channel + 1]
    if layer.slides and window is not None:
        geometry, source = window, own
    else:
        edge = ((0, 0), (1, 1), (1, 1))
        geometry, source = NEIGHBOURHOOD, np.pad(own, edge, mode="edge")
    patches = windows(source, geometry)
    mean = patches.mean(axis=(3, 4), dtype=np.float64)
    mean_square = windows(source.astype(np.float64) ** 2, geometry).mean(axis=(3, 4))
    variance = np.maximum(mean_square - mean**2, 0).sum(axis=0)
    spread = np.sqrt(variance)
    spread[spread < FLAT * np.abs(source).max()] = 0
    return np.asarray(spread, dtype=np.float64)


def _inner_cells(layer_trace: LayerTrace, shape: tuple[int, ...]) -> BoolArray:
    """Return which cells keep clear of the margin and of padding, or all if none does."""
    allowed = [_inner_positions(layer_trace, axis, size) for axis, size in enumerate(shape)]
    return np.asarray(allowed[0][:, None] & allowed[1][None, :])


def _inner_positions(layer_trace: LayerTrace, axis: int, size: int) -> BoolArray:
    margin = min(max(1, size // 10), (size - 1) // 2)
    inner = np.array([margin <= at < size - margin for at in range(size)])
    window = layer_trace.layer.window
    if window is None:
        return inner
    along = (window.rows, window.columns)[axis]
    input_size = layer_trace.input.shape[1 + axis]
    whole = np.array(
        [len(along.cells_inside(at, input_size)) == along.kernel_size for at in range(size)]
    )
    for choice in (inner & whole, whole, inner):
        if choice.any():
            return np.asarray(choice)
    return np.ones(size, dtype=bool)
