"""Round numbers along an axis."""

from __future__ import annotations

import math

STEPS = (1, 2, 5, 10)
"""Multiples of a power of ten that read as round."""


def nice_ticks(low: float, high: float, most: int) -> tuple[float, ...]:
    """Return multiples of a round step within an axis, 0 among them if it lies there.

    Parameters
    ----------
    low, high
        The axis; `low` is less than `high`, and both are finite.
    most
        There will be at most so many; at least 2.

    Returns
    -------
    tuple of float
        Rising, at equal distances of 1, 2 or 5 times a power of ten: as close to each other
        as `most` allows.
    """
    span = high - low
    power = 10.0 ** math.floor(math.log10(span / most))
    for scale in (power, 10 * power):
        for multiple in STEPS:
            step = multiple * scale
            first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
            if last - first + 1 <= most:
                return tuple(index * step for index in range(first, last + 1))
    return (0.0,) if low <= 0 <= high else ()


def tick_decimals(tick: float) -> int:
    """Return how many decimals the label of a tick needs: 0 reads 0, not 0.0."""
    shortest = f"{tick:.6g}"
    return len(shortest.partition(".")[2]) if "e" not in shortest else 0
