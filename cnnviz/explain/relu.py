"""What ReLU does to one map: what is clipped, what passes, how values are distributed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cnnviz.arrays import BoolArray, Float64Array, FloatArray, IntArray
from cnnviz.explain.places import require_channel, require_pixel
from cnnviz.layers import ReLU
from cnnviz.model.trace import LayerTrace

Pixel = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Clipping:
    """One map before and after ``max(0, x)``.

    Attributes
    ----------
    count
        Number of values in the map.
    clipped
        How many of them are below zero, and become zero. A zero stays what it was.
    is_clipped
        Which, (rows, columns).
    """

    count: int
    clipped: int
    is_clipped: BoolArray

    @property
    def share(self) -> float:
        """Clipped values as a share of all, 0..1."""
        return self.clipped / self.count


@dataclass(frozen=True, eq=False)
class Histogram:
    """How the values of a map are distributed before and after ReLU.

    Attributes
    ----------
    edges
        Ascending bin edges, (bins + 1,). One of them is exactly 0, so no bin holds both
        clipped and unclipped values. Bin i is ``edges[i] <= x < edges[i + 1]``.
    before, after
        Number of values in each bin, (bins,). All that is below zero before is in the
        bin at zero after.
    zero_bin
        Index of the bin that begins at 0.
    """

    edges: Float64Array
    before: IntArray
    after: IntArray
    zero_bin: int

    def counts(self, values: FloatArray) -> IntArray:
        """Return how many of `values` are in each bin; what lies outside is in none."""
        return np.asarray(np.histogram(values.astype(np.float64), self.edges)[0])


def explain_relu(layer_trace: LayerTrace, channel: int) -> Clipping:
    """Return what is clipped in one channel.

    Raises
    ------
    UserError
        If there is no such channel.
    TypeError
        If the layer is no ReLU.
    """
    values = _input_map(layer_trace, channel)
    is_clipped = values < 0
    return Clipping(values.size, int(is_clipped.sum()), is_clipped)


def histogram(
    layer_trace: LayerTrace, channel: int, bins: int = 50, width: float | None = None
) -> Histogram:
    """Return the distribution of one channel's values in bins of equal width.

    Parameters
    ----------
    channel
        Which map.
    bins
        About how many: up to two more, because 0 is an edge and the largest value lies
        inside a bin. A map of nothing but zeros has one bin.
    width
        Of a bin, instead of a number of them.

    Raises
    ------
    UserError
        If there is no such channel.
    TypeError
        If the layer is no ReLU.
    """
    values = _input_map(layer_trace, channel).astype(np.float64)
    low, high = min(values.min(), 0.0), max(values.max(), 0.0)
    width = width or (high - low) / bins or 1.0
    below = int(np.ceil(-low / width))
    # The largest value lies inside its bin, not on an edge that no bin owns.
    above = int(np.floor(high / width)) + 1
    edges = np.arange(-below, above + 1) * width
    edges[0] = min(edges[0], low)
    before, _ = np.histogram(values, edges)
    after, _ = np.histogram(np.maximum(values, 0), edges)
    return Histogram(edges, before, after, zero_bin=below)


def clearest_pixels(layer_trace: LayerTrace, channel: int) -> tuple[Pixel | None, Pixel | None]:
    """Return the pixel with the lowest negative value and the one with the highest positive.

    (row, column) of each, the first of equals in reading order; None where the map has
    no such value.

    Raises
    ------
    UserError
        If there is no such channel.
    TypeError
        If the layer is no ReLU.
    """
    values = _input_map(layer_trace, channel)
    lowest, highest = int(values.argmin()), int(values.argmax())
    return (
        _pixel(values, lowest) if values.flat[lowest] < 0 else None,
        _pixel(values, highest) if values.flat[highest] > 0 else None,
    )


@dataclass(frozen=True)
class ExamplePixels:
    """One pixel of each kind that a map has, (row, column); None where it has none.

    Attributes
    ----------
    negative
        One that is clipped.
    positive
        One that is kept.
    zero
        One that was zero before; only where it was asked for, or where all are.
    """

    negative: Pixel | None
    positive: Pixel | None
    zero: Pixel | None = None

    @property
    def first(self) -> Pixel:
        """The pixel that is told about first."""
        return next(pixel for pixel in (self.negative, self.positive, self.zero) if pixel)


def example_pixels(
    layer_trace: LayerTrace, channel: int, asked: Pixel | None = None
) -> ExamplePixels:
    """Return :func:`clearest_pixels`, with `asked` in the place of the one like it.

    Raises
    ------
    UserError
        If there is no such channel or no such pixel.
    TypeError
        If the layer is no ReLU.
    """
    negative, positive = clearest_pixels(layer_trace, channel)
    if asked is None:
        rows, columns = _input_map(layer_trace, channel).shape
        middle = (rows // 2, columns // 2)
        return ExamplePixels(negative, positive, None if negative or positive else middle)
    value = layer_trace.input[channel][require_pixel(layer_trace, *asked)]
    if value < 0:
        return ExamplePixels(asked, positive)
    if value > 0:
        return ExamplePixels(negative, asked)
    return ExamplePixels(negative, positive, asked)


def telling_channel(layer_trace: LayerTrace) -> int:
    """Return the channel that shows best what ReLU does: much is clipped, and much kept.

    The one where the lesser of the two sums, of what is below zero and of what is above, is
    largest. Of channels within a thousandth of the best, the first. A choice, not a fact of
    the network.

    Raises
    ------
    TypeError
        If the layer is no ReLU.
    """
    maps = np.stack([_input_map(layer_trace, c) for c in range(len(layer_trace.input))])
    values = maps.astype(np.float64)
    below = -np.minimum(values, 0).sum(axis=(1, 2))
    above = np.maximum(values, 0).sum(axis=(1, 2))
    lesser = np.minimum(below, above)
    return int(np.argmax(lesser >= lesser.max() * (1 - 1e-3)))


def _input_map(layer_trace: LayerTrace, channel: int) -> FloatArray:
    """Return the channel's values; a vector counts as one row per channel."""
    if not isinstance(layer_trace.layer, ReLU):
        raise TypeError(f"layer {layer_trace.name!r} is no ReLU: it is {layer_trace.kind!r}")
    require_channel(layer_trace, channel)
    return np.atleast_2d(layer_trace.input[channel])


def _pixel(values: FloatArray, flat_index: int) -> Pixel:
    row, column = divmod(flat_index, values.shape[1])
    return row, column
