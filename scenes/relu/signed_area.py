"""What lies between a curve and zero: blue above it, orange below."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from manim import VMobject

from cnnviz.style.geometry import point
from cnnviz.style.theme import Theme

OPACITY = 0.55


class SignedArea:
    """Two mobjects, one for each sign.

    Parameters
    ----------
    zero
        The height of zero, in scene coordinates.
    theme
        Colours.
    """

    def __init__(self, zero: float, theme: Theme) -> None:
        self._zero = zero
        self.above, self.below = (
            VMobject(fill_color=colour, fill_opacity=OPACITY, stroke_width=0)
            for colour in (theme.palette.positive, theme.palette.negative)
        )

    @property
    def parts(self) -> list[VMobject]:
        """What lies above zero, and what lies below."""
        return [self.above, self.below]

    def show(self, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> None:
        """Lie between zero and the line through these places, from left to right."""
        for area, edge in (
            (self.above, np.maximum(y, self._zero)),
            (self.below, np.minimum(y, self._zero)),
        ):
            corners = np.column_stack([x, edge, np.zeros_like(x)])
            first, last = point(x[0], self._zero), point(x[-1], self._zero)
            area.set_points_as_corners(np.vstack([first, corners, last, first]))
