"""ReLU: what is above zero goes on, everything else becomes zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnviz.arrays import BoolArray, Float64Array
from cnnviz.layers.gate import Gate


@dataclass(frozen=True)
class ReLU(Gate):
    """``max(0, x)`` on every value."""

    kind = "relu"
    noun = "ReLU"

    def is_open(self, values: npt.NDArray[np.floating]) -> BoolArray:
        """Return which values are above zero."""
        return np.asarray(values > 0)

    def held(self, values: npt.NDArray[np.floating]) -> Float64Array:
        """Return zeros: where it is closed, nothing comes out."""
        return np.zeros(values.shape)
