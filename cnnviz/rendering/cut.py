"""Which sections of a scene make a film, in which order, and how its end meets its beginning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cnnviz.arrays import ByteArray
from cnnviz.mobjects.viewport import Box
from cnnviz.rendering.encoder import Encoder, EncoderProcess
from cnnviz.rendering.frame_sink import FrameRun
from cnnviz.rendering.profile import Profile
from cnnviz.rendering.settings import FilmSettings
from cnnviz.rendering.timing import FilmTiming, SectionTiming
from cnnviz.style.easing import eased

LOOP = "loop"
"""Name of the section in which the last picture becomes the first again."""


@dataclass(frozen=True)
class Cut:
    """What of a scene makes a film.

    Attributes
    ----------
    sections
        Numbers of the scene's sections, in the film's order.
    loop_frames
        How many frames it takes to get from the last picture back to the first; 0 for a film
        that ends.
    """

    sections: tuple[int, ...]
    loop_frames: int = 0

    @classmethod
    def whole(cls, timing: FilmTiming) -> Cut:
        """Return the cut that leaves a scene as it is."""
        return cls(tuple(range(len(timing.sections))))

    def timing(self, timing: FilmTiming) -> FilmTiming:
        """Return the film's sections, from those of the scene."""
        cut = timing.cut(self.sections)
        if not self.loop_frames:
            return cut
        end = SectionTiming(LOOP, cut.frame_count, self.loop_frames, cut.sections[-1].chapter)
        return FilmTiming(cut.frame_rate, (*cut.sections, end))

    def files(self, timing: FilmTiming) -> tuple[int, ...]:
        """Return the numbers of the files that make the film, from the scene's sections.

        The way back to the first picture comes after all of the scene's own.
        """
        return (*self.sections, len(timing.sections)) if self.loop_frames else self.sections

    def ends(self, timing: FilmTiming) -> tuple[int, int]:
        """Return the numbers, in the scene, of the film's first frame and of its last."""
        first, last = timing.sections[self.sections[0]], timing.sections[self.sections[-1]]
        return first.first_frame, last.end_frame - 1


def crossfade(last: ByteArray, first: ByteArray, frames: int) -> list[ByteArray]:
    """Return the pictures between the last one and the first, which is the last of them.

    Every value goes straight from one to the other, so nothing gets brighter than both.

    Parameters
    ----------
    last, first
        RGBA of shape (height, width, 4), colours multiplied by their opacity.
    frames
        How many.
    """
    start, way = last.astype(np.float32), first.astype(np.float32) - last
    shares = (eased(number / frames) for number in range(1, frames + 1))
    return [np.rint(start + share * way).astype(np.uint8) for share in shares]


def encode_loop(
    ends: Sequence[ByteArray], frames: int, settings: FilmSettings, folder: Path, section: int
) -> None:
    """Encode the way back from the last picture to the first.

    Parameters
    ----------
    ends
        The film's first picture and its last, as for :func:`crossfade`.
    frames
        How many the way takes.
    settings
        Those of the film.
    folder, section
        Where the file goes: see :func:`cnnviz.rendering.encoder.segment_path`.
    """
    first, last = ends
    whole = Box(0, 0, settings.pixel_width, settings.pixel_height)
    with EncoderProcess(settings) as process:
        encoder = Encoder(process, folder, None, Profile())
        for number, picture in enumerate(crossfade(last, first, frames)):
            encoder.show(FrameRun(number, 1, section), picture, [whole])
        encoder.finish()
