"""Text on screen: one sprite a line, shared by all lines that look the same."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator
from typing import Any, Literal, Self

import cairo
import numpy as np
import numpy.typing as npt
from manim import Group

from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.line_sprites import PHASES, Sprite, draw_line, fill_run
from cnnviz.mobjects.raster import Raster, paint_pixels
from cnnviz.mobjects.viewport import Box, Viewport
from cnnviz.style.colour import rgb_of_hex
from cnnviz.style.geometry import Corners, around, point
from cnnviz.style.line_breaking import break_anywhere, break_lines
from cnnviz.style.typography import CAP_HEIGHT, line_advance, shape_line

POINTS_PER_UNIT = 72
"""A font size of 72 is an em of one Manim unit, as with Manim's own ``Text``."""

LINE_MARGIN = 0.25
"""Above the capitals and below the baseline, in em: room for accents and descenders."""

SCREEN_PIXELS_PER_UNIT = 270
"""Resolution of the pixels handed to Manim's own renderer: twice that of 1080p."""

Anchor = Literal["left", "centre", "right"]

LINE_STEP = 1.2
"""From baseline to baseline where a label has several lines, in em."""


class Label(Raster):
    """One line of text, or several where a subclass breaks it.

    Its box is as wide as the line and reaches `LINE_MARGIN` beyond the capitals above
    and below, so that ``move_to`` centres capitals and digits, and lines set side by side share
    a baseline.

    Parameters
    ----------
    text
        The line; no line breaks.
    font_size
        In points, 72 to a Manim unit.
    colour
        ``"#rrggbb"``.
    weight
        400 is regular, 600 semi-bold.
    anchor
        The part that stays in place when the text changes.
    """

    def __init__(
        self,
        text: str,
        font_size: float,
        colour: str,
        weight: int = 400,
        anchor: Anchor = "centre",
        **kwargs: Any,
    ) -> None:
        self.text = text
        self.font_size = font_size
        self.colour = colour
        self.weight = weight
        self.anchor = anchor
        self.lines = self._fit()
        super().__init__(*self._size(), **kwargs)

    def _fit(self) -> tuple[str, ...]:
        """Return the lines of the text; a subclass may set another font size for them, too."""
        return (self.text,)

    def _size(self) -> tuple[float, float]:
        width = max(line_width(line, self.font_size, self.weight) for line in self.lines)
        return width, self._height_in_em * self.font_size / POINTS_PER_UNIT

    @property
    def _height_in_em(self) -> float:
        return CAP_HEIGHT + 2 * LINE_MARGIN + (len(self.lines) - 1) * LINE_STEP

    @property
    def em(self) -> float:
        """The font size as it now stands on screen, in Manim units."""
        _, top, _, bottom = self.corners()
        return (top - bottom) / self._height_in_em

    def set_text(self, text: str) -> Self:
        """Change the text; the anchor, the middle and how much it is scaled stay."""
        if text == self.text:
            return self
        left, top, right, bottom = self.corners()
        scale = self.em / self.font_size
        self.text = text
        self.lines = self._fit()
        width, height = (scale * POINTS_PER_UNIT * side for side in self._size())
        left += self._share_before * (right - left - width)
        top = (top + bottom + height) / 2
        right, bottom = left + width, top - height
        return self.set_corners(left, top, right, bottom)

    def set_colour(self, colour: str) -> Self:
        """Change the colour, ``"#rrggbb"``."""
        self.colour = colour
        return self

    def ink_corners(self) -> Corners:
        """Return (left, top, right, bottom) of what is drawn, in scene coordinates."""
        em, corners = self.em, []
        for line, x, y in self._placed_lines():
            left, bottom, right, top = (length * em for length in shape_line(line, self.weight).ink)
            corners.append((x + left, y + top, x + right, y + bottom))
        return around(corners)

    def state(self) -> Hashable:
        """Return lines, style, opacity and corners."""
        return (self.lines, self.weight, self.colour, self.opacity, self.corners())

    @property
    def _share_before(self) -> float:
        """How much of what a line is narrower than its box lies before it."""
        return {"left": 0.0, "centre": 0.5, "right": 1.0}[self.anchor]

    def _placed_lines(self) -> Iterator[tuple[str, float, float]]:
        """Give each line with x and y of where it starts, on its baseline."""
        left, _, right, bottom = self.corners()
        em, count = self.em, len(self.lines)
        for index, line in enumerate(self.lines):
            x = left
            if count > 1:
                width = line_advance(line, self.weight) * em
                x += self._share_before * (right - left - width)
            yield line, x, bottom + (LINE_MARGIN + (count - 1 - index) * LINE_STEP) * em

    def _sprites(self, viewport: Viewport) -> Iterator[tuple[Sprite, int, int]]:
        """Give each line's sprite and the pixel of its upper left corner."""
        em = round(self.em * viewport.pixels_per_unit, 2)
        for line, left, baseline in self._placed_lines():
            x, y = viewport.to_pixels(left, baseline)
            whole = math.floor(x)
            phase = round((x - whole) * PHASES)
            sprite = draw_line(line, self.weight, self.colour, em, phase)
            yield sprite, whole - sprite.origin_x, round(y) - sprite.origin_y

    def pixel_box(self, viewport: Viewport) -> Box:
        """Return the box around the sprites."""
        boxes = [
            (x, y, x + sprite.width, y + sprite.height) for sprite, x, y in self._sprites(viewport)
        ]
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        return Box(min(lefts), min(tops), max(rights), max(bottoms))

    def paint(
        self, context: cairo.Context[Any], viewport: Viewport, within: Box | None = None
    ) -> None:
        """Copy the sprites onto whole pixels."""
        if self.is_visible and self.text:
            for sprite, x, y in self._sprites(viewport):
                paint_pixels(context, sprite.surface, x, y, self.opacity)

    def get_pixel_array(self) -> npt.NDArray[Any]:
        """Return the text's RGBA at twice the resolution of 1080p, opacity included."""
        em = max(self.em * SCREEN_PIXELS_PER_UNIT, 1.0)
        runs = [shape_line(line, self.weight) for line in self.lines]
        widest = max(run.advance for run in runs)
        width, height = max(round(widest * em), 1), max(round(self._height_in_em * em), 1)
        surface = cairo.ImageSurface(cairo.FORMAT_A8, width, height)
        context = cairo.Context(surface)
        for index, run in enumerate(runs):
            x = self._share_before * (widest - run.advance) * em
            baseline = (CAP_HEIGHT + LINE_MARGIN + index * LINE_STEP) * em
            fill_run(context, run, em, x, baseline)
        surface.flush()
        stride = surface.get_stride()
        mask = np.frombuffer(surface.get_data(), np.uint8).reshape(height, stride)[:, :width]
        pixels = np.empty((height, width, 4), np.uint8)
        pixels[..., :3] = rgb_of_hex(self.colour)
        pixels[..., 3] = np.rint(mask * min(self.opacity, 1.0))
        return pixels


