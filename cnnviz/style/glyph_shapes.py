"""The outlines of glyphs: what a font draws, and where it stands in a line.

Lengths are in em (the font size), x rightwards, y upwards from the baseline.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import uharfbuzz as hb

PathStep = tuple[float, ...]
"""(x, y): line to; (x1, y1, x2, y2, x3, y3): Bézier curve to; (): close."""

Contour = tuple[PathStep, ...]
"""A closed line: a starting point and the steps from there."""

Ink = tuple[float, float, float, float]
"""(left, bottom, right, top) of what is drawn."""


@dataclass(frozen=True)
class GlyphShape:
    """The shape of one glyph.

    Attributes
    ----------
    contours
        Closed contours, in em from the glyph's own origin.
    ink
        The bounds of all control points, which enclose the curves; None for a blank.
    """

    contours: tuple[Contour, ...]
    ink: Ink | None

    @classmethod
    def of(cls, *contours: Contour) -> GlyphShape:
        """Return the shape with these contours."""
        steps = [step for contour in contours for step in contour]
        if not steps:
            return cls(contours, None)
        xs = [x for step in steps for x in step[::2]]
        ys = [y for step in steps for y in step[1::2]]
        return cls(contours, (min(xs), min(ys), max(xs), max(ys)))


@dataclass(frozen=True)
class PlacedGlyph:
    """A glyph's shape, and where in its line its origin lies, in em."""

    shape: GlyphShape
    x: float
    y: float


@lru_cache(maxsize=4096)
def shape_of(font: hb.Font, index: int) -> GlyphShape:
    """Return the shape of a font's glyph."""
    pen = _ContourPen(1 / font.face.upem)
    font.draw_glyph(index, pen.functions, None)
    return GlyphShape.of(*pen.contours)


class _ContourPen:
    """Collects the outline of a glyph, scaled to em."""

    def __init__(self, scale: float) -> None:
        self.contours: list[Contour] = []
        self._scale = scale
        self._steps: list[PathStep] = []
        self.functions = hb.DrawFuncs()
        self.functions.set_move_to_func(lambda x, y, _: self._begin(x, y))
        self.functions.set_line_to_func(lambda x, y, _: self._steps.append(self._scaled(x, y)))
        self.functions.set_cubic_to_func(lambda *xy: self._steps.append(self._scaled(*xy[:6])))
        self.functions.set_quadratic_to_func(lambda *xy: self._quadratic(*xy[:4]))
        self.functions.set_close_path_func(lambda _: self._end())

    def _scaled(self, *coordinates: float) -> PathStep:
        return tuple(value * self._scale for value in coordinates)

    def _begin(self, x: float, y: float) -> None:
        self._steps = [self._scaled(x, y)]

    def _quadratic(self, *coordinates: float) -> None:
        # Cairo knows cubic curves only; raising the degree is exact.
        x0, y0 = self._steps[-1][-2:]
        cx, cy, x, y = self._scaled(*coordinates)
        self._steps.append(
            (
                x0 + (cx - x0) * 2 / 3,
                y0 + (cy - y0) * 2 / 3,
                x + (cx - x) * 2 / 3,
                y + (cy - y) * 2 / 3,
                x,
                y,
            )
        )

    def _end(self) -> None:
        if self._steps:
            self.contours.append(tuple(self._steps))
        self._steps = []
