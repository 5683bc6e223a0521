"""Where the parts of one row of the convolution's arithmetic stand, side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cnnviz.explain.convolution_shown import CELL_CHARACTERS
from cnnviz.mobjects.number_grid import FEWEST, LEADING, cell_size, fits_numbers
from cnnviz.style.theme import Theme

WIDE_SUM = 1.45
NARROW_SUM = 1.34
"""Room for the sign and a sum of seven characters, in the body's size and in a label's.

In Manim units, as all lengths here.
"""

TIGHT = 1.1
"""Least height, in em, of a cell where there is not even room for the usual one."""

LINE_GAP = 0.08
"""Between patch, kernel and products where they stand one below the other."""

SIGN_ROOM = 0.34
"""At their left, for the signs between them."""

WIDEST_CELL = 0.8
"""Of a kernel that is one cell high."""


@dataclass(frozen=True)
class RowColumns:
    """Where the parts of a row stand, from left to right: centres, unless it says otherwise."""

    map_side: float
    """Longest side of the input's map."""
    map: float
    grid_width: float
    grid_height: float
    patch: float
    times: float
    kernel: float
    equals: float
    products: float
    sum_left: float
    sum_right: float
    """Edges of the sum's column."""
    map_rise: float = 0.0
    """How far above the grids' middle the maps stand."""
    has_sums_below: bool = False
    """Whether sums stand below the products and not at their right."""
    name_width: float = 0.0
    """Room for the channel's name at the left of its map; with none, it stands above."""
    tallest: float = 0.0
    """Greatest height of the grids; with none, `grid_height`."""
    drop: float = 0.0
    """How far below the patch the kernel stands, and the products below that."""
    fewest: int = FEWEST
    leading: float = LEADING
    """Least numbers of cells that a grid has room for, and height of one: see NumberGrid."""

    @classmethod
    def from_left(
        cls,
        left: float,
        *,
        map_side: float,
        map_gap: float,
        grid: tuple[float, float],
        sign_gap: float,
        sum_gap: float = 0.0,
        sum_width: float | None = None,
        name_width: float = 0.0,
        map_rise: float = 0.0,
        tallest: float = 0.0,
    ) -> RowColumns:
        """Set the parts side by side.

        Parameters
        ----------
        left
            Where the row begins.
        map_side
            Longest side of the input's map.
        map_gap, sign_gap, sum_gap
            Before the patch, between two grids, before the sum.
        grid
            Width and height of the three grids.
        sum_width
            Of the sum at the right of the products; without it, sums stand below them.
        name_width
            Of the name at the left of the map.
        map_rise
            How far the maps stand above the middle of lower grids.
        tallest
            How high grids may be whose numbers find no room otherwise.
        """
        width, height = grid
        pitch = width + sign_gap
        patch = left + name_width + map_side + map_gap + width / 2
        products_right = patch + 2 * pitch + width / 2
        sum_left = products_right - width if sum_width is None else products_right + sum_gap
        return cls(
            map_side=map_side,
            map=left + name_width + map_side / 2,
            grid_width=width,
            grid_height=height,
            patch=patch,
            times=patch + pitch / 2,
            kernel=patch + pitch,
            equals=patch + 1.5 * pitch,
            products=patch + 2 * pitch,
            sum_left=sum_left,
            sum_right=products_right if sum_width is None else sum_left + sum_width,
            map_rise=map_rise,
            has_sums_below=sum_width is None,
            name_width=name_width,
            tallest=tallest,
        )

    def for_kernel(self, shape: tuple[int, int], theme: Theme) -> RowColumns:
        """Return where the parts stand so that a kernel's numbers find room in its cells.

        Grids that are one cell high stand one below the other, those that are one cell wide
        become higher. As it is, where that is not needed or does not help.

        Parameters
        ----------
        shape
            Rows and columns of the kernel.
        theme
            Knows the size of numbers and of pixels.
        """
        ways = [self]
        if shape[0] == 1:
            stacked = self._stacked(shape[1])
            ways += [stacked, replace(stacked, leading=TIGHT)]
        elif shape[1] == 1 and self.tallest:
            ways.append(replace(self, grid_height=self.tallest, leading=TIGHT))
        return next((each for each in ways if each.has_numbers(shape, theme)), self)

    def has_numbers(self, shape: tuple[int, int], theme: Theme) -> bool:
        """Return whether the numbers of a kernel of `shape` find room in its cells."""
        cell = cell_size(shape, self.grid_width, self.grid_height, theme, self.fewest)
        return fits_numbers(cell, CELL_CHARACTERS, theme.sizes.small, self.leading)

    def _stacked(self, cells: int) -> RowColumns:
        """Return it with patch, kernel and products one below the other, the signs at the left."""
        left, right = self.rows_left, self.products + self.grid_width / 2
        height = (self.grid_height - 2 * LINE_GAP) / 3
        width = min(right - left - SIGN_ROOM, cells * WIDEST_CELL)
        sign, middle = left + SIGN_ROOM / 2, left + SIGN_ROOM + width / 2
        below = middle + width / 2 - WIDE_SUM, middle + width / 2
        sum_left, sum_right = below if self.has_sums_below else (self.sum_left, self.sum_right)
        return replace(
            self,
            grid_width=width,
            grid_height=height,
            patch=middle,
            kernel=middle,
            products=middle,
            times=sign,
            equals=sign,
            sum_left=sum_left,
            sum_right=sum_right,
            drop=height + LINE_GAP,
            fewest=1,
        )

    @property
    def rows_left(self) -> float:
        """Left edge of the patches."""
        return self.patch - self.grid_width / 2

    @property
    def has_wide_sums(self) -> bool:
        """Whether a sum of seven characters fits in the usual size."""
        return self.sum_right - self.sum_left > (WIDE_SUM + NARROW_SUM) / 2
