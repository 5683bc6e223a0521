"""When two pictures set out of which one would pass over the other if both went at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from manim import smooth

from cnnviz.animations.drive import Drive
from cnnviz.animations.flight import fly
from cnnviz.mobjects.raster import Raster
from cnnviz.staging.rhythm import arriving, leaving
from cnnviz.style.geometry import Corners

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
    were_beside, are_beside = (
        second[0] >= (first[0] + first[2]) / 2 for first, second in (starts, ends)
    )
    if are_beside or not were_beside:
        return smooth, smooth
    return partial(leaving, gone=AHEAD), partial(arriving, begun=1 - AHEAD)


def fly_apart(rasters: Sequence[Raster], ends: Sequence[Corners], run_time: float) -> list[Drive]:
    """Return the flights of two rasters to other places, so that neither passes over the other."""
    rates = rates_apart([each.corners() for each in rasters], ends)
    return [
        fly(raster, end, run_time, rate_func=rate)
        for raster, end, rate in zip(rasters, ends, rates, strict=True)
    ]
