"""The middle of ReLU's stage: the graph of its function, and the histogram on the same axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from manim import Circle, Mobject, VMobject

from cnnviz.explain.bend import Bend
from cnnviz.explain.quantity import Quantity
from cnnviz.explain.relu import Histogram, histogram
from cnnviz.locales import Words
from cnnviz.mobjects.bars import PlainRectangle
from cnnviz.mobjects.text import Label, Number
from cnnviz.model.trace import LayerTrace
from cnnviz.scenes.relu.graph_axes import GraphAxes
from cnnviz.scenes.relu.histogram_bars import HistogramBars
from cnnviz.scenes.relu.signed_area import SignedArea
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

if TYPE_CHECKING:
    from manim.typing import Point3D

BARS = 20
"""On each side of zero, if the values reach that far."""

HEADROOM = 1.02
"""The axis ends a little beyond the largest value."""

BEYOND = 1.25
"""And at least so far, as a multiple of the ceiling: the bend there is seen."""

BELOW_AXIS = 0.85
"""Room for the numbers and the name below the axis, in Manim units."""

ABOVE_BARS = 0.55
"""Room for a line above the highest bar, in Manim units."""

RESULT_ROOM, RESULT_SHARE = 1.9, 0.2
"""Above the bars of a leaky ReLU: for a share and two lines; and how far down the share stands."""

ABOVE_GRAPH = 1.35
"""Room for the name and the calculation above a graph that goes below its axis."""

DOT_RADIUS = 0.09

PLATE_MARGIN = 0.05
"""At the left and right of a number on a plate, in Manim units."""

LABEL_GAP = 0.16
"""From a dot to the number beside it, in Manim units."""


class GraphPoint:
    """One value on its way along the graph: up from the axis, then across to the other.

    Parameters
    ----------
    axes
        The graph's.
    quantity
        The value before ReLU.
    bend
        What becomes of it.
    theme
        Sizes and colours.
    """

    def __init__(self, axes: GraphAxes, quantity: Quantity, bend: Bend, theme: Theme) -> None:
        self._axes = axes
        self._ceiling = bend.ceiling
        self.value = quantity.value
        self.after = float(bend(self.value))
        """The value after ReLU."""
        accent, self._muted = theme.palette.accent, theme.palette.text_muted
        self.runner = _dot(accent)
        self.mark = _dot(accent).move_to(axes.point(self.value, self.after))
        self.trail = VMobject(
            stroke_color=accent, stroke_width=theme.strokes.normal, fill_opacity=0
        )
        self.label = Number(quantity, theme.sizes.body, accent, weight=600)
        self.plate = PlainRectangle(theme.palette.background)
        """Behind the number, where that stands on the area under the curve."""
        self._place_label()
        self.show(0.0)

    @property
    def start(self) -> Point3D:
        """Where the value lies on the axis of the values before."""
        return self._axes.point(self.value, 0.0)

    def show(self, share: float) -> None:
        """Go so far: at 1 on the curve, at 2 on the axis of the values after."""
        up, across = min(share, 1.0), max(share - 1.0, 0.0)
        place = self._axes.point(self.value * (1 - across), self.after * up)
        self.runner.move_to(place)
        corners = [self.start, place]
        if across:
            corners.insert(1, self._axes.point(self.value, self.after))
        self.trail.set_points_as_corners(np.array(corners))

    @property
    def texts(self) -> list[Mobject]:
        """The number, and what it stands on, if anything."""
        return [*([self.plate] if self._is_on_area else []), self.label]

    def step_back(self) -> None:
        """Be no longer the value that is talked about."""
        muted = self._muted
        self.mark.set_fill(muted)
        self.trail.set_stroke(muted)
        self.label.set_colour(muted)

    def _place_label(self) -> None:
        """Put the number where neither the curve nor an axis runs."""
        axes, label = self._axes, self.label
        gap = DOT_RADIUS + LABEL_GAP
        x, y, _ = axes.point(self.value, max(self.after, 0.0))
        zero = axes.point(0.0, 0.0)[0]
        half = label.width / 2
        self._is_on_area = False
        if self.value <= 0:
            centre = min(x, zero - gap - half)
            centre = max(centre, axes.point(-axes.limit, 0.0)[0] + half)
            label.move_to(point(centre, y + label.height / 2 + gap))
        elif self.value > self._ceiling:  # right of where numbers of kept values stand
            bend, end = (axes.point(value, 0.0)[0] for value in (self._ceiling, axes.limit))
            centre = max(bend + half, min(x, end - half))
            label.move_to(point(centre, y + label.height / 2 + gap))
        elif x - gap - label.width > zero + gap:
            label.move_to(point(x - gap - half, y + gap + label.height / 2))
        else:
            label.move_to(point(x + gap + half, max(y, _lowest_number(axes))))
            left, right = label.get_left()[0] - PLATE_MARGIN, label.get_right()[0] + PLATE_MARGIN
            self.plate.set_edges(left, label.get_top()[1], right, label.get_bottom()[1])
            self._is_on_area = True


def _limit_and_bin(values: npt.NDArray[np.float32], bend: Bend) -> tuple[float, float]:
    """Return where the axes end, and the width of a bar: one of them begins at the ceiling."""
    largest = max(np.abs(values).max(), np.abs(bend(values)).max())
    limit = (float(largest) or 1.0) * HEADROOM
    if np.isinf(bend.ceiling):
        return limit, limit / BARS
    limit = max(limit, bend.ceiling * BEYOND)
    width = bend.ceiling / max(1, int(bend.ceiling * BARS / limit))
    return width * BARS, width


def _corners(bend: Bend, limit: float) -> list[tuple[float, float]]:
    """Return the corners of the function's graph, none of which is further than `limit`."""
    left = -limit / max(1.0, abs(bend.slope))
    flat = min(limit, bend.ceiling)
    corners = [(left, float(bend(left))), (0.0, 0.0), (flat, flat), (limit, flat)]
    return corners if flat < limit else corners[:-1]


