"""The function of ReLU and its like on one channel: two or three straight pieces."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from cnnviz.arrays import Float64Array
from cnnviz.layers import LeakyReLU
from cnnviz.layers.gate import Gate
from cnnviz.model.trace import LayerTrace


@dataclass(frozen=True)
class Bend:
    """What becomes of a value: below zero it is scaled, above a ceiling it is that, else it stays.

    Attributes
    ----------
    slope
        By what values below zero are multiplied: 0 for ReLU and ReLU6.
    ceiling
        What everything above it becomes; infinite where nothing is too large.
    """

    slope: float = 0.0
    ceiling: float = math.inf

    @classmethod
    def of(cls, layer_trace: LayerTrace, channel: int) -> Self:
        """Return the function of one channel.

        Raises
        ------
        TypeError
            If the layer is neither ReLU nor ReLU6 nor a leaky ReLU.
        """
        layer = layer_trace.layer
        if isinstance(layer, LeakyReLU):
            return cls(slope=layer.slope_of(channel))
        if isinstance(layer, Gate):
            return cls(ceiling=layer.ceiling)
        raise TypeError(f"layer {layer_trace.name!r} is no ReLU: it is {layer_trace.kind!r}")

    @property
    def is_leaky(self) -> bool:
        """Whether anything is left of values below zero."""
        return self.slope != 0

    def __call__(self, values: npt.ArrayLike) -> Float64Array:
        """Return what becomes of values, in an array of the same shape."""
        before = np.asarray(values, np.float64)
        scaled = self.slope * before + 0.0  # no zero with a sign
        return np.where(before < 0, scaled, np.minimum(before, self.ceiling))
