"""The legends of an overview: what a colour means in which layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from manim import Mobject, VMobject

from cnnviz.arrays import FloatArray
from cnnviz.explain.legend import Extremes, scale_marks
from cnnviz.explain.quantity import Quantity
from cnnviz.explain.scaling import Scale, layer_groups
from cnnviz.mobjects.colour_bar import ColourBar
from cnnviz.mobjects.network_map.columns import small_map_scale
from cnnviz.mobjects.network_map.plan import LINE, NAME_GAP, NetworkPlan
from cnnviz.mobjects.text import line_width
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import point
from cnnviz.style.theme import Theme

LEGEND_GAP = 0.1
"""Between maps and legend."""


@dataclass(frozen=True)
class _LegendPlan:
    """A legend's scale, the layers it holds for, and the part along that it may take."""

    layers: tuple[int, ...]
    name: str
    colours: ColourScale
    extremes: Extremes
    start: float
    end: float


class Legends:
    """One legend for the picture and for each group of layers that share a range.

    Where the network runs to the right, a legend's bar stands below the columns it holds
    for; where it runs down, a line beside it says for which rows. A unit whose layers lie apart,
    with other branches in between, has one legend for each part. Where larger groups alternate,
    they share the room along, the signed one first.
    """

    def __init__(self, trace: Trace, plan: NetworkPlan, scale: Scale, theme: Theme) -> None:
        self._plan, self._theme = plan, theme
        self.bars: list[ColourBar] = []
        self.brackets: list[VMobject] = []
        for each in _legend_plans(trace, plan, scale, theme):
            (self._beside_rows if plan.runs_down else self._below_columns)(each)

    @property
    def parts(self) -> list[Mobject]:
        """Everything."""
        return [*self.bars, *self.brackets]

    def _below_columns(self, legend: _LegendPlan) -> None:
        plan = self._plan
        start, inset = max(legend.start, plan.legend.left), plan.least_beside
        middle, room = (start + legend.end) / 2, legend.end - start - NAME_GAP
        marks, needed = self._marks(legend, room)
        width = max(legend.end - start - 2 * inset, min(needed, room))
        bar = ColourBar(legend.colours, marks, self._theme, width)
        self._place(bar, point(middle, plan.legend.top - LEGEND_GAP))

    def _marks(self, legend: _LegendPlan, room: float) -> tuple[tuple[Quantity, ...], float]:
        """Return the numbers on a legend that fit, and the width they need.

        Both ends and 0, else both ends, else the upper one.
        """
        ends = scale_marks(
            legend.colours.low, legend.colours.high, legend.extremes, layer=legend.name
        )
        first, *between, last = (line_width(end.shown, self._theme.sizes.small) for end in ends)
        needed = 2 * (max(first, last) + NAME_GAP) + sum(between)
        if between and needed <= room:
            return ends, needed
        if max(first, last) <= room:
            return (ends[0], ends[-1]), first + NAME_GAP + last
        return (ends[-1],), last

    def _place(self, bar: ColourBar, centre: np.ndarray) -> None:
        """Move a legend, its first and last number flush with its ends.

        Where they would touch, the last one stands a line lower, and so does every other one
        that stands alone, unless only the other line is free.
        """
        bar.shift(centre - bar.bar.get_center())
        first, last = bar.numbers[0], bar.numbers[-1]
        first.shift((bar.bar.get_left() - first.get_left()) * point(1, 0))
        last.shift((bar.bar.get_right() - last.get_right()) * point(1, 0))
        if first is last:
            last.shift((bar.bar.get_center() - last.get_center()) * point(1, 0))
            last.shift(point(0.0, -LINE * self._free_line(last)))
        elif first.get_right()[0] + NAME_GAP / 2 > last.get_left()[0]:
            last.shift(point(0.0, -LINE))
        self.bars.append(bar)

    def _free_line(self, number: Mobject) -> int:
        """Return the line below a bar, 0 or 1, in which a number that stands alone has room."""
        ends = {
            round((number.get_y() - each.get_y()) / LINE): float(each.get_right()[0])
            for each in (self.bars[-1].numbers if self.bars else [])
        }
        return free_line(len(self.bars) % 2, float(number.get_left()[0]), ends)

    def _beside_rows(self, legend: _LegendPlan) -> None:
        plan = self._plan
        inset = plan.least_beside
        top, bottom = legend.start - inset, legend.end + inset
        x = plan.legend.left + LEGEND_GAP
        self.brackets.append(_line((x, top), (x, bottom), self._theme))
        left, right = x + LEGEND_GAP, plan.legend.right
        marks, _ = self._marks(legend, right - left)
        bar = ColourBar(legend.colours, marks, self._theme, right - left)
        self._place(bar, point((left + right) / 2, (top + bottom) / 2 + LINE / 2))


