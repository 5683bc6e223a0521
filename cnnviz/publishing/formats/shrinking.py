"""A film's pictures in another size, and fewer of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
from av.video.reformatter import Interpolation

from cnnviz.publishing.formats.fitting import EncodingChoice
from cnnviz.rendering.encoded_film import EncodedFilm


@dataclass(frozen=True)
class Shrinker:
    """Makes a film's pictures smaller.

    Attributes
    ----------
    size
        Width and height in pixels.
    every
        One picture of so many is left.
    frame_rate
        Pictures per second that are left.
    pixel_format
        In libav's words.
    """

    size: tuple[int, int]
    every: int
    frame_rate: Fraction
    pixel_format: str

    @classmethod
    def of(cls, film: EncodedFilm, choice: EncodingChoice, pixel_format: str) -> Shrinker:
        """Return what makes the pictures that a choice asks for."""
        settings = film.settings
        sides = (settings.pixel_width, settings.pixel_height)
        width, height = (max(2 * round(side * choice.scale / 2), 16) for side in sides)
        rate = Fraction(settings.frame_rate, choice.every)
        return cls((width, height), choice.every, rate, pixel_format)

    def shrink(self, frames: Iterable[av.VideoFrame]) -> Iterator[av.VideoFrame]:
        """Yield the pictures that are left, numbered from 0 by their ``pts``."""
        width, height = self.size
        for number, frame in enumerate(frames):
            if number % self.every:
                continue
            small = frame.reformat(
                width=width,
                height=height,
                format=self.pixel_format,
                interpolation=Interpolation.AREA,
            )
            small.pts, small.time_base = number // self.every, 1 / self.frame_rate
            yield small
