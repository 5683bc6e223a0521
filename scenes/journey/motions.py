"""How close-ups grow out of what they come from, and how cells fly to their places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from manim import smooth

from cnnviz.animations.drive import Drive
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.scenes.journey.closeup import CloseUp
from cnnviz.staging.rhythm import arriving
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import Corners

if TYPE_CHECKING:
    from manim.typing import Point3D


PASSED = 0.8
"""Of its time, when what grows has passed over what stands on its way."""


def once_passed(share: float) -> float:
    """Rate function: appear when a close-up that comes over the place has passed it."""
    return arriving(share, PASSED)


def grow(
    scene: LectureScene,
    grids: Sequence[tuple[CloseUp, Corners]],
    meanwhile: Sequence[Any],
    run_time: float,
    rate_func: Callable[[float], float] = smooth,
    *,
    is_behind: bool = False,
) -> None:
    """Let close-ups grow, each from the corners of what it comes from, or from behind it.

    What has numbers of its own must not be covered: close-ups come from behind it.
    """
    parts = [part for grid, _ in grids for part in grid.parts]

    def show(share: float) -> None:
        for grid, start in grids:
            grid.grow(start, share)

    show(0.0)
    scene.add(*parts)
    if is_behind:
        scene.bring_to_back(*parts)
    drive = Drive(parts, show, 0, 1, rate_func=rate_func)
    scene.play(drive, *meanwhile, run_time=run_time)


def fly_cells(
    scene: LectureScene,
    flights: Sequence[tuple[HeatMap, Point3D]],
    target: HeatMap,
    meanwhile: Sequence[Any],
    run_time: float,
) -> None:
    """Let cells fly to their places and take the size that they have on `target`."""
    cells = [cell for cell, _ in flights]
    width, height = target.cell_size()
    scene.bring_to_back(*cells)  # No number is ever covered.
    scene.play(
        *(
            cell.animate.move_to(place).stretch_to_fit_width(width).stretch_to_fit_height(height)
            for cell, place in flights
        ),
        *meanwhile,
        run_time=run_time,
    )
    scene.remove(*cells)
