"""Where frames go, other than to the encoder."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cnnviz.arrays import ByteArray
from cnnviz.mobjects.viewport import Box
from cnnviz.rendering.frame_sink import FrameRun, FrameSink


class NoFrames:
    """Wants nothing: the scene is only advanced, to learn how long it is."""

    def wants(self, frames: FrameRun) -> bool:
        """Return False."""
        return False

    def is_done(self, first: int, section: int) -> bool:
        """Return False: the scene is to be advanced to its end."""
        return False

    def show(self, frames: FrameRun, pixels: ByteArray, damage: Sequence[Box]) -> None:
        """Never called."""


class SomeFrames:
    """Keeps a few frames.

    Parameters
    ----------
    frames
        Their numbers.

    Attributes
    ----------
    frames
        Their numbers, in order.
    pictures
        The frames kept so far by number, RGBA of shape (height, width, 4).
    """

    def __init__(self, frames: Collection[int]) -> None:
        self.frames = sorted(set(frames))
        self.pictures: dict[int, ByteArray] = {}

    def wants(self, frames: FrameRun) -> bool:
        """Return whether one of the frames is to be kept."""
        return bool(self._within(frames))

    def is_done(self, first: int, section: int) -> bool:
        """Return whether the last frame to keep is past."""
        return not self.frames or self.frames[-1] < first

    def show(self, frames: FrameRun, pixels: ByteArray, damage: Sequence[Box]) -> None:
        """Keep a copy under the number of each wanted frame."""
        picture = pixels.copy()
        for frame in self._within(frames):
            self.pictures[frame] = picture

    def _within(self, frames: FrameRun) -> list[int]:
        end = frames.first + frames.count
        return [frame for frame in self.frames if frames.first <= frame < end]


class Both:
    """Hands frames to a main sink, and copies of some to another one on the way.

    Parameters
    ----------
    main
        Decides which frames are drawn.
    aside
        Gets those of the drawn frames that it wants.
    """

    def __init__(self, main: FrameSink, aside: SomeFrames) -> None:
        self._main, self._aside = main, aside

    def wants(self, frames: FrameRun) -> bool:
        """Return whether the main sink wants one of the frames."""
        return self._main.wants(frames)

    def is_done(self, first: int, section: int) -> bool:
        """Return whether the main sink is done."""
        return self._main.is_done(first, section)

    def show(self, frames: FrameRun, pixels: ByteArray, damage: Sequence[Box]) -> None:
        """Show the picture to both."""
        self._main.show(frames, pixels, damage)
        if self._aside.wants(frames):
            self._aside.show(frames, pixels, damage)
