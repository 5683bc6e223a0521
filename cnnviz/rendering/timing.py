"""When each section of a film starts and how long it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from manim import Scene


@dataclass(frozen=True)
class SectionTiming:
    """One section (a beat) of a film.

    Attributes
    ----------
    name
        What the scene called it in ``next_section``.
    first_frame
        Number of its first frame, counted from 0 over the whole film.
    frame_count
        Number of frames, at least 1.
    chapter
        The chapter that it belongs to, together with its neighbours of the same chapter;
        empty where it is one of its own.
    """

    name: str
    first_frame: int
    frame_count: int
    chapter: str = ""

    @property
    def end_frame(self) -> int:
        """Number of the first frame after the section."""
        return self.first_frame + self.frame_count


@dataclass(frozen=True)
class FilmTiming:
    """The exact length of a film and of its sections; sections without a frame are left out."""

    frame_rate: int
    sections: tuple[SectionTiming, ...]

    @property
    def frame_count(self) -> int:
        """Number of frames of the whole film."""
        return self.sections[-1].end_frame if self.sections else 0

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.frame_count / self.frame_rate

    def cut(self, sections: Sequence[int]) -> FilmTiming:
        """Return the timing of a film that has only these sections, by number, in this order."""
        chosen, first = [], 0
        for number in sections:
            chosen.append(replace(self.sections[number], first_frame=first))
            first = chosen[-1].end_frame
        return FilmTiming(self.frame_rate, tuple(chosen))

    def seconds(self, frame: int) -> float:
        """Return the time at which a frame is first shown."""
        return frame / self.frame_rate


def frames_so_far(scene: Scene) -> int:
    """Return how many frames a scene has had, whatever renders it."""
    return round(scene.time * scene.camera.frame_rate)


def frames_of(scene: Scene, seconds: float) -> int:
    """Return the smallest number of frames that take at least so many seconds."""
    return math.ceil(seconds * scene.camera.frame_rate - 1e-6)


def rest_until(scene: Scene, frame: int) -> None:
    """Let the picture stand up to, and without, the frame with that number."""
    missing = frame - frames_so_far(scene)
    if missing > 0:  # Manim cuts off what is left of a frame
        scene.wait((missing + 0.01) / scene.camera.frame_rate)
