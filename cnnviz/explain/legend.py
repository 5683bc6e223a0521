"""The numbers of a legend: where its colours end, and how far the values really reach."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from cnnviz.explain.quantity import Quantity

MARK_CHARACTERS = 7
"""Room for a number, without the sign that says that values lie beyond it."""

AT_MOST, AT_LEAST = "≤", "≥"

EXTREME_DECIMALS = 2


@dataclass(frozen=True)
class Extremes:
    """The smallest and the largest of some values."""

    least: float
    most: float

    @classmethod
    def of(cls, *arrays: npt.NDArray[np.floating]) -> Extremes:
        """Return those of all finite values of some arrays; 0 and 0 where there are none."""
        finite = [array[np.isfinite(array)] for array in arrays]
        finite = [array for array in finite if array.size]
        if not finite:
            return cls(0.0, 0.0)
        return cls(
            min(float(array.min()) for array in finite), max(float(array.max()) for array in finite)
        )

    def quantities(self, layer: str | None = None) -> tuple[Quantity, Quantity]:
        """Return both as numbers to write."""
        least, most = (
            Quantity.of("extreme", value, EXTREME_DECIMALS, width=MARK_CHARACTERS, layer=layer)
            for value in (self.least, self.most)
        )
        return least, most


def scale_marks(
    low: float, high: float, extremes: Extremes, layer: str | None = None
) -> tuple[Quantity, ...]:
    """Return the numbers on a scale: its ends, and 0 where it lies between them.

    An end beyond which there are values, all of the end's colour, says so: ``"≥ 5.7"``.

    Parameters
    ----------
    low, high
        The values at the ends of the scale.
    extremes
        Of what is coloured by it.
    layer
        Whose values they are.
    """
    marks = []
    for value in sorted({low, 0.0, high}):
        mark = Quantity.of("scale_end", value, _decimals(value), width=MARK_CHARACTERS, layer=layer)
        if value == high < extremes.most:
            mark = replace(mark, shown=f"{AT_LEAST} {mark.shown}")
        elif value == low > extremes.least:
            mark = replace(mark, shown=f"{AT_MOST} {mark.shown}")
        marks.append(mark)
    return tuple(marks)


def _decimals(value: float) -> int:
    """Return how many decimals three digits of a number need, zeros at their end left out."""
    exponent = Decimal(f"{value:.3g}").normalize().as_tuple().exponent
    return max(0, -int(exponent))
