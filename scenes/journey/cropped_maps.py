"""Maps of which only a rectangle is not zero, kept as that.

What a pixel gets to is small where maps are large: of a whole network little need be kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from cnnviz.arrays import Float64Array


@dataclass(frozen=True, eq=False)
class CroppedMaps:
    """Values of one layer, without the rows and columns around that are zero in all channels.

    Attributes
    ----------
    values
        What is kept.
    box
        Where that lies.
    shape
        Of the whole.
    """

    values: Float64Array
    box: tuple[slice, ...]
    shape: tuple[int, ...]

    @classmethod
    def of(cls, whole: Float64Array) -> Self:
        """Return what is kept of (channels, rows, columns), or of a vector."""
        box: tuple[slice, ...] = (slice(None),)
        if whole.ndim == 3:
            box = (*box, *(_used(whole, axis) for axis in (1, 2)))
        return cls(whole[box].copy(), box, whole.shape)

    @property
    def whole(self) -> Float64Array:
        """All values, as they were."""
        whole = np.zeros(self.shape)
        whole[self.box] = self.values
        return whole


def _used(maps: Float64Array, axis: int) -> slice:
    """Return from the first to the last along an axis where not all is zero."""
    others = tuple({0, 1, 2} - {axis})
    indices = np.flatnonzero(maps.any(axis=others))
    return slice(int(indices[0]), int(indices[-1]) + 1) if len(indices) else slice(0)
