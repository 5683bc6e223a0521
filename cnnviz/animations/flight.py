"""How a map goes from one place on the stage to another."""

from __future__ import annotations

from collections.abc import Callable

from manim import smooth

from cnnviz.animations.drive import Drive
from cnnviz.mobjects.raster import Raster
from cnnviz.style.geometry import Corners, between


def fly(
    raster: Raster,
    end: Corners,
    run_time: float,
    start: Corners | None = None,
    rate_func: Callable[[float], float] = smooth,
) -> Drive:
    """Return the motion of a raster's four edges, even where its proportions change.

    Parameters
    ----------
    raster
        It must be in the scene.
    end, start
        Left, top, right and bottom; by default it starts where it is.
    run_time
        In seconds.
    rate_func
        How far it is on its way, by the share of the time.
    """
    first = raster.corners() if start is None else start

    def show(share: float) -> None:
        raster.set_corners(*between(first, end, share))

    show(0.0)
    return Drive([raster], show, 0, 1, run_time=run_time, rate_func=rate_func)