def free_line(usual: int, left: float, ends: Mapping[int, float]) -> int:
    """Return in which of two lines a number stands: the usual one, unless only the other is free.

    Parameters
    ----------
    usual
        0 or 1.
    left
        Where the number begins.
    ends
        Where what stands before it ends, for each line in which there is something.
    """

    def is_free(line: int) -> bool:
        return line not in ends or ends[line] + NAME_GAP / 2 <= left

    return usual if is_free(usual) or not is_free(1 - usual) else 1 - usual


def _legend_plans(trace: Trace, plan: NetworkPlan, scale: Scale, theme: Theme) -> list[_LegendPlan]:
    """Return the legends in order; the picture's is the first."""
    names = [layer.name for layer in plan.layers]
    groups: list[tuple[str, ...]] = [(INPUT,)]
    for group in layer_groups(trace, scale):
        shown = [each for each in group if each in names and _has_maps(plan, names.index(each))]
        if shown:
            groups += _neighbours(shown, names) if scale == "unit" else [tuple(shown)]
    groups.sort(key=lambda group: names.index(group[0]))
    layers = [tuple(names.index(each) for each in group) for group in groups]
    plans = []
    for group, indices, (start, end) in zip(groups, layers, _spans(layers, plan), strict=True):
        outputs = [_output(trace, name) for name in group]
        colours = small_map_scale(theme, trace, group[0], scale)
        plans.append(_LegendPlan(indices, group[0], colours, Extremes.of(*outputs), start, end))
    return plans


def _neighbours(group: Sequence[str], names: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the parts of a group whose columns stand side by side."""
    parts: list[tuple[str, ...]] = []
    for name in group:
        if parts and names.index(parts[-1][-1]) == names.index(name) - 1:
            parts[-1] += (name,)
        else:
            parts.append((name,))
    return parts


def _has_maps(plan: NetworkPlan, index: int) -> bool:
    return plan.layers[index].has_maps


def _output(trace: Trace, name: str) -> FloatArray:
    """Return a layer's output, or what the first layer receives."""
    return trace.layers[0].input if name == INPUT else trace[name].output


def _spans(groups: list[tuple[int, ...]], plan: NetworkPlan) -> list[tuple[float, float]]:
    """Return from where to where along each group's legend may reach.

    Up to half way to the columns of others; groups that alternate share what is theirs.
    """
    spans = []
    for indices in groups:
        rivals = [each for each in groups if each[0] <= indices[-1] and indices[0] <= each[-1]]
        first, last = min(each[0] for each in rivals), max(each[-1] for each in rivals)
        start, end = plan.edge_along(first, -1), plan.edge_along(last, 1)
        share = (end - start) / len(rivals)
        place = rivals.index(indices)
        spans.append((start + place * share, start + (place + 1) * share))
    return spans


def _line(start: tuple[float, float], end: tuple[float, float], theme: Theme) -> VMobject:
    line = VMobject(stroke_color=theme.palette.line, stroke_width=theme.strokes.thin)
    return line.set_points_as_corners(np.array([(*start, 0.0), (*end, 0.0)]))
