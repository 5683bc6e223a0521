"""How values come out of their cells."""

from __future__ import annotations

from collections.abc import Iterable

from manim import FadeIn

from cnnviz.mobjects.frames import Outline
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.text import Number
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import point

SMALL = 0.4
"""Of its size, what a number has when it comes."""


def coming_out(
    scene: LectureScene, values: Iterable[tuple[Number, Outline, HeatMap]]
) -> list[FadeIn]:
    """Return how numbers grow, below the frames around their cells, to where they stand.

    They come from behind the maps' lower edges: on the maps, small and growing, they could not
    be read.

    Parameters
    ----------
    scene
        What it plays on.
    values
        Numbers, the frames around their cells, and the maps below which they stand.
    """
    made = []
    for number, frame, map_ in values:
        scene.bring_to_back(number)
        edge = point(frame.get_x(), map_.corners()[3])
        made.append(FadeIn(number, target_position=edge, scale=SMALL))
    return made
