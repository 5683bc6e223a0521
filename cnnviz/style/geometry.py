"""Places on the stage, and how a scene divides it whatever the frame's proportions are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from cnnviz.arrays import Float64Array

Corners = tuple[float, float, float, float]
"""Left, top, right and bottom of a rectangle, in scene coordinates."""


def around(corners: Iterable[Corners]) -> Corners:
    """Return the smallest rectangle around some others, at least one."""
    lefts, tops, rights, bottoms = zip(*corners, strict=True)
    return min(lefts), max(tops), max(rights), min(bottoms)


def meet(one: Corners, other: Corners) -> bool:
    """Return whether two rectangles have a part in common."""
    return one[0] < other[2] and other[0] < one[2] and one[3] < other[1] and other[3] < one[1]


def between(start: Corners, end: Corners, share: float) -> Corners:
    """Return the rectangle at this share (0 to 1) of the way from one to another."""
    left, top, right, bottom = (a + (b - a) * share for a, b in zip(start, end, strict=True))
    return left, top, right, bottom


def point(x: float, y: float) -> Float64Array:
    """Return a place on the stage as Manim wants it: (x, y, 0)."""
    return np.array([x, y, 0.0])


@dataclass(frozen=True)
class Zone:
    """A rectangle in scene coordinates: Manim units, y upwards.

    Attributes
    ----------
    left, right
        x of its sides.
    top, bottom
        y of its sides.
    """

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def centred_at(cls, x: float, y: float, width: float, height: float) -> Zone:
        """Return the zone of that size with its middle at (x, y)."""
        return cls(x - width / 2, y + height / 2, x + width / 2, y - height / 2)

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From bottom to top."""
        return self.top - self.bottom

    @property
    def x(self) -> float:
        """Of its middle."""
        return (self.left + self.right) / 2

    @property
    def y(self) -> float:
        """Of its middle."""
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> Float64Array:
        """Its middle, as Manim takes points."""
        return point(self.x, self.y)

    @property
    def corners(self) -> tuple[Float64Array, Float64Array]:
        """Its lower left and upper right corner, as Manim takes points."""
        return point(self.left, self.bottom), point(self.right, self.top)

    @property
    def is_wide(self) -> bool:
        """Whether things stand better side by side in it than one above the other."""
        return self.width > 1.3 * self.height

    def columns(self, *shares: float, gap: float = 0.0) -> tuple[Zone, ...]:
        """Divide it from left to right.

        Parameters
        ----------
        *shares
            The parts' widths in relation to each other.
        gap
            Between two parts, in Manim units.
        """
        unit = (self.width - gap * (len(shares) - 1)) / sum(shares)
        zones, left = [], self.left
        for share in shares:
            zones.append(Zone(left, self.top, left + share * unit, self.bottom))
            left += share * unit + gap
        return tuple(zones)

    def rows(self, *shares: float, gap: float = 0.0) -> tuple[Zone, ...]:
        """Divide it from top to bottom; parameters as for :meth:`columns`."""
        unit = (self.height - gap * (len(shares) - 1)) / sum(shares)
        zones, top = [], self.top
        for share in shares:
            zones.append(Zone(self.left, top, self.right, top - share * unit))
            top -= share * unit + gap
        return tuple(zones)

    def parts(self, *shares: float, gap: float = 0.0) -> tuple[Zone, ...]:
        """Divide it side by side where it is wide, else one above the other."""
        return (self.columns if self.is_wide else self.rows)(*shares, gap=gap)

    def grid(self, count: int, across: int) -> list[Zone]:
        """Divide it into equal cells, row by row; those of a shorter last row stand in its middle.

        Parameters
        ----------
        count
            How many cells are needed.
        across
            How many stand side by side.
        """
        rows = -(-count // across)
        missing = rows * across - count
        cells = [cell for row in self.rows(*[1.0] * rows) for cell in row.columns(*[1.0] * across)]
        aside = missing * self.width / across / 2
        first_of_last = (rows - 1) * across
        return cells[:first_of_last] + [
            cell.moved(aside, 0.0) for cell in cells[first_of_last:count]
        ]

    def towards(self, other: Zone, share: float) -> Zone:
        """Return the zone at this share (0 to 1) of the way to another."""
        sides = zip(vars(self).values(), vars(other).values(), strict=True)
        return Zone(*((1 - share) * here + share * there for here, there in sides))

    def moved(self, x: float, y: float) -> Zone:
        """Return it this far to the right and up."""
        return Zone(self.left + x, self.top + y, self.right + x, self.bottom + y)

    def inset(self, x: float, y: float | None = None) -> Zone:
        """Return it with a margin at the sides and, if not the same, above and below."""
        y = x if y is None else y
        return Zone(self.left + x, self.top - y, self.right - x, self.bottom + y)
