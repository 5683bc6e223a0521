"""Formulas, set by Typst."""

from __future__ import annotations

from functools import cache

from manim import MathTypst
from manim.mobject.svg.svg_mobject import VMobjectFromSVGPath

from cnnviz.style.theme import Theme


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
        if isinstance(glyph, VMobjectFromSVGPath):
            del glyph.path_obj  # every fade would copy the SVG that the glyph was made from
    return made
