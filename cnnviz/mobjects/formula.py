"""Formulas, set by Typst."""

from __future__ import annotations

from functools import cache

from manim import MathTypst
from manim.mobject.svg.svg_mobject import VMobjectFromSVGPath

from cnnviz.style.theme import Theme

RULE_WIDTH = 1.0125
"""Of a fraction bar, in Manim's stroke units: what Manim makes it at 1080p in 16:9.

Left alone, it would be as wide as the first film of a process wants it: Manim takes a line's width
in an SVG from the size of the film that is being made.
"""


def formula(source: str, theme: Theme, max_width: float) -> MathTypst:
    """Return a formula in the text's colour.

    Parameters
    ----------
    source
        Typst's math syntax. Never text that a user gave: Typst would run it.
    theme
        Size and colour.
    max_width
        In Manim units; a wider formula is made smaller.
    """
    made: MathTypst = _set(source, theme.sizes.number, theme.palette.text).copy()
    if made.width > max_width:
        made.scale_to_fit_width(max_width)
    return made


@cache  # a film is gone through twice, first to learn its length
def _set(source: str, size: float, colour: str) -> MathTypst:
    made = MathTypst(source, font_size=size, color=colour)
    for glyph in made.family_members_with_points():
        if glyph.get_stroke_width():
            glyph.set_stroke(width=RULE_WIDTH)
        if isinstance(glyph, VMobjectFromSVGPath):
            del glyph.path_obj  # every fade would copy the SVG that the glyph was made from
    return made
