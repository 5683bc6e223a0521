"""How single windows are told: their values, what those add up to, and the mean they become."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from manim import FadeIn, linear, smooth

from cnnviz.animations.drive import Drive
from cnnviz.animations.flight import fly
from cnnviz.explain.places import Pixel
from cnnviz.explain.positions import neighbouring_positions
from cnnviz.scenes.average.board import AverageBoard
from cnnviz.staging.scene import LectureScene

MORE = 3
"""Windows that are told after the first."""

HALF_WAY = 0.5
"""Share of a move at which the numbers change to those of the next window."""

ADD_UP = 1.2
"""How long the values of a window are added up, as a share of a usual sweep."""

STOPS = 9
"""So often it is written what they add up to, at most."""

AGAIN = 0.6
"""How long a move takes that was seen once already, as a share of the first time."""


class SingleWindows:
    """Tells one window after the other.

    Parameters
    ----------
    scene
        What it plays on; the two maps are on the stage.
    board
        The stage.
    first
        The output that is explained first.
    """

    def __init__(self, scene: LectureScene, board: AverageBoard, first: Pixel) -> None:
        self.scene, self.board, self.first = scene, board, first
        self.others = neighbouring_positions(*first, board.numbers.output_shape, MORE)
        """The windows that are told after the first."""

    def enlarge(self) -> None:
        """Let a window grow out of the map, and make room for what it becomes."""
        scene, board, timing = self.scene, self.board, self.scene.timing
        board.make_room(scene, [board.window])
        scale = board.window.width / board.cells.width
        grown = FadeIn(board.cells, target_position=board.window.get_center(), scale=scale)
        scene.play(grown, run_time=timing.move)
        scene.fade_in(board.guides, board.arrow, board.result_frame)
        scene.add(board.result)

    def average(self) -> None:
        """Add up the first window's values, divide, and let their mean go to its cell."""
        scene, board, timing = self.scene, self.board, self.scene.timing
        calculation, pixel = board.calculation, self.first
        calculation.show(pixel)
        adds = self._write_values if board.numbers.lists_values else self._add_up
        self._dim()
        adds(pixel)
        result = calculation.expression.result
        others = [each for each in calculation.parts if each is not result]
        written = scene.present(others)
        scene.fade_in(*(each for each in others if each not in written))
        scene.fade_in(result)
        self._send(pixel, timing.move)

    def move_along(self) -> None:
        """Go from window to window, more quickly."""
        scene = self.scene
        parts = 3 * len(self.others)
        run_time = scene.while_read(AGAIN * scene.timing.move * parts) / parts
        for start, end in pairwise([self.first, *self.others]):
            self._slide(start, end, run_time)
            self._send(end, run_time)

    def _dim(self) -> None:
        """Let the cells fall dark that will light again as their values are added."""
        scene, cells = self.scene, self.board.cells

        def show(share: float) -> None:
            cells.add_up(0, 1 - share * (1 - scene.theme.dimmed))

        scene.play(Drive([cells], show, 0, 1), run_time=scene.timing.swap)

    def _write_values(self, pixel: Pixel) -> None:
        """Let one value after the other come from its cell to the line that adds them up."""
        scene, cells = self.scene, self.board.cells
        count, parts = self.board.numbers.window(pixel).values.size, self.board.calculation.parts
        for index in range(count):  # each stands behind a bracket or a plus
            sign, value = parts[2 * index : 2 * index + 2]
            scene.play(
                Drive([cells], cells.add_up, index, index + 1),
                FadeIn(sign),
                FadeIn(value, target_position=cells.centre(index)),
                run_time=scene.timing.step,
            )

    def _add_up(self, pixel: Pixel) -> None:
        """Go through the cells, and write now and then what they add up to so far."""
        scene, board = self.scene, self.board
        count, calculation = board.numbers.window(pixel).count, board.calculation
        stops = np.unique(np.linspace(1, count, min(count, STOPS)).round())
        summed, note = calculation.sum, calculation.note
        board.cells.add_up(1.0)
        calculation.show_sum(pixel, 1)
        scene.add(summed, note)
        run_time = scene.while_read(ADD_UP * scene.timing.sweep, after=2 * scene.timing.move)
        # One play for each stop, so that each sum is noted as a number that was shown.
        for start, end in pairwise(stops):
            adding = Drive([board.cells], board.cells.add_up, start, end)
            scene.play(adding, run_time=run_time / (len(stops) - 1), rate_func=linear)
            calculation.show_sum(pixel, int(end))
        calculation.show(pixel)
        scene.remove(summed)
        scene.add(calculation.expression.parts[0])

    def _slide(self, start: Pixel, end: Pixel, run_time: float) -> None:
        """Move the window to the next place; on half the way its numbers are shown."""
        board = self.board
        calculation = board.calculation

        def show(share: float) -> None:
            row, column = (a + (b - a) * share for a, b in zip(start, end, strict=True))
            board.show_window(row, column)
            if share >= HALF_WAY:
                board.show_numbers(end)

        changed: list[Any] = [board.window, board.guides, board.cells, board.result]
        changed += [calculation.expression, calculation.note]
        self.scene.play(Drive(changed, show, 0, 1), run_time=run_time, rate_func=smooth)

    def _send(self, pixel: Pixel, run_time: float) -> None:
        """Let the cells become one colour, which shrinks to the cell of the mean."""
        scene, board = self.scene, self.board
        scene.play(Drive([board.cells], board.cells.melt, 0, 1), run_time=run_time)
        tile = board.tile(pixel)
        scene.add(tile)
        board.cells.melt(0.0)
        scene.play(fly(tile, board.result.cells.corners(), run_time))
        board.result.reveal(1)
        scene.remove(tile)
        board.show_after(pixel)
        board.cursor.show_position(*pixel)
        if not scene.present([board.cursor]):
            scene.fade_in(board.cursor)
