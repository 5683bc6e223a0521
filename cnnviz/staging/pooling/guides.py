"""Lines from a part of a map to the same part enlarged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import VMobject

from cnnviz.mobjects.colour_bar import ColourBar
from cnnviz.mobjects.frames import corners_of
from cnnviz.mobjects.map_panel import MapPanel
from cnnviz.style.geometry import Corners, point

if TYPE_CHECKING:
    from manim.typing import Point3D

CLEAR = 0.05
"""Between a line and a number that it passes, in Manim units."""


def draw_guides(guides: VMobject, panel: MapPanel, part: VMobject, goal: Corners) -> None:
    """Draw two lines between the sides that face each other, past what stands around the map.

    Parameters
    ----------
    guides
        What is drawn anew.
    panel
        The map, with its name and legend.
    part
        The frame around a part of it.
    goal
        Left, top, right and bottom of what it is enlarged to: at the right of the map, or below.
    """
    start = corners_of(part)
    is_below = goal[1] < panel.map.corners()[3]
    guides.clear_points()
    for path in (_downwards if is_below else _to_the_right)(panel, start, goal):
        guides.start_new_path(path[0])
        for corner in path[1:]:
            guides.add_line_to(corner)


def _downwards(panel: MapPanel, start: Corners, goal: Corners) -> list[list[Point3D]]:
    left, _, right, bottom = panel.map.corners()
    return [
        [point(start[0], start[3]), point(left, bottom), point(goal[0], goal[1])],
        [point(start[2], start[3]), point(right, bottom), point(goal[2], goal[1])],
    ]


def _to_the_right(panel: MapPanel, start: Corners, goal: Corners) -> list[list[Point3D]]:
    _, top, right, bottom = panel.map.corners()
    lowest = max([bottom, *(_above(legend, right, goal) for legend in panel.legends)])
    paths = []
    for y, end in ((start[1], goal[1]), (start[3], goal[3])):
        at_edge = y + (end - y) * (right - start[2]) / (goal[0] - start[2])
        at_edge = min(max(at_edge, lowest), top)
        paths.append([point(start[2], y), point(right, at_edge), point(goal[0], end)])
    return paths


def _above(legend: ColourBar, edge: float, goal: Corners) -> float:
    """Return how low a line may leave the map's right edge for the goal, past the legend."""
    _, top, right, _ = legend.numbers[-1].corners()
    share = (right + CLEAR - edge) / (goal[0] - edge)
    return (top + CLEAR - share * goal[3]) / (1 - share)
