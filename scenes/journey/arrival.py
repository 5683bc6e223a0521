"""How the end of a pixel's way is told: the vector, the scores, and what is left of it there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import FadeIn, LaggedStart, linear, smooth

from cnnviz.animations.drive import Drive
from cnnviz.scenes.journey.forward import Forward
from cnnviz.scenes.journey.layer_blocks import LayerBlock
from cnnviz.scenes.journey.motions import fly_cells
from cnnviz.scenes.journey.scores import ScoreBoard
from cnnviz.scenes.journey.spread import SpreadBoard
from cnnviz.scenes.journey.vector import VectorBoard

QUICKENING = 0.5
"""By how much of its time the first patch grows faster, and the last one slower: the first are
small, and the stage is empty until the large ones are there."""


class Arrival:
    """Tells what becomes of the last map's cells, beat by beat.

    Parameters
    ----------
    forward
        What was told before; it goes on from there.
    class_index
        The class towards whose score the channels were followed.
    """

    def __init__(self, forward: Forward, class_index: int) -> None:
        self.scene, self.journey, self.zone = forward.scene, forward.journey, forward.zone
        self.trail, self.walk = forward.trail, forward.walk
        self.class_index = class_index

    def flatten(self) -> None:
        """Let one channel's cells fly to their places in the vector, then light all others."""
        scene, timing = self.scene, self.scene.timing
        board = VectorBoard(scene.trace, self.journey, self.zone, scene.theme, scene.words)
        board.show_reached(0)
        self.walk.move_on([*board.grid.parts, board.grid_heading])
        scene.fade_in(board.frame, board.vector, *board.arithmetic)
        arriving = [FadeIn(board.mark), FadeIn(board.heading)]
        fly_cells(scene, board.flights(), board.vector, arriving, timing.zoom)
        runs = [board.runs[line] for line in board.order]
        scene.play(
            Drive([board.vector], board.show_reached, 0, 1),
            LaggedStart(*map(FadeIn, runs), lag_ratio=0.5),
            run_time=scene.while_read(timing.move, after=timing.fade),
            rate_func=linear,
        )
        scene.fade_in(board.foot)

    def score(self) -> ScoreBoard:
        """Show what the cells add to each class's score, and the pixel's own part of it."""
        scene, timing = self.scene, self.scene.timing
        board = ScoreBoard(
            scene.trace, self.journey, self.class_index, self.zone, scene.theme, scene.words
        )
        self.trail.step_back()  # from here on it is a class that is talked about
        own_heading, *own_numbers = board.own_parts
        self.walk.move_on([*board.names, *board.axis_parts, own_heading])
        board.show_bars(0.0)
        scene.add(*board.bars, *board.added_numbers)
        parts = [*board.bars, *board.added_numbers]
        scene.play(Drive(parts, board.show_bars, 0, 1), run_time=timing.move, rate_func=smooth)
        scene.play(
            LaggedStart(*map(FadeIn, own_numbers), lag_ratio=0.2),
            # The last of them is seen to appear before it is quite there.
            run_time=scene.while_read(1.5 * timing.move) + timing.fade,
        )
        return board

    def show_probabilities(self, board: ScoreBoard) -> None:
        """Show the whole scores, and the probabilities that softmax makes of them."""
        scene, timing = self.scene, self.scene.timing
        scene.play(
            Drive(board.first_parts, board.make_room, 0, 1), run_time=timing.move, rate_func=smooth
        )
        for parts in (board.score_parts, board.probability_parts):
            scene.play(LaggedStart(*map(FadeIn, parts), lag_ratio=0.2), run_time=2 * timing.move)

    def show_spread(self, blocks: Sequence[LayerBlock]) -> None:
        """Show the pixel's own part of every map as one picture, and what of it ends in a score."""
        scene, timing = self.scene, self.scene.timing
        board = SpreadBoard(
            scene.trace,
            self.journey,
            blocks,
            self.class_index,
            self.zone,
            scene.theme,
            scene.words,
        )
        self.walk.move_on([board.patches[0], board.outlines[0], board.note])
        speed = min(0.9, 5.4 / len(blocks)) * timing.move
        total = 0.9 * speed * (len(board.patches) - 1) + timing.fade + timing.zoom
        slowed = scene.while_read(total) / total
        count = len(board.patches) - 1
        paces = np.linspace(1 - QUICKENING, 1 + QUICKENING, count) if count > 1 else [1.0]
        for index, pace in enumerate(paces, start=1):
            self._spread_to(board, index, slowed * speed * float(pace))
        scene.play(
            LaggedStart(*map(FadeIn, board.end), lag_ratio=0.4),
            run_time=slowed * (timing.fade + timing.zoom),
        )

    def _spread_to(self, board: SpreadBoard, index: int, run_time: float) -> None:
        """Let the next patch grow out of the one before, and lose what its ReLU stops."""
        scene, patch = self.scene, board.patches[index]
        board.show_growth(index, 0.0)
        scene.add(patch)
        scene.play(
            Drive([patch], lambda share: board.show_growth(index, share), 0, 1),
            FadeIn(board.sides[index - 1]),
            run_time=0.5 * run_time,
            rate_func=smooth,
        )
        stopping = [Drive([patch], lambda share: board.show_stopping(index, share), 0, 1)]
        scene.play(
            *(stopping if board.is_stopped(index) else []),
            FadeIn(board.outlines[index]),
            FadeIn(board.peaks[index - 1]),
            run_time=0.4 * run_time,
        )
