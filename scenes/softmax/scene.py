"""Softmax: from the scores of all classes to probabilities that add up to 1."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from manim import FadeIn, FadeOut, Mobject, smooth

from cnnviz.animations.drive import Drive
from cnnviz.explain.places import require_class
from cnnviz.model.trace import Trace
from cnnviz.scenes.softmax.board import SoftmaxBoard
from cnnviz.scenes.softmax.lines import run_lines
from cnnviz.scenes.softmax.rising import RisingScores
from cnnviz.scenes.softmax.shown import ShownSoftmax, show_softmax
from cnnviz.scenes.softmax.what_if import WhatIf
from cnnviz.staging.opening import Opening
from cnnviz.staging.parameters import parameter
from cnnviz.staging.scene import LectureScene

GROWN_AT_FIRST = 0.2
"""So long are the scores' bars, as shares of what they grow to, when the network is gone: without
them hardly anything would be on the stage."""


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
        opening, rising = Opening(self), RisingScores(self, self.board, self.shown)
        layer = self.trace.layers[-1].name
        opening.tell_photo()
        with self.beat("place", scores=self._in_words("score")):
            opening.show_where_we_are(layer, arriving_late=self._scores_at_first())
            self.show_scores()
        with self.beat("shift", largest=self.shown.maximum.shown):
            self.shift()
        with self.beat("curve"):
            rising.draw_curve()
        with self.beat("exp"):
            rising.make_room()
            rising.raise_slowly()
        with self.beat("smaller"):
            rising.raise_the_others()
        with self.beat("sum"):
            self.lay_end_to_end()
        with self.beat("divide"):
            self.divide()
        own = self.shown.classes[self.shown.emphasised]
        name = self.class_name(class_index)
        facts = {"own": name, "probability": own.probability.shown}
        with self.beat("bars", **facts, shares=self._in_words("probability")):
            self.return_to_lines()
        WhatIf(self, self.board, self.shown).play()

    def _in_words(self, what: Literal["score", "probability"]) -> str:
        """Return the number of each class that has a line, with its name."""
        return self.listed(
            self.word("class_score", name=each.name, score=getattr(each, what).shown)
            for each in self.shown.classes
        )

    # -- scores ---------------------------------------------------------------------------------

    def _scores_at_first(self) -> list[Mobject]:
        """Return the classes' names, and the scores' bars, still short, with axis and head."""
        board, table = self.board, self.board.table
        names = [line.name for line in table.lines]
        board.show_grown(GROWN_AT_FIRST)
        return [board.axis, *board.score_bars, board.bars.zero_line, *names, table.heads["score"]]

    def show_scores(self) -> None:
        """Write the scores, and let their bars grow to them."""
        board = self.board
        run_time = self.while_read(2 * self.timing.move)
        grow = Drive(board.score_bars, board.show_grown, GROWN_AT_FIRST, 1, run_time=run_time)
        numbers = board.table.column("score")
        self.play(grow, *(FadeIn(each, run_time=self.timing.fade) for each in numbers))

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

    # -- the sum, and shares of it --------------------------------------------------------------

    def lay_end_to_end(self) -> None:
        """Lay all bars end to end: the strip is as long as their sum."""
        board, strip = self.board, self.board.strip
        lift = Drive(board.settled_parts, board.show_settled, 1, 2)
        self.play(lift, run_time=self.timing.move, rate_func=smooth)
        for line in range(len(strip.parts)):
            board.show_laid(line, 0.0)
        # Where the curve stands between lines and strip, the bars fly over its axis.
        in_the_way = [board.axis] if board.layout.is_stacked else []
        self.play(FadeIn(strip.track), *map(FadeOut, in_the_way), run_time=self.timing.fade)
        self.add(*strip.parts)
        run_time = self.while_read(3 * self.timing.move, after=self.timing.fade)
        # Bars too short to be seen would leave the stage still while they move.
        run_lines(self, board.show_laid, board.seen_lines, strip.parts, run_time)
        strip.show_values(strip.values)
        self.fade_in(strip.total, strip.zero, *strip.names, *in_the_way)

    def divide(self) -> None:
        """Call the strip the whole, and fill the formula with one class's numbers."""
        board, strip, timing = self.board, self.board.strip, self.timing
        self.play(FadeIn(board.panel.formula), run_time=timing.move)
        quotient = board.panel.quotient
        self.fade_in(quotient.heading)
        self.play(board.rising(quotient.numerator), run_time=timing.move)
        # The bar comes after the number above it, which would cross it.
        rising = board.rising(quotient.denominator)
        self.play(FadeIn(quotient.bar), rising, run_time=timing.move)
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
        panel, is_stacked = board.panel, board.layout.is_stacked
        in_the_way = [panel.formula, panel.quotient, board.axis] if is_stacked else []
        self.play(
            *map(FadeOut, [*bars.bars, *bars.marks, *table.whole_column("exp"), *in_the_way]),
            *map(FadeIn, [*bars.percent_marks, table.heads["probability"]]),
            run_time=self.timing.fade,
        )
        lines = list(range(len(bars.bars)))
        for line in lines:
            board.show_returned(line, 0.0)
            bars.bars[line].set_opacity(1.0)
        self.add(*bars.bars, *table.column("probability"))
        parts = [*bars.bars, *table.column("probability")]
        after = self.timing.fade if in_the_way else 0.0
        run_time = self.while_read(3 * self.timing.move, after=after)
        run_lines(self, board.show_returned, lines, parts, run_time)
        bars.show_values(strip.values)
        if in_the_way:
            self.fade_in(*in_the_way)
