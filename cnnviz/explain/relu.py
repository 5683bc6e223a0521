"""What ReLU does to one map: what is clipped, what passes, how values are distributed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnviz.architecture import ReLU
from cnnviz.explain.places import require_channel
from cnnviz.traces import LayerTrace

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
    is_clipped: npt.NDArray[np.bool_]

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

    edges: npt.NDArray[np.float64]
    before: npt.NDArray[np.int64]
    after: npt.NDArray[np.int64]
    zero_bin: int


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


def histogram(layer_trace: LayerTrace, channel: int, bins: int = 50) -> Histogram:
    """Return the distribution of one channel's values in about `bins` bins of equal width.

    Up to two more than asked for, because 0 is an edge and the largest value lies inside
    a bin. A map of nothing but zeros has one bin.

    Raises
    ------
    UserError
        If there is no such channel.
    TypeError
        If the layer is no ReLU.
    """
    values = _input_map(layer_trace, channel).astype(np.float64)
    low, high = min(values.min(), 0.0), max(values.max(), 0.0)
    width = (high - low) / bins or 1.0
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


def _input_map(layer_trace: LayerTrace, channel: int) -> npt.NDArray[np.float32]:
    """Return the channel's values; a vector counts as one row per channel."""
    if not isinstance(layer_trace.layer, ReLU):
        raise TypeError(f"layer {layer_trace.name!r} is no ReLU: it is {layer_trace.kind!r}")
    require_channel(layer_trace, channel)
    return np.atleast_2d(layer_trace.input[channel])


def _pixel(values: npt.NDArray[np.float32], flat_index: int) -> Pixel:
    row, column = divmod(flat_index, values.shape[1])
    return row, column
