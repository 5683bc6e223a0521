"""Leaky ReLU: what is above zero goes on, what is below is scaled by a small slope, not clipped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from cnnviz.arrays import Float64Array, FloatArray
from cnnviz.errors import UserError
from cnnviz.layers.base import Index, Shape
from cnnviz.layers.elementwise import ElementwiseLayer
from cnnviz.layers.layer_trace import LayerTrace, Step

USUAL = 0.01
"""Of Maas, Hannun and Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models"."""


@dataclass(frozen=True)
class LeakyReLU(ElementwiseLayer):
    """``x`` above zero, ``slope x`` below, on every value: for one picture a factor for each.

    Attributes
    ----------
    negative_slope
        The slope below zero: one for all, or where they were learned (PReLU: He et al., "Delving
        Deep into Rectifiers", ICCV 2015) a tuple of one for each channel, or of one for all.
    """

    kind = "leaky_relu"
    noun = "leaky ReLU"
    optional_keys = ("negative_slope",)
    number_keys = ("negative_slope",)

    negative_slope: float | tuple[float, ...] = USUAL

    @classmethod
    def described(
        cls, name: str, sizes: Mapping[str, Any], shape: Shape, class_count: int | None
    ) -> Self:
        """Return the layer that a description's table means.

        Raises
        ------
        UserError
            If there are several slopes, but not one for each channel.
        """
        slopes = sizes.get("negative_slope", USUAL)
        if isinstance(slopes, tuple) and len(slopes) not in (1, shape[0]):
            raise UserError(
                f"negative_slope is {len(slopes)} numbers; it must be one, or {shape[0]}, one for "
                "each channel"
            )
        return cls(name, slopes)

    @property
    def parameter_count(self) -> int:
        """The slopes, where they were learned."""
        return len(self.negative_slope) if isinstance(self.negative_slope, tuple) else 0

    def is_signed(self, *, input_is_signed: bool) -> bool:
        """Return whether anything below zero comes in, and stays there."""
        return input_is_signed and bool(np.max(self.negative_slope) > 0)

    def slope_of(self, channel: int) -> float:
        """Return the slope below zero of one channel."""
        slopes = np.atleast_1d(self.negative_slope)
        return float(slopes[channel if len(slopes) > 1 else 0])

    def factors(self, values: npt.NDArray[np.floating]) -> Float64Array:
        """Return by what each value is multiplied: 1 where it is above zero, else the slope."""
        slopes = np.atleast_1d(np.asarray(self.negative_slope, np.float64))
        return np.where(values > 0, 1.0, slopes.reshape(-1, *(1,) * (values.ndim - 1)))

    def forward(
        self,
        *inputs: npt.NDArray[np.floating],
        weight: FloatArray | None = None,
        bias: FloatArray | None = None,
    ) -> Float64Array:
        """Return each value times its factor."""
        (values,) = inputs
        return values.astype(np.float64) * self.factors(values)

    def carry(self, layer_trace: LayerTrace, *parts: Float64Array) -> Float64Array:
        """Return the part times the factors."""
        (part,) = parts
        return part * self.factors(layer_trace.input)

    def strengthen(self, layer_trace: LayerTrace, *strengths: Float64Array) -> Float64Array:
        """Return the strength times the factors, without their signs."""
        (strength,) = strengths
        return strength * np.abs(self.factors(layer_trace.input))

    def step_back(self, layer_trace: LayerTrace, index: Index, *strengths: Float64Array) -> Step:
        """Return the same place, with its factor."""
        return Step(index, float(self.factors(layer_trace.input)[index]))

    def pull_back(
        self, layer_trace: LayerTrace, weights: Float64Array
    ) -> tuple[tuple[Float64Array, ...], Float64Array]:
        """Return the weights times the factors; nothing is added."""
        return (weights * self.factors(layer_trace.input),), np.zeros(len(weights))
