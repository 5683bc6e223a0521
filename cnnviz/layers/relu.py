"""ReLU: what is above zero goes on, everything else becomes zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from cnnviz.layers.base import (
    BoolArray,
    Float64Array,
    FloatArray,
    Index,
    Layer,
    LayerTrace,
    Shape,
)
from cnnviz.layers.windows import WindowGeometry


@dataclass(frozen=True)
class ReLU(Layer):
    """``max(0, x)`` on every value."""

    kind = "relu"
    noun = "ReLU"
    takes = "either"

    @classmethod
    def described(
        cls, name: str, sizes: Mapping[str, Any], shape: Shape, class_count: int | None
    ) -> Self:
        """Return the layer; it has no sizes."""
        return cls(name)

    @property
    def window(self) -> WindowGeometry:
        """A single cell."""
        return WindowGeometry(1)

    def output_shape(self, shape: Shape) -> Shape:
        """Return `shape`: every value keeps its place."""
        return shape

    def is_signed(self, input_is_signed: bool) -> bool:
        """Return False: nothing below zero goes on."""
        return False

    def forward(
        self,
        values: npt.NDArray[np.floating],
        weight: FloatArray | None = None,
        bias: FloatArray | None = None,
    ) -> Float64Array:
        """Return the larger of 0 and each value."""
        return np.maximum(values.astype(np.float64), 0)

    def carry(self, layer_trace: LayerTrace, part: Float64Array) -> Float64Array:
        """Return `part` where the value goes on, 0 elsewhere."""
        return np.where(layer_trace.input > 0, part, 0)

    def strengthen(self, layer_trace: LayerTrace, strength: Float64Array) -> Float64Array:
        """Return `strength` where the value goes on, 0 elsewhere."""
        return np.where(layer_trace.input > 0, strength, 0)

    def step_back(
        self, layer_trace: LayerTrace, strength: Float64Array, index: Index
    ) -> tuple[Index, float]:
        """Return the same place, with weight 1."""
        return index, 1.0

    def pull_back(
        self, layer_trace: LayerTrace, weights: Float64Array
    ) -> tuple[Float64Array, Float64Array]:
        """Return the weights of the values that go on; nothing is added."""
        return weights * (layer_trace.input > 0), np.zeros(len(weights))

    def passing(self, layer_trace: LayerTrace, channel: int) -> BoolArray:
        """Return which cells are above zero."""
        return np.asarray(layer_trace.input[channel] > 0)
