"""Average pooling: the mean of every window goes on; over whole maps it is global pooling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from cnnviz.errors import UserError
from cnnviz.layers.base import Float64Array, FloatArray, Index, LayerTrace, Shape, strongest
from cnnviz.layers.pool import Pool2d
from cnnviz.layers.windows import windows

ALL = "all"
"""In a description, the kernel size of global average pooling: the whole map."""


@dataclass(frozen=True)
class AvgPool2d(Pool2d):
    """The mean of each square window, channel by channel, no padding."""

    kind = "avg_pool"
    noun = "average pooling layer"
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {"kernel_size": (ALL,)}

    @classmethod
    def described(
        cls, name: str, sizes: Mapping[str, Any], shape: Shape, class_count: int | None
    ) -> Self:
        """Return the layer that a description's table means; ``"all"`` is the maps' size.

        Raises
        ------
        UserError
            If the window is to cover whole maps that are not square, or the stride is below 1.
        """
        if sizes["kernel_size"] == ALL:
            if len(set(shape[1:])) > 1:
                raise UserError(
                    f"kernel_size is {ALL!r}, but windows are square and the maps that reach it "
                    f"are {shape[1]} x {shape[2]}; make them square, or give a number"
                )
            # Where the layers before it do not fit there are no cells; that is told of them.
            sizes = {**sizes, "kernel_size": max(shape[-1], 1)}
        return super().described(name, sizes, shape, class_count)

    def forward(
        self,
        values: npt.NDArray[np.floating],
        weight: FloatArray | None = None,
        bias: FloatArray | None = None,
    ) -> Float64Array:
        """Return the mean of each window."""
        return np.asarray(windows(values.astype(np.float64), self.window).mean(axis=(3, 4)))

    def carry(self, layer_trace: LayerTrace, part: Float64Array) -> Float64Array:
        """Return the mean of the parts in each window."""
        return self.forward(part)

    def strengthen(self, layer_trace: LayerTrace, strength: Float64Array) -> Float64Array:
        """Return the largest strength in each window, which counts as one cell of many."""
        return np.asarray(windows(strength, self.window).max(axis=(3, 4)) / self.kernel_size**2)

    def step_back(
        self, layer_trace: LayerTrace, strength: Float64Array, index: Index
    ) -> tuple[Index, float]:
        """Return the strongest cell of the window; its weight is one by the number of cells."""
        channel, row, column = index
        u, v = strongest(windows(strength, self.window)[channel, row, column])
        cell = (channel, self.window.cells(row)[u], self.window.cells(column)[v])
        return cell, 1 / self.kernel_size**2
