"""The verb of what goes home: it becomes the part of the network that says the same."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import FadeOut, Mobject, smooth

from cnnviz.animations.drive import Drive
from cnnviz.animations.turns import in_turn
from cnnviz.mobjects.bars import PlainRectangle
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.text import Label
from cnnviz.style.colour import ColourScale, hex_of_rgb
from cnnviz.style.geometry import Corners, point

Part = Label | PlainRectangle


def land(
    mobject: Part, part: Part, run_time: float, begins: float = 0.0, last: float = 0.0
) -> Drive:
    """Return the motion of a text, or a bar, onto one like it, whose colour it takes.

    Parameters
    ----------
    mobject
        It must be in the scene.
    part
        Where it arrives; it should not be seen meanwhile. A text keeps its proportions, and
        comes to lie where the other has its middle.
    run_time
        In seconds, with the time for which it waits.
    begins, last
        As for :func:`cnnviz.animations.turns.in_turn`.
    """
    start, end = np.array(mobject.corners()), np.array(part.corners())
    if isinstance(mobject, Label) and isinstance(part, Label):
        middle, factor = part.get_center()[:2], part.em / mobject.em
        half = np.array([mobject.width, -mobject.height]) * factor / 2
        end = np.concatenate([middle - half, middle + half])
    colours = ColourScale(0.0, 1.0, (_colour_of(mobject), _colour_of(part)))

    def show(share: float) -> None:
        left, top, right, bottom = map(float, start + share * (end - start))
        mobject.set_corners(left, top, right, bottom)
        _set_colour(mobject, colours.colour(share))

    def rate(share: float) -> float:
        return float(smooth(in_turn(share, begins, last)))

    return Drive([mobject], show, 0, 1, run_time=run_time, rate_func=rate)


def land_in(mobject: Mobject, place: Corners, run_time: float) -> Any:
    """Return the motion of something into a place of the network, in which it vanishes."""
    left, top, right, bottom = place
    factor = min((right - left) / mobject.width, (top - bottom) / mobject.height)
    middle = point((left + right) / 2, (top + bottom) / 2)
    return FadeOut(mobject, target_position=middle, scale=factor, run_time=run_time)


def says_the_same(one: Label, other: Label) -> bool:
    """Return whether two texts have the same lines, so that one can become the other."""
    return _lines(one) == _lines(other)


def _lines(label: Label) -> tuple[str, ...]:
    return label.lines if isinstance(label, FittedLabel) else (label.text,)


def _colour_of(part: Part) -> str:
    return part.colour if isinstance(part, Label) else hex_of_rgb(part.bitmap.rgba[0, 0, :3])


def _set_colour(part: Part, colour: str) -> None:
    if isinstance(part, Label):
        part.set_colour(colour)
    else:
        part.set_bar_colour(colour)
