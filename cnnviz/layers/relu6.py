"""ReLU6: what lies between 0 and 6 goes on; what is below becomes 0, what is above becomes 6."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnviz.layers.base import BoolArray, Float64Array, FloatArray
from cnnviz.layers.gate import Gate

CEILING = 6.0
"""What everything above becomes (Krizhevsky, "Convolutional Deep Belief Networks", 2010)."""


@dataclass(frozen=True)
class ReLU6(Gate):
    """``min(max(0, x), 6)`` on every value."""

    kind = "relu6"
    noun = "ReLU6"
    ceiling = CEILING

    def forward(
        self,
        *inputs: npt.NDArray[np.floating],
        weight: FloatArray | None = None,
        bias: FloatArray | None = None,
    ) -> Float64Array:
        """Return each value, moved to 0 or 6 if it lies outside of them."""
        (values,) = inputs
        return np.clip(values.astype(np.float64), 0, CEILING)

    def is_open(self, values: FloatArray) -> BoolArray:
        """Return which values lie between 0 and 6; the ends are closed, as in torch's gradient."""
        return np.asarray((values > 0) & (values < CEILING))

    def held(self, values: FloatArray) -> Float64Array:
        """Return 6 for what is 6 or more, and 0 else: no longer a part of what came in."""
        return np.where(values >= CEILING, CEILING, 0.0)
