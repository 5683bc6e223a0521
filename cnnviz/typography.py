"""Lines of text as outlines, set by HarfBuzz in the pinned fonts.

Every text on screen goes through here, so a line looks the same on every machine, costs
a tenth of a millisecond, and a character without a glyph is found before anything is drawn.
Lengths are in em (the font size), x rightwards from the line's start, y upwards from the
baseline.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import fontpkg
import uharfbuzz as hb

from cnnviz.errors import UserError

CAP_HEIGHT = 0.714
"""Height of a capital letter in Noto Sans (OS/2 table, sCapHeight)."""

PathStep = tuple[float, ...]
"""(x, y): line to; (x1, y1, x2, y2, x3, y3): Bézier curve to; (): close."""

APPROXIMATION_SIGN = "≈"
"""Noto Sans lacks it; it is drawn as two tildes, one above the other."""


class MissingGlyphError(UserError):
    """The pinned fonts cannot draw a character."""


@dataclass(frozen=True)
class GlyphRun:
    """One line of text as outlines.

    Attributes
    ----------
    advance
        Where the next character would start, in em.
    contours
        Closed contours: a starting point and the steps from there.
    ink
        (left, bottom, right, top) of what is drawn, in em; all 0 for blank text.
    """

    advance: float
    contours: tuple[tuple[PathStep, ...], ...]
    ink: tuple[float, float, float, float]


@lru_cache(maxsize=16)
def _font(weight: int) -> tuple[hb.Font, int]:
    face = hb.Face(hb.Blob.from_file_path(str(fontpkg.path("Noto Sans"))))
    font = hb.Font(face)
    font.set_variations({"wght": weight})
    return font, face.upem


@lru_cache(maxsize=8192)
def shape_line(text: str, weight: int = 400) -> GlyphRun:
    """Set one line of text.

    Parameters
    ----------
    text
        Any text without line breaks.
    weight
        100 (thin) to 900 (black); 400 is regular, 600 semi-bold.

    Raises
    ------
    MissingGlyphError
        If the font has no glyph for one of the characters.
    """
    font, units_per_em = _font(weight)
    pen = _ContourPen(1 / units_per_em)
    x = 0.0
    for glyph, advance, x_offset, y_offset in _glyphs(font, text):
        if glyph is None:
            tilde = font.get_nominal_glyph(ord("~"))
            advance = font.get_glyph_h_advance(tilde)
            for shift in (-0.11, 0.11):
                pen.draw(font, tilde, x, shift * units_per_em)
        else:
            pen.draw(font, glyph, x + x_offset, y_offset)
        x += advance
    return GlyphRun(x / units_per_em, tuple(pen.contours), pen.ink())


@lru_cache(maxsize=8192)
def line_advance(text: str, weight: int = 400) -> float:
    """Return the length of a line in em, without its outlines: far faster.

    Parameters
    ----------
    text, weight
        As for :func:`shape_line`.

    Raises
    ------
    MissingGlyphError
        If the font has no glyph for one of the characters.
    """
    font, units_per_em = _font(weight)
    tilde = font.get_glyph_h_advance(font.get_nominal_glyph(ord("~")))
    glyphs = _glyphs(font, text)
    return (
        sum(tilde if glyph is None else advance for glyph, advance, _, _ in glyphs) / units_per_em
    )


def _glyphs(font: hb.Font, text: str) -> list[tuple[int | None, float, float, float]]:
    """Return (glyph index, advance, x offset, y offset) in font units for each glyph.

    The index is None for the approximation sign.
    """
    glyphs: list[tuple[int | None, float, float, float]] = []
    for index, part in enumerate(text.split(APPROXIMATION_SIGN)):
        if index:
            glyphs.append((None, 0, 0, 0))
        if not part:  # HarfBuzz has no positions for an empty buffer
            continue
        buffer = hb.Buffer()
        buffer.add_str(part)
        buffer.guess_segment_properties()
        hb.shape(font, buffer)
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            if info.codepoint == 0:
                character = part[info.cluster]
                raise MissingGlyphError(
                    f"the font Noto Sans has no glyph for {character!r} in {text!r}"
                )
            glyphs.append(
                (info.codepoint, position.x_advance, position.x_offset, position.y_offset)
            )
    return glyphs


class _ContourPen:
    """Collects the outlines of glyphs, scaled to em."""

    def __init__(self, scale: float) -> None:
        self.contours: list[tuple[PathStep, ...]] = []
        self._scale = scale
        self._steps: list[PathStep] = []
        self._origin = (0.0, 0.0)
        self._funcs = hb.DrawFuncs()
        self._funcs.set_move_to_func(lambda x, y, _: self._begin(x, y))
        self._funcs.set_line_to_func(lambda x, y, _: self._steps.append(self._place(x, y)))
        self._funcs.set_cubic_to_func(lambda *xy: self._steps.append(self._place(*xy[:6])))
        self._funcs.set_quadratic_to_func(lambda *xy: self._quadratic(*xy[:4]))
        self._funcs.set_close_path_func(lambda _: self._end())

    def draw(self, font: hb.Font, glyph: int, x: float, y: float) -> None:
        self._origin = (x, y)
        font.draw_glyph(glyph, self._funcs, None)

    def ink(self) -> tuple[float, float, float, float]:
        """Return the bounds of all control points, which enclose the curves."""
        steps = [step for contour in self.contours for step in contour]
        if not steps:
            return (0.0, 0.0, 0.0, 0.0)
        xs = [x for step in steps for x in step[::2]]
        ys = [y for step in steps for y in step[1::2]]
        return (min(xs), min(ys), max(xs), max(ys))

    def _place(self, *coordinates: float) -> PathStep:
        x, y = self._origin
        return tuple(
            (value + (y if index % 2 else x)) * self._scale
            for index, value in enumerate(coordinates)
        )

    def _begin(self, x: float, y: float) -> None:
        self._steps = [self._place(x, y)]

    def _quadratic(self, cx: float, cy: float, x: float, y: float) -> None:
        # Cairo knows cubic curves only; raising the degree is exact.
        x0, y0 = self._steps[-1][-2:]
        cx, cy, x, y = self._place(cx, cy, x, y)
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
