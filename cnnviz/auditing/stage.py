"""What can be read on a stage, as plain data: the rules need no Manim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from manim import Mobject

from cnnviz.auditing.backgrounds import Cover, cover_of
from cnnviz.auditing.drawn_lines import is_struck_through, lines_of
from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.cells import Cells
from cnnviz.mobjects.text import POINTS_PER_UNIT, Label, Number
from cnnviz.rendering.damage import mobjects_to_draw
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import Corners


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
    is_struck_through
        Whether a line runs through it while nothing moves: what flies may pass over texts.
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
    is_struck_through: bool = False
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
    texts: list[tuple[ShownText, int]] = []
    below: list[Cover] = []
    lines: list[tuple[Corners, int]] = []
    for mobject in mobjects_to_draw(scene):
        if isinstance(mobject, Label):
            if mobject.is_visible and mobject.text.strip():
                is_moving = id(mobject) in in_motion
                ground = scene.theme.palette.background
                text = _shown(mobject, below, ground, is_moving=is_moving)
                texts.append((text, len(below)))
        elif isinstance(mobject, Cells) and id(mobject) in in_motion:
            continue  # what flies past is no ground
        elif (cover := cover_of(mobject)) is not None:
            below.append(cover)
        elif not in_motion:
            lines += [(line, len(below)) for line in lines_of(mobject)]
    return [
        replace(text, is_struck_through=is_struck_through(text.corners, place, lines, below))
        for text, place in texts
    ]


def _shown(label: Label, below: Sequence[Cover], background: str, *, is_moving: bool) -> ShownText:
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


def _grounds(
    corners: Corners, below: Sequence[Cover], background: str
) -> tuple[tuple[str, ...], bool]:
    """Return the colours behind a text, and whether it crosses the edge of what has them."""
    for cover in reversed(below):
        if cover.overlaps(corners):
            colours, is_across_an_edge = cover.under(corners, background)
            if colours:
                return colours, is_across_an_edge
    return (background,), False
