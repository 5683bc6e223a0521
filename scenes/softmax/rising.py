"""How scores become exponentials: each rises to the curve, and its height becomes its bar."""

from __future__ import annotations

from functools import partial

import numpy as np
from manim import FadeIn, FadeOut, linear, rush_from, smooth

from cnnviz.animations.drive import Drive
from cnnviz.scenes.softmax.board import TURN, SoftmaxBoard
from cnnviz.scenes.softmax.lines import add_missing, fly_number, run_lines
from cnnviz.scenes.softmax.shown import ShownSoftmax
from cnnviz.staging.rhythm import leaving
from cnnviz.staging.scene import LectureScene

SLOW_LINES = 3
"""Classes whose points rise one after the other; the others rise together."""

FALL = 1.4
"""How long it takes until the ends of the bars lie on the axis, in moves."""

ALONE = 0.25
"""Share of the time in which what stands around a height goes, before that sets out."""

PROBE_STEPS = 4
"""So many points of score a point walks down the curve."""


class RisingScores:
    """Plays what the exponential makes of the scores.

    Parameters
    ----------
    scene
        What it plays on.
    board, shown
        What is on its stage, and the numbers.
    """

    def __init__(self, scene: LectureScene, board: SoftmaxBoard, shown: ShownSoftmax) -> None:
        self.scene, self.board, self.shown = scene, board, shown

    def draw_curve(self) -> None:
        """Let the ends of the bars fall onto the axis, and draw the curve over it."""
        scene, board, curve = self.scene, self.board, self.board.curve
        timing = scene.timing
        scene.bring_to_back(curve.ground)
        scene.play(
            Drive([*board.score_parts, curve.ground], board.show_gathered, 0, 1),
            FadeOut(board.bars.zero_line),
            run_time=FALL * timing.move,
            rate_func=linear,
        )
        further = [board.further] if board.further else []
        scene.remove(*board.score_bars, *curve.dots)
        curve.show_drawn(0.0)
        scene.add(curve.grid, curve.area, curve.curve, *curve.dots)
        scene.play(
            Drive([curve.area, curve.curve], curve.show_drawn, 0, 1),
            *map(FadeIn, [curve.grid, *curve.scale, board.axis_name, *further]),
            run_time=scene.while_read(2 * timing.move),
            rate_func=rush_from,  # where it is flat there is little to see
        )

    def make_room(self) -> None:
        """Set the curve aside, and empty tracks beside the classes."""
        scene, board, bars = self.scene, self.board, self.board.bars
        board.emphasise(board.emphasised)
        for line in range(len(self.shown.classes)):
            board.show_risen(line, 0.0)
        bars.show_values(np.zeros(len(bars.bars)))
        for bar in bars.bars:
            bar.set_opacity(1.0)
        dots = board.curve.dots
        scene.remove(*dots)
        scene.add(*board.curve.sticks, *dots)
        grounds = [board.curve.ground, board.curve.grid]
        scene.play(
            Drive([*board.settled_parts, *grounds], board.show_settled, 0, 1),
            *([FadeOut(board.further)] if board.further else []),
            run_time=scene.timing.move,
            rate_func=smooth,
        )
        scene.remove(*grounds)
        scene.fade_in(*bars.tracks, *bars.marks, board.table.heads["exp"])
        scene.add(*bars.bars)

    def raise_slowly(self) -> None:
        """Let the first points rise one by one: score in, height out, which becomes a bar."""
        scene, board, timing = self.scene, self.board, self.scene.timing
        exponential = board.panel.exponential
        for line in self._slow_lines:
            texts = board.table.lines[line]
            exponential.show_class(line)
            exponential.reveal(power=False, result=False)
            scene.add(exponential)
            fly_number(scene, texts.shifted, exponential.power, past=texts.exp.get_x())
            exponential.reveal(power=True, result=False)
            board.show_calculated(line, 0.0)
            parts = board.rising_parts([line])
            add_missing(scene, parts)

            def rise(share: float, line: int = line) -> None:
                board.show_risen(line, share)

            scene.play(Drive(parts, rise, 0, TURN), run_time=timing.move, rate_func=linear)
            exponential.reveal(power=True, result=True)
            result = exponential.result.copy()
            exponential.result.set_opacity(0.0)  # it goes itself, and leaves no other behind
            along = (
                Drive(parts, rise, TURN, 1),
                FadeOut(exponential, rate_func=partial(leaving, gone=ALONE)),
            )
            fly_number(scene, result, texts.exp, *along, past=texts.exp.get_x(), rest=ALONE)
            texts.exp.set_opacity(1.0)

    def raise_the_others(self) -> None:
        """Walk down the curve point by point, then let all other scores rise together."""
        scene, board, timing = self.scene, self.board, self.scene.timing
        lines = [line for line in range(len(self.shown.classes)) if line not in self._slow_lines]
        board.show_probe(0.0)
        scene.fade_in(*board.probe, run_time=timing.fade / 2)
        walk = Drive(board.probe, board.show_probe, 0, PROBE_STEPS)
        scene.play(walk, run_time=0.7 * PROBE_STEPS * timing.move, rate_func=linear)
        scene.fade_out(*board.probe, run_time=timing.fade / 2)
        if lines:
            parts = board.rising_parts(lines)
            run_time = scene.while_read(2.5 * timing.move)
            run_lines(scene, board.show_calculated, lines, parts, run_time)
        if self.shown.others:
            scene.fade_in(board.table.lines[-1].exp)

    @property
    def _slow_lines(self) -> range:
        return range(min(SLOW_LINES, len(self.shown.classes)))
