"""Flatten: maps become one vector, and every value stays what it is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from cnnviz.arrays import Float64Array, FloatArray
from cnnviz.layers.base import Index, Layer, Shape
from cnnviz.layers.layer_trace import LayerTrace, Step


@dataclass(frozen=True)
class Flatten(Layer):
    """All maps as one vector: index = (channel x height + row) x width + column."""

    kind = "flatten"
    noun = "flatten layer"
    takes = "either"
    unrolls = True

    @classmethod
    def described(
        cls, name: str, sizes: Mapping[str, Any], shape: Shape, class_count: int | None
    ) -> Self:
        """Return the layer; it has no sizes."""
        return cls(name)

    def output_shape(self, shape: Shape) -> Shape:
        """Return (features,) for an input of `shape` (channels, height, width)."""
        return (math.prod(shape),)

    def is_signed(self, *, input_is_signed: bool) -> bool:
        """Return what the input is: values are only put in a row."""
        return input_is_signed

    def forward(
        self,
        *inputs: npt.NDArray[np.floating],
        weight: FloatArray | None = None,
        bias: FloatArray | None = None,
    ) -> Float64Array:
        """Return the values, channel by channel and row by row."""
        (values,) = inputs
        return values.astype(np.float64).reshape(-1)

    def carry(self, layer_trace: LayerTrace, *parts: Float64Array) -> Float64Array:
        """Return the part as a vector."""
        (part,) = parts
        return part.reshape(-1)

    def strengthen(self, layer_trace: LayerTrace, *strengths: Float64Array) -> Float64Array:
        """Return the strength as a vector."""
        return self.carry(layer_trace, *strengths)

    def step_back(self, layer_trace: LayerTrace, index: Index, *strengths: Float64Array) -> Step:
        """Return the cell that lands at this index, with weight 1."""
        cell = np.unravel_index(index[0], layer_trace.input.shape)
        return Step(tuple(int(position) for position in cell), 1.0)

    def pull_back(
        self, layer_trace: LayerTrace, weights: Float64Array
    ) -> tuple[tuple[Float64Array, ...], Float64Array]:
        """Return the weights, where their cells are in the maps; nothing is added."""
        return (weights.reshape(-1, *layer_trace.input.shape),), np.zeros(len(weights))
