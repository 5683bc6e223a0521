"""What a film shows when, as plain data: the rules over time need no Manim."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True)
class UnchangedFrames:
    """Frames in a row that look the same in all that the rules ask for.

    Attributes
    ----------
    first_frame, frame_count
        Which they are.
    beat
        Name of the beat that they belong to.
    stage
        The same number for spans whose stages look the same, one after the other.
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
    spans: tuple[UnchangedFrames, ...]

    def seconds(self, frames: int) -> float:
        """Return how long so many frames take."""
        return frames / self.frame_rate

    def runs(self, value_of: Callable[[UnchangedFrames], Value]) -> Iterator[tuple[Value, Run]]:
        """Give the rows of spans that have the same value, with that value."""
        for value, row in groupby(self.spans, value_of):
            yield value, _run(list(row))

    def captions(self) -> Iterator[tuple[str, Run]]:
        """Give every caption with the spans in which it can be read, once for each time."""
        shown: dict[str, list[UnchangedFrames]] = {}
        for span in self.spans:
            for text in [text for text in shown if text not in span.captions]:
                yield text, _run(shown.pop(text))
            for text in span.captions:
                shown.setdefault(text, []).append(span)
        for text, spans in shown.items():
            yield text, _run(spans)


def _run(spans: list[UnchangedFrames]) -> Run:
    return Run(spans[0].beat, spans[0].first_frame, spans[-1].end_frame)
