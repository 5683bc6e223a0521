"""Which captions the film has where branches are equal, or hold nothing."""

from __future__ import annotations

import numpy as np

from cnnviz.explain.comparison import has_equals
from cnnviz.scenes.skip.board import SkipBoard


def another_caption(board: SkipBoard) -> str:
    """Return what is said of the second place: whether it is the only one that differs so much."""
    first, second = board.pixels
    gap = np.abs(board.values[0].astype(np.float64) - board.values[1])
    gap[first] = 0
    if not gap[second]:
        return "another_equal"
    one, other, _ = board.quantities(second)
    if one.shown == other.shown:
        return "another_alike"
    return "another_tied" if has_equals(gap, second) else "another"


def shares_caption(board: SkipBoard) -> str:
    """Return what is said of both shares: whether there is anything to share."""
    return "shares" if any(board.shares()) else "shares_nothing"
