"""Average pooling: the mean of every window goes on; over whole maps it is global pooling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from cnnviz.arrays import Float64Array, FloatArray
from cnnviz.layers.base import Index, Shape, strongest
from cnnviz.layers.layer_trace import LayerTrace, Step
from cnnviz.layers.pool import Pool2d
from cnnviz.layers.windows import Padding, Pair, windows

ALL = "all"
"""In a description, the kernel size of global average pooling: the whole map."""


@dataclass(frozen=True, init=False)
class AvgPool2d(Pool2d):
    """The mean of each window, channel by channel.

    Parameters
    ----------
    count_include_pad
        Whether the zeros of the padding count as cells of the mean, as in torch and by default
        there; TensorFlow and ONNX leave them out.
    """

    kind = "avg_pool"
    noun = "average pooling layer"
    optional_keys = (*Pool2d.optional_keys, "count_include_pad")
    flag_keys = ("count_include_pad",)
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {**Pool2d.words, "kernel_size": (ALL,)}

    count_include_pad: bool

    def __init__(
        self,
        name: str,
        kernel_size: Pair,
        stride: Pair | None = None,
        padding: Padding = 0,
        *,
        count_include_pad: bool = True,
        inputs: tuple[str, ...] = (),
    ) -> None:
        super().__init__(name, kernel_size, stride, padding, inputs=inputs)
        self._set(count_include_pad=count_include_pad)

    @classmethod
    def described(
        cls, name: str, sizes: Mapping[str, Any], shape: Shape, class_count: int | None
    ) -> Self:
        """Return the layer that a description's table means; ``"all"`` is the maps' size.

        Raises
        ------
        UserError
            If the stride is below 1.
        """
        if sizes["kernel_size"] == ALL:
            # Where the layers before it do not fit there are no cells; that is told of them.
            height, width = (max(side, 1) for side in shape[-2:])
            sizes = {**sizes, "kernel_size": (height, width)}
        layer = super().described(name, sizes, shape, class_count)
        window = layer.window
        return cls(
            name,
            window.kernel_sizes,
            window.strides,
            window.paddings,
            count_include_pad=sizes.get("count_include_pad", True),
            inputs=layer.inputs,
        )

    def counted_cells(
        self, row: int, column: int, shape: Shape
    ) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the rows and columns of the input that one mean is over, padding at -1 and so on.

        Parameters
        ----------
        row, column
            Of the output.
        shape
            The input's: (channels, rows, columns).
        """
        rows, columns = self.window.rows, self.window.columns
        if self.count_include_pad:
            return rows.cells(row), columns.cells(column)
        return rows.cells_inside(row, shape[1]), columns.cells_inside(column, shape[2])

    def counts(self, shape: Shape) -> Float64Array:
        """Return how many cells each window's mean is over: (rows, columns)."""
        if self.count_include_pad:
            return np.full(self.output_shape(shape)[1:], float(self.window.cell_count))
        inside = windows(np.ones((1, *shape[-2:])), self.window)
        return np.asarray(inside.sum(axis=(3, 4))[0])

    def forward(
        self,
        *inputs: npt.NDArray[np.floating],
        weight: FloatArray | None = None,
        bias: FloatArray | None = None,
    ) -> Float64Array:
        """Return the mean of each window."""
        (values,) = inputs
        sums = windows(values.astype(np.float64), self.window).sum(axis=(3, 4))
        return np.asarray(sums / self.counts(values.shape))

    def carry(self, layer_trace: LayerTrace, *parts: Float64Array) -> Float64Array:
        """Return the mean of the parts in each window."""
        return self.forward(*parts)

    def strengthen(self, layer_trace: LayerTrace, *strengths: Float64Array) -> Float64Array:
        """Return the largest strength in each window, which counts as one cell of many."""
        (strength,) = strengths
        largest = windows(strength, self.window).max(axis=(3, 4))
        return np.asarray(largest / self.counts(strength.shape))

    def step_back(self, layer_trace: LayerTrace, index: Index, *strengths: Float64Array) -> Step:
        """Return the strongest cell of the window; its weight is one by the number of cells."""
        (strength,) = strengths
        channel, row, column = index
        u, v = strongest(windows(strength, self.window)[channel, row, column])
        cell = (channel, self.window.rows.cells(row)[u], self.window.columns.cells(column)[v])
        return Step(cell, 1 / float(self.counts(strength.shape)[row, column]))

    def pull_back(
        self, layer_trace: LayerTrace, weights: Float64Array
    ) -> tuple[tuple[Float64Array, ...], Float64Array]:
        """Return each cell's share of the weights of the windows over it; nothing is added."""
        shape, window = layer_trace.input.shape, self.window
        shares = weights / self.counts(shape)
        on_padded = window.pad(np.zeros((len(weights), *shape)))
        rows, columns = shares.shape[-2:]
        (down, across), (top, left, _, _) = window.strides, window.paddings
        for u, v in np.ndindex(window.kernel_sizes):
            seen = (slice(u, u + rows * down, down), slice(v, v + columns * across, across))
            on_padded[..., seen[0], seen[1]] += shares
        inside = on_padded[..., top : top + shape[1], left : left + shape[2]]
        return (inside,), np.zeros(len(weights))