class Number(Label):
    """A number of the network, drawn as its quantity says it is shown.

    Parameters
    ----------
    quantity
        The value, how it is written, and which one it is.
    font_size, colour, weight, anchor
        As for :class:`Label`.
    """

    def __init__(
        self,
        quantity: Quantity,
        font_size: float,
        colour: str,
        weight: int = 400,
        anchor: Anchor = "centre",
        **kwargs: Any,
    ) -> None:
        self.quantity = quantity
        super().__init__(quantity.shown, font_size, colour, weight, anchor, **kwargs)

    def set_quantity(self, quantity: Quantity) -> Self:
        """Show another number in the same place."""
        self.quantity = quantity
        self.set_text(quantity.shown)
        return self


class TextBlock(Group):
    """Lines of text, one below the other.

    Parameters
    ----------
    text
        The text; it is broken where it would be wider than `max_width` Manim units.
    font_size, colour, weight
        As for :class:`Label`.
    align
        Which edge the lines share.
    leading
        From baseline to baseline, in em.
    breaks_words
        Whether a word that is longer than a line is broken, too; else it reaches beyond.
    """

    def __init__(
        self,
        text: str,
        font_size: float,
        colour: str,
        max_width: float,
        weight: int = 400,
        align: Anchor = "centre",
        leading: float = 1.35,
        *,
        breaks_words: bool = False,
    ) -> None:
        step = leading * font_size / POINTS_PER_UNIT
        labels = []
        longest = max_width / font_size * POINTS_PER_UNIT
        lines = break_lines(text, longest, weight)
        if breaks_words and any(line_advance(line, weight) > longest for line in lines):
            lines = break_anywhere(text, longest, weight)
        for index, line in enumerate(lines):
            label = Label(line, font_size, colour, weight, align)
            shift = {"left": label.width / 2, "centre": 0.0, "right": -label.width / 2}[align]
            labels.append(label.move_to(point(shift, -index * step)))
        super().__init__(*labels)
        self.text = text


def line_width(text: str, font_size: float, weight: int = 400) -> float:
    """Return the width of a line in Manim units."""
    return line_advance(text, weight) * font_size / POINTS_PER_UNIT
