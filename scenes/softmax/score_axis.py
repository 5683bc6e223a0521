"""The axis of the scores: its piece moves and widens, and its numbers slide past the points."""

from __future__ import annotations

import math
from dataclasses import dataclass

from manim import Group, VMobject

from cnnviz.explain.quantity import Quantity
from cnnviz.explain.rounding import MINUS
from cnnviz.explain.ticks import nice_ticks, tick_decimals
from cnnviz.mobjects.text import Number, line_width
from cnnviz.scenes.softmax.layout import SoftmaxLayout
from cnnviz.scenes.softmax.shown import ShownSoftmax
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

LEAST_REACH = 6.0
MOST_REACH = 10.0
"""Points of score that the curve's axis shows left of the largest, at least and at most."""

MOST_MARKS = 7
TICK_ROOM = 1.5
"""From one number to the next, in widths of the widest."""

OVERHANG = 0.2
"""So far a number may stand out beyond the axis, in Manim units."""

MARK = 0.07
"""Length of a mark at a number, in Manim units."""

FADE = 0.08
"""So far beyond an end of the axis a number is gone, in Manim units."""

FOOT = 0.38
"""Room for the numbers below the axis, in Manim units."""

HEAD = 0.2
"""Free above the curve, in Manim units."""

SIDE = 0.85
"""And right of it, for the numbers of the other axis and the name of this one."""


@dataclass(frozen=True)
class AxisView:
    """Where the axis lies and which scores it shows: `reach` points of score up to `high`.

    `height` is that of the curve over it, 0 under the bars of the scores.
    """

    left: float
    right: float
    y: float
    high: float
    reach: float
    height: float = 0.0

    @property
    def low(self) -> float:
        """The score at the left end."""
        return self.high - self.reach

    def x_of(self, score: float) -> float:
        """Return where a score lies, in Manim units, also beyond the ends."""
        return self.x_below(score - self.high)

    def x_below(self, points: float) -> float:
        """Return where the score lies that is so many points (0 or less) above `high`."""
        return self.right + points / self.reach * (self.right - self.left)

    def clip(self, x: float) -> float:
        """Return a place on the axis: beyond an end, that end."""
        return min(max(x, self.left), self.right)

    def towards(self, other: AxisView, share: float) -> AxisView:
        """Return the view at this share of the way to another."""
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return AxisView(*((1 - share) * here + share * there for here, there in pairs))


def score_view(shown: ShownSoftmax, layout: SoftmaxLayout) -> AxisView:
    """Return the view under the bars of the scores: all of them, and zero."""
    low = min(float(shown.terms.logits.min()), 0.0)
    high = max(shown.terms.maximum, 0.0)
    if low == high:
        low, high = -1.0, 1.0
    zone = layout.scores
    return AxisView(zone.left, zone.right, zone.bottom - MARK, high, high - low)


def curve_view(shown: ShownSoftmax, zone: Zone) -> AxisView:
    """Return the view under the curve in its zone: the largest score at its right end."""
    span = -min(each.shifted.value for each in shown.classes)
    reach = min(max(math.ceil(span + 0.3), LEAST_REACH), MOST_REACH)
    y = zone.bottom + FOOT
    height = zone.top - HEAD - y
    return AxisView(zone.left + 0.1, zone.right - SIDE, y, shown.terms.maximum, reach, height)


@dataclass(frozen=True)
class CurveViews:
    """The views under the curve, one after the other.

    It has the stage for itself; bars stand beside it; there is a strip, too.
    """

    alone: AxisView
    tall: AxisView
    low: AxisView

    @classmethod
    def of(cls, shown: ShownSoftmax, layout: SoftmaxLayout) -> CurveViews:
        """Return the views for the rooms that a layout has for the curve."""
        zones = (layout.wide_plot, layout.tall_plot, layout.plot)
        return cls(*(curve_view(shown, zone) for zone in zones))

    def at(self, place: float) -> AxisView:
        """Return the view at a place of the way: 0 is the first, 1 the second, 2 the last."""
        if place <= 1:
            return self.alone.towards(self.tall, place)
        return self.tall.towards(self.low, place - 1)


