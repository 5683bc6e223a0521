"""The classes of an overview: bars on an axis that always runs from 0 to 1."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from manim import Group, Mobject, VMobject

from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.bars import PlainRectangle
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.network_map.plan import (
    GAP,
    LINE,
    NAME_ROOM,
    NetworkPlan,
    lines_without_collision,
    name_room,
)
from cnnviz.mobjects.text import Anchor, Label, Number
from cnnviz.model.trace import Trace
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import point
from cnnviz.style.theme import Theme

PERCENT_DECIMALS = 1

THICKNESS = 0.13
"""Of a bar in the list, in Manim units."""

STANDING_THICKNESS = 0.3
"""Of a bar that stands."""

NAME_LINES = 2
"""Lines of names below bars that stand."""


class ClassBars(Group):
    """A name, a bar and a percentage for each class, in the order of the plan.

    Where the network runs to the right, the classes are a list; where it runs down, the
    bars stand side by side.

    Parameters
    ----------
    trace
        Has the probabilities.
    plan
        Says which classes are shown, and where.
    theme
        Sizes and colours.
    language
        Of the classes' names.
    """

    def __init__(self, trace: Trace, plan: NetworkPlan, theme: Theme, language: str) -> None:
        self.plan, self._theme = plan, theme
        self.classes = plan.scores.channels
        self.lit: tuple[int, ...] = ()
        self.emphasis = 0.0
        self.names: list[Label] = []
        self.tracks: list[PlainRectangle] = []
        self.bars: list[PlainRectangle] = []
        self.numbers: list[Number] = []
        self._probabilities = [float(trace.probabilities[index]) for index in self.classes]
        size, palette = theme.sizes.small, theme.palette
        for index, probability in zip(self.classes, self._probabilities, strict=True):
            quantity = Quantity.of_probability(
                probability, PERCENT_DECIMALS, class_name=trace.classes[index]
            )
            self.numbers.append(Number(quantity, size, palette.text_muted))
        room = self._room_for_names()
        for index in self.classes:
            name = trace.class_name(index, language)
            anchor: Anchor = "centre" if plan.runs_down else "left"
            self.names.append(FittedLabel(name, size, palette.text, room, anchor=anchor))
            self.tracks.append(PlainRectangle(palette.zero))
            self.bars.append(PlainRectangle(palette.text_muted))
        self._name_lines = max(len(name.lines) for name in self.names)
        self.axis = VMobject(stroke_color=palette.line, stroke_width=theme.strokes.hairline)
        self.marks: list[Label] = []
        (self._stand if plan.runs_down else self._list)()
        self.grow(0.0)
        super().__init__(
            *self.tracks, self.axis, *self.bars, *self.marks, *self.names, *self.numbers
        )

    @property
    def ground(self) -> list[Mobject]:
        """What is there before any bar has grown: axis, tracks and names."""
        return [*self.tracks, self.axis, *self.marks, *self.names]

    def of(self, place: int) -> list[Mobject]:
        """Return name, bar and number of a class, by its place among those shown."""
        return [self.names[place], self.tracks[place], self.bars[place], self.numbers[place]]

    def looks_like(self, other: ClassBars) -> bool:
        """Return whether the same classes stand at the same places, lit alike."""
        one, two = (
            (bars.classes, bars.lit, bars.emphasis, plan.bars, plan.bars_pitch, plan.middle)
            for bars, plan in ((self, self.plan), (other, other.plan))
        )
        return one == two

    def grow(self, share: float) -> None:
        """Let every bar have the share 0..1 of its length."""
        for place, (bar, probability) in enumerate(
            zip(self.bars, self._probabilities, strict=True)
        ):
            self._set_bar(bar, place, probability * share)

    def light(self, classes: Collection[int], emphasis: float = 1.0) -> None:
        """Give some classes the accent; `emphasis` 0..1 lies between usual and lit."""
        palette = self._theme.palette
        self.lit, self.emphasis = tuple(classes), emphasis
        for place, index in enumerate(self.classes):
            if index in classes:
                name = ColourScale(0, 1, (palette.text, palette.accent)).colour(emphasis)
                other = ColourScale(0, 1, (palette.text_muted, palette.accent)).colour(emphasis)
                self.names[place].set_colour(name)
                self.bars[place].set_bar_colour(other)
                self.numbers[place].set_colour(other)

    # -- a list: the network runs to the right ------------------------------------------------

    def _room_for_names(self) -> float:
        if self.plan.runs_down:
            return NAME_ROOM * self.plan.bars_pitch
        return name_room(self.plan.bars.width, max(number.width for number in self.numbers))

    def _list(self) -> None:
        zone, size = self.plan.bars, self._theme.sizes.small
        self._low, self._high = zone.left, zone.right
        for place in range(len(self.classes)):
            name, number = self.names[place], self.numbers[place]
            y = self._across(place) + LINE / 2
            name.move_to(point(zone.left + GAP + name.width / 2, y))
            number.move_to(point(zone.right - number.width / 2, y))
            self._set_bar(self.tracks[place], place, 1.0)
        height = (self._name_lines + 1) * LINE / 2
        end = self._across(len(self.classes) - 1) - height
        self._rule((zone.left, self._across(0) + height), (zone.left, end))
        for value, shift in ((0, 0.5), (0.5, 0.0), (1, -0.5)):
            mark = Label(f"{value:g}", size, self._theme.palette.text_muted)
            x = self._at(value) + shift * mark.width
            self.marks.append(mark.move_to(point(x, end - LINE / 2)))

    # -- side by side: the network runs down --------------------------------------------------

    def _stand(self) -> None:
        zone, size = self.plan.bars, self._theme.sizes.small
        self._low = zone.bottom + NAME_LINES * LINE + GAP
        self._high = zone.top - GAP - LINE
        places = [self._across(place) for place in range(len(self.classes))]
        spans = []
        for x, name in zip(places, self.names, strict=True):
            left = min(max(x - name.width / 2, zone.left - GAP), zone.right - name.width)
            spans.append((left, left + name.width))
        lines = lines_without_collision(spans)
        for place, (x, line) in enumerate(zip(places, lines, strict=True)):
            name, number = self.names[place], self.numbers[place]
            y = self._low - GAP / 2 - (line + 0.5) * LINE
            name.move_to(point(sum(spans[place]) / 2, y))
            number.move_to(point(x, self._high + LINE / 2 + GAP / 2))
            self._set_bar(self.tracks[place], place, 1.0)
        left = places[0] - self.plan.bars_pitch / 2
        for value, shift in ((0, 0.5), (1, -0.5)):
            mark = Label(str(value), size, self._theme.palette.text_muted)
            y = self._at(value) + shift * mark.height
            self.marks.append(mark.move_to(point(left - GAP, y)))
        self._rule((left, self._low), (places[-1] + self.plan.bars_pitch / 2, self._low))

    # -- both -----------------------------------------------------------------------------------

    def _across(self, place: int) -> float:
        return self.plan.across(len(self.plan.layers) - 1, place)

    def _at(self, value: float) -> float:
        """Return where a probability lies along its axis: an x, or a y."""
        return self._low + value * (self._high - self._low)

    def _set_bar(self, bar: PlainRectangle, place: int, value: float) -> None:
        across, end = self._across(place), self._at(value)
        if self.plan.runs_down:
            half = STANDING_THICKNESS / 2
            bar.set_edges(across - half, end, across + half, self._low)
        else:
            middle, half = across - self._name_lines * LINE / 2, THICKNESS / 2
            bar.set_edges(self._low, middle + half, end, middle - half)

    def _rule(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.axis.start_new_path(np.array([*start, 0.0]))
        self.axis.add_line_to(np.array([*end, 0.0]))
