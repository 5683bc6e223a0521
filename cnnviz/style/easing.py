"""How what is on its way sets out and arrives."""

from __future__ import annotations

from typing import TypeVar

from cnnviz.arrays import Float64Array

Share = TypeVar("Share", float, Float64Array)


def eased(share: Share) -> Share:
    """Return how far something has come that sets out softly and arrives softly.

    Parameters
    ----------
    share
        Of the time for its way, 0 to 1: of one thing, or of many at once.
    """
    return share * share * (3 - 2 * share)
