"""What stands around the maps of an overview: names, shapes, what is left out, legends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from manim import Mobject, VMobject

from cnnviz.explain.quantity import Quantity
from cnnviz.explain.scaling import Scale, layer_groups
from cnnviz.locales import Words
from cnnviz.mobjects.colour_bar import ColourBar
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.text import Label, TextBlock, line_width
from cnnviz.model.architecture import INPUT, Conv2d, Linear
from cnnviz.model.trace import Trace
from cnnviz.scenes.overview.columns import small_map_scale
from cnnviz.scenes.overview.plan import (
    LINE,
    MORE,
    MORE_DOWN,
    NAME_GAP,
    OverviewPlan,
    lines_without_collision,
    name_sides,
    shape_text,
)
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import point
from cnnviz.style.theme import Theme

LEGEND_GAP = 0.13
"""Between maps and legend."""

MARK_CHARACTERS = 6


class Headings:
    """The names and shapes, one list of labels for each layer of the plan.

    Layers that learned weights are named in the text's colour, the others in a muted one.
    Where the network runs to the right, layers in a row that have the same shape share it.
    """

    def __init__(self, plan: OverviewPlan, theme: Theme, words: Words) -> None:
        self._plan, self._theme, self._words = plan, theme, words
        self.names = [self._name(index) for index in range(len(plan.layers))]
        self.others: list[list[Mobject]] = [[] for _ in plan.layers]
        (self._beside_rows if plan.runs_down else self._above_columns)()
        for index, layer in enumerate(plan.layers[:-1]):
            if layer.left_out:
                self.others[index].append(self._left_out(index))
            if layer.skipped:
                self.others[index].append(self._skipped(index))

    def of(self, layer: int) -> list[Mobject]:
        """Return everything that appears with a layer."""
        return [self.names[layer], *self.others[layer]]

    def _name(self, index: int) -> Label:
        palette = self._theme.palette
        has_weights = self._plan.layers[index].kind in (Conv2d.kind, Linear.kind)
        colour = palette.text if has_weights else palette.text_muted
        name, room = self._plan.names[index], self._plan.longest_name
        return FittedLabel(name, self._theme.sizes.small, colour, room, max_height=LINE)

    def _small(self, text: str) -> Label:
        return Label(text, self._theme.sizes.small, self._theme.palette.text_muted)

    def _above_columns(self) -> None:
        plan, top = self._plan, self._plan.header.top
        runs = _runs_of_same_shape(plan)
        shapes = [self._small(shape_text(plan.layers[run[0]])) for run in runs]
        self._set_in_lines(self.names[:-1], [[index] for index in range(len(plan.along))], top)
        self._set_in_lines(shapes, runs, top - plan.name_lines * LINE)
        for run, shape in zip(runs, shapes, strict=True):
            self.others[run[0]].append(shape)
        count = self._small(self._class_count())
        for label, line in ((self.names[-1], 0.5), (count, plan.name_lines + 0.5)):
            x = plan.bars.left + NAME_GAP + label.width / 2
            label.move_to(point(x, top - line * LINE))
        self.others[-1].append(count)

    def _set_in_lines(self, labels: list[Label], runs: list[list[int]], top: float) -> None:
        """Place texts above the columns they are for, in as many lines as they need."""
        plan = self._plan
        spans = []
        for label, run in zip(labels, runs, strict=True):
            before, after = name_sides(plan.layers[run[-1]], label.width)
            middle = (plan.along[run[0]] + plan.along[run[-1]]) / 2
            left = max(middle - before, plan.header.left)
            spans.append((left, left + before + after))
        for label, (left, right), line in zip(
            labels, spans, lines_without_collision(spans), strict=True
        ):
            label.move_to(point((left + right) / 2, top - (line + 0.5) * LINE))

    def _class_count(self) -> str:
        scores = self._plan.scores
        if not scores.left_out:
            return str(scores.total)
        return self._words("overview.shown_of", shown=len(scores.channels), total=scores.total)

    def _beside_rows(self) -> None:
        plan = self._plan
        left = plan.header.left
        for index, y in enumerate(plan.along):
            shape = self._small(shape_text(plan.layers[index]))
            for label, line in ((self.names[index], 0.5), (shape, -0.5)):
                label.move_to(point(left + label.width / 2, y + line * LINE))
            self.others[index].append(shape)
        count = self._small(self._class_count())
        for label, line in ((self.names[-1], 1.0), (count, 0.0)):
            y = plan.bars.top + (line + 0.5) * LINE
            label.move_to(point(left + label.width / 2, y))
        self.others[-1].append(count)

    def _left_out(self, index: int) -> Label:
        plan = self._plan
        label = self._small(self._words("overview.more", count=plan.layers[index].left_out))
        end = plan.across(index, len(plan.layers[index].channels) - 1)
        beyond = plan.side / 2 + (MORE_DOWN if plan.runs_down else MORE) / 2
        return label.move_to(
            plan.point(plan.along[index], end + beyond * (1 if plan.runs_down else -1))
        )

    def _skipped(self, index: int) -> TextBlock:
        plan = self._plan
        text = self._words("overview.skipped", count=plan.layers[index].skipped)
        size, colour = self._theme.sizes.small, self._theme.palette.text_muted
        middle = (plan.along[index - 1] + plan.along[index]) / 2
        return TextBlock(text, size, colour, max_width=0).move_to(plan.point(middle, plan.middle))


def _runs_of_same_shape(plan: OverviewPlan) -> list[list[int]]:
    """Return the indices of the layers but the last, those in a row of one shape together."""
    return [
        list(run)
        for _, run in groupby(
            range(len(plan.layers) - 1),
            key=lambda index: (plan.layers[index].shape, index == 0),
        )
    ]


@dataclass(frozen=True)
class _LegendPlan:
    """A legend's scale, and the layers it holds for."""

    layers: tuple[int, ...]
    name: str
    colours: ColourScale


