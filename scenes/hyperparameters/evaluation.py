"""The formula evaluated step by step, while the window counts its moves."""

from __future__ import annotations

from collections.abc import Callable

from manim import FadeIn, linear, smooth

from cnnviz.animations.drive import Drive
from cnnviz.scenes.hyperparameters.board import REST_SHARE, HyperparametersBoard
from cnnviz.staging.scene import LectureScene

FACT = 1.5
"""Time for each of a few facts that follow from each other, in moves."""

COUNT, MOST_COUNTED = 0.5, 6
"""Time for each move of the window that is counted, in moves; of more each takes less."""


class Evaluation:
    """Tells how the formula comes to the output's size.

    Parameters
    ----------
    scene, board
        What it plays on.
    fill_in
        Puts the number of a letter into the formula: as
        :meth:`~cnnviz.scenes.hyperparameters.scene.HyperparametersScene.fill_in`.
    """

    def __init__(
        self, scene: LectureScene, board: HyperparametersBoard, fill_in: Callable[..., None]
    ) -> None:
        self.scene, self.board, self.timing = scene, board, scene.timing
        self.example, self._fill_in = board.example, fill_in

    def play(self) -> None:
        """Fill in what is missing, subtract, count the moves, round down, add one."""
        board, timing = self.board, self.timing
        divided, moves = board.divided, self.example.output_size - 1
        if moves < 0:
            self._fill_in("s")
        board.light(divided.letters.values())
        self.scene.play(
            *map(FadeIn, [*divided.signs, *divided.letters.values()]),
            run_time=FACT * timing.move,
        )
        if moves > 0:
            self._count_moves(moves)
        board.light([divided.ending[-1]])
        rest = timing.fade if moves >= 0 else 0.0
        run_time = self.scene.while_read(FACT * timing.move, after=rest)
        self.scene.fade_in(*divided.ending, run_time=run_time)
        if moves >= 0:
            self.scene.fade_in(board.work.output_frame, board.work.output_span())

    def _count_moves(self, moves: int) -> None:
        """Let the window go back to the first stop, and along a row once more.

        The products, where they stand beside it, are those of the stop where it last was.
        """
        grid, work = self.board.input, self.board.work
        back = divmod(self.example.output_size**2 - 1, self.example.output_size)

        def go_back(share: float) -> None:
            left = 1 - float(smooth(share))
            grid.show_window(back[0] * left, back[1] * left)
            if share == 1:
                work.show_position(0)

        def go_on(column: float) -> None:
            before = int(column)
            share = min((column - before) / (1 - REST_SHARE), 1.0)
            grid.show_window(0, before + float(smooth(share)))
            work.show_position(before + int(share == 1))

        moving = [*grid.windows, *self.scene.present([work.products, work.sum])]
        self.scene.play(Drive(moving, go_back, 0, 1), run_time=self.timing.move, rate_func=linear)
        self.scene.play(
            Drive(moving, go_on, 0, moves),
            run_time=self.timing.move * min(moves, MOST_COUNTED) * COUNT,
            rate_func=linear,
        )
