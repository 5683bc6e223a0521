"""Addition: two branches meet, and each value is the sum of one of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnviz.arrays import Float64Array, FloatArray
from cnnviz.layers.base import Index
from cnnviz.layers.elementwise import ElementwiseLayer
from cnnviz.layers.layer_trace import LayerTrace, Step


@dataclass(frozen=True)
class Add(ElementwiseLayer):
    """The sum of two layers' outputs, place by place: a skip connection.

    One of them is usually the way around what the other went through (He et al., "Deep Residual
    Learning for Image Recognition", CVPR 2016).
    """

    kind = "add"
    noun = "addition"
    input_counts = range(2, 3)
    adds_up = True

    def is_signed(self, *, input_is_signed: bool) -> bool:
        """Return whether one of the branches is."""
        return input_is_signed

    def forward(
        self,
        *inputs: npt.NDArray[np.floating],
        weight: FloatArray | None = None,
        bias: FloatArray | None = None,
    ) -> Float64Array:
        """Return the sums."""
        first, second = inputs
        return np.asarray(first.astype(np.float64) + second)

    def contributions(self, layer_trace: LayerTrace, channel: int) -> Float64Array:
        """Return the channel of both branches: (2, rows, columns), or (2,)."""
        return np.stack([each[channel] for each in layer_trace.inputs]).astype(np.float64)

    def carry(self, layer_trace: LayerTrace, *parts: Float64Array) -> Float64Array:
        """Return the sum of the parts."""
        return self.forward(*parts)

    def strengthen(self, layer_trace: LayerTrace, *strengths: Float64Array) -> Float64Array:
        """Return the larger strength of the two at each place."""
        return np.maximum(*strengths)

    def step_back(self, layer_trace: LayerTrace, index: Index, *strengths: Float64Array) -> Step:
        """Return the same place in the branch where the path is stronger; of equals the first."""
        first, second = strengths
        return Step(index, 1.0, int(second[index] > first[index]))

    def pull_back(
        self, layer_trace: LayerTrace, weights: Float64Array
    ) -> tuple[tuple[Float64Array, ...], Float64Array]:
        """Return the weights, for both branches; nothing is added."""
        return (weights, weights), np.zeros(len(weights))