class Legends:
    """One legend for the picture and for each group of layers that share a range.

    Where the network runs to the right, a legend's bar is as wide as the columns it holds
    for; where it runs down, a line beside it says for which rows.
    """

    def __init__(self, trace: Trace, plan: OverviewPlan, scale: Scale, theme: Theme) -> None:
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
        half = plan.side / 2
        left, right = plan.along[legend.layers[0]] - half, plan.along[legend.layers[-1]] + half
        marks, needed = self._marks(legend, self._room(legend))
        bar = ColourBar(legend.colours, marks, self._theme, max(right - left, needed))
        y = plan.legend.top - LEGEND_GAP
        self._place(bar, point((left + right) / 2, y))

    def _marks(self, legend: _LegendPlan, room: float) -> tuple[tuple[Quantity, ...], float]:
        """Return the numbers on a legend that fit, and the width they need.

        Both ends and 0, else both ends, else the upper end, if need be with fewer decimals.
        """
        for decimals, places in ((2, (0, 1, -1)), (2, (0, -1)), (1, (0, -1)), (1, (-1,))):
            ends = _ends_and_zero(legend, decimals)
            marks = tuple(dict.fromkeys(ends[place] for place in places))
            widths = [line_width(mark.shown, self._theme.sizes.small) for mark in marks]
            needed = 2 * max(widths[0], widths[-1]) + NAME_GAP if len(marks) > 1 else widths[0]
            needed += (NAME_GAP + widths[1]) if len(marks) > 2 else 0
            if needed <= room:
                break
        return marks, needed

    def _place(self, bar: ColourBar, centre: np.ndarray) -> None:
        """Move a legend, its first and last number flush with its ends."""
        bar.shift(centre - bar.bar.get_center())
        first, last = bar.numbers[0], bar.numbers[-1]
        last.shift((bar.bar.get_right() - last.get_right()) * point(1, 0))
        if first is not last:
            first.shift((bar.bar.get_left() - first.get_left()) * point(1, 0))
        self.bars.append(bar)

    def _room(self, legend: _LegendPlan) -> float:
        """Return the width up to half way to the next columns."""
        along = [*self._plan.along, self._plan.bars.left]
        first, last = legend.layers[0], legend.layers[-1]
        middle = (along[first] + along[last]) / 2
        left = (along[first - 1] + along[first]) / 2 if first else self._plan.legend.left
        right = (along[last] + along[last + 1]) / 2
        return 2 * min(middle - left, right - middle) - NAME_GAP

    def _beside_rows(self, legend: _LegendPlan) -> None:
        plan = self._plan
        half = plan.side / 2
        top, bottom = plan.along[legend.layers[0]] + half, plan.along[legend.layers[-1]] - half
        x = plan.legend.left + LEGEND_GAP
        self.brackets.append(_line((x, top), (x, bottom), self._theme))
        left, right = x + LEGEND_GAP, plan.legend.right
        marks, needed = self._marks(legend, right - left)
        bar = ColourBar(legend.colours, marks, self._theme, max(right - left, needed))
        self._place(bar, point((left + right) / 2, (top + bottom) / 2 + LINE / 2))


def _legend_plans(
    trace: Trace, plan: OverviewPlan, scale: Scale, theme: Theme
) -> list[_LegendPlan]:
    names = [layer.name for layer in plan.layers]
    plans = [_LegendPlan((0,), INPUT, small_map_scale(theme, trace, INPUT, scale))]
    for group in layer_groups(trace, scale):
        shown = [
            name for name in group if name in names and plan.layers[names.index(name)].has_maps
        ]
        if shown:
            colours = [small_map_scale(theme, trace, name, scale) for name in shown]
            widest = min(colours, key=lambda each: each.low)
            indices = tuple(names.index(name) for name in shown)
            plans.append(_LegendPlan(indices, shown[0], widest))
    return plans


def _line(start: tuple[float, float], end: tuple[float, float], theme: Theme) -> VMobject:
    line = VMobject(stroke_color=theme.palette.line, stroke_width=theme.strokes.thin)
    return line.set_points_as_corners(np.array([(*start, 0.0), (*end, 0.0)]))


def _ends_and_zero(legend: _LegendPlan, decimals: int) -> tuple[Quantity, ...]:
    """Return the ends of a scale, and 0 where it lies between them."""
    values: Sequence[float] = sorted({legend.colours.low, 0.0, legend.colours.high})
    is_signed = legend.colours.low < 0
    return tuple(
        Quantity.of(
            "scale_end",
            value,
            0 if value in (0.0, 1.0) else decimals,
            sign="always" if is_signed else "auto",
            width=MARK_CHARACTERS,
            layer=legend.name,
        )
        for value in values
    )
