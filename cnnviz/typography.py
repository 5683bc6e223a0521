"""Lines of text as outlines, set by HarfBuzz in the pinned fonts.

Every text on screen goes through here, so a line looks the same on every machine, costs
a tenth of a millisecond, and a character without a glyph is found before anything is drawn.
Lengths are in em (the font size), x rightwards from the line's start, y upwards from the
baseline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.util import find_spec
from itertools import groupby
from unicodedata import combining

import fontpkg
import uharfbuzz as hb

from cnnviz.errors import UserError

CAP_HEIGHT = 0.714
"""Height of a capital letter in Noto Sans (OS/2 table, sCapHeight)."""

PathStep = tuple[float, ...]
"""(x, y): line to; (x1, y1, x2, y2, x3, y3): Bézier curve to; (): close."""

APPROXIMATION_SIGN = "≈"
"""Noto Sans lacks it; it is drawn as two tildes, one above the other."""

TILDE_SHIFT = 0.11
"""Of each of them, in em."""

REGULAR = 400
"""The weight of running text."""

SIMPLIFIED_CHINESE = 2
"""Place of Noto Sans CJK SC in its collection."""

BOLDNESS = 0.0001
"""How much wider strokes get, in em, for each step of weight above regular."""


class MissingGlyphError(UserError):
    """The pinned fonts cannot draw a character."""


@dataclass(frozen=True)
class GlyphShape:
    """The shape of one glyph.

    Attributes
    ----------
    contours
        Closed contours: a starting point and the steps from there, in em from the glyph's
        own origin.
    ink
        (left, bottom, right, top) of what is drawn, in em; None for a blank.
    """

    contours: tuple[tuple[PathStep, ...], ...]
    ink: tuple[float, float, float, float] | None


@dataclass(frozen=True)
class PlacedGlyph:
    """A glyph's shape, and where in its line its origin lies, in em."""

    shape: GlyphShape
    x: float
    y: float


@dataclass(frozen=True)
class GlyphRun:
    """One line of text as outlines.

    Attributes
    ----------
    advance
        Where the next character would start, in em.
    glyphs
        The shapes of its glyphs.
    ink
        (left, bottom, right, top) of what is drawn, in em; all 0 for blank text.
    """

    advance: float
    glyphs: tuple[PlacedGlyph, ...]
    ink: tuple[float, float, float, float]


@dataclass(frozen=True)
class _Glyph:
    """One glyph of a line; lengths in em."""

    font: hb.Font
    index: int
    advance: float
    x_offset: float = 0.0
    y_offset: float = 0.0


@lru_cache(maxsize=16)
def _latin_font(weight: int) -> hb.Font:
    font = hb.Font(hb.Face(hb.Blob.from_file_path(str(fontpkg.path("Noto Sans")))))
    font.set_variations({"wght": weight})
    return font


@lru_cache(maxsize=16)
def _chinese_font(weight: int) -> hb.Font | None:
    """Return Noto Sans CJK SC, or None where the extra is not installed.

    The package has the regular weight only; heavier ones are made by emboldening it.
    """
    if find_spec("noto_cjk_sans_otc") is None:
        return None
    collection = files("noto_cjk_sans_otc") / "NotoSansCJK-Regular.ttc"
    font = hb.Font(hb.Face(hb.Blob.from_file_path(str(collection)), SIMPLIFIED_CHINESE))
    if weight > REGULAR:
        font.synthetic_bold = ((weight - REGULAR) * BOLDNESS, 0.0, True)
    return font


