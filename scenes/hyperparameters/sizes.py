"""Input size, kernel, padding, stride and dilation: what fits, what comes out, what is missed.

All of it on a small made-up picture of whole numbers, a bright square on its ground, and a
kernel that answers to upright edges, so that it can be followed with pencil and paper. Rows and
columns are alike, so sizes and positions along one side say everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cnnviz.arrays import IntArray
from cnnviz.layers.window_axis import sliding_output_size
from cnnviz.layers.windows import WindowGeometry, windows
from cnnviz.model.architecture import Architecture

BRIGHT = 3
"""The square's cells."""


@dataclass(frozen=True)
class SlidingExample:
    """A square input of whole numbers, and a kernel that slides over it.

    Attributes
    ----------
    input_size
        Rows, and columns, of the input: n.
    geometry
        Kernel size k, stride s, padding p and dilation d.
    ground
        Cells around the bright square: 0 for dark ones, as the padding's are.
    """

    input_size: int
    geometry: WindowGeometry
    ground: int = 0

    # -- sizes ------------------------------------------------------------------------------

    @property
    def padded_size(self) -> int:
        """Cells along a side of the padded input: n + 2 p."""
        return self.input_size + 2 * self.geometry.padding

    @property
    def reach(self) -> int:
        """Cells from the kernel's first to its last, gaps included: d (k - 1) + 1."""
        return self.geometry.dilation * (self.geometry.kernel_size - 1) + 1

    @property
    def room(self) -> int:
        """Cells by which the window can move; below zero where it does not fit at all."""
        return self.padded_size - self.reach

    @property
    def formula_size(self) -> int:
        """What the size formula gives; zero or less means that there is no output."""
        geometry = self.geometry
        return sliding_output_size(
            self.input_size,
            geometry.kernel_size,
            geometry.stride,
            geometry.padding,
            geometry.dilation,
        )

    @property
    def output_size(self) -> int:
        """Positions along a side: that of the formula, and 0 where there are none."""
        return self.geometry.rows.output_size(self.input_size)

    @property
    def left_over(self) -> int:
        """Cells of the padded input behind the last window: the division's remainder.

        0 where there is no window.
        """
        return self.room % self.geometry.stride if self.output_size else 0

    # -- what is never reached --------------------------------------------------------------

    @property
    def unreached_at_end(self) -> tuple[int, ...]:
        """Rows of the input itself that lie behind the last window."""
        first = self.padded_size - self.left_over - self.geometry.padding
        return tuple(range(max(first, 0), self.input_size)) if self.output_size else ()

    @property
    def skipped(self) -> tuple[int, ...]:
        """Rows of the input itself that windows step over: before the last window's end."""
        if not self.output_size:
            return ()
        at_end = set(self.unreached_at_end)
        return tuple(
            row for row in self.geometry.rows.unreached(self.input_size) if row not in at_end
        )

    # -- the numbers ------------------------------------------------------------------------

    @cached_property
    def input(self) -> IntArray:
        """The picture of shape (n, n): a bright square, with its ground around it."""
        margin = max(self.input_size // 5, 1) if self.input_size > 2 else 0
        picture = np.full((self.input_size, self.input_size), self.ground, np.int64)
        inside = slice(margin, self.input_size - margin)
        picture[inside, inside] = BRIGHT
        return picture

    @cached_property
    def padded(self) -> IntArray:
        """The input within its ring of zeros, of shape (n + 2p, n + 2p)."""
        return np.pad(self.input, self.geometry.padding)

    @cached_property
    def kernel(self) -> IntArray:
        """Weights of shape (k, k): right minus left, -1, 0 and 1; a single weight is 1."""
        size = self.geometry.kernel_size
        if size == 1:
            return np.ones((1, 1), np.int64)
        row = np.sign(2 * np.arange(size) - (size - 1))
        return np.asarray(np.tile(row, (size, 1)), np.int64)

    @cached_property
    def _products(self) -> IntArray:
        count, size = self.output_size, self.geometry.kernel_size
        if not count:
            return np.zeros((0, 0, size, size), np.int64)
        patches = windows(self.input[np.newaxis].astype(np.float64), self.geometry)[0]
        return np.asarray(np.rint(patches * self.kernel), np.int64)

    def products(self, row: int, column: int) -> IntArray:
        """Return value times weight under the window at (row, column): shape (k, k)."""
        return np.asarray(self._products[row, column])

    @cached_property
    def output(self) -> IntArray:
        """The sums, without a bias: shape (o, o) with o the output size."""
        return np.asarray(self._products.sum(axis=(2, 3)))


@dataclass(frozen=True)
class SizeCalculation:
    """The size formula filled in for one side of one layer.

    Attributes
    ----------
    layer
        The layer's name.
    side
        ``"both"`` where height and width are the same, else ``"height"`` or ``"width"``.
    input_size, output_size
        Along that side.
    geometry
        Kernel size, stride, padding and dilation.
    """

    layer: str
    side: str
    input_size: int
    output_size: int
    geometry: WindowGeometry


def sliding_layers(architecture: Architecture) -> list[str]:
    """Return the names of all layers that slide a window over maps."""
    return [each.name for each in architecture.layers if each.window is not None and each.slides]


def size_calculations(architecture: Architecture) -> Iterator[SizeCalculation]:
    """Yield the size formula of each convolution and pooling of a network, in order.

    Where the padding differs at the two ends of a side, there is no one p: such layers are left
    out.
    """
    for layer, shape, output in architecture.shapes():
        window = layer.window
        if window is None or not layer.slides:
            continue
        _, height, width = shape
        sides = {
            "height": (height, output[-2], window.rows),
            "width": (width, output[-1], window.columns),
        }
        if height == width and window.rows == window.columns:
            sides = {"both": sides["height"]}
        for side, (before, after, axis) in sides.items():
            if axis.before == axis.after:
                geometry = WindowGeometry(axis.kernel_size, axis.stride, axis.before, axis.dilation)
                yield SizeCalculation(layer.name, side, before, after, geometry)
