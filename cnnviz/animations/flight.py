"""How a map goes from one place on the stage to another."""

from __future__ import annotations

import numpy as np
from manim import smooth

from cnnviz.animations.drive import Drive
from cnnviz.mobjects.raster import Raster

Corners = tuple[float, float, float, float]


def fly(raster: Raster, end: Corners, run_time: float, start: Corners | None = None) -> Drive:
    """Return the motion of a raster's four edges, even where its proportions change.

    Parameters
    ----------
    raster
        It must be in the scene.
    end, start
        Left, top, right and bottom; by default it starts where it is.
    run_time
        In seconds.
    """
    first = np.array(raster.corners() if start is None else start)
    way = np.array(end) - first

    def show(share: float) -> None:
        left, top, right, bottom = map(float, first + share * way)
        raster.set_corners(left, top, right, bottom)

    show(0.0)
    return Drive([raster], show, 0, 1, run_time=run_time, rate_func=smooth)
