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
    """Return the flights of two rasters to other places, so that neither passes over the other.

    Where they stood side by side and come to stand one below the other, or back, the first goes
    ahead and the second around it.
    """
    first, second = rasters
    is_beside = _stand_beside(ends)
    if _stand_beside([each.corners() for each in rasters]) == is_beside:
        return [fly(raster, end, run_time) for raster, end in zip(rasters, ends, strict=True)]
    return [
        fly(first, ends[0], run_time, rate_func=partial(leaving, gone=AHEAD)),
        fly_by_turns(second, ends[1], run_time, across_first=is_beside),
    ]


def fly_by_turns(raster: Raster, end: Corners, run_time: float, *, across_first: bool) -> Drive:
    """Return the flight of a raster around a corner: across and then up or down, or the reverse.

    Parameters
    ----------
    raster
        It must be in the scene.
    end
        Left, top, right and bottom.
    run_time
        In seconds.
    across_first
        Whether it goes to the left or right first.
    """
    start = raster.corners()

    def place(share: float) -> tuple[float, float]:
        first = _middle(between(start, end, leaving(share, AHEAD)))
        then = _middle(between(start, end, arriving(share, 1 - AHEAD)))
        return (first[0], then[1]) if across_first else (then[0], first[1])

    return _fly_by_way_of(place, raster, end, run_time)


def fly_along(raster: Raster, end: Corners, run_time: float, lane: float) -> Drive:
    """Return the flight of a raster down or up to a lane, along it, and from there to its end.

    Parameters
    ----------
    raster
        It must be in the scene.
    end
        Left, top, right and bottom.
    run_time
        In seconds; each third of it is one of the legs.
    lane
        Where between what must not be crossed there is room: the y of its middle.
    """
    start = raster.corners()

    def place(share: float) -> tuple[float, float]:
        legs = [smooth(min(max(3 * share - leg, 0.0), 1.0)) for leg in range(3)]
        x, y = _middle(between(start, end, legs[1]))[0], _middle(start)[1]
        y += (lane - y) * legs[0]
        y += (_middle(end)[1] - y) * legs[2]
        return x, y

    return _fly_by_way_of(place, raster, end, run_time)


def _fly_by_way_of(
    place: Callable[[float], tuple[float, float]], raster: Raster, end: Corners, run_time: float
) -> Drive:
    """Return the flight of a raster whose middle is at a place that its share, 0 to 1, says."""
    start = raster.corners()

    def show(share: float) -> None:
        left, top, right, bottom = between(start, end, smooth(share))
        x, y = place(share)
        width, height = right - left, top - bottom
        raster.set_corners(x - width / 2, y + height / 2, x + width / 2, y - height / 2)

    return Drive([raster], show, 0, 1, run_time=run_time, rate_func=linear)


def _middle(corners: Corners) -> tuple[float, float]:
    left, top, right, bottom = corners
    return (left + right) / 2, (top + bottom) / 2


def _stand_beside(places: Sequence[Corners]) -> bool:
    """Return whether the second of two stands at the right of the first."""
    first, second = places
    return second[0] >= (first[0] + first[2]) / 2
