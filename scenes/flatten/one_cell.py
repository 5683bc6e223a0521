"""One cell of the vector: its index, its weight, what it adds; then all other cells."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from manim import FadeIn, FadeOut, Mobject, Transform, linear, smooth

from cnnviz.animations.drive import Drive
from cnnviz.animations.fade_to import FadeTo
from cnnviz.mobjects.cells import OPAQUE, Cells
from cnnviz.mobjects.frames import Outline
from cnnviz.scenes.flatten.board import FlattenBoard
from cnnviz.staging.rhythm import arriving
from cnnviz.staging.scene import LectureScene

FLIGHT = 0.6
"""Time in which a marker goes on to the next block, in moves."""

FILL = 0.9
"""Time in which the contributions appear, in sweeps."""

COUNT = 0.9
"""Time in which one term's cells light up, in moves."""

LATE = 0.3
"""The term itself begins to appear after this share of that time."""

TERM_PAUSE = 0.5
"""After one term of a sum, in pauses."""


class OneCell:
    """Tells how a cell's place and the cells' part in a score are calculated.

    Parameters
    ----------
    scene, board
        What it plays on.
    class_index
        Whose score it is.
    """

    def __init__(self, scene: LectureScene, board: FlattenBoard, class_index: int) -> None:
        self.scene, self.board, self.timing = scene, board, scene.timing
        self.numbers, self.class_index = board.numbers, class_index

    def find_index(self) -> None:
        """Count the cells before one cell: whole maps, whole rows, and the rest.

        What will be added stands below from the beginning; the numbers come as they are counted.
        """
        board, row = self.board, self.board.counting.row
        order, terms = np.arange(board.cells.count), self.numbers.index
        maps, rows = terms.in_whole_maps, terms.in_whole_maps + terms.in_whole_rows
        is_own = order // (terms.height * terms.width) == terms.channel
        self._light(board.ghost, is_own, [board.map_marker, *row.outline])
        self._send_marker(board.map_marker, board.markers[0])
        for term, (first, end) in enumerate(pairwise((0, maps, rows, terms.index))):
            self._count(board.cells, (order >= first) & (order < end), row.filling(term))
            self.scene.wait(TERM_PAUSE * self.timing.pause)
        self._light(board.cells, np.ones(len(order), dtype=bool), row.filling(3))

    def weigh(self) -> None:
        """Multiply every cell by its weight: one first, then all in order."""
        board, timing = self.board, self.timing
        weights, products = board.weights, board.products
        count, index = board.product_cells.count, self.numbers.index.index
        order = np.arange(count)
        turns = np.where(order > index, order - 1, order)
        turns[index] = -1  # it is there before the others

        def show(done: float) -> None:
            shares = np.clip(done - turns, 0.0, 1.0)
            board.product_cells.set_alphas(np.rint(OPAQUE * shares).astype(np.uint8))

        show(0)
        self._make_room()
        self.scene.fade_in(weights.name, weights.legend, board.weight_cells)
        row = board.product_row
        self._send_marker(board.markers[0], board.markers[1], row.column(0) + row.column(1))
        self._send_marker(
            board.markers[1],
            board.markers[2],
            [*row.column(2), products.name, products.legend, board.product_cells],
        )
        self.scene.wait(timing.pause / 2)
        self.scene.play(
            Drive([board.product_cells], show, 0, count - 1),
            run_time=self.scene.while_read(FILL * timing.sweep),
            rate_func=linear,
        )

    def add_up(self) -> None:
        """Add what speaks for the class, what speaks against it, and the bias."""
        board, row, timing = self.board, self.board.score_row, self.timing
        leaving = [*board.product_row, *board.markers, board.map_marker]
        self.scene.play(
            *map(FadeOut, leaving),
            FadeTo([board.cells, board.weight_cells, board.ghost], self.scene.theme.aside),
            run_time=timing.fade,
        )
        contributions = self.numbers.contributions[self.class_index]
        for term, is_lit in enumerate((contributions > 0, contributions < 0)):
            self._count(board.product_cells, is_lit, row.column(term))
            self.scene.wait(TERM_PAUSE * timing.pause)
        self._light(board.product_cells, np.ones(len(contributions), dtype=bool), row.column(2))
        self.scene.wait(TERM_PAUSE * timing.pause)
        self.scene.fade_in(*row.column(3), run_time=self.scene.while_read(timing.move))

    # -- details --------------------------------------------------------------------------------

    def _make_room(self) -> None:
        """Clear the arithmetic; maps and vector move up, and make room for what is weighed."""
        board, scene, timing = self.board, self.scene, self.timing
        leaving = [*board.counting.row, *board.counting.parts]
        scene.fade_out(*leaving, run_time=timing.fade / 2)
        coming = [*board.maps.parts, board.vector.name, board.vector.legend]
        driven = [board.ghost, board.cells, board.map_marker, board.markers[0]]
        scene.play(
            Drive(driven, board.settle, 0, 1, rate_func=smooth),
            *(FadeIn(each, rate_func=arriving) for each in coming),
            run_time=timing.move,
        )

    def _send_marker(self, start: Outline, end: Outline, arriving: Sequence[Mobject] = ()) -> None:
        """Let a copy of a marker go where the next one stays, and become as large as that."""
        flight = start.copy()
        self.scene.play(
            Transform(flight, end.copy()),
            *map(FadeIn, arriving),
            run_time=FLIGHT * self.timing.move,
        )
        self.scene.remove(flight)
        self.scene.add(end)

    def _count(
        self, cells: Cells, is_lit: npt.NDArray[np.bool_], arriving: Sequence[Mobject]
    ) -> None:
        """Light some cells one after the other, in their order, while their term appears."""
        board, lit = self.board, np.flatnonzero(is_lit)
        before = cells.current.alphas.astype(np.float64)
        order = np.full(cells.count, len(lit), dtype=np.float64)
        order[lit] = np.arange(len(lit))

        def show(share: float) -> None:
            now = board.some_lit(order < share * len(lit))
            faded = min(share / LATE, 1.0)  # what was lit before goes at the beginning
            alphas = np.maximum(now, before + (now - before) * faded)
            cells.set_alphas(np.rint(alphas).astype(np.uint8))

        run_time = COUNT * self.timing.move
        self.scene.play(
            Drive([cells], show, 0, 1, rate_func=linear),
            *(FadeIn(part, rate_func=_late) for part in arriving),
            run_time=run_time,
        )

    def _light(
        self, cells: Cells, is_lit: npt.NDArray[np.bool_], arriving: Sequence[Mobject] = ()
    ) -> None:
        """Dim all cells but some while something appears."""
        before, alphas = cells.current.alphas.astype(np.float64), self.board.some_lit(is_lit)

        def show(share: float) -> None:
            cells.set_alphas(np.rint(before + (alphas - before) * share).astype(np.uint8))

        self.scene.play(
            Drive([cells], show, 0, 1, rate_func=smooth),
            *map(FadeIn, arriving),
            run_time=self.timing.fade,
        )


def _late(share: float) -> float:
    """Rate function: begin when the first cells of a term are lit."""
    return float(smooth(max(share - LATE, 0.0) / (1 - LATE)))
