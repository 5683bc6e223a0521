"""What a pixel's cells add to every class's score, and what the scores become."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import RIGHT, Line, Mobject

from cnnviz.explain.overview import first_with
from cnnviz.explain.quantity import Quantity, QuantityKind
from cnnviz.explain.softmax import ranking
from cnnviz.locales import Words
from cnnviz.mobjects.bars import Bar
from cnnviz.mobjects.fitting import FittedLabel, fit_text
from cnnviz.mobjects.text import Label, Number, line_width
from cnnviz.model.trace import Trace
from cnnviz.scenes.journey.shown import decimals_of_small, written_part
from cnnviz.scenes.journey.stages import Journey
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

LEAST_LINE = 0.255
"""Smallest distance of two lines, in Manim units: more classes than fit are not all shown."""

MOST_LINE = 1.3

ROOMY_LINE = 0.6
"""With so much room for each, letters are larger."""

THICKEST = 0.23
"""Height of a bar where lines have more room; with very much, it is a share of that."""

THICK_SHARE = 0.36

NAME_HEIGHT = 0.85
"""Of a class's name in several lines, as a share of the lines' distance."""

HEADING = 0.5
"""Height of the columns' headings."""

FOOT = 0.3
"""Height of the axes' ends."""

BEHIND_MIDDLE = 0.33
"""From the middle of a column of numbers to where they end, in Manim units."""

POWER = " × 10"
"""In a number that is written with a power of ten."""

POWER_OVERHANG = 0.08
"""How far a number with a power of ten may reach beyond its column."""


