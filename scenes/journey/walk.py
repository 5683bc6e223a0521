"""How the journey goes from one block to the next: the map moves into the trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from manim import FadeIn, FadeOut, Mobject

from cnnviz.animations.fade_to import FadeTo
from cnnviz.mobjects.frames import Outline
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.scenes.journey.trail import Trail
from cnnviz.staging import rhythm
from cnnviz.staging.scene import LectureScene

GONE, BEGUN = 0.75, 0.3
"""Shares of the time after which what goes is gone, and before which nothing comes: texts are not
read through each other, and the stage is never empty."""


@dataclass(frozen=True)
class OutgoingMap:
    """A map that goes into the trail when the next beat begins.

    Attributes
    ----------
    index
        Its slot.
    map
        As it stands on the stage.
    mark
        The outline on it; None if the map is not on the stage yet.
    goal
        The outline as it will be.
    size
        What is written below the slot.
    """

    index: int
    map: HeatMap
    mark: Outline | None
    goal: Outline
    size: str


class JourneyTransition:
    """Clears the stage for the next beat and lets the trail become bright.

    Parameters
    ----------
    scene
        What it plays on.
    trail
        What it fills.

    Attributes
    ----------
    leaving
        The map that goes into the trail next, if there is one.
    """

    def __init__(self, scene: LectureScene, trail: Trail) -> None:
        self.scene, self.trail = scene, trail
        self.leaving: OutgoingMap | None = None

    def move_on(self, arriving: Sequence[Mobject]) -> None:
        """Clear the stage below the trail; a map that was shown goes into its slot."""
        scene, trail, leaving = self.scene, self.trail, self.leaving
        moving = [] if leaving is None or leaving.mark is None else [leaving.map, leaving.mark]
        going = scene.on_stage_but([*trail.parts, *trail.notes, *moving])
        coming = [part for part in trail.parts if part not in scene.mobjects]
        motions = [
            *(FadeOut(each, rate_func=partial(rhythm.leaving, gone=GONE)) for each in going),
            *(FadeIn(each, rate_func=partial(rhythm.arriving, begun=BEGUN)) for each in arriving),
            *map(FadeIn, coming),
        ]
        notes = [] if leaving is None else self._put_into_slot(leaving, motions)
        scene.add(*coming)
        scene.bring_to_front(*moving)  # They fly over names.
        scene.play(*motions, run_time=scene.timing.move)
        scene.remove(*moving)
        scene.add(*notes)
        trail.notes += notes
        if leaving is not None:
            trail.maps[leaving.index].opacity = 1.0
        self.leaving = None

    def _put_into_slot(self, leaving: OutgoingMap, motions: list[Any]) -> list[Mobject]:
        """Add the motions that put a map into its slot; return what then stands on it."""
        target = self.trail.maps[leaving.index]
        size = self.trail.size(leaving.index, leaving.size)
        motions.append(FadeIn(size, rate_func=rhythm.arriving))  # The map flies past it first.
        if leaving.mark is None:
            motions += [FadeTo([target], 1.0), FadeIn(leaving.goal)]
        else:
            scale = target.width / leaving.map.width
            motions += [
                leaving.map.animate.scale(scale).move_to(target),
                leaving.mark.animate.become(leaving.goal),
            ]
        return [leaving.goal, size]
