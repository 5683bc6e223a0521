"""Where the time goes, stage by stage."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STAGES = {
    "build": "the scene's own code between plays: mobjects, layout",
    "animate": "Manim's animations and updaters",
    "detect": "finding out what changed",
    "draw": "painting what changed",
    "hand over": "copying pixels to the encoder process",
    "wait": "waiting for the encoder process",
    "join": "joining the segments",
    "convert": "RGBA to YUV, in the encoder process (processor time)",
    "encode": "H.264, in the encoder process (processor time)",
}
"""The stages and what they are. The last two run beside the others, on more than one core."""


class Profile:
    """Seconds spent in each stage; a stage within another stops the outer one's clock.

    Parameters
    ----------
    clock
        Returns the time in seconds.

    Attributes
    ----------
    seconds
        Time so far by stage.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.seconds = dict.fromkeys(STAGES, 0.0)
        self._clock = clock
        self._stage: str | None = None
        self._since = 0.0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time of the block to a stage."""
        outer = self._switch(name)
        try:
            yield
        finally:
            self._switch(outer)

    def add(self, name: str, seconds: float) -> None:
        """Add time that was measured elsewhere."""
        self.seconds[name] += seconds

    def table(self) -> str:
        """Return a line per stage: seconds, name, and what it is."""
        return "\n".join(
            f"{self.seconds[name]:8.2f} s  {name:10} {meaning}" for name, meaning in STAGES.items()
        )

    def _switch(self, name: str | None) -> str | None:
        now = self._clock()
        if self._stage is not None:
            self.seconds[self._stage] += now - self._since
        before, self._stage, self._since = self._stage, name, now
        return before
