"""The title: large while it is read, then small in its corner, with a line below it."""

from __future__ import annotations

from typing import Any

from manim import FadeIn

from cnnviz.mobjects.text import Label, TextBlock, line_width
from cnnviz.staging.rhythm import arriving
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

STRIP_ROOM = 2.4
"""What a title in its corner leaves free at its right, in Manim units."""

GAP = 0.3
"""Between the title and what stands at its right."""


class Title:
    """A title and its subtitle, which comes when the title goes into its corner.

    Parameters
    ----------
    title, subtitle
        What they say.
    theme
        Sizes, colours and places.
    is_drawn
        Whether it is seen; it moves, and keeps its room, in any case.
    """

    def __init__(self, title: str, subtitle: str, theme: Theme, *, is_drawn: bool = True) -> None:
        self._layout = theme.layout
        sizes, palette = theme.sizes, theme.palette
        room = self._layout.right - self._layout.left
        width = line_width(title, sizes.title, 600)
        size = sizes.title * min(1.0, room / width) if width else sizes.title
        self.head = Label(title, size, palette.text, weight=600)
        self._place(self.head, self._layout.title_y)
        self._settled = Label(title, size, palette.text, weight=600)
        small = min(1.0, sizes.settled_title / size, (room - STRIP_ROOM) / (self.head.width or 1))
        self._settled.scale(small)
        self._place(self._settled, self._layout.settled_title_y)
        self.below = self._make_subtitle(subtitle, theme, room)
        self.is_settled = False
        if not is_drawn:
            for label in (self.head, self._settled, *self.below):
                label.set_opacity(0.0)

    def settle(self) -> list[Any]:
        """Return the animations with which the title goes into its corner; none a second time."""
        if self.is_settled:
            return []
        self.is_settled = True
        shrunk = self.head.animate.scale(self._settled.width / self.head.width)
        appearing = (FadeIn(line, rate_func=arriving) for line in self.below)
        return [shrunk.move_to(self._settled), *appearing]

    @property
    def corner(self) -> Zone:
        """What is left at the right of the title that stands in its corner.

        Beside both lines where the subtitle leaves as much as the title has to, otherwise
        beside the title alone.
        """
        layout = self._layout
        top = layout.frame_height / 2 - layout.safe_margin
        ends = [self._settled.get_right()[0], *(line.get_right()[0] for line in self.below)]
        left = max(ends) + GAP
        if layout.right - left >= STRIP_ROOM:
            return Zone(left, top, layout.right, layout.stage_top)
        bottom = max(line.ink_corners()[1] for line in self.below)
        return Zone(ends[0] + GAP, top, layout.right, bottom + layout.pixel)

    def _place(self, label: Label, y: float) -> None:
        """Put a title at the left, its capitals around `y`, and nothing beyond the margin."""
        layout = self._layout
        label.move_to(point(layout.left + label.width / 2, y))
        # Chinese characters are taller than capitals.
        highest = layout.frame_height / 2 - layout.safe_margin
        label.shift(point(0.0, min(highest - label.ink_corners()[1], 0.0)))

    def _make_subtitle(self, text: str, theme: Theme, room: float) -> TextBlock:
        """Return the largest that has no more lines than there is room for, legible in any case."""
        sizes, layout = theme.sizes, self._layout
        for size in (sizes.subtitle, sizes.label, sizes.small):
            block = TextBlock(text, size, theme.palette.text_muted, room, align="left")
            if len(block.submobjects) <= layout.subtitle_lines:
                break
        block.shift(point(layout.left, layout.subtitle_y))
        return block
