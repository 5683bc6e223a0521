"""What the windows of a layer see, taken from its padded input."""

from __future__ import annotations

import numpy as np

from cnnviz.arrays import Float64Array
from cnnviz.layers.windows import WindowGeometry


def patches_of(maps: Float64Array, window: WindowGeometry, fill: float = 0.0) -> Float64Array:
    """Return what every window sees, (channels, rows, columns, k, k), one place after another."""
    (down, across), (gap_down, gap_across) = window.strides, window.dilations
    padded = window.pad(maps, fill)
    channels, rows, columns = window.output_shape(len(maps), maps.shape)
    patches = np.empty((channels, rows, columns, *window.kernel_sizes))
    for u, v in np.ndindex(window.kernel_sizes):
        seen = padded[:, u * gap_down :: down, v * gap_across :: across]
        patches[..., u, v] = seen[:, :rows, :columns]
    return patches
