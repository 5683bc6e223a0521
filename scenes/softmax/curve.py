"""The exponential curve over the scores' axis, and the points that rise to it."""

from __future__ import annotations

import numpy as np
from manim import Dot, Line, Mobject, VMobject, smooth

from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.bars import PlainRectangle
from cnnviz.mobjects.text import Number
from cnnviz.scenes.softmax.bars import track_colour
from cnnviz.scenes.softmax.layout import SoftmaxLayout
from cnnviz.scenes.softmax.score_axis import AxisView, CurveViews
from cnnviz.scenes.softmax.shown import ShownSoftmax
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

SAMPLES = 120
AREA_OPACITY = 0.3
"""Of what lies below the curve: it leads the eye, its size means nothing."""

GRID = (0.25, 0.5, 0.75, 1.0)
"""Heights of the lines behind the curve while it has the stage for itself."""

DOT_RADIUS = 0.075
STICK_WIDTH = 0.05
"""In Manim units."""

CORNER_REACH = 2.0
CORNER_FOOT = 0.16
"""Left of that score, and above that share of the height, the curve leaves room for texts."""

DROP_BEGINS = 0.35
"""Share of the way after which the points leave their bars."""


class ExponentialCurve:
    """Curve, upright axis, points and sticks; none is in the scene at first.

    Parameters
    ----------
    shown, layout
        The numbers, and where things lie.
    theme
        Sizes and colours.

    Attributes
    ----------
    view
        The axis below the curve.
    dots, sticks
        One for each line of the table.
    ground, grid
        What heights are measured on, and lines across it, while the curve has the stage for itself.
    heights
        Where each point is on its way up to the curve: 0 on the axis, 1 on the curve.
    """

    def __init__(self, shown: ShownSoftmax, layout: SoftmaxLayout, theme: Theme) -> None:
        self._shown, self._layout, self._theme = shown, layout, theme
        self._views = CurveViews.of(shown, layout)
        self.view: AxisView = self._views.alone
        palette, strokes = theme.palette, theme.strokes
        self.curve = VMobject(
            stroke_color=palette.positive, stroke_width=strokes.window, fill_opacity=0
        )
        self.area = VMobject(stroke_width=0, fill_color=palette.positive, fill_opacity=AREA_OPACITY)
        self.axis = Line(stroke_width=strokes.thin, color=palette.text_muted)
        self.ground = PlainRectangle(track_colour(theme))
        self.grid = VMobject(
            stroke_color=palette.background, stroke_width=strokes.hairline, fill_opacity=0
        )
        self.marks = [
            Number(Quantity.of("scale_end", value, decimals), theme.sizes.small, palette.text_muted)
            for value, decimals in ((0.5, 1), (1.0, 0))
        ]
        self.shifted = np.array([each.shifted.value for each in shown.classes])
        self.scores = np.array([each.score.value for each in shown.classes])
        self.heights = np.zeros(len(self.shifted))
        self.dots = [Dot(radius=DOT_RADIUS, color=palette.text) for _ in self.shifted]
        for dot in self.dots:
            dot.set_stroke(palette.background, strokes.thin, 1.0, background=True)
        self.sticks = [PlainRectangle(palette.positive) for _ in self.shifted]
        self.show_drawn(0.0)
        self._place_scale()

    @property
    def scale(self) -> list[Mobject]:
        """The upright axis at the right, with its numbers 0.5 and 1."""
        return [self.axis, *self.marks]

    @property
    def height(self) -> float:
        """From the axis up to the curve's end, in Manim units."""
        return self.view.height

    @property
    def corner(self) -> Zone:
        """Room for texts that the curve leaves free, above and left of it."""
        return self._corner(self._views.low, self._layout.plot)

    @property
    def tall_corner(self) -> Zone:
        """The same as long as there is no strip."""
        return self._corner(self._views.tall, self._layout.tall_plot)

    def x_of(self, line: int) -> float:
        """Return where a class's score lies on the axis below the curve."""
        return self.view.clip(self.view.x_below(self.shifted[line]))

    def is_off(self, line: int) -> bool:
        """Return whether a class's score lies further left than the axis reaches."""
        return bool(-self.shifted[line] > self.view.reach)

    def show_drawn(self, share: float) -> None:
        """Show the curve from the left up to this share of the axis."""
        view = self.view
        end = (max(share, 1e-3) - 1) * view.reach
        places = [
            point(view.x_below(points), view.y + self.height * np.exp(points))
            for points in np.linspace(-view.reach, end, SAMPLES)
        ]
        self.curve.set_points_as_corners(places)
        ends = [point(places[-1][0], view.y), point(view.left, view.y)]
        self.area.set_points_as_corners([*places, *ends, places[0]])

    def show_settled(self, place: float) -> None:
        """Show the curve at a place of its way: see :meth:`CurveViews.at`."""
        self.view = self._views.at(place)
        seen = max(1 - place, 0.0)
        self.ground.set_opacity(seen)
        self.grid.set_stroke(opacity=seen)
        self.show_drawn(1.0)
        self._place_scale()
        for line, height in enumerate(self.heights):
            self.show_risen(line, height)

    def show_dropped(self, share: float, view: AxisView) -> list[tuple[float, float]]:
        """Show the points on their way from their bars to the axis; return the bars' spans.

        What heights are measured on comes as the bars go: points alone leave the stage dark.

        Parameters
        ----------
        share
            0 to 1: first the bars shrink to their ends, then those fall down.
        view
            The axis as it is at this share.
        """
        shrunk = float(smooth(min(share / DROP_BEGINS, 1.0)))
        fallen = drop_share(share)
        start = view.x_of(view.high)
        end = self._views.alone
        self.ground.set_edges(view.left, end.y + end.height, view.right, view.y)
        self.ground.set_opacity(shrunk)
        spans = []
        for line, (dot, score) in enumerate(zip(self.dots, self.scores, strict=True)):
            x = view.clip(view.x_of(score))
            y = self._layout.line_y(line, 1.0)
            dot.move_to(point(x, y + fallen * (view.y - y)))
            dot.set_opacity(1 - fallen if self.is_off(line) else 1.0)
            spans.append((start + shrunk * (x - start), x))
        return spans

    def show_risen(self, line: int, share: float) -> None:
        """Put a class's point at this share of its way up to the curve, a stick below it."""
        self.heights[line] = share
        x, y = self.x_of(line), self.view.y
        top = y + share * self.height * float(np.exp(self.shifted[line]))
        half = STICK_WIDTH / 2
        self.sticks[line].set_edges(x - half, max(top, y), x + half, y)
        self.sticks[line].set_opacity(1.0 if top > y else 0.0)
        self.dots[line].move_to(point(x, top))
        self.dots[line].set_opacity(0.0 if self.is_off(line) else 1.0)

    def set_score(self, line: int, shifted: float) -> None:
        """Move a class to another score, its point staying on the curve."""
        self.shifted[line] = shifted
        self.show_risen(line, self.heights[line])

    def parts_of(self, line: int) -> list[Mobject]:
        """Return the point and the stick of a class."""
        return [self.sticks[line], self.dots[line]]

    def set_colour(self, line: int, colour: str, dot_colour: str) -> None:
        """Give a class's stick and point other colours."""
        self.sticks[line].set_bar_colour(colour)
        self.dots[line].set_fill(dot_colour)

    def _corner(self, view: AxisView, plot: Zone) -> Zone:
        foot = view.y + CORNER_FOOT * view.height
        return Zone(view.left, plot.top, view.x_below(-CORNER_REACH), foot)

    def _place_scale(self) -> None:
        view = self.view
        foot = point(view.right, view.y)
        self.axis.put_start_and_end_on(foot, foot + point(0.0, self.height))
        for mark in self.marks:
            y = view.y + mark.quantity.value * self.height
            mark.move_to(point(view.right + 0.12 + mark.width / 2, y))
        self.ground.set_edges(view.left, view.y + self.height, view.right, view.y)
        self.grid.clear_points()
        for height in GRID:
            y = view.y + height * self.height
            self.grid.start_new_path(point(view.left, y))
            self.grid.add_line_to(point(view.right, y))


def drop_share(share: float) -> float:
    """Return how far the points have fallen once the bars have begun to shrink."""
    return float(smooth(min(max((share - DROP_BEGINS) / (1 - DROP_BEGINS), 0.0), 1.0)))
