"""Where the zones of a frame lie, for each of its proportions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from cnnviz.style.geometry import Zone
from cnnviz.style.names import Aspect


@dataclass(frozen=True)
class Layout:
    """Where the zones of the frame lie, in Manim units: these for 16:9, see :meth:`of_aspect`.

    A unit is 135 pixels at 1080p in 16:9, and somewhat fewer in the narrower frames, which
    are 9 and 10 units wide.
    """

    aspect: Aspect = "16:9"
    frame_width: float = 128 / 9
    frame_height: float = 8.0
    safe_margin: float = 0.3
    """Nothing is ever nearer to the frame's edge."""
    side_margin: float = 0.42
    title_y: float = 3.4
    """Of the title while it is large."""
    settled_title_y: float = 3.53
    subtitle_y: float = 3.21
    """Of its first line."""
    subtitle_lines: int = 1
    """So many lines of a subtitle fit above the stage."""
    stage_top: float = 3.05
    stage_bottom: float = -2.65
    below_stage: float = 0.45
    """What may hang below the stage where there are no captions: ends of colour scales."""
    caption_y: float = -3.3
    """Centre of the caption."""
    caption_lines: int = 2
    """So many lines of a caption fit below the stage."""
    pixel: float = 8 / 1080
    """One pixel at 1080p: cells are whole multiples of it, so that maps are crisp."""

    @classmethod
    def of_aspect(cls, aspect: Aspect) -> Self:
        """Return the layout of a frame with the proportions `aspect`, width first."""
        if aspect == "9:16":
            return cls(
                aspect,
                frame_width=9.0,
                frame_height=16.0,
                title_y=7.3,
                settled_title_y=7.5,
                subtitle_y=7.12,
                subtitle_lines=2,
                stage_top=6.62,
                stage_bottom=-5.3,
                caption_y=-6.5,
                caption_lines=5,
                pixel=9 / 1080,
            )
        if aspect == "1:1":
            return cls(
                aspect,
                frame_width=10.0,
                frame_height=10.0,
                title_y=4.35,
                settled_title_y=4.52,
                subtitle_y=4.13,
                subtitle_lines=2,
                stage_top=3.58,
                stage_bottom=-2.85,
                caption_y=-3.87,
                caption_lines=4,
                pixel=10 / 1080,
            )
        return cls()

    def without_captions(self) -> Self:
        """Return the layout whose stage takes the captions' room as well."""
        bottom = self.safe_margin + self.below_stage - self.frame_height / 2
        return replace(self, stage_bottom=bottom)

    @property
    def stage(self) -> Zone:
        """The room between title and caption."""
        return Zone(self.left, self.stage_top, self.right, self.stage_bottom)

    @property
    def left(self) -> float:
        """Where the content begins."""
        return -self.frame_width / 2 + self.side_margin

    @property
    def right(self) -> float:
        """Where the content ends."""
        return self.frame_width / 2 - self.side_margin

    def cell_size(self, cells: int, available: float) -> float:
        """Return the largest crisp cell such that `cells` of them fit into `available` units.

        At least one pixel at 1080p, even where that does not fit.
        """
        return max(1, int(available / cells / self.pixel + 1e-9)) * self.pixel

    def largest_side(self, cells: int, available: float) -> float:
        """Return the longest side for a picture of so many cells, of whole pixels from two on.

        With one each, half of the room might stay empty: then it is filled, and the cells blend.
        """
        pixels = int(available / self.pixel + 1e-9)
        return (pixels if pixels < 2 * cells else pixels // cells * cells) * self.pixel
