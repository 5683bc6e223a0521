"""How a sliding window lies on its input: the geometry shared by convolution and pooling.

Pairs are (rows, columns): the first number is counted downwards, the second to the right.
Padding is (top, left, bottom, right), because TensorFlow's "same" padding with a stride of 2
puts one cell more below and on the right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from cnnviz.arrays import BoolArray
from cnnviz.errors import UserError
from cnnviz.layers.window_axis import WindowAxis

Number = TypeVar("Number", np.float32, np.float64)

Pair = int | tuple[int, int]
"""One number for rows and columns alike, or (rows, columns)."""

Padding = int | tuple[int, int] | tuple[int, int, int, int]
"""One number for all sides, (rows, columns), or (top, left, bottom, right)."""


@dataclass(frozen=True, init=False)
class WindowGeometry:
    """A window that slides over maps: along the rows and along the columns.

    Attributes
    ----------
    rows, columns
        The window along each axis.

    Parameters
    ----------
    kernel_size, stride, dilation
        One number, or (rows, columns).
    padding
        One number, (rows, columns), or (top, left, bottom, right).
    """

    rows: WindowAxis
    columns: WindowAxis

    def __init__(
        self, kernel_size: Pair, stride: Pair = 1, padding: Padding = 0, dilation: Pair = 1
    ) -> None:
        kernels, strides, dilations = map(_pair, (kernel_size, stride, dilation))
        top, left, bottom, right = _sides(padding)
        ends = ((top, bottom), (left, right))
        rows, columns = (
            WindowAxis(kernels[axis], strides[axis], *ends[axis], dilations[axis])
            for axis in (0, 1)
        )
        object.__setattr__(self, "rows", rows)
        object.__setattr__(self, "columns", columns)

    # -- along both axes ----------------------------------------------------------------------

    @property
    def kernel_sizes(self) -> tuple[int, int]:
        """The window's (rows, columns)."""
        return self.rows.kernel_size, self.columns.kernel_size

    @property
    def strides(self) -> tuple[int, int]:
        """The steps (downwards, to the right)."""
        return self.rows.stride, self.columns.stride

    @property
    def paddings(self) -> tuple[int, int, int, int]:
        """Cells of padding (top, left, bottom, right)."""
        return self.rows.before, self.columns.before, self.rows.after, self.columns.after

    @property
    def dilations(self) -> tuple[int, int]:
        """How far apart the window's cells are (downwards, to the right)."""
        return self.rows.dilation, self.columns.dilation

    @property
    def cell_count(self) -> int:
        """Cells of the window."""
        return self.rows.kernel_size * self.columns.kernel_size

    # -- where all sides are alike --------------------------------------------------------------

    @property
    def kernel_size(self) -> int:
        """Rows, and columns, of a square window.

        Raises
        ------
        UserError
            If it is not square: who asks for one number cannot show two.
        """
        return self._one_number("its window", self.kernel_sizes)

    @property
    def stride(self) -> int:
        """The step downwards, and to the right; raises as `kernel_size` where they differ."""
        return self._one_number("its stride", self.strides)

    @property
    def padding(self) -> int:
        """The cells of padding at each side; raises as `kernel_size` where they differ."""
        return self._one_number("its padding (top, left, bottom, right)", self.paddings)

    @property
    def dilation(self) -> int:
        """How far apart cells are in both ways; raises as `kernel_size` where that differs."""
        return self._one_number("its dilation", self.dilations)

    def _one_number(self, what: str, numbers: tuple[int, ...]) -> int:
        if len(set(numbers)) > 1:
            listed = " x ".join(map(str, numbers)) if len(numbers) == 2 else str(numbers)
            raise UserError(
                f"{what} is {listed}, and only what is alike in all directions can be shown here"
            )
        return numbers[0]

    def changed(self, **sizes: Any) -> WindowGeometry:
        """Return the window with some of the constructor's numbers changed."""
        now = {
            "kernel_size": self.kernel_sizes,
            "stride": self.strides,
            "padding": self.paddings,
            "dilation": self.dilations,
        }
        return WindowGeometry(**{**now, **sizes})

    # -- on maps ------------------------------------------------------------------------------

    def output_shape(self, channels: int, shape: tuple[int, ...]) -> tuple[int, int, int]:
        """Return the shape of `channels` maps made from an input of `shape`, (..., h, w)."""
        height, width = shape[-2:]
        return channels, self.rows.output_size(height), self.columns.output_size(width)

    def pad(self, maps: npt.NDArray[Number], fill: float = 0.0) -> npt.NDArray[Number]:
        """Return maps of shape (..., height, width) within their border of padding."""
        top, left, bottom, right = self.paddings
        if not any(self.paddings):
            return maps
        edges = [(0, 0)] * (maps.ndim - 2) + [(top, bottom), (left, right)]
        return np.pad(maps, edges, constant_values=fill)


