"""What a film is made to: its size, frame rate and encoding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Self

from cnnviz.errors import UserError
from cnnviz.rendering.codecs import CODECS, Codec
from cnnviz.style.names import Aspect

Quality = Literal["l", "m", "h", "p", "k"]
"""Manim's letters."""

QUALITIES: dict[Quality, tuple[int, int, int]] = {
    "l": (854, 480, 15),
    "m": (1280, 720, 30),
    "h": (1920, 1080, 60),
    "p": (2560, 1440, 60),
    "k": (3840, 2160, 60),
}
"""Width, height and frames per second that they stand for."""

Resolution = tuple[int, int]
"""Width and height in pixels."""


@dataclass(frozen=True)
class FilmSettings:
    """The size, frame rate, encoding and background of a film.

    Attributes
    ----------
    pixel_width, pixel_height
        Even numbers, as H.264 with 4:2:0 chroma asks for.
    frame_rate
        Frames per second, constant through the film.
    encode
        A name among :data:`cnnviz.rendering.codecs.CODECS`: ``"default"`` encodes fast and at
        high quality; ``"small"`` takes several times the CPU for a file three to five times
        smaller.
    background
        Colour behind everything, ``"#rrggbb"``.
    frame_height
        Height of the frame in Manim units; its width follows.
    is_transparent
        Whether there is nothing behind everything, in place of the background.

    Raises
    ------
    UserError
        If the size is odd or too small, the frame rate is not positive, or there is no such
        encoding.
    """

    pixel_width: int
    pixel_height: int
    frame_rate: int
    encode: str = "default"
    background: str = "#000000"
    frame_height: float = 8.0
    is_transparent: bool = False

    def __post_init__(self) -> None:
        for name, value in (("width", self.pixel_width), ("height", self.pixel_height)):
            if value < 16 or value % 2:
                raise UserError(f"a film's {name} is an even number of pixels from 16, not {value}")
        if self.frame_rate < 1:
            raise UserError(f"a film has at least 1 frame per second, not {self.frame_rate}")
        if self.encode not in CODECS:
            raise UserError(f'there is no encoding "{self.encode}": choose {", ".join(CODECS)}')

    @classmethod
    def of_quality(
        cls,
        quality: Quality,
        fps: int | None = None,
        encode: str = "default",
        background: str = "#000000",
        aspect: Aspect = "16:9",
        frame_height: float = 8.0,
    ) -> Self:
        """Return the settings that Manim's ``-q`` letter means, at another frame rate if given.

        The letter's height is the shorter side of films in other proportions.

        Raises
        ------
        UserError
            If there is no such letter.
        """
        width, height = size_of_quality(quality, aspect)
        frame_rate = QUALITIES[quality][2] if fps is None else fps
        return cls(width, height, frame_rate, encode, background, frame_height)

    @property
    def codec(self) -> Codec:
        """How sections are encoded."""
        return CODECS[self.encode]

    @property
    def frame_width(self) -> float:
        """Width of the frame in Manim units."""
        return self.frame_height * self.pixel_width / self.pixel_height


def size_of_quality(quality: Quality, aspect: Aspect) -> Resolution:
    """Return width and height that a letter stands for in a frame of those proportions.

    Raises
    ------
    UserError
        If there is no such letter.
    """
    if quality not in QUALITIES:
        raise UserError(f'there is no quality "{quality}": choose {", ".join(QUALITIES)}')
    width, height, _ = QUALITIES[quality]
    if aspect == "9:16":
        return height, width
    return (height, height) if aspect == "1:1" else (width, height)
