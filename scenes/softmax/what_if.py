"""What another score would do: one slides along the axis, and all shares follow."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

from manim import FadeIn, FadeOut, linear

from cnnviz.animations.drive import Drive
from cnnviz.animations.landing import Part
from cnnviz.mobjects.network_map.network_map import NetworkMap
from cnnviz.scenes.softmax.board import SoftmaxBoard
from cnnviz.scenes.softmax.shown import ShownSoftmax, compared_classes
from cnnviz.scenes.softmax.what_if_numbers import STEPS, show_what_if, slide_stops, what_if_slide
from cnnviz.staging.closing import Closing, Homes
from cnnviz.staging.rhythm import arriving, leaving
from cnnviz.staging.scene import LectureScene

STEPS_BACK = 6
"""So often the numbers change while the score moves back; they are among those on its way."""


class WhatIf:
    """Plays what softmax would say with another score, and what it never says.

    Parameters
    ----------
    scene
        What it plays on; its words have the captions.
    board, shown
        What is on its stage, and the numbers.
    """

    def __init__(self, scene: LectureScene, board: SoftmaxBoard, shown: ShownSoftmax) -> None:
        self.scene, self.board, self.shown = scene, board, shown

    def play(self) -> None:
        """Move the rival's score to the winner's and back; part the two if they are equal."""
        scene = self.scene
        winner, rival = compared_classes(self.shown)
        names = {"winner": scene.class_name(winner), "rival": scene.class_name(rival)}
        line, end = what_if_slide(self.shown)
        start = self.shown.classes[line].shifted.value
        stop = show_what_if(self.shown, line, end)
        facts = {"score": stop.shifted.shown, "probability": stop.probabilities[line].shown}
        with scene.beat("what_if", caption="tie" if start == 0 else "what_if", **names, **facts):
            self.slide_there(line, start, end)
        with scene.beat("choice", count=len(scene.trace.classes)):
            self.slide_back(line, end, start)
            Closing(scene).carry_home(scene.trace.layers[-1].name, self._homes)

    def _homes(self, network: NetworkMap) -> Homes:
        """Return where the classes' names and bars belong in the network."""
        ends, bars = network.bars, self.board.bars.bars
        groups: list[list[tuple[Part, Part]]] = [
            [(bar, ends.bars[ends.classes.index(each.index)])]
            for each, bar in zip(self.shown.classes, bars, strict=False)
            if each.index in ends.classes
        ]
        return Homes(groups=groups)

    def slide_there(self, line: int, start: float, end: float) -> None:
        """Say that what follows is not the network's, and move a class's score."""
        scene, board, panel = self.scene, self.board, self.board.panel
        scene.play(
            FadeOut(panel.formula, panel.quotient, rate_func=leaving),
            FadeIn(panel.question, rate_func=arriving),
            board.passing_accent(line, scene.timing.fade),
            run_time=scene.timing.fade,
        )
        self._slide(line, start, end, STEPS, scene.while_read(5 * scene.timing.move))

    def slide_back(self, line: int, start: float, end: float) -> None:
        """Bring the network's own score back, and its own numbers."""
        scene, board, panel = self.scene, self.board, self.board.panel
        timing = scene.timing
        run_time = scene.while_read(2 * timing.move, after=timing.fade + timing.zoom)
        self._slide(line, start, end, STEPS_BACK, run_time)
        board.write_network()
        scene.play(
            FadeOut(panel.question, rate_func=leaving),
            FadeIn(panel.formula, panel.quotient, rate_func=arriving),
            board.passing_accent(self.shown.emphasised, timing.fade),
            run_time=scene.timing.fade,
        )

    def _slide(self, line: int, start: float, end: float, steps: int, run_time: float) -> None:
        """Move a class's score, while its numbers and those of all shares change step by step.

        Half-way from stop to stop those of the next are written: they are the nearest to what the
        bars show.
        """
        board, step = self.board, run_time / steps
        stops = slide_stops(start, end, steps)
        changes = [(before + after) / 2 for before, after in pairwise(stops)]
        ways = list(pairwise([start, *changes, end]))
        for number, (before, after) in enumerate(ways):
            self.scene.play(
                Drive(board.scored_parts(line), partial(board.show_score, line), before, after),
                run_time=step if 0 < number < steps else step / 2,
                rate_func=linear,
            )
            if number < steps:
                board.write_stop(line, show_what_if(self.shown, line, stops[number + 1]))