class ScoreAxis(Group):
    """The line, marks and numbers along it.

    Parameters
    ----------
    shown, layout
        The numbers, and where things lie.
    theme
        Sizes and colours.

    Attributes
    ----------
    view
        What is shown now.
    """

    def __init__(self, shown: ShownSoftmax, layout: SoftmaxLayout, theme: Theme) -> None:
        self._theme = theme
        self._start = score_view(shown, layout)
        self._views = CurveViews.of(shown, layout)
        self._maximum = shown.terms.maximum
        self.line = VMobject(
            stroke_color=theme.palette.text_muted,
            stroke_width=theme.strokes.thin,
            fill_opacity=0,
        )
        self._sliding = [self._number(tick) for tick in self._sliding_ticks()]
        self._settled = [self._number(tick) for tick in self._settled_ticks()]
        super().__init__(self.line, *self._sliding, *self._settled)
        self.show_slid(0.0)

    def show_slid(self, share: float) -> None:
        """Show the numbers at this share (0 to 1) of their way: then 0 is at the largest score."""
        self.view = self._start
        self._show_numbers(share * self._maximum, 0.0)

    def show_gathered(self, share: float) -> None:
        """Show the axis at this share of its way from below the bars to below the curve."""
        self.view = self._start.towards(self._views.alone, share)
        self._show_numbers(self._maximum, share)

    def show_settled(self, place: float) -> None:
        """Show the axis at a place of the curve's way: see :meth:`CurveViews.at`."""
        self.view = self._views.at(place)
        self._show_numbers(self._maximum, 1.0)

    # -- inside -----------------------------------------------------------------------------

    def _show_numbers(self, offset: float, share: float) -> None:
        """Show the numbers, 0 at the score `offset`; at a share of 1 those of the curve."""
        for numbers, seen, fixed in (
            (self._sliding, 1 - 2 * share, self._start),  # what goes brings in no other numbers
            (self._settled, 2 * share - 1, self.view),
        ):
            for number in numbers:
                value = number.quantity.value
                x = self.view.x_below(value + (offset - self.view.high))
                at = fixed.x_below(value + (offset - fixed.high))
                beyond = max(fixed.left - at, at - fixed.right, 0.0)
                number.opacity = max(0.0, seen) * max(0.0, 1 - beyond / FADE)
                if number.opacity:
                    x = min(x, self.view.right + OVERHANG - number.width / 2)
                    number.move_to(point(x, self.view.y - MARK - number.height / 2))
        self._draw_line()

    def _draw_line(self) -> None:
        """Draw the line anew, with a mark above each number."""
        view, line = self.view, self.line
        line.clear_points()
        line.start_new_path(point(view.left, view.y))
        line.add_line_to(point(view.right, view.y))
        for number in (*self._sliding, *self._settled):
            x = number.get_center()[0]
            if number.opacity > 0.5 and view.left <= x <= view.right:
                line.start_new_path(point(x, view.y))
                line.add_line_to(point(x, view.y - MARK))

    def _number(self, mark: Quantity) -> Number:
        return Number(mark, self._theme.sizes.small, self._theme.palette.text_muted)

    def _sliding_ticks(self) -> list[Quantity]:
        """Return the numbers below the bars: as many as stand well apart, and what slides in."""
        view, size = self._start, self._theme.sizes.small
        for most in range(MOST_MARKS, 1, -1):
            ticks = nice_ticks(view.low, view.high, most)
            if len(ticks) < 2:
                break
            step = ticks[1] - ticks[0]
            low, high = (each - max(self._maximum, 0.0) for each in (view.low, view.high))
            high = max(high, high + 2 * abs(self._maximum))
            count = range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
            marks = [_mark(index * step) for index in count]
            widest = max(line_width(mark.shown, size) for mark in marks)
            if TICK_ROOM * widest <= view.x_of(step) - view.x_of(0.0):
                return marks
        return [_mark(0.0)]

    def _settled_ticks(self) -> list[Quantity]:
        """Return the numbers below the curve."""
        view, size = self._views.low, self._theme.sizes.small
        reach = round(view.reach)
        room = (view.right - view.left) / TICK_ROOM / line_width(f"{MINUS}{reach}", size)
        step = next(step for step in (1, 2, 5, reach) if reach / step <= min(room, MOST_MARKS))
        return [_mark(float(-tick)) for tick in range(0, reach + 1, step)]


def _mark(tick: float) -> Quantity:
    return Quantity.of("scale_end", tick, tick_decimals(tick), width=6)
