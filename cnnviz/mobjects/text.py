"""Text on screen: one sprite a line, shared by all lines that look the same."""

from __future__ import annotations

import math
from collections.abc import Hashable
from functools import lru_cache
from typing import Any, Literal, NamedTuple, Self

import cairo
import numpy as np
import numpy.typing as npt
from manim import Group

from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.raster import Raster, paint_pixels
from cnnviz.mobjects.viewport import Box, Viewport
from cnnviz.style.colour import rgb_of_hex
from cnnviz.style.geometry import point
from cnnviz.style.line_breaking import break_lines
from cnnviz.style.typography import CAP_HEIGHT, GlyphRun, line_advance, shape_line

POINTS_PER_UNIT = 72
"""A font size of 72 is an em of one Manim unit, as with Manim's own ``Text``."""

LINE_MARGIN = 0.25
"""Above the capitals and below the baseline, in em: room for accents and descenders."""

PHASES = 4
"""Sprites are drawn at quarters of a pixel sideways, so that slow motion is smooth; the
baseline always sits on a whole pixel, so that horizontal strokes are crisp."""

SCREEN_PIXELS_PER_UNIT = 270
"""Resolution of the pixels handed to Manim's own renderer: twice that of 1080p."""

Anchor = Literal["left", "centre", "right"]


class Sprite(NamedTuple):
    """A drawn line: its surface and the pixel on it where the line's origin lies."""

    surface: cairo.ImageSurface
    origin_x: int
    origin_y: int
    width: int
    height: int


class Label(Raster):
    """One line of text.

    Its box is as wide as the line and reaches `LINE_MARGIN` beyond the capitals on both
    sides, so that ``move_to`` centres capitals and digits, and lines set side by side share
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
        super().__init__(*self._size_of(text), **kwargs)

    def _size_of(self, text: str) -> tuple[float, float]:
        em = self.font_size / POINTS_PER_UNIT
        return line_width(text, self.font_size, self.weight), (CAP_HEIGHT + 2 * LINE_MARGIN) * em

    @property
    def em(self) -> float:
        """The font size as it now stands on screen, in Manim units."""
        _, top, _, bottom = self.corners()
        return (top - bottom) / (CAP_HEIGHT + 2 * LINE_MARGIN)

    def set_text(self, text: str) -> Self:
        """Change the text; the anchor and the size on screen stay."""
        if text == self.text:
            return self
        left, top, right, bottom = self.corners()
        width = shape_line(text, self.weight).advance * self.em
        if self.anchor == "left":
            right = left + width
        elif self.anchor == "right":
            left = right - width
        else:
            left, right = (left + right - width) / 2, (left + right + width) / 2
        self.text = text
        return self.set_corners(left, top, right, bottom)

    def set_colour(self, colour: str) -> Self:
        """Change the colour, ``"#rrggbb"``."""
        self.colour = colour
        return self

    def ink_corners(self) -> tuple[float, float, float, float]:
        """Return (left, top, right, bottom) of what is drawn, in scene coordinates."""
        left, _, _, bottom = self.corners()
        em = self.em
        baseline = bottom + LINE_MARGIN * em
        ink = shape_line(self.text, self.weight).ink
        return (
            left + ink[0] * em,
            baseline + ink[3] * em,
            left + ink[2] * em,
            baseline + ink[1] * em,
        )

    def state(self) -> Hashable:
        """Return text, style, opacity and corners."""
        return (self.text, self.weight, self.colour, self.opacity, self.corners())

    def _placed(self, viewport: Viewport) -> tuple[Sprite, int, int]:
        """Return the sprite and the pixel of its upper left corner."""
        left, _, _, bottom = self.corners()
        em = self.em
        x, y = viewport.to_pixels(left, bottom + LINE_MARGIN * em)
        whole = math.floor(x)
        phase = round((x - whole) * PHASES)
        sprite = draw_line(
            self.text, self.weight, self.colour, round(em * viewport.pixels_per_unit, 2), phase
        )
        return sprite, whole - sprite.origin_x, round(y) - sprite.origin_y

    def pixel_box(self, viewport: Viewport) -> Box:
        """Return the sprite's box."""
        sprite, x, y = self._placed(viewport)
        return Box(x, y, x + sprite.width, y + sprite.height)

    def paint(
        self, context: cairo.Context[Any], viewport: Viewport, within: Box | None = None
    ) -> None:
        """Copy the sprite onto whole pixels."""
        if self.is_visible and self.text:
            sprite, x, y = self._placed(viewport)
            paint_pixels(context, sprite.surface, x, y, self.opacity)

    def get_pixel_array(self) -> npt.NDArray[Any]:
        """Return the line's RGBA at twice the resolution of 1080p, opacity included."""
        em = max(self.em * SCREEN_PIXELS_PER_UNIT, 1.0)
        run = shape_line(self.text, self.weight)
        width = max(round(run.advance * em), 1)
        height = max(round((CAP_HEIGHT + 2 * LINE_MARGIN) * em), 1)
        surface = cairo.ImageSurface(cairo.FORMAT_A8, width, height)
        _fill_run(cairo.Context(surface), run, em, 0, (CAP_HEIGHT + LINE_MARGIN) * em)
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
    ) -> None:
        step = leading * font_size / POINTS_PER_UNIT
        labels = []
        longest = max_width / font_size * POINTS_PER_UNIT
        for index, line in enumerate(break_lines(text, longest, weight)):
            label = Label(line, font_size, colour, weight, align)
            shift = {"left": label.width / 2, "centre": 0.0, "right": -label.width / 2}[align]
            labels.append(label.move_to(point(shift, -index * step)))
        super().__init__(*labels)
        self.text = text


def line_width(text: str, font_size: float, weight: int = 400) -> float:
    """Return the width of a line in Manim units."""
    return line_advance(text, weight) * font_size / POINTS_PER_UNIT


@lru_cache(maxsize=512)
def draw_line(text: str, weight: int, colour: str, em: float, phase: int) -> Sprite:
    """Draw a line of text.

    Parameters
    ----------
    text, weight, colour
        As for :class:`Label`.
    em
        The font size in pixels.
    phase
        How many quarters of a pixel right of a whole pixel the line starts.
    """
    run = shape_line(text, weight)
    left, bottom, right, top = (value * em for value in run.ink)
    origin_x = max(0, int(np.ceil(-left))) + 1
    origin_y = max(0, int(np.ceil(top))) + 1
    width = origin_x + int(np.ceil(right)) + 2
    height = origin_y + max(0, int(np.ceil(-bottom))) + 1
    surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, width, height)
    context = cairo.Context(surface)
    red, green, blue = (value / 255 for value in rgb_of_hex(colour))
    context.set_source_rgb(blue, green, red)  # red first in memory, see Bitmap
    _fill_run(context, run, em, origin_x + phase / PHASES, origin_y)
    surface.flush()
    return Sprite(surface, origin_x, origin_y, width, height)


def _fill_run(
    context: cairo.Context[Any], run: GlyphRun, em: float, x: float, baseline: float
) -> None:
    """Fill the outlines with `x` and `baseline` as their origin, in pixels."""
    for glyph in run.glyphs:
        context.save()
        context.translate(x + glyph.x * em, baseline - glyph.y * em)
        context.scale(em, -em)
        for contour in glyph.shape.contours:
            context.move_to(*contour[0])
            for step in contour[1:]:
                if len(step) == 2:
                    context.line_to(*step)
                else:
                    context.curve_to(*step)
            context.close_path()
        context.restore()
    context.fill()
