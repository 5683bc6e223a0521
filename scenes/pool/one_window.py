"""How single windows are told: their numbers, the largest of them, and where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from manim import FadeIn, FadeOut, linear, smooth

from cnnviz.animations.drive import Drive
from cnnviz.explain.places import Pixel
from cnnviz.explain.positions import neighbouring_positions
from cnnviz.scenes.pool.board import PoolBoard
from cnnviz.scenes.pool.numbers import Block
from cnnviz.staging.rhythm import arriving, leaving
from cnnviz.staging.scene import LectureScene

MORE = 4
"""Windows that are shown after the first."""

HALF_WAY = 0.5
"""Share of a move at which the numbers change to those of the next window."""

SEARCH = 0.9
"""How long the search in a large window takes, as a share of a usual sweep."""

AGAIN = 0.4
"""How long a move takes that was seen once already, as a share of the first time."""


class SingleWindows:
    """Tells one window after the other, and then the rest of those that are enlarged.

    Parameters
    ----------
    scene
        What it plays on; the two maps are on the stage.
    board
        The stage.
    first
        The output that is found first.
    """

    def __init__(self, scene: LectureScene, board: PoolBoard, first: Pixel) -> None:
        self.scene, self.board, self.first = scene, board, first
        numbers, block = board.numbers, board.excerpt.block
        inside = numbers.distinct_windows(block, first, MORE)
        self.steps = inside or neighbouring_positions(*first, numbers.output_shape, MORE)
        """The windows that are told after the first, one by one."""
        told = {first, *self.steps}
        around = block.walk_around(*first, block.rows * block.columns) if inside else []
        self.rest = [place for place in around if place not in told]
        """Those of the enlarged windows that are then told at once."""

    def enlarge(self) -> None:
        """Let some windows grow out of the map, and make room for what they become."""
        scene, board, excerpt = self.scene, self.board, self.board.excerpt
        board.make_room(scene, [board.region, board.window])
        scale = board.region.width / excerpt.grid.width
        scene.play(
            FadeIn(excerpt.grid, target_position=board.region.get_center(), scale=scale),
            run_time=scene.timing.move,
        )
        scene.add(excerpt.gaps)
        scene.fade_in(board.guides, excerpt.result_frame, board.arrow)
        scene.add(excerpt.result)

    def decide(self) -> None:
        """Show the first window's values, the largest of them, and where it goes."""
        scene, board, excerpt = self.scene, self.board, self.board.excerpt
        timing, place, calculation = scene.timing, self.first, self.board.calculation
        calculation.show(place)
        expression = calculation.expression
        terms = [part for part in expression.parts if part is not expression.result]
        scene.add(excerpt.window)
        scene.play(self._focus(place), *map(FadeIn, [excerpt.window, *terms]), run_time=timing.fade)
        scene.wait(timing.pause)
        if not excerpt.grid.has_numbers:
            self._search(place)
        excerpt.decided.append(place)
        self.marks = excerpt.winner_marks(board.numbers.window(*place))
        shown = [expression.result, calculation.note, *self.marks]
        scene.play(self._focus(None), *map(FadeIn, shown), run_time=timing.move)
        self._send([place], timing.move)

    def move_along(self) -> None:
        """Go from window to window, more quickly, and then let all others follow at once."""
        scene, board = self.scene, self.board
        places, move = [self.first, *self.steps], scene.timing.move
        parts = 3 * len(self.steps)
        together = 2 * move if self.rest else 0.0
        run_time = scene.while_read(AGAIN * move * parts, after=together) / parts
        for start, end in pairwise(places):
            self._mute_marks()
            self._slide(start, end, run_time)
            board.excerpt.decided.append(end)
            self.marks = board.excerpt.winner_marks(board.numbers.window(*end))
            scene.play(self._focus(None), *map(FadeIn, self.marks), run_time=run_time)
            if board.calculation.note.text:
                scene.wait(scene.timing.pause)
            self._send([end], run_time)
        if self.rest:
            self._decide_rest()

    def _decide_rest(self) -> None:
        """Let the winners of all other windows go to their cells together.

        Frames and calculation go: they belong to the window that was told last.
        """
        scene, board, excerpt = self.scene, self.board, self.board.excerpt
        calculation = board.calculation
        self._mute_marks()
        excerpt.decided += self.rest
        calculation.show_rest(self.rest)
        alone = [board.window, excerpt.window, board.cursor, *self.marks[:-1], *calculation.parts]
        scene.play(
            self._focus(None),
            *(FadeOut(each, rate_func=leaving) for each in scene.present(alone)),
            FadeIn(calculation.rest, rate_func=arriving),
            run_time=scene.timing.move,
        )
        self._send(self.rest, scene.timing.move)

    def _mute_marks(self) -> None:
        """Let the marks say no longer that this is the winner that is talked about."""
        for mark in self.marks:
            mark.set_stroke(self.scene.theme.palette.text_muted)

    def _search(self, place: Pixel) -> None:
        """Where cells are too small for numbers, go through them and keep the largest."""
        scene, board, excerpt = self.scene, self.board, self.board.excerpt
        changed = [excerpt.leader, excerpt.looked_at, board.calculation.expression]
        board.show_search(place, 1)
        scene.add(*changed)
        count = board.numbers.geometry.cell_count
        # One play for each leader, so that each is noted as a number that was shown.
        for start, end in pairwise([*board.numbers.leads(place), count + 1]):
            scene.play(
                Drive(changed, lambda seen: board.show_search(place, int(seen)), start, end - 1),
                run_time=SEARCH * scene.timing.sweep * (end - start) / count,
                rate_func=linear,
            )
        board.calculation.show(place)
        scene.remove(excerpt.leader, excerpt.looked_at)

    def _slide(self, start: Pixel, end: Pixel, run_time: float) -> None:
        """Move the window; where the block does not hold the next one, show others."""
        board, excerpt, calculation = self.board, self.board.excerpt, self.board.calculation
        is_inside = excerpt.block.holds(*end)
        leaving = self.marks[:-1] if is_inside else self.marks

        def show(share: float) -> None:
            if share >= HALF_WAY:
                calculation.show(end)
                if not excerpt.block.holds(*end):
                    excerpt.move_block(Block.around(*end, board.numbers.output_shape, 1))
            row, column = (a + (b - a) * share for a, b in zip(start, end, strict=True))
            board.show_window(row, column)
            if not is_inside:
                excerpt.show_window(excerpt.block.row, excerpt.block.column)

        windows = [board.window, board.region, board.guides, excerpt.window]
        numbers = [calculation.expression, calculation.note, excerpt.grid, excerpt.result]
        focus = [self._focus(end)] if is_inside else []
        self.scene.play(
            Drive([*windows, *numbers], show, 0, 1),
            *focus,
            *map(FadeOut, leaving),
            run_time=run_time,
            rate_func=smooth,
        )

    def _focus(self, active: Pixel | None) -> Drive:
        """Bring every cell to its opacity while `active` is looked at."""
        excerpt = self.board.excerpt
        start, end = excerpt.shares, excerpt.target_shares(active)
        return Drive(
            [excerpt.grid],
            lambda share: excerpt.show_shares(start + (end - start) * share),
            0,
            1,
        )

    def _send(self, places: Sequence[Pixel], run_time: float) -> None:
        """Let winners travel to their cells of the output."""
        scene, board, excerpt = self.scene, self.board, self.board.excerpt
        carriers = [(*excerpt.carrier(place), place) for place in places]
        going: list[Any] = [
            carrier.animate.scale(scale).move_to(excerpt.result_centre(place))
            for carrier, scale, place in carriers
        ]
        if len(places) == 1:
            board.cursor.show_position(*places[0])
            if not scene.present([board.cursor]):
                going.append(FadeIn(board.cursor))
        scene.play(*going, run_time=run_time)
        scene.remove(*(carrier for carrier, _, _ in carriers))
        for place in places:
            excerpt.show_result(place)
            board.show_after(place)
