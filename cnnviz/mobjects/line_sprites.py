"""A line of text, drawn once and shared by all labels that look the same."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import cairo
import numpy as np

from cnnviz.style.colour import rgb_of_hex
from cnnviz.style.typography import GlyphRun, shape_line

PHASES = 4
"""Sprites are drawn at quarters of a pixel sideways, so that slow motion is smooth; the
baseline always sits on a whole pixel, so that horizontal strokes are crisp."""


class Sprite(NamedTuple):
    """A drawn line: its surface and the pixel on it where the line's origin lies."""

    surface: cairo.ImageSurface
    origin_x: int
    origin_y: int
    width: int
    height: int


@lru_cache(maxsize=512)
def draw_line(text: str, weight: int, colour: str, em: float, phase: int) -> Sprite:
    """Draw a line of text.

    Parameters
    ----------
    text, weight, colour
        As for :class:`~cnnviz.mobjects.text.Label`.
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
    fill_run(context, run, em, origin_x + phase / PHASES, origin_y)
    surface.flush()
    return Sprite(surface, origin_x, origin_y, width, height)


def fill_run(
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