def windows(
    maps: npt.NDArray[Number], geometry: WindowGeometry, fill: float = 0.0
) -> npt.NDArray[Number]:
    """Return the patch under every position of the window, padding included.

    Parameters
    ----------
    maps
        Array of shape (channels, height, width).
    fill
        What the padding's cells hold.

    Returns
    -------
    numpy.ndarray
        Read-only view of shape (channels, rows, columns, kernel rows, kernel columns).
    """
    padded = geometry.pad(maps, fill)
    reach = (geometry.rows.reach, geometry.columns.reach)
    every = np.lib.stride_tricks.sliding_window_view(padded, reach, axis=(1, 2))
    (down, across), (gap_down, gap_across) = geometry.strides, geometry.dilations
    return every[:, ::down, ::across, ::gap_down, ::gap_across]


def padding_mask(
    geometry: WindowGeometry, row: int, column: int, height: int, width: int
) -> BoolArray:
    """Return which cells of the window at (row, column) are padding: True there.

    Of shape (kernel rows, kernel columns).

    Parameters
    ----------
    row, column
        The window's position, from 0.
    height, width
        Of the maps that it slides over, without padding.
    """
    rows = np.array([not 0 <= cell < height for cell in geometry.rows.cells(row)])
    columns = np.array([not 0 <= cell < width for cell in geometry.columns.cells(column)])
    return np.asarray(rows[:, None] | columns[None, :])


def same_padding(
    shape: tuple[int, ...],
    kernel_size: Pair,
    stride: Pair = 1,
    dilation: Pair = 1,
    *,
    extra_first: bool = False,
) -> tuple[int, int, int, int]:
    """Return the padding (top, left, bottom, right) with which a window has ceil(n / s) positions.

    Where the sum of two sides is odd, the cell more lies below and on the right: TensorFlow's
    and Keras's "same", ONNX's ``SAME_UPPER``, and with stride 1 torch's ``padding="same"``.

    Parameters
    ----------
    shape
        Of the input, (..., height, width).
    extra_first
        Put it at the top and on the left, as ONNX's ``SAME_LOWER`` does.
    """
    sides = []
    for size, kernel, step, gap in zip(
        shape[-2:], *map(_pair, (kernel_size, stride, dilation)), strict=True
    ):
        positions = -(-size // step)
        total = max((positions - 1) * step + gap * (kernel - 1) + 1 - size, 0)
        less, more = total // 2, total - total // 2
        sides.append((more, less) if extra_first else (less, more))
    (top, bottom), (left, right) = sides
    return top, left, bottom, right


def plainest(numbers: tuple[int, ...]) -> int | tuple[int, ...]:
    """Return the shortest of the ways to say a pair or a padding: one number where it does."""
    if len(set(numbers)) == 1:
        return numbers[0]
    if len(numbers) == 4 and numbers[:2] == numbers[2:]:
        return numbers[:2]
    return numbers


def _pair(value: Pair) -> tuple[int, int]:
    return value if isinstance(value, tuple) else (value, value)


def _sides(padding: Padding) -> tuple[int, int, int, int]:
    if isinstance(padding, int):
        return (padding,) * 4
    if len(padding) == 2:
        return padding[0], padding[1], padding[0], padding[1]
    return padding
