"""How a map goes from one place on the stage to another."""

from __future__ import annotations

from manim import smooth

from cnnviz.animations.drive import Drive
from cnnviz.mobjects.raster import Raster
from cnnviz.style.geometry import Corners, between


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
    first = raster.corners() if start is None else start

    def show(share: float) -> None:
        raster.set_corners(*between(first, end, share))

    show(0.0)
    return Drive([raster], show, 0, 1, run_time=run_time, rate_func=smooth)
