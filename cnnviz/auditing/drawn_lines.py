"""The lines on a stage that a text may be struck through by: outlines and straight strokes."""

from __future__ import annotations

from collections.abc import Sequence

from manim import Line, Mobject

from cnnviz.auditing.backgrounds import THINNEST, Cover
from cnnviz.mobjects.frames import Outline, corners_of
from cnnviz.style.geometry import Corners

SEEN = 0.5
"""A line of less opacity is coming or going, or means to step back."""

SLACK = 0.01
"""In Manim units: as far as a line may reach into the room of a text's ink."""


def lines_of(mobject: Mobject) -> list[Corners]:
    """Return the lines of an outline, or a line that is level or upright, without their width.

    None where they are hardly seen. What is slanted or bent, such as the network's edges, leads
    past texts as often as not: it is not judged.
    """
    if not isinstance(mobject, Outline | Line) or not mobject.has_points():
        return []
    if mobject.get_stroke_opacity() < SEEN or mobject.get_stroke_width() <= 0:
        return []
    left, top, right, bottom = corners_of(mobject)
    if isinstance(mobject, Outline):
        sides = [
            (left, top, right, top),
            (left, bottom, right, bottom),
            (left, top, left, bottom),
            (right, top, right, bottom),
        ]
        return sides if max(right - left, top - bottom) > THINNEST else []
    is_straight = min(right - left, top - bottom) < THINNEST < max(right - left, top - bottom)
    return [(left, top, right, bottom)] if is_straight else []


def strike_through(line: Corners, corners: Corners) -> bool:
    """Return whether a line runs through the ink of a text."""
    return (
        line[0] < corners[2] - SLACK
        and line[2] > corners[0] + SLACK
        and line[3] < corners[1] - SLACK
        and line[1] > corners[3] + SLACK
    )


def is_struck_through(
    corners: Corners, place: int, lines: Sequence[tuple[Corners, int]], covers: Sequence[Cover]
) -> bool:
    """Return whether a line is seen to run through a text.

    Parameters
    ----------
    corners
        The text's.
    place
        How many of the covers are drawn before the text.
    lines
        Each with how many of the covers are drawn before it.
    covers
        In the order in which they are drawn: one that lies behind all of the text, as a plate
        does, hides the lines before it.
    """
    return any(
        strike_through(line, corners)
        and not any(cover.holds(corners) for cover in covers[before:place])
        for line, before in lines
    )
