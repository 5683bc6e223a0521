"""The stage of softmax: classes, curve and strip, and what moves together on it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from manim import Dot, FadeIn, Mobject, smooth

from cnnviz.animations.drive import Drive
from cnnviz.locales import Words
from cnnviz.mobjects.bars import PlainRectangle
from cnnviz.mobjects.text import Label, Number
from cnnviz.scenes.softmax.bars import ProbabilityBars, TurningBar, passing_colour
from cnnviz.scenes.softmax.curve import DOT_RADIUS, STICK_WIDTH, ExponentialCurve, drop_share
from cnnviz.scenes.softmax.notes import further_note, largest_note
from cnnviz.scenes.softmax.panel import SoftmaxPanel
from cnnviz.scenes.softmax.score_axis import ScoreAxis
from cnnviz.scenes.softmax.shown import ShownSoftmax
from cnnviz.scenes.softmax.strip import SINKS, Strip, by_turns
from cnnviz.scenes.softmax.table import SoftmaxTable
from cnnviz.scenes.softmax.what_if_numbers import WhatIfStop, probabilities_if
from cnnviz.staging.rhythm import arriving, leaving
from cnnviz.style.colour import mixed
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

RISE = 0.45
TURN = 0.6
"""Of the time for one class: until its point is on the curve, and until its bar takes off."""


class SoftmaxBoard:
    """All mobjects of the softmax; none is in the scene at first.

    Parameters
    ----------
    shown
        The numbers.
    theme, words
        Looks and words.
    """

    def __init__(self, shown: ShownSoftmax, theme: Theme, words: Words) -> None:
        self._theme, self._shown = theme, shown
        self.table = SoftmaxTable(shown, theme, words, theme.layout.stage)
        layout = self.layout = self.table.layout
        self.bars = ProbabilityBars(shown, layout, theme)
        self.axis = ScoreAxis(shown, layout, theme)
        self.curve = ExponentialCurve(shown, layout, theme)
        names = [line.name.text for line in self.table.lines]
        self.strip = Strip(shown, layout, names, theme)
        self.panel = SoftmaxPanel(shown, theme, words, self.curve)
        palette = theme.palette
        self.turning = [TurningBar(palette.positive) for _ in shown.classes]
        self.axis_name = Label(
            words("softmax.head_shifted", about=""),
            theme.sizes.small,
            palette.text_muted,
            anchor="left",
        )
        self._place_axis_name()
        self.largest = largest_note(shown, layout.scores, self.axis.view, theme)
        self.probe = (
            PlainRectangle(palette.text),
            Dot(radius=1.3 * DOT_RADIUS, color=palette.text),
        )
        off = sum(self.curve.is_off(line) for line in range(len(shown.classes)))
        self.further = further_note(off, self.curve.view, theme, words) if off else None
        self.emphasised = shown.emphasised
        self.emphasise(shown.emphasised)
        self._open_lines(1.0)
        self.show_slid(0.0)
        self.show_probe(0.0)

    def emphasise(self, emphasised: int) -> None:
        """Give one class the accent's colour wherever it is shown, and no other."""
        self.emphasised = emphasised
        self._give_accent({emphasised: 1.0})

    def passing_accent(self, to: int, run_time: float) -> Drive:
        """Return the motion in which the accent's colour passes from its class to another one."""
        start, self.emphasised = self.emphasised, to

        def show(share: float) -> None:
            self._give_accent({start: 1.0 - share} | {to: share if to != start else 1.0})

        curve, strip = self.curve, self.strip
        texts = [text for line in self.table.lines for text in line.parts]
        parts = [*texts, *self.bars.bars, *curve.sticks, *curve.dots, *strip.parts, *strip.names]
        return Drive(parts, show, 0, 1, run_time=run_time)

    def _give_accent(self, shares: Mapping[int, float]) -> None:
        """Give classes so much of the accent's colour, 0 to 1; those that are not named, none."""
        palette = self._theme.palette
        for line, texts in enumerate(self.table.lines):
            share = shares.get(line, 0.0)
            text_colour = mixed(palette.text, palette.accent, share)
            colour = passing_colour(palette.positive, share, self._theme)
            texts.set_colour(text_colour)
            self.bars.bars[line].set_bar_colour(colour)
            if line < len(self.turning):
                self.curve.set_colour(line, colour, text_colour)
                self.turning[line].set_fill(colour)
        self.strip.give_accent(shares)

    # -- from the bars of the scores to the curve ---------------------------------------------

    def show_grown(self, share: float) -> None:
        """Let the bars of the scores have this share of their lengths."""
        self._show_score_bars(0.0, share)

    def show_slid(self, share: float) -> None:
        """Slide the axis past the bars: they now begin at this share of the largest score."""
        self.axis.show_slid(share)
        self._show_score_bars(share * self._shown.terms.maximum, 1.0)

    def show_gathered(self, share: float) -> None:
        """Let the bars shrink to their ends, and those fall onto the axis."""
        fallen = drop_share(share)
        self.axis.show_gathered(fallen)
        if not self.layout.has_wide_plot:
            self._open_lines(1 - fallen * (1 - self.layout.tall_openness))
        spans = self.curve.show_dropped(share, self.axis.view)
        for bar, span in zip(self.bars.bars, spans, strict=False):
            bar.set_span(*span)
            bar.set_opacity(1.0 if span[0] != span[1] else 0.0)

    @property
    def score_parts(self) -> list[Mobject]:
        """All that :meth:`show_slid` and :meth:`show_gathered` change."""
        bars = [self.bars.zero_line, *self.score_bars]
        return [self.axis, *bars, *self.curve.dots, *self._line_texts]

    @property
    def score_bars(self) -> list[Mobject]:
        """The bars of those classes whose scores are shown."""
        return list(self.bars.bars[: len(self.turning)])

    def _place_axis_name(self) -> None:
        view = self.curve.view
        self.axis_name.move_to(point(view.right + 0.12 + self.axis_name.width / 2, view.y))

    def _open_lines(self, openness: float) -> None:
        self.bars.open(openness)
        for line, texts in enumerate(self.table.lines):
            y = self.layout.line_y(line, openness)
            for part in texts.parts:
                part.set_y(y)

    def _show_score_bars(self, base: float, share: float) -> None:
        """Let the bars begin at one score and be so far on their way to their own."""
        view, palette = self.axis.view, self._theme.palette
        start = view.x_of(base)
        self.bars.zero_line.set_x(start)
        for line, score in enumerate(self.curve.scores):
            bar, end = self.bars.bars[line], view.x_of(score)
            bar.set_span(start, start + share * (end - start))
            bar.set_opacity(1.0)
            colour = palette.negative if score < base else palette.positive
            bar.set_bar_colour(palette.accent if line == self.emphasised else colour)

    def show_settled(self, place: float) -> None:
        """Make room for bars between the classes and the curve, then for the strip below both.

        Parameters
        ----------
        place
            0 before, 1 with the bars, 2 with the strip, and all between.
        """
        self.axis.show_settled(place)
        self.curve.show_settled(place)
        tall = self.layout.tall_openness
        first = 1.0 if self.layout.has_wide_plot else tall
        self._open_lines(float(np.interp(place, [0, 1, 2], [first, tall, 0.0])))
        if place > 1:
            for line, shifted in enumerate(self.curve.shifted):
                self.bars.show_value(line, float(np.exp(shifted)))
        self._place_axis_name()

    @property
    def settled_parts(self) -> list[Mobject]:
        """All that :meth:`show_settled` changes."""
        curve = self.curve
        plot = [self.axis, self.axis_name, curve.area, curve.curve, *curve.scale]
        bars = [*self.bars.tracks, *self.bars.bars]
        exps = self.table.column("exp")
        return [*plot, *curve.sticks, *curve.dots, *bars, *self._line_texts, *exps]

    @property
    def _line_texts(self) -> list[Mobject]:
        """What stands in the lines before there are exponentials."""
        return [text for line in self.table.lines for text in (line.name, line.shifted) if text]

    # -- from the curve to the bars -----------------------------------------------------------

    def show_risen(self, line: int, share: float) -> None:
        """Show a class on its way: its point rises to the curve, its stick becomes its bar."""
        self.curve.show_risen(line, float(smooth(min(share / RISE, 1.0))))
        turned = float(smooth(min(max((share - TURN) / (1 - TURN), 0.0), 1.0)))
        height = float(np.exp(self.curve.shifted[line]))
        x, y, half = self.curve.x_of(line), self.curve.view.y, STICK_WIDTH / 2
        stick = Zone(x - half, y + height * self.curve.height, x + half, y)
        turning, end = self.turning[line], self.bars.zone_of(line, height)
        turning.set_turned(stick, end, turned)
        is_on_its_way = 0 < turned < 1 and height > 0
        turning.set_fill(opacity=1.0 if is_on_its_way else 0.0)
        self.bars.show_value(line, height if turned == 1 else 0.0)

    def show_calculated(self, line: int, share: float) -> None:
        """Show the same, and the exponential in the table while its bar arrives."""
        self.show_risen(line, share)
        self.table.lines[line].exp.set_opacity(max(share - TURN, 0.0) / (1 - TURN))

    def rising_parts(self, lines: list[int]) -> list[Mobject]:
        """All that :meth:`show_calculated` changes for these lines."""
        parts: list[Mobject] = []
        for line in lines:
            parts += self.curve.parts_of(line)
            parts += [self.table.lines[line].exp, self.bars.bars[line], self.turning[line]]
        return parts

    def show_probe(self, steps: float) -> None:
        """Show a point that walks down the curve, so many points of score to the left."""
        whole = int(steps)
        shifted = -(whole + float(smooth(steps - whole)))
        view, height = self.curve.view, self.curve.height * float(np.exp(shifted))
        x, half = view.x_below(shifted), STICK_WIDTH
        stick, dot = self.probe
        stick.set_edges(x - half, view.y + height, x + half, view.y)
        dot.move_to(point(x, view.y + height))

    # -- between bars and strip ---------------------------------------------------------------

    def show_laid(self, line: int, share: float) -> None:
        """Show a class's part of the strip on its way from its bar of exponentials."""
        shown = self._shown
        is_listed = line < len(shown.classes)
        value = shown.classes[line].exp.value if is_listed else 0.0
        self.strip.show_arriving(line, self.bars.zone_of(line, value), share)

    @property
    def seen_lines(self) -> list[int]:
        """The lines whose parts of the strip are long enough to be seen: at least one is."""
        zones, pixel = self.strip.zones(self.strip.values), self._theme.layout.pixel
        return [line for line, zone in enumerate(zones) if zone.width >= pixel]

    def show_returned(self, line: int, share: float) -> None:
        """Show a class's bar on its way from the strip: as long as its probability."""
        start = self.strip.zones(self.strip.values)[line]
        end = self.bars.zone_of(line, float(self.strip.values[line]))
        at = by_turns(start, end, arriving(share, 1 - SINKS), leaving(share, SINKS))
        self.bars.bars[line].set_edges(at.left, at.top, at.right, at.bottom)
        self.table.lines[line].probability.set_opacity(float(smooth(share)))

    def rising(self, number: Number) -> FadeIn:
        """Let a number of the fraction rise to its place from above the axis.

        From the strip itself it would cross the numbers below the axis, and names in the strip.
        """
        start = self.axis.view.y + number.height
        return FadeIn(number, target_position=point(number.get_x(), start))

    # -- what if ------------------------------------------------------------------------------

    def show_score(self, line: int, shifted: float) -> None:
        """Move one class's score along the axis: curve, bars and strip follow."""
        values = probabilities_if(self._shown, line, shifted)
        listed = [each.index for each in self._shown.classes]
        own = values[listed]
        rest = [1 - own.sum()] if self._shown.others else []
        lines = np.array([*own, *rest])
        self.curve.set_score(line, shifted)
        self.bars.show_values(lines)
        self.strip.show_values(lines)

    def write_stop(self, line: int, stop: WhatIfStop) -> None:
        """Write the numbers of such a score."""
        shifted = self.table.lines[line].shifted
        if shifted is not None:
            shifted.set_quantity(stop.shifted)
        for texts, probability in zip(self.table.lines, stop.probabilities, strict=True):
            texts.probability.set_quantity(probability)

    def write_network(self) -> None:
        """Write the network's own numbers again."""
        shown = self._shown
        for texts, each in zip(self.table.lines, shown.classes, strict=False):
            if texts.shifted is not None:
                texts.shifted.set_quantity(each.shifted)
            texts.probability.set_quantity(each.probability)
        if shown.others:
            self.table.lines[-1].probability.set_quantity(shown.others.probability)

    def scored_parts(self, line: int) -> list[Mobject]:
        """All that :meth:`show_score` changes."""
        return [*self.curve.parts_of(line), *self.bars.bars, *self.strip.moving_parts]
