"""Dim what is not in play, and bring it back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from manim import Group, Mobject, VMobject

from cnnviz.mobjects.raster import Raster
from cnnviz.rendering.in_place import InPlaceAnimation


class FadeTo(InPlaceAnimation):
    """Bring all visible parts of some mobjects to one opacity; hidden parts stay hidden.

    Parameters
    ----------
    mobjects
        They must be in the scene already.
    opacity
        0 to 1.
    **kwargs
        As for Manim's ``Animation``.
    """

    def __init__(self, mobjects: Iterable[Mobject], opacity: float, **kwargs: Any) -> None:
        self._opacity = opacity
        self._starts: list[tuple[Mobject, float]] = []
        self._group = Group(*mobjects)
        super().__init__(self._group, **kwargs)

    def begin(self) -> None:
        """Note where each part starts from."""
        leaves = self._group.family_members_with_points()
        self._starts = [(leaf, opacity_of(leaf)) for leaf in leaves]
        super().begin()

    def interpolate_mobject(self, alpha: float) -> None:
        """Set the opacities at the share `alpha` of the run time."""
        share = self.rate_func(alpha)
        for leaf, start in self._starts:
            if start > 0:
                set_leaf_opacity(leaf, start + (self._opacity - start) * share)


def opacity_of(leaf: Mobject) -> float:
    """Return the opacity of a raster, or of a vector mobject's lines; 0 of anything else."""
    if isinstance(leaf, Raster):
        return leaf.opacity
    if isinstance(leaf, VMobject):
        return float(leaf.get_stroke_opacity())
    return 0.0


def set_leaf_opacity(leaf: Mobject, opacity: float) -> None:
    """Set what :func:`opacity_of` returns, here and in no submobject."""
    if isinstance(leaf, Raster):
        leaf.opacity = opacity
    elif isinstance(leaf, VMobject):
        leaf.set_stroke(opacity=opacity)
        if leaf.background_stroke_width:
            leaf.set_stroke(opacity=opacity, background=True)
