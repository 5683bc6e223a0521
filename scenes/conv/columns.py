"""Where the parts of one row of the convolution's arithmetic stand, side by side."""

from __future__ import annotations

from dataclasses import dataclass

WIDE_SUM = 1.45
NARROW_SUM = 1.34
"""Room for the sign and a sum of seven characters, in the body's size and in a label's.

In Manim units, as all lengths here.
"""


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
    """How far above the grids' middle the maps stand that each channel adds."""
    has_sums_below: bool = False
    """Whether sums stand below the products and not at their right."""
    name_width: float = 0.0
    """Room for the channel's name at the left of its map; with none, it stands above."""

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
        )

    @property
    def rows_left(self) -> float:
        """Left edge of the patches."""
        return self.patch - self.grid_width / 2

    @property
    def has_wide_sums(self) -> bool:
        """Whether a sum of seven characters fits in the usual size."""
        return self.sum_right - self.sum_left > (WIDE_SUM + NARROW_SUM) / 2

    @property
    def sum_middle(self) -> float:
        """Middle of the sums' column."""
        return (self.sum_left + self.sum_right) / 2
