"""A sliding window along one axis: which cells it lies on, and where it goes."""

from __future__ import annotations

from dataclasses import dataclass


def sliding_output_size(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    """Return how many positions a window of `kernel` cells takes along `size` cells.

    ``floor((size + 2 padding - dilation (kernel - 1) - 1) / stride) + 1``, as in the
    documentation of ``torch.nn.Conv2d``. Zero or less means that the window does not fit.

    Parameters
    ----------
    size
        Cells of the input along the axis.
    kernel, stride, dilation
        Of the window, 1 or more.
    padding
        Cells of padding at each of the two ends.
    """
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


@dataclass(frozen=True)
class WindowAxis:
    """A window of `kernel_size` cells along one axis, moved in steps of `stride`.

    `before` and `after` are cells of padding at the two ends of the input, and the window's
    cells are `dilation` cells apart.
    """

    kernel_size: int
    stride: int = 1
    before: int = 0
    after: int = 0
    dilation: int = 1

    @property
    def reach(self) -> int:
        """Cells from the window's first to its last, gaps included."""
        return self.dilation * (self.kernel_size - 1) + 1

    def output_size(self, size: int) -> int:
        """Return the number of positions along `size` cells; 0 where it does not fit."""
        padded = size + self.before + self.after
        return max(sliding_output_size(padded, self.kernel_size, self.stride, 0, self.dilation), 0)

    def cells(self, position: int) -> tuple[int, ...]:
        """Return the `kernel_size` input rows (or columns) under the window at `position`.

        Counted on the input without padding: below 0, or at and beyond the input's size,
        are cells of the padding.
        """
        first = position * self.stride - self.before
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
            position, rest = divmod(cell + self.before - tap * self.dilation, self.stride)
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
