"""The window at its stops: the first in full, and all others."""

from __future__ import annotations

from collections.abc import Callable

from manim import linear

from cnnviz.animations.drive import Drive
from cnnviz.animations.fade_to import FadeTo
from cnnviz.arrays import IntArray
from cnnviz.explain.rounding import format_number
from cnnviz.scenes.hyperparameters.board import HyperparametersBoard
from cnnviz.staging.crossing import fly_by_turns
from cnnviz.staging.scene import LectureScene

SLOW_STOPS = 2
"""Moves that are made slowly, so that the arithmetic can be followed."""

MOST_STOPS = 15
"""With more stops the arithmetic is shown along the first row only, then the output fills."""

QUICK = 0.5
"""Share of a step for each of the other moves."""

LONGEST_TERMS = 10
"""Terms after which counting goes faster, so that a large kernel takes no longer."""


class Positions:
    """Tells what the kernel does at one stop after another; there is an output.

    Parameters
    ----------
    scene, board
        What it plays on; the scene's words have the captions.
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
        """Tell the first position in full, and all others."""
        total = format_number(float(self.example.output[0, 0]), 0)
        with self.scene.beat("first", total=total, size=self.example.geometry.kernel_size):
            self.multiply()
        caption = "slide" if self.example.output_size > 1 else "single"
        output = self.example.output
        facts = {"count": self.example.geometry.stride, "output": len(output)}
        with self.scene.beat("slide", caption, **facts, **_whole_extent(output)):
            self.slide()

    def multiply(self) -> None:
        """Multiply term by term at the first position; the sum flies into the output."""
        work, timing = self.board.work, self.timing
        self.board.light([])
        self.scene.fade_out(*self.board.legend)
        count = work.products.cell_count
        work.show_term(0)
        self.scene.add(work.products)
        self.scene.fade_in(work.products_label, *work.markers)
        self.scene.play(
            Drive([work.products, *work.markers], work.show_term, 0, count),
            run_time=timing.step * min(count, LONGEST_TERMS) / 2,
            rate_func=linear,
        )
        self.scene.remove(*work.markers)
        self.scene.fade_in(work.sum, work.output_label)
        flight, run_time = work.total.copy(), self.scene.while_read(timing.move)
        goal = work.total.copy().scale(work.output_em / flight.em)
        goal.move_to(work.output.cell_centre(0))
        self.scene.add(flight)  # below the products, and then up: across them it could not be read
        opacity = 1.0 if work.output.has_numbers else 0.0
        self.scene.play(
            fly_by_turns(flight, goal.corners(), run_time, across_first=True),
            FadeTo([flight], opacity, run_time=run_time),
        )
        self.scene.remove(flight)
        work.output.reveal(1)
        self.scene.add(work.output)

    def slide(self) -> None:
        """Move the window from stop to stop: a few slowly, others quickly, then all rows."""
        board, timing = self.board, self.timing
        last = self.example.output_size**2 - 1
        detailed = last if last <= MOST_STOPS else self.example.output_size - 1
        span = board.input.stride_span()
        run_time = timing.fade if last else self.scene.while_read(timing.fade)
        self._fill_in("s", beside=[span] if last else [], run_time=run_time)
        moves = [
            timing.move if stop < SLOW_STOPS else QUICK * timing.step for stop in range(detailed)
        ]
        # Few stops take their time, where nothing follows them: the caption is read meanwhile.
        is_all = 0 < detailed == last
        slower = self.scene.while_read(sum(moves), timing.fade) / sum(moves) if is_all else 1.0
        for stop, run_time in enumerate(moves):
            self.scene.play(
                Drive(board.moving_parts, board.show_stop, stop, stop + 1),
                run_time=slower * run_time,
                rate_func=linear,
            )
        if detailed < last:
            self.scene.fade_out(span, *board.work.arithmetic)
            self.scene.play(
                Drive(board.swept_parts, board.sweep_to, detailed, last),
                run_time=timing.sweep,
                rate_func=linear,
            )
        self.scene.fade_out(span)


def _whole_extent(output: IntArray) -> dict[str, str]:
    """Return the least and the largest number of an output."""
    ends = {"least": float(output.min()), "most": float(output.max())}
    return {name: format_number(value, 0) for name, value in ends.items()}
