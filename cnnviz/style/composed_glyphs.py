"""Signs that Noto Sans lacks, made to match it: `COMPOSED` has them all.

Their strokes are as thick as that of the font's own minus sign, and their middle lies at its
height, the axis of all its mathematical signs; so they follow the weight like every other
character.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from math import cos, hypot, pi, sin, sqrt

import numpy as np
import uharfbuzz as hb

from cnnviz.arrays import Float64Array
from cnnviz.style.glyph_shapes import Contour, GlyphShape, PlacedGlyph, shape_of

TILDE_SHIFT = 0.11
"""How far the two tildes of an approximation sign lie from their own height, in em."""

ARROW_ADVANCE = 1.0
ARROW_MARGIN = 0.05
"""An arrow's length with the blank at both ends, and that blank, in em."""

ARROW_HEAD = 0.19
HEAD_GROWTH = 0.35
"""Half the height of its head, in em, and how much thicker strokes enlarge it."""

INFINITY_ADVANCE = 0.8
INFINITY_MARGIN = 0.05
"""The same for an infinity sign."""

INFINITY_HEIGHT = 1.3
"""How much higher its loops are than those of Bernoulli's lemniscate."""

CURVES = 8
"""Bézier curves for a quarter of an infinity sign."""

STEP = 1e-5
"""For slopes that are measured."""

Point = Float64Array
"""(x, y)."""

Curves = Float64Array
"""Bézier curves one after the other: shape (n, 4, 2), start, two handles and end of each."""


@dataclass(frozen=True)
class ComposedGlyph:
    """A sign that is made, not taken from the font.

    Attributes
    ----------
    advance
        Where the next character starts, in em, in a font.
    parts
        What it is drawn with in that font.
    """

    advance: Callable[[hb.Font], float]
    parts: Callable[[hb.Font], tuple[PlacedGlyph, ...]]


@dataclass(frozen=True)
class _Stroke:
    """How a font draws its mathematical signs: thickness, and height of their middle, in em."""

    thickness: float
    axis: float

    @classmethod
    def of(cls, font: hb.Font) -> _Stroke:
        ink = shape_of(font, font.get_nominal_glyph(ord("−"))).ink
        assert ink is not None
        return cls(ink[3] - ink[1], (ink[1] + ink[3]) / 2)


def _advance_of(character: str, font: hb.Font) -> float:
    glyph = font.get_nominal_glyph(ord(character))
    return float(font.get_glyph_h_advance(glyph) / font.face.upem)


def _two_tildes(font: hb.Font) -> tuple[PlacedGlyph, ...]:
    tilde = shape_of(font, font.get_nominal_glyph(ord("~")))
    return tuple(PlacedGlyph(tilde, 0.0, shift) for shift in (-TILDE_SHIFT, TILDE_SHIFT))


def _angle_and_bar(angle: str, font: hb.Font) -> tuple[PlacedGlyph, ...]:
    """Return "<" or ">", and as far below it as strokes are thick the font's own minus sign."""
    above = shape_of(font, font.get_nominal_glyph(ord(angle)))
    bar = shape_of(font, font.get_nominal_glyph(ord("−")))
    assert above.ink is not None
    assert bar.ink is not None
    stroke = _Stroke.of(font)
    half = (above.ink[3] - above.ink[1] + 2 * stroke.thickness) / 2
    rise = stroke.axis + half - above.ink[3]
    drop = stroke.axis - half - bar.ink[1]
    return PlacedGlyph(above, 0.0, rise), PlacedGlyph(bar, 0.0, drop)


def _arrow_outline(stroke: _Stroke) -> list[tuple[float, float]]:
    """Return a shaft and two arms at 45°, all of one thickness, with a sharp tip at the right.

    Its middle is at (0, 0).
    """
    half, slant = stroke.thickness / 2, stroke.thickness / sqrt(2)
    head, tip = _half_head(stroke), ARROW_ADVANCE / 2 - ARROW_MARGIN
    start = -tip
    upper = [
        (tip - head, head),
        (tip - head - slant, head - slant),
        (tip - 2 * slant - half, half),
        (start, half),
    ]
    lower = [(x, -y) for x, y in reversed(upper)]
    return [(tip, 0.0), *upper, *lower]


def _half_head(stroke: _Stroke) -> float:
    return ARROW_HEAD + HEAD_GROWTH * stroke.thickness


