"""Pixels, and how scene coordinates become them. Without Manim: the encoder imports it too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle of pixels: left and top inclusive, right and bottom exclusive, y downwards."""

    left: int
    top: int
    right: int
    bottom: int

    def common(self, other: Box) -> Box | None:
        """Return the part that two boxes share, None if they share no pixel."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Box(left, top, right, bottom) if left < right and top < bottom else None


@dataclass(frozen=True)
class Viewport:
    """How scene coordinates become pixels: the part of a camera that painting needs.

    Attributes
    ----------
    pixel_width, pixel_height
        Of the picture.
    frame_width, frame_height
        Of the part of the scene that it shows, in Manim units.
    centre
        (x, y) of that part's middle, in scene coordinates.
    """

    pixel_width: int
    pixel_height: int
    frame_width: float
    frame_height: float
    centre: tuple[float, float] = (0.0, 0.0)

    @property
    def whole(self) -> Box:
        """The whole frame."""
        return Box(0, 0, self.pixel_width, self.pixel_height)

    @property
    def pixels_per_unit(self) -> float:
        """Pixels per Manim unit; the same in both directions."""
        return self.pixel_height / self.frame_height

    def to_pixels(self, x: float, y: float) -> tuple[float, float]:
        """Return the pixel coordinates of a point of the scene."""
        return (
            (x - self.centre[0]) * self.pixel_width / self.frame_width + self.pixel_width / 2,
            self.pixel_height / 2 - (y - self.centre[1]) * self.pixel_height / self.frame_height,
        )
