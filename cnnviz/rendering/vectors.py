"""Vector mobjects as Manim's flat camera sees them: what it reads, and where ink can lie."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import NamedTuple, TypeAlias

from manim import VMobject
from manim.constants import LineJointType

from cnnviz.arrays import Float64Array
from cnnviz.mobjects.viewport import Box, Viewport
from cnnviz.rendering.boxes import PIXELS_PER_BOX, area

MITRE_LIMIT = 10.0
"""How many line widths long Cairo lets a mitred corner become; Manim does not change it."""
SHORTEST_TANGENT = 2
"""In pixels: Cairo rounds points to 1/256 pixel, which turns shorter ones noticeably."""
MOST_CURVES = 16
"""Of what has more curves than that, none is looked at by itself."""
HALVINGS = 2
"""How often a long curve is halved to find smaller boxes around its parts."""

Curve: TypeAlias = Sequence[float]
"""A cubic Bezier curve in scene coordinates: x and y of its four points."""


class Ink(NamedTuple):
    """What can be seen of a vector mobject, in the order in which it is painted."""

    background: bool
    fill: bool
    stroke: bool


def vector_signature(vector: VMobject) -> Hashable:
    """Return everything that Manim's camera reads of a vector mobject."""
    fill, stroke = vector.get_fill_rgbas(), vector.get_stroke_rgbas()
    background = vector.background_stroke_width
    return (
        vector.points.tobytes(),
        fill.tobytes(),
        stroke.tobytes(),
        vector.stroke_width,
        background,
        vector.get_stroke_rgbas(background=True).tobytes() if background else None,
        vector.joint_type,
        vector.cap_style,
        (*vector.sheen_direction, vector.shade_in_3d) if len(fill) + len(stroke) > 2 else None,
        vector.background_image,
    )


def ink_of(vector: VMobject) -> Ink:
    """Return what can be seen of a vector mobject."""
    return Ink(
        bool(vector.background_stroke_width)
        and _is_visible(vector.get_stroke_rgbas(background=True)),
        _is_visible(vector.get_fill_rgbas()),
        bool(vector.stroke_width) and _is_visible(vector.get_stroke_rgbas()),
    )


def _is_visible(rgbas: Float64Array) -> bool:
    return any(rgba[3] for rgba in rgbas.tolist())


def vector_boxes(vector: VMobject, ink: Ink, viewport: Viewport) -> tuple[Box, ...]:
    """Return boxes outside of which a vector mobject paints nothing.

    A long line has several along it, which together are much smaller than one around it.
    """
    points = vector.points[:, :2]
    count = len(points) // 4
    if count == 0 or not any(ink):
        return ()
    corners = [*points.min(axis=0).tolist(), *points.max(axis=0).tolist()]
    if not math.isfinite(sum(corners)):
        return ()  # Manim's camera skips it too
    curves = points[: 4 * count].reshape(count, 8).tolist() if count <= MOST_CURVES else []
    reach = _stroke_reach(vector, ink, curves, viewport)
    around = _box_around(corners, reach, viewport)
    if ink.fill or not curves or area(around) < 2 * PIXELS_PER_BOX:
        return (around,)
    along = [box for curve in curves for box in _boxes_along(curve, reach, viewport, HALVINGS)]
    return tuple(along) if _cost(along) < _cost([around]) else (around,)


def _boxes_along(curve: Curve, reach: float, viewport: Viewport, halvings: int) -> list[Box]:
    """Return one box around a curve, or several around its parts if they are cheaper."""
    around = _box_around(curve, reach, viewport)
    if halvings == 0 or area(around) < 2 * PIXELS_PER_BOX:
        return [around]
    first, second = _halves(curve)
    along = [
        *_boxes_along(first, reach, viewport, halvings - 1),
        *_boxes_along(second, reach, viewport, halvings - 1),
    ]
    return along if _cost(along) < _cost([around]) else [around]


def _cost(boxes: Sequence[Box]) -> int:
    """Return what repainting boxes costs, in pixels."""
    return sum(map(area, boxes)) + PIXELS_PER_BOX * len(boxes)


def _box_around(coordinates: Curve, reach: float, viewport: Viewport) -> Box:
    """Return the box around points (x, y, x, y, ...) and all that is within reach of them."""
    xs, ys = coordinates[::2], coordinates[1::2]
    x0, y0 = viewport.to_pixels(min(xs) - reach, max(ys) + reach)
    x1, y1 = viewport.to_pixels(max(xs) + reach, min(ys) - reach)
    return Box(math.floor(x0) - 1, math.floor(y0) - 1, math.ceil(x1) + 1, math.ceil(y1) + 1)


def _halves(curve: Curve) -> tuple[Curve, Curve]:
    """Return the two halves of a curve, by de Casteljau's construction."""
    points = list(curve)
    first, second = points[:2], points[-2:]
    while len(points) > 2:
        points = [(one + next_one) / 2 for one, next_one in zip(points, points[2:], strict=False)]
        first += points[:2]
        second = points[-2:] + second
    return first, second


def _stroke_reach(vector: VMobject, ink: Ink, curves: Sequence[Curve], viewport: Viewport) -> float:
    """Return how far, in Manim units, ink can lie outside of the points' bounding box."""
    width = max(
        vector.get_stroke_width(background=True) if ink.background else 0.0,
        vector.get_stroke_width(background=False) if ink.stroke else 0.0,
    )
    line_width = 0.01 * width  # Camera.cairo_line_width_multiple
    if vector.joint_type in (LineJointType.ROUND, LineJointType.BEVEL) or len(curves) == 1:
        return line_width  # half of it, and a square cap's corner
    shortest_tangent = SHORTEST_TANGENT / viewport.pixels_per_unit
    longest = _longest_mitre(curves, shortest_tangent) if curves else MITRE_LIMIT
    return line_width * max(1.0, longest / 2)


def _longest_mitre(curves: Sequence[Curve], shortest_tangent: float) -> float:
    """Return how many line widths long a mitred corner between curves can be."""
    start, end = curves[0][:2], curves[-1][6:]
    if start != end and math.dist(start, end) < shortest_tangent:
        return MITRE_LIMIT  # the camera may close it with a line too short to have a direction
    smallest_cosine = 1.0
    before = curves[-1]
    for place, curve in enumerate(curves):
        if place and before[6:] != curve[:2]:
            return MITRE_LIMIT  # several paths: which corners there are is for the camera to say
        arriving_x, arriving_y = before[6] - before[4], before[7] - before[5]
        leaving_x, leaving_y = curve[2] - curve[0], curve[3] - curve[1]
        arriving, leaving = math.hypot(arriving_x, arriving_y), math.hypot(leaving_x, leaving_y)
        if min(arriving, leaving) < shortest_tangent:
            return MITRE_LIMIT
        dot = arriving_x * leaving_x + arriving_y * leaving_y
        smallest_cosine = min(smallest_cosine, dot / (arriving * leaving))
        before = curve
    # a mitre is 1 / sin(inner angle / 2) long, and the inner angle is pi less the turn
    return min(MITRE_LIMIT, 1.05 * math.sqrt(2 / max(1 + smallest_cosine, 1e-6)))
