"""What can be read on a stage, as plain data: the rules need no Manim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from manim import Mobject, VMobject

from cnnviz.colour import hex_of_rgb
from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.text import POINTS_PER_UNIT, Label, Number
from cnnviz.scene import LectureScene

Corners = tuple[float, float, float, float]
"""Left, top, right and bottom in scene coordinates, y upwards."""

OPAQUE = 0.99


@dataclass(frozen=True)
class ShownText:
    """One line of text that can be seen.

    Attributes
    ----------
    text
        What it says.
    corners
        Around its ink.
    points
        Its font size as it stands on screen.
    colour
        ``"#rrggbb"``.
    opacity
        Above 0, at most 1.
    is_moving
        Whether it takes part in the motion that goes on.
    grounds
        The colours behind it, ``"#rrggbb"`` each.
    is_across_an_edge
        Whether it lies partly on a map and partly not.
    quantity
        What number it is, if it is one.
    """

    text: str
    corners: Corners
    points: float
    colour: str
    opacity: float
    is_moving: bool
    grounds: tuple[str, ...]
    is_across_an_edge: bool = False
    quantity: Quantity | None = None


def texts_on(scene: LectureScene, moving: Iterable[Mobject] = ()) -> list[ShownText]:
    """Return every text that can be seen, in the order in which they are drawn.

    Parameters
    ----------
    scene
        As it now stands.
    moving
        The mobjects that are being animated.
    """
    in_motion = {id(part) for mobject in moving for part in mobject.get_family()}
    texts: list[ShownText] = []
    below: list[Mobject] = []
    for mobject in scene.get_mobject_family_members():
        if isinstance(mobject, Label):
            if mobject.is_visible and mobject.text.strip():
                is_moving = id(mobject) in in_motion
                texts.append(_shown(mobject, below, scene.theme.palette.background, is_moving))
        elif _covers(mobject):
            below.append(mobject)
    return texts


def _shown(label: Label, below: Sequence[Mobject], background: str, is_moving: bool) -> ShownText:
    corners = label.ink_corners()
    grounds, is_across_an_edge = _grounds(corners, below, background)
    return ShownText(
        text=label.text,
        corners=corners,
        points=label.em * POINTS_PER_UNIT,
        colour=label.colour,
        opacity=min(label.opacity, 1.0),
        is_moving=is_moving,
        grounds=grounds,
        is_across_an_edge=is_across_an_edge,
        quantity=label.quantity if isinstance(label, Number) else None,
    )


def _covers(mobject: Mobject) -> bool:
    """Return whether a mobject hides what is behind it."""
    if isinstance(mobject, HeatMap):
        return mobject.opacity > 0
    if not isinstance(mobject, VMobject) or not mobject.has_points():
        return False
    return bool(mobject.get_fill_opacity() >= OPAQUE)


def _grounds(
    corners: Corners, below: Sequence[Mobject], background: str
) -> tuple[tuple[str, ...], bool]:
    """Return the colours behind a text, and whether it crosses the edge of what has them."""
    for mobject in reversed(below):
        around = _bounds(mobject)
        if not _overlap(corners, around):
            continue
        colours = _colours_under(mobject, corners, background)
        if not colours:
            continue
        return colours, not _is_inside(corners, around)
    return (background,), False


def _colours_under(mobject: Mobject, corners: Corners, background: str) -> tuple[str, ...]:
    """Return the colours of the part behind a text; none where that part is transparent."""
    if not isinstance(mobject, HeatMap):
        return (str(mobject.get_fill_color().to_hex()),) if isinstance(mobject, VMobject) else ()
    left, top, _, _ = mobject.corners()
    width, height = mobject.cell_size()
    first_column, last_column = _cells((corners[0] - left, corners[2] - left), width)
    first_row, last_row = _cells((top - corners[1], top - corners[3]), height)
    cells = mobject.bitmap.rgba[first_row : last_row + 1, first_column : last_column + 1]
    cells = cells.reshape(-1, 4)
    cells = cells[cells[:, 3] > 0]
    shares = cells[:, 3:] / 255 * min(mobject.opacity, 1.0)
    behind = np.array([int(background[i : i + 2], 16) for i in (1, 3, 5)])
    mixed = np.rint(cells[:, :3] * shares + behind * (1 - shares)).astype(np.uint8)
    return tuple(hex_of_rgb(rgb) for rgb in np.unique(mixed, axis=0))


def _cells(span: tuple[float, float], size: float) -> tuple[int, int]:
    first, last = (
        int(np.floor(edge / size + shift)) for edge, shift in zip(span, (0.02, -0.02), strict=True)
    )
    return max(first, 0), max(last, 0)


def _bounds(mobject: Mobject) -> Corners:
    if isinstance(mobject, HeatMap):
        return mobject.corners()
    points = mobject.points
    return (
        float(points[:, 0].min()),
        float(points[:, 1].max()),
        float(points[:, 0].max()),
        float(points[:, 1].min()),
    )


def _overlap(one: Corners, other: Corners) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[3] < other[1] and other[3] < one[1]


def _is_inside(inner: Corners, outer: Corners) -> bool:
    slack = 0.01
    return (
        inner[0] >= outer[0] - slack
        and inner[2] <= outer[2] + slack
        and inner[1] <= outer[1] + slack
        and inner[3] >= outer[3] - slack
    )
