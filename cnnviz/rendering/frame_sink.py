"""Where frames go, as the renderer knows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cnnviz.arrays import ByteArray
from cnnviz.mobjects.viewport import Box


@dataclass(frozen=True)
class FrameRun:
    """Frames in a row that show the same picture.

    Attributes
    ----------
    first, count
        Number of the first one, from 0, and how many there are.
    section
        Number of the section they belong to, from 0.
    """

    first: int
    count: int
    section: int


class FrameSink(Protocol):
    """Where frames go, and which of them are wanted."""

    def wants(self, frames: FrameRun) -> bool:
        """Return whether any of the frames is wanted."""

    def is_done(self, first: int, section: int) -> bool:
        """Return whether no frame from number `first` on is wanted."""

    def show(self, frames: FrameRun, pixels: ByteArray, damage: Sequence[Box]) -> None:
        """Take the picture that the frames show.

        Parameters
        ----------
        frames
            Which they are.
        pixels
            RGBA of shape (height, width, 4), to be copied or used before returning.
        damage
            Boxes outside of which nothing changed since the last picture shown.
        """
