"""The hyperparameters: how size, kernel, padding, stride and dilation make the output."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from manim import (
    Animation,
    AnimationGroup,
    FadeIn,
    FadeOut,
    LaggedStart,
    Mobject,
    linear,
    smooth,
)

from cnnviz.animations.drive import Drive
from cnnviz.explain.rounding import format_number
from cnnviz.model.trace import Trace
from cnnviz.scenes.hyperparameters.aside import NetworkAside
from cnnviz.scenes.hyperparameters.board import HyperparametersBoard
from cnnviz.scenes.hyperparameters.evaluation import FACT, Evaluation
from cnnviz.scenes.hyperparameters.limits import LIMITS, legible_example
from cnnviz.scenes.hyperparameters.missed import UnreachedCells
from cnnviz.scenes.hyperparameters.network_sizes import NetworkSizes
from cnnviz.scenes.hyperparameters.positions import Positions
from cnnviz.scenes.hyperparameters.sizes import SlidingExample
from cnnviz.scenes.hyperparameters.turning import Turning
from cnnviz.staging.parameters import parameter
from cnnviz.staging.rhythm import arriving
from cnnviz.staging.scene import LectureScene

LEGEND, RING, KERNEL, SPREAD = 1.8, 2.0, 1.8, 2.0
"""How long it takes, in moves, until the letters' meanings are there; the ring of zeros; all
weights; until the gaps are as wide as they get."""


def _number(name: str, meaning: str, default: int) -> Any:
    """Return the field for one of the numbers, within what is legible."""
    least, most = LIMITS[name]
    return parameter("number", meaning, default, minimum=least, maximum=most)


@dataclass(frozen=True)
class HyperparametersParameters:
    """The five numbers."""

    input_size: int = _number("input size", "Cells along a side of the input.", 7)
    kernel_size: int = _number("kernel size", "Weights along a side of the kernel.", 3)
    padding: int = _number("padding", "Rings of zeros around the input.", 1)
    stride: int = _number("stride", "Cells by which the window moves.", 2)
    dilation: int = _number("dilation", "Distance between two weights; 1: no gaps.", 1)


class HyperparametersScene(LectureScene):
    """Kernel size, padding, stride and dilation on a small grid, and what does not fit."""

    name = "hyperparameters"
    Parameters = HyperparametersParameters
    poster_beat = "formula"

    @classmethod
    def resolve(
        cls, trace: Trace, parameters: HyperparametersParameters
    ) -> HyperparametersParameters:
        """Check that all of it is legible; what does not fit each other is explained."""
        cls.example_of(parameters)
        return parameters

    @staticmethod
    def example_of(parameters: HyperparametersParameters) -> SlidingExample:
        """Return the example that is shown."""
        return legible_example(**asdict(parameters))

    def construct(self) -> None:
        """Tell what each number does, what the formula gives, what is missed, and in a network."""
        values = self.parameters
        example = self.example = self.example_of(values)
        self.board = HyperparametersBoard(example, self.theme, self.words)
        subtitle = self.word("subtitle", **asdict(values))
        self.set_stage(*self.make_title(self.word("title"), subtitle))
        self.network = NetworkAside(self)
        kept = self.network.kept
        if self.inherited is None:
            self.set_stage(*self.board.input.at_start, self.board.symbols)
        with self.beat("input", size=values.input_size):
            self.show_input()
        caption = "padding" if values.padding else "no_padding"
        with self.beat("padding", caption, count=values.padding, size=example.padded_size):
            self.show_padding()
        with self.beat("kernel", count=values.kernel_size, **self._weight_facts()):
            self.show_kernel()
        if self.board.input.has_gaps:
            with self.beat("dilation", None, count=values.dilation - 1, **self._kernel_facts()):
                self.spread_kernel()
        if example.output_size:
            Positions(self, self.board, self.fill_in).play()
        else:
            with self.beat("too_large", None, needed=self._needed_padding(), **self._size_facts()):
                self.show_that_it_is_too_large()
        with self.beat("formula", self._outcome(), **self._size_facts()):
            Evaluation(self, self.board, self.fill_in).play()
        UnreachedCells(self, self.board).play()
        symbols = self.board.symbols
        if example.output_size:
            board = self.board
            before = [board.input.grid, board.work.kernel, board.work.output]
            symbols = Turning(self).play(symbols, before, kept)
        NetworkSizes(self, self.network).play(symbols)

    # -- the input and the kernel -----------------------------------------------------------

    def show_input(self) -> None:
        """Show the size of the grid, and the formula that is to be filled in."""
        board, timing = self.board, self.timing
        coming: list[Animation] = []
        if self.inherited is None:  # a title that is not in its corner yet may reach that far
            coming = [FadeIn(each, rate_func=arriving) for each in self.network.kept]
        else:
            self.network.make_room()
            board.input.show_drawn(0)
            self.add(board.input.grid)
            count = self.parameters.input_size**2
            move = timing.move
            draw = board.input.show_drawn
            coming = [
                Drive([board.input.grid], draw, 0, count, run_time=move, rate_func=linear),
                *(FadeIn(each, run_time=move) for each in (board.input.frame, board.symbols)),
            ]
        entries = [AnimationGroup(*map(FadeIn, entry)) for entry in board.legend.entries]
        self.play(
            LaggedStart(*entries, lag_ratio=0.3, run_time=LEGEND * timing.move),
            *self.settle_title(),
            *coming,
        )
        self.span = board.input.size_span()
        beside = [*board.filled.signs, self.span]
        self.fill_in("n", beside=beside, run_time=self.while_read(timing.move))

    def show_padding(self) -> None:
        """Lay the rings of zeros around the input, one cell after the other."""
        grid, timing = self.board.input, self.timing
        self.fade_out(self.span)
        if grid.ring_count:
            self.play(
                Drive([grid.grid], grid.show_padding, 0, grid.ring_count),
                run_time=RING * timing.move,
                rate_func=linear,
            )
        self.span = grid.padded_span()
        self.fill_in("p", beside=[self.span], run_time=self.while_read(timing.move))

    def show_kernel(self) -> None:
        """Bring in the kernel weight by weight, and let its window go to the first position."""
        work, grid, timing = self.board.work, self.board.input, self.timing
        work.kernel.reveal(0)
        leaving = [] if self.board.has_legend_beside_kernel else [FadeOut(self.board.legend)]
        self.play(*leaving, FadeIn(work.kernel_label), run_time=timing.fade)
        self.add(work.kernel)
        self.play(
            Drive([work.kernel], work.kernel.reveal, 0, work.kernel.cell_count),
            run_time=KERNEL * timing.move,
            rate_func=linear,
        )
        grid.show_window(0, 0, 1)
        place, size = grid.window.get_center(), grid.window.width
        grid.window.scale(work.kernel.cells.width / size).move_to(work.kernel.cells)
        self.fade_in(grid.window)
        self.play(
            grid.window.animate.scale(size / grid.window.width).move_to(place),
            run_time=timing.move,
        )
        grid.show_window(0, 0, 1)
        run_time = self.while_read(timing.fade)
        self.fill_in(*("k" if grid.has_gaps else "kd"), run_time=run_time)

    def spread_kernel(self) -> None:
        """Pull the weights apart until the dilation's gaps lie between them."""
        grid = self.board.input

        def spread(spacing: float) -> None:
            grid.show_window(0, 0, spacing)

        self.play(
            Drive([grid.window], spread, 1, self.parameters.dilation),
            run_time=self.while_read(SPREAD * self.timing.move, after=1.5 * self.timing.move),
            rate_func=smooth,
        )
        span = grid.reach_span()
        self.fill_in("d", beside=[grid.reach_frame, span], run_time=self.timing.move)
        self.fade_out(span)

    def show_that_it_is_too_large(self) -> None:
        """Measure the kernel, and mark the part of its window that has no cells below it."""
        grid, slowly = self.board.input, FACT * self.timing.move
        self.fade_out(*self.board.legend)
        self.fade_in(grid.reach_span(), run_time=slowly)
        self.fade_in(grid.overhang_cross(), run_time=slowly)
        self.fade_in(self.board.work.no_output, run_time=self.while_read(slowly))

    # -- the formula ------------------------------------------------------------------------

    def fill_in(
        self, *letters: str, beside: Iterable[Mobject] = (), run_time: float | None = None
    ) -> None:
        """Light letters of the formula and put their numbers below, with what shows them."""
        symbols, filled = self.board.symbols.letters, self.board.filled.letters
        self.board.light([line[letter] for letter in letters for line in (symbols, filled)])
        numbers = (filled[letter] for letter in letters)
        self.fade_in(*numbers, *beside, run_time=run_time)

    # -- words ------------------------------------------------------------------------------

    def _size_facts(self) -> dict[str, int]:
        example = self.example
        return {
            "size": example.padded_size,
            "reach": example.reach,
            "room": example.room,
            "stride": self.parameters.stride,
            "count": example.output_size - 1,
            "output": example.output_size,
        }

    def _weight_facts(self) -> dict[str, str]:
        """Return the weights of one row of the kernel; all rows are the same."""
        return {
            "row": self.listed(format_number(float(each), 0) for each in self.example.kernel[0])
        }

    def _kernel_facts(self) -> dict[str, int]:
        values = self.parameters
        weights = values.kernel_size**2
        return {"dilation": values.dilation, "reach": self.example.reach, "weights": weights}

    def _needed_padding(self) -> int:
        """Return the smallest padding with which the kernel would fit."""
        return -((self.example.input_size - self.example.reach) // 2)

    def _outcome(self) -> str:
        """Return the key of what is said about the formula's result."""
        if not self.example.output_size:
            return "formula_negative"
        return "formula_rounds" if self.example.left_over else "formula_divides"