def _lowest_number(axes: GraphAxes) -> float:
    """Return the least height at which a number does not touch the horizontal axis."""
    return float(axes.point(0.0, 0.0)[1]) + LABEL_GAP + DOT_RADIUS


def _dot(colour: str) -> Circle:
    return Circle(DOT_RADIUS, fill_color=colour, fill_opacity=1, stroke_width=0)


class ReluGraph:
    """The mobjects of the graph and the histogram; none is in the scene at first.

    Parameters
    ----------
    layer_trace, channel
        The ReLU layer and which of its maps.
    zone
        The room there is.
    theme, words
        Looks and words.
    """

    def __init__(
        self, layer_trace: LayerTrace, channel: int, zone: Zone, theme: Theme, words: Words
    ) -> None:
        self._theme = theme
        self.zone = zone
        self._values = layer_trace.input[channel]
        self._bend = Bend.of(layer_trace, channel)
        limit, width = _limit_and_bin(self._values, self._bend)
        pixel = theme.layout.pixel
        bar = int(zone.width / (2 * BARS + 1) / pixel) * pixel
        corners = _corners(self._bend, limit)
        low = min(corners[0][1], 0.0)
        top = min(limit, self._bend.ceiling * BEYOND)
        across = BARS * bar / limit
        upwards = across * limit / top
        if low < 0:
            room = zone.height - BELOW_AXIS - ABOVE_GRAPH
            upwards = min(upwards, room / (top - low))

        def axes_from(least: float) -> GraphAxes:
            origin = point(zone.x, zone.bottom + BELOW_AXIS - least * upwards)
            origin = np.rint(origin / pixel) * pixel
            return GraphAxes(limit, (least, top), (across, upwards), origin, theme)

        self.axes = axes_from(low)
        self.bars_axes = axes_from(0.0) if low < 0 else self.axes
        """Those of the histogram, which has nothing below them."""
        self.curve = VMobject(
            stroke_color=theme.palette.text, stroke_width=theme.strokes.window, fill_opacity=0
        )
        self._corners = np.array([self.axes.point(*each) for each in corners])
        self.curve.set_points_as_corners(self._corners)
        self.area = SignedArea(float(self.axes.point(0.0, 0.0)[1]), theme)
        """What the function leaves of each value."""
        self.names = self._make_names(words)
        self.histogram: Histogram = histogram(layer_trace, channel, width=width)
        self.bars = self._make_bars(bar)
        self.bars_names = self._make_bars_names(words)

    def point(self, quantity: Quantity) -> GraphPoint:
        """Return a value that can travel along the graph."""
        return GraphPoint(self.axes, quantity, self._bend, self._theme)

    @property
    def readout_centre(self) -> Point3D:
        """Where the calculation of one value stands: above the graph."""
        top = self.axes.point(0.0, self.axes.top)[1] + self.names[1].height
        return point(self.zone.x, (top + self.zone.top) / 2)

    @property
    def above_bars(self) -> Point3D:
        """Where the share of scaled values stands, with two lines below it."""
        return point(self.zone.x, self.zone.top - ABOVE_BARS - RESULT_ROOM * RESULT_SHARE)

    def show_area(self, share: float) -> None:
        """Let what lies between function and axis reach as far as the curve is drawn."""
        end = share * (len(self._corners) - 1)
        index = np.append(np.arange(np.ceil(end)), end)
        x, y = (
            np.interp(index, np.arange(len(self._corners)), part) for part in self._corners.T[:2]
        )
        self.area.show(x, y)

    def show_bars(self, is_done: npt.NDArray[np.bool_], grown: float = 1.0) -> None:
        """Show the histogram of the map while the cells in `is_done` are clipped."""
        piles = {}
        if not self._bend.is_leaky:
            piles[self.histogram.zero_bin] = int((is_done & (self._values < 0)).sum())
        if self.histogram.ceiling_bin is not None:
            is_above = is_done & (self._values > self._bend.ceiling)
            piles[self.histogram.ceiling_bin] = int(is_above.sum())
        counts = self.histogram.counts(np.where(is_done, self._bend(self._values), self._values))
        self.bars.show_counts(counts, piles, grown)

    def _make_bars(self, bar: float) -> HistogramBars:
        origin = self.bars_axes.point(0.0, 0.0)
        height = self.zone.top - origin[1] - ABOVE_BARS
        if self._bend.is_leaky:  # no half of it becomes empty
            height -= RESULT_ROOM
        return HistogramBars(self.histogram, origin, bar, height, self._theme)

    def _make_names(self, words: Words) -> list[Label]:
        """Return what the two axes are called."""
        after = self._name(words("relu.after"))
        after.move_to(self.axes.point(0.0, self.axes.top))
        after.shift(point(0.0, after.height * 0.75))
        return [self._below(self.axes, words("relu.before")), after]

    def _make_bars_names(self, words: Words) -> list[Label]:
        """Return what the histogram shows, above it, and what its axis is called."""
        above = self._name(words("relu.distribution", count=self._values.size))
        above.move_to(point(self.zone.x, self.zone.top - above.height / 2))
        return [above, self._below(self.bars_axes, words("relu.value"))]

    def _below(self, axes: GraphAxes, text: str) -> Label:
        name = self._name(text)
        end = axes.point(axes.limit, axes.low)
        return name.move_to(end - point(name.width / 2, BELOW_AXIS * 0.75))

    def _name(self, text: str) -> Label:
        return Label(text, self._theme.sizes.label, self._theme.palette.text_muted)
