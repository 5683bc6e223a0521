"""What ReLU and its like do to one map: what is clipped, what passes, how values are distributed.

ReLU has no ceiling; ReLU6 makes everything above 6 a 6; a leaky ReLU scales what is below zero.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cnnviz.arrays import BoolArray, Float64Array, FloatArray, IntArray
from cnnviz.explain.bend import Bend
from cnnviz.explain.interest import first_of_best
from cnnviz.explain.places import Pixel, require_channel, require_pixel
from cnnviz.model.trace import LayerTrace


@dataclass(frozen=True, eq=False)
class Clipping:
    """One map before and after ``max(0, x)``, ``min(6, max(0, x))``, or a leaky ReLU.

    Attributes
    ----------
    is_below
        Which values are below zero, and become zero or are scaled, (rows, columns). A zero stays
        what it was.
    is_above
        Which are above the ceiling, and become that; none where there is no ceiling.
    """

    is_below: BoolArray
    is_above: BoolArray

    @property
    def count(self) -> int:
        """Number of values in the map."""
        return self.is_below.size

    @property
    def below(self) -> int:
        """How many values are below zero."""
        return int(self.is_below.sum())

    @property
    def above(self) -> int:
        """How many values are above the ceiling."""
        return int(self.is_above.sum())


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
        bin at zero after, unless the ReLU is leaky, and all that is above a ceiling in the bin
        that holds it.
    zero_bin
        Index of the bin that begins at 0.
    ceiling_bin
        Index of the bin that holds the ceiling; None where no value reaches one.
    """

    edges: Float64Array
    before: IntArray
    after: IntArray
    zero_bin: int
    ceiling_bin: int | None = None

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
        If the layer is none of them.
    """
    values = _input_map(layer_trace, channel)
    return Clipping(values < 0, values > ceiling_of(layer_trace))


def ceiling_of(layer_trace: LayerTrace) -> float:
    """Return the value at which a layer's outputs end: 6 for ReLU6, infinity for the others.

    Raises
    ------
    TypeError
        If the layer is none of them.
    """
    return Bend.of(layer_trace, 0).ceiling


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
        If the layer is none of them.
    """
    values = _input_map(layer_trace, channel).astype(np.float64)
    bend = Bend.of(layer_trace, channel)
    result = bend(values)
    low, high = (
        min(values.min(), result.min(), 0.0),
        max(values.max(), result.max(), 0.0),
    )
    width = width or (high - low) / bins or 1.0
    below = int(np.ceil(-low / width))
    # The largest value lies inside its bin, not on an edge that no bin owns.
    above = int(np.floor(high / width)) + 1
    edges = np.arange(-below, above + 1) * width
    edges[0] = min(edges[0], low)
    # Where an edge is meant to be at the ceiling, it is.
    edges[np.isclose(edges, bend.ceiling)] = bend.ceiling
    before, _ = np.histogram(values, edges)
    after, _ = np.histogram(result, edges)
    ceiling_bin = None
    if high >= bend.ceiling:
        ceiling_bin = min(int(np.searchsorted(edges, bend.ceiling, "right")), len(edges) - 1) - 1
    return Histogram(edges, before, after, zero_bin=below, ceiling_bin=ceiling_bin)


@dataclass(frozen=True)
class ExamplePixels:
    """One pixel of each kind that a map has, (row, column); None where it has none.

    Attributes
    ----------
    negative
        One that becomes zero, or is scaled.
    positive
        One that is kept.
    above
        One that becomes the ceiling.
    zero
        One that was zero before; only where it was asked for, or where all are.
    """

    negative: Pixel | None
    positive: Pixel | None
    above: Pixel | None = None
    zero: Pixel | None = None

    @property
    def first(self) -> Pixel:
        """The pixel that is told about first."""
        every = (self.negative, self.positive, self.above, self.zero)
        return next(pixel for pixel in every if pixel)


def example_pixels(
    layer_trace: LayerTrace, channel: int, asked: Pixel | None = None
) -> ExamplePixels:
    """Return the clearest pixel of each kind, with `asked` in the place of the one like it.

    The lowest and the highest value. Where the highest is above the ceiling, that is what is
    told of it, and the value that is kept is the one nearest to half the ceiling. Of equals the
    first in reading order.

    Parameters
    ----------
    channel
        Which map, from 0.
    asked
        (row, column) of a pixel that is asked for; None for none.

    Raises
    ------
    UserError
        If there is no such channel or no such pixel.
    TypeError
        If the layer is none of them.
    """
    values, ceiling = _input_map(layer_trace, channel), ceiling_of(layer_trace)
    kept = (values > 0) & (values <= ceiling)
    has_above = bool((values > ceiling).any())
    clearest = -np.abs(values - ceiling / 2) if has_above else values
    found = ExamplePixels(
        negative=_pixel(values, values.argmin()) if values.min() < 0 else None,
        positive=_pixel(values, np.where(kept, clearest, -np.inf).argmax()) if kept.any() else None,
        above=_pixel(values, values.argmax()) if has_above else None,
    )
    if asked is None:
        rows, columns = values.shape
        return found if values.any() else replace(found, zero=(rows // 2, columns // 2))
    value = layer_trace.input[channel][require_pixel(layer_trace, *asked)]
    if value < 0:
        return replace(found, negative=asked)
    if value > ceiling:
        return replace(found, above=asked)
    return replace(found, positive=asked) if value > 0 else replace(found, zero=asked)


def clearest_channel(layer_trace: LayerTrace) -> int:
    """Return the channel that shows best what ReLU does: much is clipped, and much kept.

    The one where the least of the sums is largest: of what is below zero, of what is above,
    and, where any value is above the ceiling, of what goes beyond that. Of channels within a
    thousandth of the best, the first. A choice, not a fact of the network.

    Raises
    ------
    TypeError
        If the layer is none of them.
    """
    ceiling = ceiling_of(layer_trace)
    values = layer_trace.input.reshape(len(layer_trace.input), -1)
    sums = [
        np.maximum(-values, 0).sum(axis=1, dtype=np.float64),
        np.maximum(values, 0).sum(axis=1, dtype=np.float64),
    ]
    beyond = np.maximum(values - ceiling, 0).sum(axis=1, dtype=np.float64)
    least = np.min([*sums, beyond] if beyond.any() else sums, axis=0)
    return first_of_best(least)


def _input_map(layer_trace: LayerTrace, channel: int) -> FloatArray:
    """Return the channel's values; a vector counts as one row per channel."""
    ceiling_of(layer_trace)
    require_channel(layer_trace, channel)
    return np.atleast_2d(layer_trace.input[channel])


def _pixel(values: FloatArray, flat_index: np.intp) -> Pixel:
    row, column = divmod(int(flat_index), values.shape[1])
    return row, column
