"""ReLU6: what lies between 0 and 6 goes on; what is below becomes 0, what is above becomes 6."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnviz.arrays import BoolArray, Float64Array
from cnnviz.layers.gate import Gate

CEILING = 6.0
"""What everything above becomes (Krizhevsky, "Convolutional Deep Belief Networks", 2010)."""


@dataclass(frozen=True)
class ReLU6(Gate):
    """``min(max(0, x), 6)`` on every value."""

    kind = "relu6"
    noun = "ReLU6"
    ceiling = CEILING

    def is_open(self, values: npt.NDArray[np.floating]) -> BoolArray:
        """Return which values lie between 0 and 6; the ends are closed, as in torch's gradient."""
        return np.asarray((values > 0) & (values < CEILING))

    def held(self, values: npt.NDArray[np.floating]) -> Float64Array:
        """Return 6 for what is 6 or more, and 0 else: no longer a part of what came in."""
        return np.where(values >= CEILING, CEILING, 0.0)
