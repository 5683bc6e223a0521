"""What ReLU and its like share: each value either goes on as it is or is held at a constant."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from cnnviz.layers.base import (
    BoolArray,
    Float64Array,
    FloatArray,
    Index,
    Layer,
    LayerTrace,
    Shape,
    Step,
)
from cnnviz.layers.windows import WindowGeometry


@dataclass(frozen=True)
class Gate(Layer):
    """A function of single values, whose slope is 1 where it is open and 0 where it is not.

    Attributes
    ----------
    ceiling
        What everything above it becomes; infinite where nothing is too large.
    """

    takes = "either"
    ceiling: ClassVar[float] = math.inf

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

    @abstractmethod
    def is_open(self, values: FloatArray) -> BoolArray:
        """Return which values go on as they are."""

    @abstractmethod
    def held(self, values: FloatArray) -> Float64Array:
        """Return what comes out where it is closed, whatever part of the input is sent; else 0."""

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
