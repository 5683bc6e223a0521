"""How values come out of their cells."""

from __future__ import annotations

from collections.abc import Iterable

from manim import FadeIn

from cnnviz.mobjects.frames import Outline
from cnnviz.mobjects.text import Number
from cnnviz.staging.scene import LectureScene


def coming_out(scene: LectureScene, values: Iterable[tuple[Number, Outline]]) -> list[FadeIn]:
    """Return how numbers grow out of the frames around their cells, to where they stand.

    They pass behind the maps: on them, small and growing, they could not be read.
    """
    made = []
    for number, frame in values:
        scene.bring_to_back(number)
        scale = frame.height / number.height
        made.append(FadeIn(number, target_position=frame, scale=scale))
    return made
