"""What ReLU and its like share: each value either goes on as it is or is held at a constant."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from cnnviz.arrays import BoolArray, Float64Array, FloatArray
from cnnviz.layers.base import Index
from cnnviz.layers.elementwise import ElementwiseLayer
from cnnviz.layers.layer_trace import LayerTrace, Step


@dataclass(frozen=True)
class Gate(ElementwiseLayer):
    """A function of single values, whose slope is 1 where it is open and 0 where it is not.

    Attributes
    ----------
    ceiling
        What everything above it becomes; infinite where nothing is too large.
    """

    ceiling: ClassVar[float] = math.inf

    def is_signed(self, *, input_is_signed: bool) -> bool:
        """Return False: nothing below zero goes on."""
        return False

    @abstractmethod
    def is_open(self, values: npt.NDArray[np.floating]) -> BoolArray:
        """Return which values go on as they are."""

    @abstractmethod
    def held(self, values: npt.NDArray[np.floating]) -> Float64Array:
        """Return what comes out where it is closed, whatever part of the input is sent; else 0."""

    def forward(
        self,
        *inputs: npt.NDArray[np.floating],
        weight: FloatArray | None = None,
        bias: FloatArray | None = None,
    ) -> Float64Array:
        """Return each value where it goes on, and what it is held at elsewhere."""
        (values,) = inputs
        return np.where(self.is_open(values), values.astype(np.float64), self.held(values))

    def carry(self, layer_trace: LayerTrace, *parts: Float64Array) -> Float64Array:
        """Return the part where the value goes on, 0 elsewhere."""
        (part,) = parts
        return np.where(self.is_open(layer_trace.input), part, 0)

    def strengthen(self, layer_trace: LayerTrace, *strengths: Float64Array) -> Float64Array:
        """Return the strength where the value goes on, 0 elsewhere."""
        return self.carry(layer_trace, *strengths)

    def step_back(self, layer_trace: LayerTrace, index: Index, *strengths: Float64Array) -> Step:
        """Return the same place, with weight 1."""
        return Step(index, 1.0)

    def pull_back(
        self, layer_trace: LayerTrace, weights: Float64Array
    ) -> tuple[tuple[Float64Array, ...], Float64Array]:
        """Return the weights of the values that go on; those that are held add a constant."""
        axes = tuple(range(1, weights.ndim))
        added = (weights * self.held(layer_trace.input)).sum(axis=axes)
        return (weights * self.is_open(layer_trace.input),), added

    def passing(self, layer_trace: LayerTrace, channel: int) -> BoolArray:
        """Return which cells of one channel go on."""
        return self.is_open(layer_trace.input[channel])
