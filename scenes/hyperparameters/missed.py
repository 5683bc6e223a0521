"""What no window of a convolution reaches: at the end of the input, or between its stops."""

from __future__ import annotations

from manim import smooth

from cnnviz.animations.drive import Drive
from cnnviz.scenes.hyperparameters.board import HyperparametersBoard
from cnnviz.staging.scene import LectureScene


class UnreachedCells:
    """Explains the rows and columns that are never reached, if there are any.

    Parameters
    ----------
    scene
        What it plays on; its words have the captions.
    board
        The sizes, and the input, which is in the scene already.
    """

    def __init__(self, scene: LectureScene, board: HyperparametersBoard) -> None:
        self.scene, self.board = scene, board
        self.example, self.grid = board.example, board.input

    def play(self) -> None:
        """Tell what is left over at the end, and what is skipped in between."""
        scene, example = self.scene, self.example
        if example.left_over:
            rows = example.unreached_at_end
            caption = "left_over" if rows else "left_over_padding"
            with scene.beat("left_over", caption, cells=self._cells(rows)):
                self.show_left_over(rows)
        if example.skipped:
            reach, stride = example.reach, example.geometry.stride
            caption = "skipped_by_stride" if stride > reach else "skipped_by_gaps"
            cells = self._cells(example.skipped)
            with scene.beat("skipped", caption, reach=reach, stride=stride, cells=cells):
                self.show_skipped()

    def show_left_over(self, rows: tuple[int, ...]) -> None:
        """Let the window try the next position, and mark what it does not reach."""
        scene, grid, size = self.scene, self.grid, self.example.output_size
        scene.fade_out(*grid.windows, *self.board.work.arithmetic)
        grid.show_ghost(size - 1)
        scene.fade_in(grid.ghost)
        scene.play(
            Drive([grid.ghost], grid.show_ghost, size - 1, size),
            run_time=scene.timing.move,
            rate_func=smooth,
        )
        mark = grid.overhang_cross()
        scene.fade_in(mark, run_time=scene.timing.move)
        scene.fade_out(grid.ghost, mark)
        first = self.example.padded_size - self.example.left_over
        self.mark_lines(tuple(range(first, self.example.padded_size)), rows)

    def show_skipped(self) -> None:
        """Mark the rows and columns between the cells that windows reach."""
        self.scene.fade_out(*self.grid.windows, *self.board.work.arithmetic)
        rows, padding = self.example.skipped, self.example.geometry.padding
        self.mark_lines(tuple(row + padding for row in rows), rows)

    def mark_lines(self, padded: tuple[int, ...], rows: tuple[int, ...]) -> None:
        """Colour rows and columns of the padded input; write the input's indices beside."""
        grid = self.grid

        def show(share: float) -> None:
            grid.show_marks(padded, share)

        timing = self.scene.timing
        run_time = self.scene.while_read(timing.move, after=timing.fade if rows else 0.0)
        self.scene.play(Drive([grid.grid], show, 0, 1), run_time=run_time)
        if rows:
            self.scene.fade_in(*grid.indices(rows))

    def _cells(self, rows: tuple[int, ...]) -> str:
        """Return how rows and columns of the same indices are called in a sentence."""
        word = self.scene.word
        key = "one_by_one" if len(rows) == 1 else "several"
        return word(key, rows=word("separator").join(map(str, rows)))
