"""Softmax: from the scores of all classes to probabilities that add up to 1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from manim import FadeIn, FadeOut, Mobject, linear, smooth

from cnnviz.animations.drive import Drive
from cnnviz.animations.fade_to import FadeTo
from cnnviz.explain.places import require_class
from cnnviz.mobjects.text import Number
from cnnviz.model.trace import Trace
from cnnviz.scenes.softmax.board import SoftmaxBoard
from cnnviz.scenes.softmax.shown import (
    ShownSoftmax,
    WhatIf,
    compared_classes,
    show_softmax,
    show_what_if,
)
from cnnviz.staging.opening import Opening
from cnnviz.staging.parameters import parameter
from cnnviz.staging.scene import LectureScene
from cnnviz.staging.transition import score_key

SLOW_LINES = 2
"""Classes that are calculated slowly; the others follow quickly."""

LINE_TIME = 1.2
"""For one class's calculation, in steps of its pace."""


@dataclass(frozen=True)
class SoftmaxParameters:
    """Which class is emphasised."""

    class_name: str | None = parameter(
        "text", "The class whose numbers are filled into the formula. Default: the predicted one."
    )


class SoftmaxScene(LectureScene):
    """Softmax, complete: shift, exponentials, sum, quotients, and how sure that is."""

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
        for each in self.shown.classes:
            self.expects(score_key(each.index))
        opening = Opening(self)
        layer = self.trace.layers[-1].name
        with self.beat("place", layer=layer):
            opening.show_where_we_are(layer)
            self.show_scores()
        with self.beat("shift"):
            self.shift()
        with self.beat("exp"):
            self.take_exponentials()
        with self.beat("sum"):
            self.add_up()
        with self.beat("divide"):
            self.divide()
        own = self.shown.classes[self.shown.emphasised]
        name = self.class_name(class_index)
        with self.beat("bars", own=name, probability=own.probability.shown):
            self.stack_up()
        self._close(class_index)

    # -- scores and exponentials --------------------------------------------------------------

    def show_scores(self) -> None:
        """Bring in the classes, their scores and the bars on an axis with zero."""
        table, plot = self.board.table, self.board.plot
        numbers = dict(zip(self.shown.classes, table.column("score"), strict=True))
        left = self.inherited.objects if self.inherited else {}
        sources = {each: left.get(score_key(each.index)) for each in numbers}
        flights = [
            source.animate.scale(numbers[each].width / source.width).move_to(numbers[each])
            for each, source in sources.items()
            if source
        ]
        arriving = [number for each, number in numbers.items() if not sources[each]]
        names = [line.name for line in table.lines]
        parts = [plot.score_axis, plot.title, table.heads[0], *plot.bars, *names, *arriving]
        self.play(*map(FadeIn, parts), *flights, run_time=self.timing.move)
        self.remove(*filter(None, sources.values()))
        self.add(*numbers.values())

    def shift(self) -> None:
        """Move every bar's end by the largest score."""
        table, plot, panel = self.board.table, self.board.plot, self.board.panel
        self.fade_in(panel.formula, panel.maximum, plot.maximum_line)
        self.play(
            Drive(plot.moving_parts, plot.show_shift, 0, 1),
            run_time=1.5 * self.timing.move,
            rate_func=smooth,
        )
        plot.name_values("shifted")
        self.play(
            FadeOut(plot.maximum_line),
            *map(FadeIn, [table.heads[1], *table.column("shifted")]),
            run_time=self.timing.fade,
        )

    def take_exponentials(self) -> None:
        """Fill the column of exponentials line by line, and let their bars grow."""
        table, plot, panel = self.board.table, self.board.plot, self.board.panel
        panel.show_class(0)
        self.play(
            FadeOut(plot.score_axis),
            *map(FadeOut, plot.bars),
            FadeIn(plot.unit_axis),
            FadeIn(table.heads[2], panel.exponential),
            FadeTo([table.heads[0], *table.column("score")], self.theme.aside),
            run_time=self.timing.fade,
        )
        plot.show_exps(0)
        plot.name_values("exp")
        for bar in plot.bars:
            bar.set_opacity(1)
        self.add(*plot.bars)
        self._fill_column("exp", plot.show_exps, [panel.exponential])

    def add_up(self) -> None:
        """Let the exponentials fall into their sum."""
        table = self.board.table
        sign, total = table.exp_sum
        flights = [number.copy() for number in table.column("exp")]
        self.play(
            FadeIn(table.rule),
            *(flight.animate.move_to(total).set_opacity(0.0) for flight in flights),
            run_time=self.timing.move,
        )
        self.remove(*flights)
        self.fade_in(sign, total)

    # -- probabilities ------------------------------------------------------------------------

    def divide(self) -> None:
        """Divide line by line: the bars shrink, the quotient follows."""
        table, plot, panel = self.board.table, self.board.plot, self.board.panel
        panel.show_class(0)
        self.fade_in(table.heads[3], panel.quotient)
        self._fill_column("probability", plot.show_divided, [panel.exponential, panel.quotient])
        plot.name_values("probability")

    def stack_up(self) -> None:
        """Set all probabilities end to end: together they are 1."""
        table, plot = self.board.table, self.board.plot
        plot.show_stack(0)
        self.add(*plot.stack)
        self.play(
            Drive(plot.stack, plot.show_stack, 0, 1),
            run_time=self.timing.move,
            rate_func=smooth,
        )
        self.fade_in(*table.probability_sum)

    # -- how sure that is ---------------------------------------------------------------------

    def _close(self, class_index: int) -> None:
        """Compare the two classes that matter, or say that they have the same score."""
        what_if = show_what_if(self.trace, class_index, self.words.language)
        winner, rival = compared_classes(self.trace, class_index)
        caption = "tie"
        if what_if:
            caption = "what_if_close" if what_if.is_close else "what_if_sure"
        names = {"winner": self.class_name(winner), "rival": self.class_name(rival)}
        lines = self._line_of(winner), self._line_of(rival)
        with self.beat("what_if", caption=caption, **names):
            if what_if:
                self.show_what_if(what_if, lines)
            else:
                self._focus_on(lines)

    def show_what_if(self, what_if: WhatIf, lines: tuple[int, int]) -> None:
        """Outline the two bars as they would be, and say that the network said otherwise."""
        plot, panel = self.board.plot, self.board.panel
        changed = self.board.what_if_panel(what_if)
        self._focus_on(lines, [panel.formula, panel.maximum, panel.exponential, panel.quotient])
        now, then = (
            [plot.outline(line, number.value) for line, number in zip(lines, numbers, strict=True)]
            for numbers in (what_if.before, what_if.after)
        )
        self.fade_in(changed.question, *now)
        self.play(
            *(start.animate.become(end) for start, end in zip(now, then, strict=True)),
            *map(FadeIn, changed.changes),
            run_time=self.timing.move,
        )

    def _focus_on(self, lines: tuple[int, int], leaving: Sequence[Mobject] = ()) -> None:
        """Dim all classes but two while something leaves."""
        board = self.board
        others = [line for line in range(len(board.table.lines)) if line not in lines]
        parts = [part for line in others for part in board.table.lines[line].parts]
        bars = [bar for line, bar in enumerate(board.plot.bars) if line not in lines]
        self.play(
            FadeTo(self.present([*parts, *bars, *board.plot.stack]), self.theme.dimmed),
            *map(FadeOut, leaving),
            run_time=self.timing.fade,
        )

    # -- details ------------------------------------------------------------------------------

    def _fill_column(
        self, column: str, show_bars: Callable[[float], None], panel_parts: Sequence[Mobject]
    ) -> None:
        """Calculate class after class, the first ones slowly, while bars and panel follow."""
        count, panel, timing = len(self.shown.classes), self.board.panel, self.timing
        numbers = self.board.table.column(column)
        own, others = numbers[:count], numbers[count:]
        _uncover(own, 0)
        self.add(*own)

        def show(done: float) -> None:
            show_bars(done)
            _uncover(own, done)
            panel.show_class(min(int(done), count - 1))

        parts = [*self.board.plot.bars, *own, *panel_parts]
        for line in range(count):
            step = timing.step if line < SLOW_LINES else timing.quick_step
            self.play(
                Drive(parts, show, line, line + 1),
                run_time=LINE_TIME * step,
                rate_func=linear,
            )
        panel.show_class(self.shown.emphasised)
        if others:
            self.fade_in(*others)

    def _line_of(self, index: int) -> int:
        return [each.index for each in self.shown.classes].index(index)


def _uncover(numbers: list[Number], count: float) -> None:
    """Show the first numbers only; each once its line is half done."""
    for line, number in enumerate(numbers):
        number.set_opacity(1.0 if count >= line + 0.5 else 0.0)
