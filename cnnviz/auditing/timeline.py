"""What a film shows when, as plain data: the rules over time need no Manim."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True)
class Still:
    """Frames in a row that look the same in all that the rules ask for.

    Attributes
    ----------
    first_frame, frame_count
        Which they are.
    beat
        Name of the beat that they belong to.
    stage
        The same number for stills whose stages look the same, one after the other.
    used
        How much of the stage is in use, 0..1: see :func:`cnnviz.auditing.film_stage.share_used`.
    captions
        The captions that can be read: usually one, none while it changes.
    """

    first_frame: int
    frame_count: int
    beat: str
    stage: int
    used: float
    captions: tuple[str, ...]

    @property
    def end_frame(self) -> int:
        """Number of the first frame after it."""
        return self.first_frame + self.frame_count


@dataclass(frozen=True)
class Run:
    """Stills in a row."""

    beat: str
    first_frame: int
    end_frame: int

    @property
    def frame_count(self) -> int:
        """How many frames they are together."""
        return self.end_frame - self.first_frame


@dataclass(frozen=True)
class Timeline:
    """A whole film."""

    frame_rate: int
    stills: tuple[Still, ...]

    def seconds(self, frames: int) -> float:
        """Return how long so many frames take."""
        return frames / self.frame_rate

    def runs(self, value_of: Callable[[Still], Value]) -> Iterator[tuple[Value, Run]]:
        """Give the rows of stills that have the same value, with that value."""
        for value, row in groupby(self.stills, value_of):
            yield value, _run(list(row))

    def captions(self) -> Iterator[tuple[str, Run]]:
        """Give every caption with the stills in which it can be read, once for each time."""
        shown: dict[str, list[Still]] = {}
        for still in self.stills:
            for text in [text for text in shown if text not in still.captions]:
                yield text, _run(shown.pop(text))
            for text in still.captions:
                shown.setdefault(text, []).append(still)
        for text, stills in shown.items():
            yield text, _run(stills)


def _run(stills: list[Still]) -> Run:
    return Run(stills[0].beat, stills[0].first_frame, stills[-1].end_frame)
