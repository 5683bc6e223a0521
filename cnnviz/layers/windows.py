"""How a sliding window lies on its input: the geometry shared by convolution and pooling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Number = TypeVar("Number", np.float32, np.float64)


def sliding_output_size(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    """Return how many positions a window of `kernel` cells takes along `size` cells.

    ``floor((size + 2 padding - dilation (kernel - 1) - 1) / stride) + 1``, as in the
    documentation of ``torch.nn.Conv2d``. Zero or less means that the window does not fit.
    """
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


@dataclass(frozen=True)
class WindowGeometry:
    """A square window of `kernel_size` cells, moved in steps of `stride`.

    `padding` cells of zeros surround the input, and the window's cells are `dilation`
    cells apart. Each side of the input is treated alike, so all methods work along one.
    """

    kernel_size: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    def output_size(self, size: int) -> int:
        """Return the number of positions along `size` cells; 0 where it does not fit."""
        positions = sliding_output_size(
            size, self.kernel_size, self.stride, self.padding, self.dilation
        )
        return max(positions, 0)

    def output_shape(self, channels: int, shape: tuple[int, ...]) -> tuple[int, int, int]:
        """Return the shape of `channels` maps made from an input of `shape`, (..., h, w)."""
        height, width = map(self.output_size, shape[1:])
        return channels, height, width

    def cells(self, position: int) -> tuple[int, ...]:
        """Return the `kernel_size` input rows (or columns) under the window at `position`.

        Counted on the input without padding: below 0, or at and beyond the input's size,
        are cells of the padding.
        """
        first = position * self.stride - self.padding
        return tuple(first + tap * self.dilation for tap in range(self.kernel_size))

    def cells_inside(self, position: int, size: int) -> tuple[int, ...]:
        """Return those of :meth:`cells` that are not padding, on an input of `size` cells."""
        return tuple(cell for cell in self.cells(position) if 0 <= cell < size)

    def positions_over(self, cell: int, size: int) -> dict[int, int]:
        """Return the positions whose window contains input cell `cell`.

        Maps each position, in ascending order, to the tap (the row or column of the
        kernel) that lies on the cell. `size` is the input's.
        """
        last = self.output_size(size) - 1
        found = {}
        for tap in reversed(range(self.kernel_size)):
            position, rest = divmod(cell + self.padding - tap * self.dilation, self.stride)
            if not rest and 0 <= position <= last:
                found[position] = tap
        return found

    def unreached(self, size: int) -> tuple[int, ...]:
        """Return the cells of an input of `size` cells that no position looks at.

        Those left over at the end where the stride does not divide, and those between
        the window's cells where stride or dilation skip over them.
        """
        reached = {
            cell
            for position in range(self.output_size(size))
            for cell in self.cells_inside(position, size)
        }
        return tuple(cell for cell in range(size) if cell not in reached)


def windows(maps: npt.NDArray[Number], geometry: WindowGeometry) -> npt.NDArray[Number]:
    """Return the patch under every position of the window, padding zeros included.

    Parameters
    ----------
    maps
        Array of shape (channels, height, width).

    Returns
    -------
    numpy.ndarray
        Read-only view of shape (channels, rows, columns, kernel_size, kernel_size).
    """
    border = geometry.padding
    padded = np.pad(maps, ((0, 0), (border, border), (border, border)))
    reach = geometry.dilation * (geometry.kernel_size - 1) + 1
    every = np.lib.stride_tricks.sliding_window_view(padded, (reach, reach), axis=(1, 2))
    step, gap = geometry.stride, geometry.dilation
    return every[:, ::step, ::step, ::gap, ::gap]


def padding_mask(
    geometry: WindowGeometry, row: int, column: int, height: int, width: int
) -> npt.NDArray[np.bool_]:
    """Return which cells of the window at (row, column) are padding: (k, k), True there."""
    rows = np.array([not 0 <= cell < height for cell in geometry.cells(row)])
    columns = np.array([not 0 <= cell < width for cell in geometry.cells(column)])
    return np.asarray(rows[:, None] | columns[None, :])
