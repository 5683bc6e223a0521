"""When two pictures set out of which one would pass over the other if both went at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from manim import linear, smooth

from cnnviz.animations.drive import Drive
from cnnviz.animations.flight import fly
from cnnviz.mobjects.raster import Raster
from cnnviz.staging.rhythm import arriving, leaving
from cnnviz.style.geometry import Corners, between

RateFunction = Callable[[float], float]

AHEAD = 0.6
"""Share of the time in which the first is there; the second takes as long, up to the end."""


def rates_apart(
    starts: Sequence[Corners], ends: Sequence[Corners]
) -> tuple[RateFunction, RateFunction]:
    """Return the rate functions of two flights, so that the second passes not over the first.

    Where they stand side by side and come to stand one below the other, the first goes ahead;
    elsewhere both go at once.

    Parameters
    ----------
    starts, ends
        Left, top, right and bottom of the first and of the second.
    """
    if _stand_beside(ends) or not _stand_beside(starts):
        return smooth, smooth
    return partial(leaving, gone=AHEAD), partial(arriving, begun=1 - AHEAD)


def fly_apart(rasters: Sequence[Raster], ends: Sequence[Corners], run_time: float) -> list[Drive]:
    """Return the flights of two rasters to other places, so that neither passes over the other."""
    starts = [each.corners() for each in rasters]
    if _stand_beside(ends) and not _stand_beside(starts):
        return _rise_beside(rasters, ends, run_time)
    rates = rates_apart(starts, ends)
    return [
        fly(raster, end, run_time, rate_func=rate)
        for raster, end, rate in zip(rasters, ends, rates, strict=True)
    ]


def _rise_beside(
    rasters: Sequence[Raster], ends: Sequence[Corners], run_time: float
) -> list[Drive]:
    """Return the flights of two that stood one below the other, and come to stand side by side.

    The first makes room; the second goes across, and then up.
    """
    (first, second), (place, end) = rasters, ends
    start = second.corners()

    def show(share: float) -> None:
        across = between(start, end, leaving(share, AHEAD))
        up = between(start, end, arriving(share, 1 - AHEAD))
        left, top, right, bottom = between(start, end, smooth(share))
        x, y = (across[0] + across[2]) / 2, (up[1] + up[3]) / 2
        width, height = right - left, top - bottom
        second.set_corners(x - width / 2, y + height / 2, x + width / 2, y - height / 2)

    return [
        fly(first, place, run_time, rate_func=partial(leaving, gone=AHEAD)),
        Drive([second], show, 0, 1, run_time=run_time, rate_func=linear),
    ]


def _stand_beside(places: Sequence[Corners]) -> bool:
    """Return whether the second of two stands at the right of the first."""
    first, second = places
    return second[0] >= (first[0] + first[2]) / 2