def _arrow(direction: int, font: hb.Font) -> tuple[PlacedGlyph, ...]:
    """Return an arrow to the right where `direction` is 1, to the left where it is -1."""
    stroke, middle = _Stroke.of(font), ARROW_ADVANCE / 2
    contour = tuple(
        (middle + direction * x, stroke.axis + direction * y) for x, y in _arrow_outline(stroke)
    )
    return (PlacedGlyph(GlyphShape.of(contour), 0.0, 0.0),)


def _arrow_down(font: hb.Font) -> tuple[PlacedGlyph, ...]:
    """Return the arrow to the right, turned by a quarter."""
    stroke, middle = _Stroke.of(font), _down_advance(font) / 2
    contour = tuple((middle + y, stroke.axis - x) for x, y in _arrow_outline(stroke))
    return (PlacedGlyph(GlyphShape.of(contour), 0.0, 0.0),)


def _down_advance(font: hb.Font) -> float:
    return 2 * (_half_head(_Stroke.of(font)) + ARROW_MARGIN)


def _infinity(font: hb.Font) -> tuple[PlacedGlyph, ...]:
    """Return a lemniscate, drawn with an even stroke: an outline and two holes."""
    stroke = _Stroke.of(font)
    half = stroke.thickness / 2
    size = INFINITY_ADVANCE / 2 - INFINITY_MARGIN - half
    outside = _beside_lemniscate(size, half, until=0)
    inside = _beside_lemniscate(size, -half, until=1)
    contours = [
        [
            outside,
            _backwards(outside * (-1, 1)),
            outside * (-1, -1),
            _backwards(outside * (1, -1)),
        ],
        [inside * (1, -1), _backwards(inside)],
        [inside * (-1, 1), _backwards(inside * (-1, -1))],
    ]
    middle = np.array([INFINITY_ADVANCE / 2, stroke.axis])
    shape = GlyphShape.of(*(_contour(np.concatenate(each) + middle) for each in contours))
    return (PlacedGlyph(shape, 0.0, 0.0),)


def _beside_lemniscate(size: float, distance: float, until: int) -> Curves:
    """Return a quarter of the curve at a distance from a lemniscate around the origin.

    It begins at the right end, at (`size` + `distance`, 0), and goes on above the axis until
    the coordinate `until` (0 is x, 1 is y) is zero.
    """

    def point(angle: float) -> Point:
        sine, cosine = sin(angle), cos(angle)
        below = 1 + sine**2
        x, y = size * cosine / below, INFINITY_HEIGHT * size * sine * cosine / below
        dx = -size * sine * (2 + cosine**2) / below**2
        dy = INFINITY_HEIGHT * size * (1 - 3 * sine**2) / below**2
        return np.array([x, y]) + distance / hypot(dx, dy) * np.array([dy, -dx])

    low, high = 0.2, pi / 2
    while high - low > STEP / 100:
        middle = (low + high) / 2
        low, high = (middle, high) if point(middle)[until] > 0 else (low, middle)
    angles = np.linspace(0, high, CURVES + 1)
    points = np.array([point(angle) for angle in angles])
    slopes = np.array([point(angle + STEP) - point(angle - STEP) for angle in angles]) / (2 * STEP)
    reach = slopes * angles[1] / 3  # a Bézier curve's handle is a third of its slope
    handles = points[:-1] + reach[:-1], points[1:] - reach[1:]
    return np.stack([points[:-1], *handles, points[1:]], axis=1)


def _backwards(curves: Curves) -> Curves:
    return curves[::-1, ::-1]


def _contour(curves: Curves) -> Contour:
    start, steps = curves[0, 0], curves[:, 1:].reshape(-1, 6)
    return (tuple(start.tolist()), *map(tuple, steps.tolist()))


COMPOSED: Mapping[str, ComposedGlyph] = {
    "≈": ComposedGlyph(partial(_advance_of, "~"), _two_tildes),
    "≤": ComposedGlyph(partial(_advance_of, "<"), partial(_angle_and_bar, "<")),
    "≥": ComposedGlyph(partial(_advance_of, ">"), partial(_angle_and_bar, ">")),
    "→": ComposedGlyph(lambda font: ARROW_ADVANCE, partial(_arrow, 1)),
    "←": ComposedGlyph(lambda font: ARROW_ADVANCE, partial(_arrow, -1)),
    "↓": ComposedGlyph(_down_advance, _arrow_down),
    "∞": ComposedGlyph(lambda font: INFINITY_ADVANCE, _infinity),
}
"""By character."""
