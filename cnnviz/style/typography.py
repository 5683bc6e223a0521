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
from cnnviz.style.composed_glyphs import COMPOSED, ComposedGlyph
from cnnviz.style.glyph_shapes import Ink, PlacedGlyph, shape_of
from cnnviz.system.installation import how_to_add

CAP_HEIGHT = 0.714
"""Height of a capital letter in Noto Sans (OS/2 table, sCapHeight)."""

REGULAR = 400
"""The weight of running text."""

CHINESE = "zh"
CHINESE_EXTRA = "cjk"
"""The language, and what brings the font for it."""

SIMPLIFIED_CHINESE = 2
"""Place of Noto Sans CJK SC in its collection."""

BOLDNESS = 0.0001
"""How much wider strokes get, in em, for each step of weight above regular."""


class MissingGlyphError(UserError):
    """The pinned fonts cannot draw a character."""


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
    ink: Ink


@dataclass(frozen=True)
class _FontGlyph:
    """One glyph of a line, from a font; lengths in em."""

    font: hb.Font
    index: int
    advance: float
    x_offset: float
    y_offset: float

    @property
    def parts(self) -> tuple[PlacedGlyph, ...]:
        """What it is drawn with, from where it starts."""
        return (PlacedGlyph(shape_of(self.font, self.index), self.x_offset, self.y_offset),)


@dataclass(frozen=True)
class _MadeGlyph:
    """One glyph of a line that the font lacks and that is made to match it."""

    font: hb.Font
    composed: ComposedGlyph

    @property
    def advance(self) -> float:
        """Where the next one starts, in em."""
        return self.composed.advance(self.font)

    @property
    def parts(self) -> tuple[PlacedGlyph, ...]:
        """What it is drawn with, from where it starts."""
        return self.composed.parts(self.font)


_Glyph = _FontGlyph | _MadeGlyph


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
    placed: list[PlacedGlyph] = []
    x = 0.0
    for glyph in _glyphs(text, weight):
        placed += [PlacedGlyph(part.shape, x + part.x, part.y) for part in glyph.parts]
        x += glyph.advance
    return GlyphRun(x, tuple(placed), _ink(placed))


def _ink(placed: Sequence[PlacedGlyph]) -> Ink:
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


def has_chinese() -> bool:
    """Return whether there is a font for Chinese; it comes with an extra."""
    return _chinese_font(REGULAR) is not None


def require_font_of(language: str) -> None:
    """Raise a UserError if a language needs a font that is not installed."""
    if language == CHINESE and not has_chinese():
        raise UserError(f'the language "{language}" needs a font: {how_to_add(CHINESE_EXTRA)}')


def _glyphs(text: str, weight: int) -> list[_Glyph]:
    glyphs: list[_Glyph] = []

    def kind(character: str) -> tuple[hb.Font | None, ComposedGlyph | None]:
        return _font_of(character, weight), COMPOSED.get(character)

    for (font, composed), run in groupby(text, key=kind):
        part = "".join(run)
        if font is None:
            raise _missing(part[0], text)
        if composed is not None:
            glyphs += [_MadeGlyph(font, composed)] * len(part)
        else:
            glyphs += _shape(part, font, text)
    return glyphs


def _font_of(character: str, weight: int) -> hb.Font | None:
    """Return the font that has the character, or whose like it is made: Noto Sans if it can."""
    latin, chinese = _latin_font(weight), _chinese_font(weight)
    if character in COMPOSED or latin.get_nominal_glyph(ord(character)):
        return latin
    if chinese is not None and chinese.get_nominal_glyph(ord(character)):
        return chinese
    return latin if combining(character) else None


def _shape(part: str, font: hb.Font, text: str) -> list[_FontGlyph]:
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
        glyphs.append(_FontGlyph(font, info.codepoint, advance / em, x / em, y / em))
    return glyphs


def _missing(character: str, text: str) -> MissingGlyphError:
    remedy = "write it in other letters"
    if is_chinese(character) and not has_chinese():
        remedy = f"Chinese needs another font: {how_to_add(CHINESE_EXTRA)}"
    return MissingGlyphError(
        f"the font Noto Sans has no glyph for {character!r} in {text!r}; {remedy}"
    )
