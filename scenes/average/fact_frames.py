"""Frames on both maps around the cells that a fact is of."""

from __future__ import annotations

from collections.abc import Sequence

from manim import Animation, FadeIn

from cnnviz.animations.drive import Drive
from cnnviz.mobjects.frames import KernelWindow
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.scenes.average.facts import Area, Fact
from cnnviz.staging.rhythm import arriving, leaving
from cnnviz.style.theme import Theme


class FactFrames:
    """A frame on each map, which go from fact to fact; not in the scene at first.

    Parameters
    ----------
    maps
        Before and after.
    theme
        Colours and line widths.
    """

    def __init__(self, maps: Sequence[HeatMap], theme: Theme) -> None:
        self._maps = maps
        self.frames = [KernelWindow(each, 1, theme) for each in maps]
        for frame in self.frames:  # gold is for what goes on
            frame.set_stroke(theme.palette.text)
        self._areas: list[Area] = []

    def tell(self, fact: Fact) -> list[Animation]:
        """Return how the frames go to the cells that a fact is of, and how it then appears.

        The frames appear at the first one.
        """
        starts, self._areas = self._areas, list(fact.areas)

        def show(share: float) -> None:
            for frame, start, goal in zip(
                self.frames, starts or fact.areas, fact.areas, strict=True
            ):
                frame.show_area(*(a + (b - a) * share for a, b in zip(start, goal, strict=True)))

        show(1.0)
        frames: list[Animation] = [FadeIn(each, rate_func=leaving) for each in self.frames]
        if starts:
            frames = [Drive(self.frames, show, 0, 1, rate_func=leaving)]
        return [*frames, *(FadeIn(part, rate_func=arriving) for part in fact.parts)]
