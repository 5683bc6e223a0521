"""Signs and numbers in one line: ``max(0, −2.37) = 0.00``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from manim import Group

from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.text import Label, Number
from cnnviz.style.geometry import point
from cnnviz.style.theme import Theme

if TYPE_CHECKING:
    from manim.typing import Point3D

Part = str | Quantity

SPACE = 0.24
"""Width of a space at the beginning or end of a part, in em."""


class Expression(Group):
    """Signs and numbers side by side.

    Parameters
    ----------
    parts
        Signs as texts, where a space at either end keeps its width, and numbers.
    font_size
        In points; smaller where the line would be wider than `max_width`.
    centre
        Where the middle of the line lies, in scene coordinates.
    max_width
        In Manim units.
    theme
        Colours.
    has_result
        Whether the last number is the result, which is set in semi-bold.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        font_size: float,
        centre: Point3D,
        max_width: float,
        theme: Theme,
        *,
        has_result: bool = True,
    ) -> None:
        palette = theme.palette
        self._centre = np.asarray(centre, np.float64)
        self._max_width = max_width
        self._font_size = font_size
        self.parts: list[Label] = []
        self._spaces: list[tuple[float, float]] = []
        for part in parts:
            if isinstance(part, Quantity):
                self.parts.append(Number(part, font_size, palette.text))
                self._spaces.append((0.0, 0.0))
            else:
                self.parts.append(Label(part.strip(), font_size, palette.text_muted))
                before = SPACE * (len(part) - len(part.lstrip()))
                self._spaces.append((before, SPACE * (len(part) - len(part.rstrip()))))
        if has_result:
            self.result.weight = 600
        super().__init__(*self.parts)
        self._arrange()

    @property
    def result(self) -> Number:
        """The last number."""
        return [part for part in self.parts if isinstance(part, Number)][-1]

    def set_parts(self, parts: Sequence[Part]) -> None:
        """Show other signs and numbers, each in the place of the one before it."""
        for mobject, part in zip(self.parts, parts, strict=True):
            if isinstance(mobject, Number) and isinstance(part, Quantity):
                mobject.set_quantity(part)
            else:
                mobject.set_text(str(part).strip())
        self._arrange()

    def _arrange(self) -> None:
        """Set the parts side by side, in the size at which they fit."""
        wide = [
            part.width / part.em + before + after
            for part, (before, after) in zip(self.parts, self._spaces, strict=True)
        ]
        em = min(self._font_size / 72, self._max_width / sum(wide))
        x = -sum(wide) * em / 2
        for part, width, (before, after) in zip(self.parts, wide, self._spaces, strict=True):
            part.scale(em / part.em)
            middle = x + (before + (width - before - after) / 2) * em
            part.move_to(self._centre + point(middle, 0.0))
            x += width * em
