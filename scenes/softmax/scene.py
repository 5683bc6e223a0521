"""Softmax: from the scores of all classes to probabilities that add up to 1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from manim import Animation, FadeIn, FadeOut, Mobject, linear, smooth

from cnnviz.animations.drive import Drive
from cnnviz.explain.places import require_class
from cnnviz.mobjects.text import Number
from cnnviz.model.trace import Trace
from cnnviz.scenes.softmax.board import TURN, SoftmaxBoard
from cnnviz.scenes.softmax.shown import (
    ShownSoftmax,
    show_softmax,
)
from cnnviz.scenes.softmax.what_if import WhatIf
from cnnviz.staging.opening import Opening
from cnnviz.staging.parameters import parameter
from cnnviz.staging.scene import LectureScene

SLOW_LINES = 3
"""Classes whose points rise one after the other; the others rise together."""

OVERLAP = 0.75
"""Of those that move together, each begins so long before the one ahead is there."""

LONGEST_GROWING = 20
"""Characters; longer names stand in lines in the network, and in others here."""

PROBE_STEPS = 4
"""So many points of score a point walks down the curve."""


@dataclass(frozen=True)
class SoftmaxParameters:
    """Which class is emphasised."""

    class_name: str | None = parameter(
        "text", "The class whose numbers are filled into the formula. Default: the predicted one."
    )


class SoftmaxScene(LectureScene):
    """Softmax, complete: shift, exponentials, sum, shares, and what another score would do."""

    name = "softmax"
    Parameters = SoftmaxParameters
    poster_beat = "bars"

    @classmethod
    def resolve(cls, trace: Trace, parameters: SoftmaxParameters) -> SoftmaxParameters:
        """Take the predicted class by default, and the name as the network writes it."""
        index = require_class(trace, parameters.class_name)
        return replace(parameters, class_name=trace.classes[index])

    def construct(self) -> None:
        """Tell the beats."""
        class_index = self.trace.classes.index(self.parameters.class_name)
        self.shown: ShownSoftmax = show_softmax(self.trace, class_index, self.words.language)
        self.board = SoftmaxBoard(self.shown, self.theme, self.words)
        count = len(self.trace.classes)
        self.set_stage(*self.make_title(self.word("title"), self.word("subtitle", count=count)))
        opening = Opening(self)
        layer = self.trace.layers[-1].name
        with self.beat("place", scores=self._in_words("score")):
            grows = self._growing_names()
            opening.show_where_we_are(layer, {(layer, index): grows[index] for index in grows})
            self.show_scores(set(map(id, grows.values())))
        with self.beat("shift", largest=self.shown.maximum.shown):
            self.shift()
        with self.beat("curve"):
            self.draw_curve()
        with self.beat("exp"):
            self.make_room()
            self.raise_slowly()
        with self.beat("smaller"):
            self.raise_the_others()
        with self.beat("sum"):
            self.lay_end_to_end()
        with self.beat("divide"):
            self.divide()
        own = self.shown.classes[self.shown.emphasised]
        name = self.class_name(class_index)
        facts = {"own": name, "probability": own.probability.shown}
        with self.beat("bars", **facts, shares=self._in_words("probability")):
            self.return_to_lines()
        WhatIf(self, self.board, self.shown).play(class_index)

    def _in_words(self, what: Literal["score", "probability"]) -> str:
        """Return the number of each class that has a line, with its name."""
        return self.listed(
            self.word("class_score", name=each.name, score=getattr(each, what).shown)
            for each in self.shown.classes
        )

    # -- scores ---------------------------------------------------------------------------------

    def _growing_names(self) -> dict[int, Mobject]:
        """Return the names that grow out of the network's, by class; not those in other lines."""
        lines = zip(self.shown.classes, self.board.table.lines, strict=False)
        names = {each.index: line.name for each, line in lines}
        is_short = all(len(name.text) <= LONGEST_GROWING for name in names.values())
        return dict(names) if is_short else {}

    def show_scores(self, there: set[int]) -> None:
        """Bring in classes that are not there yet, the scores, and let bars grow from zero."""
        board, table = self.board, self.board.table
        names = [line.name for line in table.lines if id(line.name) not in there]
        board.show_grown(0.0)
        self.play(
            *map(FadeIn, [board.axis, board.bars.zero_line, table.heads["score"], *names]),
            *map(FadeIn, table.column("score")),
            run_time=self.timing.move,
        )
        self.add(*board.score_bars)
        grow = Drive(board.score_bars, board.show_grown, 0, 1)
        run_time = self.while_read(1.5 * self.timing.move)
        self.play(grow, run_time=run_time, rate_func=smooth)

    def shift(self) -> None:
        """Slide the axis past the bars, until its zero is at the largest score."""
        board, table, timing = self.board, self.board.table, self.timing
        self.remove(board.bars.zero_line)
        self.add(board.bars.zero_line, *board.curve.dots)
        board.show_gathered(0.0)
        board.show_slid(0.0)
        self.fade_in(board.largest, *board.curve.dots)
        slide = Drive(board.score_parts, board.show_slid, 0, 1)
        run_time = self.while_read(2.5 * timing.move, after=timing.fade)
        self.play(slide, run_time=run_time, rate_func=smooth)
        self.play(
            *map(FadeOut, [board.largest, *table.whole_column("score")]),
            *map(FadeIn, table.whole_column("shifted")),
            run_time=timing.fade,
        )

    # -- exponentials ---------------------------------------------------------------------------

    def draw_curve(self) -> None:
        """Let the ends of the bars fall onto the axis, and draw the curve over it."""
        board, curve, timing = self.board, self.board.curve, self.timing
        self.play(
            Drive(board.score_parts, board.show_gathered, 0, 1),
            FadeOut(board.bars.zero_line),
            run_time=2 * timing.move,
            rate_func=linear,
        )
        further = [board.further] if board.further else []
        self.remove(*board.score_bars, *curve.dots)
        curve.show_drawn(0.0)
        self.add(curve.area, curve.curve, *curve.dots)
        self.play(
            Drive([curve.area, curve.curve], curve.show_drawn, 0, 1),
            *map(FadeIn, [*curve.scale, board.axis_name, *further]),
            run_time=self.while_read(2 * timing.move),
            rate_func=smooth,
        )

    def make_room(self) -> None:
        """Set the curve aside, and empty tracks beside the classes."""
        board, bars = self.board, self.board.bars
        board.emphasise(board.emphasised)
        for line in range(len(self.shown.classes)):
            board.show_risen(line, 0.0)
        bars.show_values(np.zeros(len(bars.bars)))
        for bar in bars.bars:
            bar.set_opacity(1.0)
        dots = board.curve.dots
        self.remove(*dots)
        self.add(*board.curve.sticks, *dots)
        further = self.present([board.further] if board.further else [])
        self.play(
            Drive(board.settled_parts, board.show_settled, 0, 1),
            *map(FadeOut, further),
            run_time=self.timing.move,
            rate_func=smooth,
        )
        self.fade_in(*bars.tracks, *bars.marks, board.table.heads["exp"])
        self.add(*bars.bars)

    def raise_slowly(self) -> None:
        """Let the first points rise one by one: score in, height out, which becomes a bar."""
        board, timing = self.board, self.timing
        exponential = board.panel.exponential
        for line in self._slow_lines:
            texts = board.table.lines[line]
            exponential.show_class(line)
            exponential.reveal(power=False, result=False)
            self.add(exponential)
            self._fly(texts.shifted, exponential.power)
            exponential.reveal(power=True, result=False)
            board.show_calculated(line, 0.0)
            parts = board.rising_parts([line])
            self._add_missing(parts)

            def rise(share: float, line: int = line) -> None:
                board.show_risen(line, share)

            self.play(Drive(parts, rise, 0, TURN), run_time=timing.move, rate_func=linear)
            exponential.reveal(power=True, result=True)
            self._fly(exponential.result, texts.exp, Drive(parts, rise, TURN, 1))
            texts.exp.set_opacity(1.0)

    def raise_the_others(self) -> None:
        """Walk down the curve point by point, then let all other scores rise together."""
        board, timing = self.board, self.timing
        lines = [line for line in range(len(self.shown.classes)) if line not in self._slow_lines]
        self.fade_out(board.panel.exponential)
        board.show_probe(0.0)
        self.fade_in(*board.probe, run_time=timing.fade / 2)
        walk = Drive(board.probe, board.show_probe, 0, PROBE_STEPS)
        self.play(walk, run_time=0.7 * PROBE_STEPS * timing.move, rate_func=linear)
        self.fade_out(*board.probe, run_time=timing.fade / 2)
        if lines:
            parts = board.rising_parts(lines)
            run_time = self.while_read(2.5 * timing.move)
            self._run(board.show_calculated, lines, parts, run_time)
        if self.shown.others:
            self.fade_in(board.table.lines[-1].exp)

    # -- the sum, and shares of it --------------------------------------------------------------

    def lay_end_to_end(self) -> None:
        """Lay all bars end to end: the strip is as long as their sum."""
        board, strip = self.board, self.board.strip
        lines = list(range(len(strip.parts)))
        for line in lines:
            board.show_laid(line, 0.0)
        self.fade_in(strip.track)
        self.add(*strip.parts)
        run_time = self.while_read(3 * self.timing.move, after=self.timing.fade)
        self._run(board.show_laid, lines, strip.parts, run_time)
        strip.show_values(strip.values)
        self.fade_in(strip.total, strip.zero, *strip.names)

    def divide(self) -> None:
        """Call the strip the whole, and fill the formula with one class's numbers."""
        board, strip, timing = self.board, self.board.strip, self.timing
        self.play(FadeIn(board.panel.formula), run_time=timing.move)
        quotient = board.panel.quotient
        own = self.board.table.lines[self.shown.emphasised].exp
        self.fade_in(quotient.heading, quotient.bar)
        self._fly(own, quotient.numerator)
        self.add(quotient.numerator)
        self._fly(strip.total.number, quotient.denominator)
        self.add(quotient.denominator)
        self.fade_in(quotient.sign, quotient.result)
        self.play(
            FadeOut(strip.total),
            FadeOut(strip.zero),
            *map(FadeIn, strip.shares),
            run_time=self.while_read(timing.move),
        )

    def return_to_lines(self) -> None:
        """Let each share come back to its class as the probability that it is."""
        board, bars, table, strip = self.board, self.board.bars, self.board.table, self.board.strip
        self.play(
            *map(FadeOut, [*bars.bars, *bars.marks, *table.whole_column("exp")]),
            *map(FadeIn, [*bars.percent_marks, table.heads["probability"]]),
            run_time=self.timing.fade,
        )
        lines = list(range(len(bars.bars)))
        for line in lines:
            board.show_returned(line, 0.0)
            bars.bars[line].set_opacity(1.0)
        self.add(*bars.bars, *table.column("probability"))
        parts = [*bars.bars, *table.column("probability")]
        run_time = self.while_read(3 * self.timing.move)
        self._run(board.show_returned, lines, parts, run_time)
        bars.show_values(strip.values)

    # -- details ----------------------------------------------------------------------------------

    @property
    def _slow_lines(self) -> range:
        return range(min(SLOW_LINES, len(self.shown.classes)))

    def _run(
        self,
        show: Callable[[int, float], None],
        lines: Sequence[int],
        parts: Sequence[Mobject],
        run_time: float,
    ) -> None:
        """Take lines from 0 to 1, each a little after the one before; add what is not there."""
        last = 1 + (1 - OVERLAP) * (len(lines) - 1)

        def at(time: float) -> None:
            for place, line in enumerate(lines):
                share = time - (1 - OVERLAP) * place
                show(line, min(max(share, 0.0), 1.0))

        at(0.0)
        self._add_missing(parts)
        self.play(Drive(parts, at, 0, last), run_time=run_time, rate_func=linear)

    def _add_missing(self, parts: Sequence[Mobject]) -> None:
        present = {id(part) for part in self.present(parts)}
        self.add(*(part for part in parts if id(part) not in present))

    def _fly(self, number: Number | None, place: Number, *along: Animation) -> None:
        """Let a copy of a number fly to a place, in its size there, while other things move."""
        if number is None:
            return
        copy = number.copy()
        flight = copy.animate.scale(place.em / copy.em).move_to(place)
        self.play(flight, *along, run_time=self.timing.move, rate_func=smooth)
        self.remove(copy)