@lru_cache(maxsize=8192)
def shape_line(text: str, weight: int = REGULAR) -> GlyphRun:
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
        If the fonts have no glyph for one of the characters.
    """
    placed = []
    x = 0.0
    for glyph in _glyphs(text, weight):
        shape = _shape_of(glyph.font, glyph.index)
        placed.append(PlacedGlyph(shape, x + glyph.x_offset, glyph.y_offset))
        x += glyph.advance
    return GlyphRun(x, tuple(placed), _ink(placed))


def _ink(placed: Sequence[PlacedGlyph]) -> tuple[float, float, float, float]:
    boxes = [
        (ink[0] + each.x, ink[1] + each.y, ink[2] + each.x, ink[3] + each.y)
        for each in placed
        if (ink := each.shape.ink) is not None
    ]
    if not boxes:
        return (0.0, 0.0, 0.0, 0.0)
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return (min(lefts), min(bottoms), max(rights), max(tops))


@lru_cache(maxsize=8192)
def line_advance(text: str, weight: int = REGULAR) -> float:
    """Return the length of a line in em, without its outlines: far faster.

    Parameters
    ----------
    text, weight
        As for :func:`shape_line`.

    Raises
    ------
    MissingGlyphError
        If the fonts have no glyph for one of the characters.
    """
    return sum(glyph.advance for glyph in _glyphs(text, weight))


def is_chinese(character: str) -> bool:
    """Return whether a character is one of those that Chinese is written with, full width."""
    return "\u2e80" <= character <= "\uffef"


def _glyphs(text: str, weight: int) -> list[_Glyph]:
    glyphs: list[_Glyph] = []

    def kind(character: str) -> tuple[hb.Font | None, bool]:
        return _font_of(character, weight), character == APPROXIMATION_SIGN

    for (font, is_drawn), run in groupby(text, key=kind):
        part = "".join(run)
        if font is None:
            raise _missing(part[0], text)
        if is_drawn:
            glyphs += _approximation_signs(len(part), font)
        else:
            glyphs += _shape(part, font, text)
    return glyphs


def _font_of(character: str, weight: int) -> hb.Font | None:
    """Return the font that has the character: Noto Sans if it can."""
    latin, chinese = _latin_font(weight), _chinese_font(weight)
    if character == APPROXIMATION_SIGN or latin.get_nominal_glyph(ord(character)):
        return latin
    if chinese is not None and chinese.get_nominal_glyph(ord(character)):
        return chinese
    return latin if combining(character) else None


def _shape(part: str, font: hb.Font, text: str) -> list[_Glyph]:
    """Return the glyphs of what is set in one font."""
    buffer = hb.Buffer()
    buffer.add_str(part)
    buffer.guess_segment_properties()
    hb.shape(font, buffer)
    em = font.face.upem
    glyphs = []
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        if info.codepoint == 0:
            raise _missing(part[info.cluster], text)
        advance, x, y = position.x_advance, position.x_offset, position.y_offset
        glyphs.append(_Glyph(font, info.codepoint, advance / em, x / em, y / em))
    return glyphs


def _approximation_signs(count: int, font: hb.Font) -> list[_Glyph]:
    tilde = font.get_nominal_glyph(ord("~"))
    advance = font.get_glyph_h_advance(tilde) / font.face.upem
    lower = _Glyph(font, tilde, 0.0, 0.0, -TILDE_SHIFT)
    upper = _Glyph(font, tilde, advance, 0.0, TILDE_SHIFT)
    return [lower, upper] * count


def _missing(character: str, text: str) -> MissingGlyphError:
    message = f"the font Noto Sans has no glyph for {character!r} in {text!r}"
    if _chinese_font(REGULAR) is None and is_chinese(character):
        message += "; Chinese needs another font: pip install 'cnnviz[cjk]'"
    return MissingGlyphError(message)


@lru_cache(maxsize=4096)
def _shape_of(font: hb.Font, index: int) -> GlyphShape:
    """Return the shape of a glyph."""
    pen = _ContourPen(1 / font.face.upem)
    font.draw_glyph(index, pen.functions, None)
    return GlyphShape(tuple(pen.contours), pen.ink())


class _ContourPen:
    """Collects the outline of a glyph, scaled to em."""

    def __init__(self, scale: float) -> None:
        self.contours: list[tuple[PathStep, ...]] = []
        self._scale = scale
        self._steps: list[PathStep] = []
        self.functions = hb.DrawFuncs()
        self.functions.set_move_to_func(lambda x, y, _: self._begin(x, y))
        self.functions.set_line_to_func(lambda x, y, _: self._steps.append(self._scaled(x, y)))
        self.functions.set_cubic_to_func(lambda *xy: self._steps.append(self._scaled(*xy[:6])))
        self.functions.set_quadratic_to_func(lambda *xy: self._quadratic(*xy[:4]))
        self.functions.set_close_path_func(lambda _: self._end())

    def ink(self) -> tuple[float, float, float, float] | None:
        """Return the bounds of all control points, which enclose the curves."""
        steps = [step for contour in self.contours for step in contour]
        if not steps:
            return None
        xs = [x for step in steps for x in step[::2]]
        ys = [y for step in steps for y in step[1::2]]
        return (min(xs), min(ys), max(xs), max(ys))

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