class ScoreBoard:
    """One line per class: bar and number of what is added, score, probability.

    Parameters
    ----------
    trace
        What is shown.
    journey
        What the pixel adds.
    class_index
        The class that stands out.
    zone
        The room.
    theme, words
        Looks and words.
    """

    def __init__(
        self,
        trace: Trace,
        journey: Journey,
        class_index: int,
        zone: Zone,
        theme: Theme,
        words: Words,
    ) -> None:
        self._trace, self._theme, self._words = trace, theme, words
        self._class, self._zone = class_index, zone
        self._columns = zone.columns(1.5, 2.0, 0.9, 1.1, 0.9, 2.0, 0.95, gap=0.1)
        most = int((zone.height - HEADING - FOOT) / self._least_step())
        self.classes = first_with(ranking(trace.logits), most, class_index)
        body = Zone(zone.left, zone.top - HEADING, zone.right, zone.bottom + FOOT)
        step = min(body.height / len(self.classes), max(MOST_LINE, self._least_step()))
        top = body.y + step * len(self.classes) / 2
        self._ys = [top - (index + 0.5) * step for index in range(len(self.classes))]
        self._step = step
        sizes = theme.sizes
        self._size = sizes.body if step >= ROOMY_LINE else sizes.label
        self.names = self._make_names()
        self._make_added(journey)
        self.own_parts = self._numbers(3, "own_part", journey.own_scores, "own_score")
        self.score_parts = self._numbers(4, "logit", trace.logits, "score")
        self.probability_parts = self._probabilities()
        self._growth = zone.width / (self._columns[3].right - zone.left)
        self._aside = 0.0
        self._ways = self._first_columns()
        self.make_room(0.0)

    @property
    def first_parts(self) -> list[Mobject]:
        """All that :meth:`make_room` moves."""
        return [*(part for part, _ in self._ways), *self.bars]

    def _least_step(self) -> float:
        """Return the smallest distance of two classes: a long name takes more than one line."""
        size, width = self._theme.sizes.label, self._columns[0].width
        names = self._trace.architecture.class_names(self._words.language)
        most = int((self._zone.height - HEADING - FOOT) / LEAST_LINE)
        shown = first_with(ranking(self._trace.logits), most, self._class)
        return LEAST_LINE * max(len(fit_text(names[each], size, width)[0]) for each in shown)

    def _make_names(self) -> list[Mobject]:
        """Return the classes' names and, where some are left out, how many are shown."""
        zone, palette, size = self._columns[0], self._theme.palette, self._size
        labels: list[Mobject] = []
        for index, y in zip(self.classes, self._ys, strict=True):
            text = self._trace.class_name(index, self._words.language)
            colour = palette.accent if index == self._class else palette.text
            room = NAME_HEIGHT * self._step
            label = FittedLabel(text, size, colour, zone.width, max_height=room)
            labels.append(label.move_to(point(zone.right - label.width / 2, y)))
        shown, total = len(self.classes), len(self._trace.classes)
        if shown < total:
            text = self._words("journey.classes_shown", shown=shown, total=total)
            labels.append(self._note(text, zone.right, -0.5))
        return labels

    def _make_added(self, journey: Journey) -> None:
        """Make signed bars with the number beside each, and the axis."""
        zone, number_zone = self._columns[1], self._columns[2]
        palette = self._theme.palette
        values = journey.reached_scores
        largest = float(np.abs(values[list(self.classes)]).max()) or 1.0
        self.bars: list[Bar] = []
        self._ends: list[float] = []
        for index, y in zip(self.classes, self._ys, strict=True):
            share = float(values[index]) / largest
            colour = palette.positive if share >= 0 else palette.negative
            width = max(abs(share) * zone.width / 2, self._theme.layout.pixel)
            self._ends.append(float(np.copysign(width, share)))
            self.bars.append(self._bar(colour, y, zone.x, zone.x + self._ends[-1]))
        axis = self._axis(zone, zone.x)
        heading = self._heading("cells_add", Zone(zone.left, zone.top, number_zone.right, 0))
        numbers = self._column(number_zone, "contribution", values)
        self.axis_parts: list[Mobject] = [axis, heading]
        self.added_numbers = numbers

    def _first_columns(self) -> list[tuple[Mobject, float]]:
        """Return what is there before the scores, bars apart, and how far aside it can stand."""
        names, bars, numbers, own = self._columns[:4]
        axis, heading = self.axis_parts
        columns = (
            (self.names, names.right),
            ([axis], bars.x),
            ([heading], (bars.left + numbers.right) / 2),
            (self.added_numbers, numbers.x),
            (self.own_parts, own.x),
        )
        growth = self._growth - 1
        return [(part, growth * (x - names.left)) for parts, x in columns for part in parts]

    def make_room(self, share: float) -> None:
        """Let the first columns be at this share, 0 to 1, of the way to their own places.

        At 0 they have the whole width: the scores and probabilities are not there yet.
        """
        aside = 1 - share
        for part, way in self._ways:
            part.shift((aside - self._aside) * way * RIGHT)
        self._aside = aside
        self.show_bars(1.0)

    def show_bars(self, share: float) -> None:
        """Let the bars grow from 0; their numbers appear towards the end."""
        zone = self._columns[1]
        growth = 1 + self._aside * (self._growth - 1)
        start = self._columns[0].left + growth * (zone.x - self._columns[0].left)
        for bar, end in zip(self.bars, self._ends, strict=True):
            bar.set_span(*sorted((start, start + share * growth * end)))
        for number in self.added_numbers:
            number.opacity = max(2 * share - 1, 0.0)

    def _numbers(
        self, column: int, kind: QuantityKind, values: np.ndarray, key: str
    ) -> list[Mobject]:
        zone = self._columns[column]
        return [self._heading(key, zone), *self._column(zone, kind, values)]

    def _column(self, zone: Zone, kind: QuantityKind, values: np.ndarray) -> list[Number]:
        """Return a number for each class, right-aligned near the middle, or at the zone's end.

        That is where a power of ten takes more room, and where there is none near the middle.
        """
        palette, usual = self._theme.palette, zone.x + BEHIND_MIDDLE
        right = zone.right
        for size, digits in (
            (self._size, 2),
            (self._theme.sizes.label, 2),
            (self._theme.sizes.label, 1),
        ):
            quantities = self._quantities(kind, values, digits=digits)
            has_power = any(POWER in each.shown for each in quantities)
            needed = _widest(quantities, size) + zone.left - POWER_OVERHANG
            if needed <= zone.right:
                right = zone.right if has_power or needed > usual else usual
                break
        numbers: list[Number] = []
        for index, y, quantity in zip(self.classes, self._ys, quantities, strict=True):
            ink = palette.accent if index == self._class else palette.text
            number = Number(quantity, size, ink, anchor="right")
            numbers.append(number.move_to(point(right - number.width / 2, y)))
        return numbers

    def _quantities(self, kind: QuantityKind, values: np.ndarray, digits: int) -> list[Quantity]:
        """Return what is written for each class that is shown: parts never read as zero."""
        shown = values[list(self.classes)]
        decimals, made = decimals_of_small(shown), []
        for index, value in zip(self.classes, shown.tolist(), strict=True):
            name = self._trace.classes[index]
            if kind == "logit":
                made.append(Quantity.of(kind, value, decimals, width=8, class_name=name))
            else:
                made.append(written_part(value, kind, decimals, digits, class_name=name))
        return made

    def _probabilities(self) -> list[Mobject]:
        """Return bars on an axis from 0 to 1, with percentages."""
        zone, number_zone = self._columns[5], self._columns[6]
        palette, layout = self._theme.palette, self._theme.layout
        parts: list[Mobject] = []
        for index, y in zip(self.classes, self._ys, strict=True):
            value = float(self._trace.probabilities[index])
            width = max(value * zone.width, layout.pixel)
            colour = palette.accent if index == self._class else palette.positive
            parts.append(self._bar(palette.zero, y, zone.left, zone.right))
            parts.append(self._bar(colour, y, zone.left, zone.left + width))
            quantity = Quantity.of_probability(value, class_name=self._trace.classes[index])
            ink = palette.accent if index == self._class else palette.text
            number = Number(quantity, self._size, ink, anchor="right")
            parts.append(number.move_to(point(number_zone.right - number.width / 2, y)))
        ends = [self._note("0", zone.left), self._note("1", zone.right)]
        heading = self._heading("probability", zone)
        return [*parts, heading, *ends]

    def _axis(self, zone: Zone, x: float) -> Mobject:
        top, bottom = self._ys[0] + self._step / 2, self._ys[-1] - self._step / 2
        return Line(
            point(x, top),
            point(x, bottom),
            stroke_width=self._theme.strokes.thin,
            color=self._theme.palette.line,
        )

    def _bar(self, colour: str, y: float, start: float, end: float) -> Bar:
        thickest = max(THICKEST, THICK_SHARE * self._step)
        bar = Bar(colour, y, min(0.55 * self._step, thickest))
        bar.set_span(start, end)
        return bar

    def _note(self, text: str, x: float, shift: float = 0.0) -> Label:
        """Return a small text below the lines, moved by the share `shift` of its width."""
        label = Label(text, self._theme.sizes.small, self._theme.palette.text_muted)
        y = self._ys[-1] - self._step / 2 - 0.14
        return label.move_to(point(x + shift * label.width, y))

    def _heading(self, key: str, zone: Zone) -> Label:
        size = self._theme.sizes.small
        text, colour = self._words(f"journey.{key}"), self._theme.palette.text_muted
        label = FittedLabel(text, size, colour, zone.width + 0.1)
        return label.move_to(point(zone.x, self._ys[0] + self._step / 2 + 0.2))


def _widest(quantities: Sequence[Quantity], size: float) -> float:
    """Return the width of the longest of some numbers."""
    return max(line_width(each.shown, size) for each in quantities)
