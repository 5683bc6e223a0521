"""Feature maps as heat maps, coloured by what kind of values they hold."""

from __future__ import annotations

import numpy as np

from cnnviz.arrays import ByteArray, FloatArray
from cnnviz.explain.scaling import Scale, ValueRange, input_range, picture_range, value_range
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.style.colour import ColourScale
from cnnviz.style.layout import Layout
from cnnviz.style.theme import Theme


def output_scale(theme: Theme, trace: Trace, layer: str, scale: Scale = "unit") -> ColourScale:
    """Return the colours of a layer's outputs: see :func:`scaling.value_range`."""
    return _activation_scale(theme, value_range(trace, layer, scale))


def input_scale(theme: Theme, trace: Trace, layer: str, scale: Scale = "unit") -> ColourScale:
    """Return the colours of a layer's inputs: grey where they are a picture's channels."""
    if trace.architecture.sources_of(layer) == (INPUT,):
        return picture_scale(theme, trace)
    return _activation_scale(theme, input_range(trace, layer, scale))


def picture_scale(theme: Theme, trace: Trace) -> ColourScale:
    """Return the greys of the picture's channels, as the network receives them."""
    values = picture_range(trace)
    return theme.grey_scale(values.low, values.high)


def _activation_scale(theme: Theme, values: ValueRange) -> ColourScale:
    make = theme.signed_scale if values.is_signed else theme.positive_scale
    return make(values.high)


def feature_map(
    values: FloatArray,
    scale: ColourScale,
    theme: Theme,
    available: float,
    crisp_share: float = 0.0,
) -> HeatMap:
    """Return one channel as a heat map of crisp cells.

    Parameters
    ----------
    values
        Array of shape (rows, columns).
    scale
        Colours of the cells.
    theme
        Knows the size of a pixel.
    available
        The longer side's largest length in Manim units.
    crisp_share
        Where crisp cells would take less than this share of `available`, take all of it.
    """
    side = longest_side(max(values.shape), theme.layout, available, crisp_share)
    return HeatMap(scale.colours(values), *fitted_size(values.shape, side))


def longest_side(cells: int, layout: Layout, available: float, crisp_share: float) -> float:
    """Return how long `cells` are, made of whole pixels unless that loses too much room.

    Where there are more cells than pixels, `available`: some share a pixel.
    """
    crisp = layout.cell_size(cells, available) * cells
    return crisp if crisp_share * available <= crisp <= available + 1e-9 else available


def small_map(values: FloatArray, scale: ColourScale, side: float) -> HeatMap:
    """Return one channel as a heat map whose longer side is exactly `side` Manim units.

    For thumbnails, where cells are too small to be whole pixels; `values` has the shape
    (rows, columns).
    """
    return HeatMap(scale.colours(values), *fitted_size(values.shape, side))


def fitted_size(shape: tuple[int, ...], side: float) -> tuple[float, float]:
    """Return (width, height) of (rows, columns) square cells, the longer one being `side`."""
    rows, columns = shape
    return side * columns / max(rows, columns), side * rows / max(rows, columns)


def longest_within(shape: tuple[int, ...], width: float, height: float) -> float:
    """Return how long the longer side of (rows, columns) square cells can be in a room."""
    rows, columns = shape
    return max(rows, columns) * min(width / columns, height / rows)


def picture_pixels(trace: Trace) -> ByteArray:
    """Return the picture as the network receives it, uint8 of shape (rows, columns, 3)."""
    picture = np.rint(trace.picture * 255).astype(np.uint8)
    if picture.shape[0] == 3:
        return np.moveaxis(picture, 0, 2)
    return np.repeat(picture[0][..., np.newaxis], 3, axis=2)
