"""The bars beside the classes: of scores, of exponentials, of probabilities."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from manim import Line, Mobject, VMobject

from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.bars import Bar
from cnnviz.mobjects.text import Number
from cnnviz.scenes.softmax.layout import SoftmaxLayout
from cnnviz.scenes.softmax.shown import ShownSoftmax
from cnnviz.style.colour import mixed
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

TRACK_SHADE = 0.55
"""Of the tracks, from the background to the colour of rules."""

UNIT_MARKS = (0.0, 0.5, 1.0)

LEAST_MIDDLE = 2.2
"""Below this width, in Manim units, the mark in the middle of the tracks is left out."""


class ProbabilityBars:
    """One bar for each class, and behind it the track from 0 to 1 that it fills a part of.

    Parameters
    ----------
    shown, layout
        The numbers, and where things lie.
    theme
        Looks.

    Attributes
    ----------
    bars
        One for each line of the table, that of the others included.
    tracks
        Behind them, for exponentials and probabilities.
    marks, percent_marks
        The numbers above the tracks: of exponentials, and of probabilities.
    zero_line
        Where the bars of the scores begin.
    """

    def __init__(self, shown: ShownSoftmax, layout: SoftmaxLayout, theme: Theme) -> None:
        self._layout, self._theme = layout, theme
        count = len(shown.classes) + bool(shown.others)
        palette = theme.palette
        shade = track_colour(theme)
        self.bars = [self._bar(palette.positive, line) for line in range(count)]
        self.tracks = [self._bar(shade, line) for line in range(count)]
        self.open(0.0)
        self.marks = self._make_marks(["0", "0.5", "1"])
        self.percent_marks = self._make_marks(["0%", "50%", "100%"])
        self.zero_line = Line(
            point(0.0, layout.scores.top),
            point(0.0, layout.scores.bottom),
            stroke_width=theme.strokes.thin,
            color=palette.text_muted,
        )

    def zone_of(self, line: int, value: float) -> Zone:
        """Return what a bar on the axis from 0 to 1 fills."""
        zone, half = self._layout.bars, self._layout.thickness(self._openness) / 2
        y = self._layout.line_y(line, self._openness)
        return Zone(zone.left, y + half, zone.left + value * zone.width, y - half)

    def open(self, openness: float) -> None:
        """Let the bars be as far apart as the lines: see :meth:`SoftmaxLayout.line_y`."""
        self._openness = openness
        for bars in (self.bars, self.tracks):
            for line, bar in enumerate(bars):
                bar.y = self._layout.line_y(line, openness)
                bar.thickness = self._layout.thickness(openness)
        for track in self.tracks:
            track.set_span(self._layout.bars.left, self._layout.bars.right)

    def show_values(self, values: npt.ArrayLike) -> None:
        """Show one value, 0 to 1, for each line."""
        for line, value in enumerate(np.asarray(values)):
            zone = self.zone_of(line, float(value))
            self.bars[line].set_span(zone.left, zone.right)

    def show_value(self, line: int, value: float) -> None:
        """Show the value, 0 to 1, of one line."""
        zone = self.zone_of(line, value)
        self.bars[line].set_span(zone.left, zone.right)

    def _bar(self, colour: str, line: int) -> Bar:
        return Bar(colour, self._layout.line_y(line), self._layout.thickness())

    def _make_marks(self, texts: list[str]) -> list[Mobject]:
        zone, size = self._layout.bars, self._theme.sizes.small
        marks: list[Mobject] = []
        for value, text in zip(UNIT_MARKS, texts, strict=True):
            if value == 0.5 and zone.width < LEAST_MIDDLE:
                continue
            mark = Quantity("scale_end", value, text)
            number = Number(mark, size, self._theme.palette.text_muted)
            x = zone.left + value * zone.width
            x = min(x, zone.right - number.width / 2 + 0.12)
            marks.append(number.move_to(point(x, zone.top + number.height / 2)))
        return marks


class TurningBar(VMobject):
    """A stick on its way to become a bar: it turns from upright to level.

    Parameters
    ----------
    colour
        ``"#rrggbb"``.
    """

    def __init__(self, colour: str) -> None:
        super().__init__(stroke_width=0, fill_color=colour, fill_opacity=1.0)

    def set_turned(self, stick: Zone, bar: Zone, share: float) -> None:
        """Put it at this share (0 to 1) of its way from a standing zone to a lying one.

        Where they stand near the frame's right edge, no end of it swings out beyond them.
        """
        angle = (1 - share) * np.pi / 2
        length = stick.height + share * (bar.width - stick.height)
        width = stick.width + share * (bar.height - stick.width)
        along = np.array([np.cos(angle), np.sin(angle)]) * length / 2
        across = np.array([-np.sin(angle), np.cos(angle)]) * width / 2
        middle = (1 - share) * stick.centre[:2] + share * bar.centre[:2]
        corners = [along + across, across - along, -along - across, along - across]
        most_right = max(stick.right, bar.right) - max(corner[0] for corner in corners)
        middle[0] = min(middle[0], most_right)
        places = [point(*(middle + corner)) for corner in corners]
        self.set_points_as_corners([*places, places[0]])


def track_colour(theme: Theme) -> str:
    """Return the colour of what a bar fills a part of."""
    return mixed(theme.palette.background, theme.palette.line, TRACK_SHADE)


def passing_colour(colour: str, share: float, theme: Theme) -> str:
    """Return a bar's colour with so much of the accent's, 0 to 1.

    On its way it is grey: between blue and gold lies green, which would mean something else.
    """
    palette = theme.palette
    between = mixed(colour, palette.accent, share)
    return mixed(between, palette.text_muted, 4 * share * (1 - share))
