"""When each of several texts begins: those that change their order pass and do not cross."""

from __future__ import annotations

LAG, MOST_LAG = 0.08, 0.8
"""How much later each begins than the one before, and the last than the first, in ways."""


def turns(count: int) -> list[float]:
    """Return how much later each of several begins than the first, in ways."""
    lag = min(LAG, MOST_LAG / max(count - 1, 1))
    return [lag * place for place in range(count)]


def in_turn(share: float, begins: float, last: float) -> float:
    """Return how far one of several is on its way, each of which begins after the one before.

    Parameters
    ----------
    share
        Of the time for all, 0 to 1.
    begins, last
        How much later it begins than the first, and the last one, in ways.
    """
    return min(max(share * (1 + last) - begins, 0.0), 1.0)
