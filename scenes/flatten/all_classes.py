"""Every class's score out of the same vector."""

from __future__ import annotations

from collections.abc import Sequence

from manim import FadeIn, FadeOut, linear

from cnnviz.animations.drive import Drive
from cnnviz.animations.fade_to import FadeTo
from cnnviz.scenes.flatten.board import FlattenBoard
from cnnviz.scenes.flatten.scores import ScoreSlot
from cnnviz.staging.rhythm import arriving, leaving
from cnnviz.staging.scene import LectureScene

CLASS_TIME = 0.5
"""For one class after the other, in moves: less would flicker."""


class AllClasses:
    """Tells one class after the other, each with its own weights.

    Parameters
    ----------
    scene, board
        What it plays on.
    class_index
        The class whose sum is on the stage already.
    """

    def __init__(self, scene: LectureScene, board: FlattenBoard, class_index: int) -> None:
        self.scene, self.board, self.class_index = scene, board, class_index
        self._shown = board.numbers.shown_classes

    def play(self) -> None:
        """Repeat it with every class's weights, and mark the highest score."""
        scene, board, shown = self.scene, self.board, self._shown
        scene.play(
            *(FadeOut(each, rate_func=leaving) for each in (board.ghost, *board.maps.parts)),
            FadeTo([board.cells, board.weight_cells], 1.0),
            *(FadeIn(slot.label, rate_func=arriving) for slot in board.slots),
            run_time=scene.timing.move,
        )
        if self.class_index in shown:
            self._show_own(board.slots[shown.index(self.class_index)])
        self._visit([index for index in shown if index != self.class_index])
        best = board.slots[shown.index(scene.trace.predicted_index)]
        best.set_colour(scene.theme.palette.accent)
        scene.fade_in(best.frame, run_time=scene.while_read(scene.timing.fade))

    def _visit(self, others: Sequence[int]) -> None:
        """Show each of these classes' sums, then the winner's again."""
        scene, board = self.scene, self.board
        order = [self.class_index, *others, scene.trace.predicted_index]
        slots = {index: board.slots[self._shown.index(index)] for index in others}
        for slot in slots.values():
            slot.show_score(0.0)
            scene.add(slot.bar, slot.number)

        def show(step: float) -> None:
            board.show_step(order, step)
            for place, index in enumerate(order[1:-1]):
                slots[index].show_score(min(max(step - place, 0.0), 1.0))

        parts = [part for slot in slots.values() for part in (slot.bar, slot.number)]
        for place in range(len(order) - 1):
            scene.play(
                Drive([*board.class_parts, *parts], show, place, place + 1),
                run_time=CLASS_TIME * scene.timing.move,
                rate_func=linear,
            )

    def _show_own(self, slot: ScoreSlot) -> None:
        """Let the score that is on the stage already appear at its class, too.

        It does so as those of the others do: on a way there it would cross all rows of cells.
        """
        parts = [slot.bar, slot.number]
        slot.show_score(0.0)
        self.scene.add(*parts)
        grow = Drive(parts, slot.show_score, 0, 1)
        self.scene.play(grow, run_time=self.scene.timing.move)
