"""The parts of the journey's stage: each a heading, room for a grid or a map, a line below."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import VMobject

from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.text import Label
from cnnviz.scenes.journey.closeup import numbers_fit
from cnnviz.style.geometry import Corners, Zone, point
from cnnviz.style.theme import Theme

LINE = 0.36
"""Height of the heading and of the line below, in Manim units."""

CLEAR = 0.03
"""Between a heading of two lines and what it stands above."""

OVERHANG = 0.4
"""How far a line may reach into the gap beside its panel, which is wider."""

ROW = 2.5
"""In a zone that is so many times wider than high three panels stand in one row."""


class Panel:
    """A zone divided into heading, room and foot.

    Parameters
    ----------
    zone
        The whole.
    theme
        Sizes and colours.
    has_foot
        Whether room is kept for the line below.
    """

    def __init__(self, zone: Zone, theme: Theme, *, has_foot: bool = True) -> None:
        self._theme = theme
        self._zone = zone
        bottom = zone.bottom + LINE if has_foot else zone.bottom
        self.room = Zone(zone.left, zone.top - LINE, zone.right, bottom)

    def heading(
        self, text: str, over: HeatMap, *, is_accent: bool = False, has_lines: bool = False
    ) -> Label:
        """Return the heading, just above what the panel shows; of two lines, the lower one.

        Where zoom lines may run left of what is shown, it begins no further left than that.
        """
        palette, top = self._theme.palette, over.get_top()[1]
        colour = palette.accent if is_accent else palette.text
        left = float(over.get_left()[0]) if has_lines else self._zone.left
        label = self._line(text, top + LINE / 2, colour, left)
        return label.shift(point(0.0, max(top + CLEAR - label.get_bottom()[1], 0.0)))

    def foot(self, text: str, under: HeatMap) -> Label:
        """Return the line just below what the panel shows."""
        y, colour = under.get_bottom()[1] - LINE / 2, self._theme.palette.text_muted
        return self._line(text, y, colour, self._zone.left)

    def _line(self, text: str, y: float, colour: str, left: float) -> Label:
        zone, end = self._zone, self._theme.layout.stage.right
        label = FittedLabel(text, self._theme.sizes.label, colour, zone.width + OVERHANG)
        half = label.width / 2
        return label.move_to(point(min(max(zone.x, left + half), end - half), y))


def holds_a_row(zone: Zone) -> bool:
    """Return whether three panels side by side fill a zone, not only its upper part."""
    return zone.width > ROW * zone.height


def divide_stage(
    divisions: Sequence[Sequence[Zone]], shapes: Sequence[tuple[int, ...] | None], theme: Theme
) -> list[Panel]:
    """Return panels in the first division that leaves room for all numbers, else in the first.

    Parameters
    ----------
    divisions
        What the stage may be divided into, best first: zones for the same panels.
    shapes
        (rows, columns) of each panel's close-up; None where it shows something else.
    theme
        Sizes and colours.
    """
    choices = [[Panel(zone, theme) for zone in zones] for zones in divisions]
    for panels in choices:
        grids = [(shape, panel.room) for panel, shape in zip(panels, shapes, strict=True) if shape]
        if all(numbers_fit(shape, room, theme) for shape, room in grids):
            return panels
    return choices[0]


def zoom_lines(
    small: Corners,
    large: HeatMap,
    theme: Theme,
    *,
    below: bool = False,
    heading: Label | None = None,
) -> VMobject:
    """Return the two lines that say: this is that, larger.

    Parameters
    ----------
    small
        (left, top, right, bottom) of the cells on the map.
    large
        The same cells from near: right of the map, or below it.
    theme
        Colour and line width.
    below
        Whether it stands below.
    heading
        What stands above it then, and is not crossed.
    """
    left, top, right, bottom = large.corners()
    if below and heading is not None:
        top = float(heading.get_top()[1]) + CLEAR
    if below:
        pairs = [((small[0], small[3]), (left, top)), ((small[2], small[3]), (right, top))]
    else:
        pairs = [((small[2], small[1]), (left, top)), ((small[2], small[3]), (left, bottom))]
    lines = VMobject(
        stroke_color=theme.palette.accent, stroke_width=theme.strokes.hairline, fill_opacity=0
    )
    for start, end in pairs:
        lines.start_new_path(np.array([*start, 0.0]))
        lines.add_line_to(np.array([*end, 0.0]))
    return lines.set_stroke(opacity=theme.aside)
