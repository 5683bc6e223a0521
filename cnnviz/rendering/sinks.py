"""Where frames go, other than to the encoder."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from cnnviz.mobjects.viewport import Box


class NoFrames:
    """Wants nothing: the scene is only advanced, to learn how long it is."""

    def wants(self, first: int, count: int) -> bool:
        """Return False."""
        return False

    def is_done(self, frame_count: int) -> bool:
        """Return False: the scene is to be advanced to its end."""
        return False

    def show(
        self,
        first: int,
        count: int,
        section: int,
        pixels: npt.NDArray[np.uint8],
        damage: Sequence[Box],
    ) -> None:
        """Never called."""


class SomeFrames:
    """Keeps a few frames.

    Parameters
    ----------
    frames
        Their numbers.

    Attributes
    ----------
    pictures
        The frames kept so far by number, RGBA of shape (height, width, 4).
    """

    def __init__(self, frames: Collection[int]) -> None:
        self._frames = sorted(set(frames))
        self.pictures: dict[int, npt.NDArray[np.uint8]] = {}

    def wants(self, first: int, count: int) -> bool:
        """Return whether one of the frames is to be kept."""
        return bool(self._within(first, count))

    def is_done(self, frame_count: int) -> bool:
        """Return whether the last frame to keep is past."""
        return not self._frames or self._frames[-1] < frame_count

    def show(
        self,
        first: int,
        count: int,
        section: int,
        pixels: npt.NDArray[np.uint8],
        damage: Sequence[Box],
    ) -> None:
        """Keep a copy under the number of each wanted frame."""
        picture = pixels.copy()
        for frame in self._within(first, count):
            self.pictures[frame] = picture

    def _within(self, first: int, count: int) -> list[int]:
        return [frame for frame in self._frames if first <= frame < first + count]
