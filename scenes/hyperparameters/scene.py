"""The hyperparameters: how size, kernel, padding, stride and dilation make the output."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from manim import DOWN, FadeIn, FadeOut, LaggedStart, Mobject, linear, smooth

from cnnviz.animations.drive import Drive
from cnnviz.model.trace import Trace
from cnnviz.scenes.hyperparameters.board import HyperparametersBoard, NetworkTable
from cnnviz.scenes.hyperparameters.limits import LIMITS, legible_example
from cnnviz.scenes.hyperparameters.missed import UnreachedCells
from cnnviz.scenes.hyperparameters.sizes import SlidingExample, size_calculations
from cnnviz.scenes.hyperparameters.turning import Turning
from cnnviz.staging.parameters import parameter
from cnnviz.staging.scene import LectureScene

SLOW_STOPS = 2
"""Moves that are made slowly, so that the arithmetic can be followed."""

MOST_STOPS = 15
"""With more stops the arithmetic is shown along the first row only, then the output fills."""

QUICK = 0.5
"""Share of a step for each of the other moves."""

LONGEST_TERMS = 10
"""Terms after which counting goes faster, so that a large kernel takes no longer."""


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
        """Tell what each number does, what the formula gives, and what is missed."""
        values = self.parameters
        example = self.example = self.example_of(values)
        self.board = HyperparametersBoard(example, self.theme, self.words)
        subtitle = self.word("subtitle", **asdict(values))
        title = self.make_title(self.word("title"), subtitle)
        self.set_stage(*title, self.board.input.grid, self.board.input.frame)
        with self.beat("input", size=values.input_size):
            self.show_input()
        caption = "padding" if values.padding else "no_padding"
        with self.beat("padding", caption, count=values.padding, size=example.padded_size):
            self.show_padding()
        with self.beat("kernel", count=values.kernel_size):
            self.show_kernel()
        if self.board.input.has_gaps:
            with self.beat("dilation", None, count=values.dilation - 1, **self._kernel_facts()):
                self.spread_kernel()
        turning = Turning(self)
        if example.output_size:
            self.play_positions()
            turning.play()
        else:
            with self.beat("too_large", None, needed=self._needed_padding(), **self._size_facts()):
                self.show_that_it_is_too_large()
        with self.beat("formula", self._outcome(), **self._size_facts()):
            turning.leave()
            self.evaluate()
        UnreachedCells(self, example, self.board.input).play()
        self.play_network()

    # -- the input and the kernel -----------------------------------------------------------

    def show_input(self) -> None:
        """Show the size of the grid, and the formula that is to be filled in."""
        board = self.board
        self.fade_in(board.symbols, board.legend)
        self.span = board.input.size_span()
        self.fill_in("n", beside=[*board.filled.signs, self.span])

    def show_padding(self) -> None:
        """Lay the rings of zeros around the input, one cell after the other."""
        grid = self.board.input
        if not grid.ring_count:
            self.fill_in("p")
            return
        self.fade_out(self.span)
        self.play(
            Drive([grid.grid], grid.show_padding, 0, grid.ring_count),
            run_time=1.2 * self.timing.move,
            rate_func=linear,
        )
        self.fill_in("p", beside=[grid.padded_span()])

    def show_kernel(self) -> None:
        """Bring in the kernel, and lay its window over the first position, without gaps."""
        work, grid = self.board.work, self.board.input
        self.fade_out(self.board.legend)
        self.play(
            FadeIn(work.kernel_label),
            FadeIn(work.kernel, shift=0.2 * DOWN),
            run_time=self.timing.move,
        )
        grid.show_window(0, 0, 1)
        letters = "k" if grid.has_gaps else "kd"
        self.fill_in(*letters, beside=[grid.window])

    def spread_kernel(self) -> None:
        """Pull the weights apart until the dilation's gaps lie between them."""
        grid = self.board.input

        def spread(spacing: float) -> None:
            grid.show_window(0, 0, spacing)

        self.play(
            Drive([grid.window], spread, 1, self.parameters.dilation),
            run_time=self.timing.move,
            rate_func=smooth,
        )
        span = grid.reach_span()
        self.fill_in("d", beside=[grid.reach_frame, span])
        self.fade_out(span)

    # -- the positions ----------------------------------------------------------------------

    def play_positions(self) -> None:
        """Tell the first position in full, and all others."""
        with self.beat("first"):
            self.multiply()
        caption = "slide" if self.example.output_size > 1 else "single"
        with self.beat("slide", caption, count=self.parameters.stride):
            self.slide()

    def multiply(self) -> None:
        """Multiply term by term at the first position; the sum flies into the output."""
        work, timing = self.board.work, self.timing
        self.board.light([])
        count = work.products.cell_count
        work.show_term(0)
        self.add(work.products)
        self.fade_in(work.products_label, *work.markers)
        self.play(
            Drive([work.products, *work.markers], work.show_term, 0, count),
            run_time=timing.step * min(count, LONGEST_TERMS) / 2,
            rate_func=linear,
        )
        self.remove(*work.markers)
        self.fade_in(work.sum, work.output_label)
        flight = work.total.copy()
        self.play(
            flight.animate.move_to(work.output.cell_centre(0))
            .scale(work.output_em / flight.em)
            .set_opacity(1.0 if work.output.has_numbers else 0.0),
            run_time=timing.move,
        )
        self.remove(flight)
        work.output.reveal(1)
        self.add(work.output)

    def slide(self) -> None:
        """Move the window from stop to stop: a few slowly, others quickly, then all rows."""
        board, timing = self.board, self.timing
        last = self.example.output_size**2 - 1
        detailed = last if last <= MOST_STOPS else self.example.output_size - 1
        span = board.input.stride_span()
        self.fill_in("s", beside=[span] if last else [])
        for stop in range(detailed):
            self.play(
                Drive(board.moving_parts, board.show_stop, stop, stop + 1),
                run_time=timing.move if stop < SLOW_STOPS else QUICK * timing.step,
                rate_func=linear,
            )
        if detailed < last:
            self.fade_out(span, *board.work.arithmetic)
            self.play(
                Drive(board.swept_parts, board.sweep_to, detailed, last),
                run_time=timing.sweep,
                rate_func=linear,
            )
        self.fade_out(span)

    def show_that_it_is_too_large(self) -> None:
        """Measure the kernel, and mark the part of its window that has no cells below it."""
        grid = self.board.input
        self.fade_in(grid.reach_span(), grid.overhang_cross())
        self.fade_in(self.board.work.no_output)

    # -- the formula ------------------------------------------------------------------------

    def fill_in(self, *letters: str, beside: Iterable[Mobject] = ()) -> None:
        """Light letters of the formula and put their numbers below, with what shows them."""
        symbols, filled = self.board.symbols.letters, self.board.filled.letters
        self.board.light([line[letter] for letter in letters for line in (symbols, filled)])
        self.fade_in(*(filled[letter] for letter in letters), *beside)

    def evaluate(self) -> None:
        """Fill in what is missing, subtract, divide, round down, add one."""
        board = self.board
        if not self.example.output_size:
            self.fill_in("s")
        divided = board.divided
        self.board.light(divided.letters.values())
        self.fade_in(*divided.signs, *divided.letters.values(), run_time=self.timing.move)
        self.board.light([divided.ending[-1]])
        self.fade_in(*divided.ending)
        if self.example.output_size:
            self.fade_in(board.work.output_frame, board.work.output_span())

    # -- the network ------------------------------------------------------------------------

    def play_network(self) -> None:
        """Show the formula for the layers of the network; one at least has a window."""
        calculations = list(size_calculations(self.trace.architecture))
        table = NetworkTable(calculations, self.theme, self.words)
        shown, count = len(table.lines), len(calculations)
        caption = "network" if shown == count else "network_some"
        with self.beat("network", caption, shown=shown, count=count):
            self.show_network(table)

    def show_network(self, table: NetworkTable) -> None:
        """Let the formula become the heading of a table, then one line after the other."""
        symbols, target = self.board.symbols, table.heading
        ratio = target.letters["n"].font_size / symbols.letters["n"].font_size
        self.play(
            *map(FadeOut, self.on_stage_but([symbols])),
            *(
                part.animate.scale(ratio).move_to(goal)
                for part, goal in zip(symbols.parts, target.parts, strict=True)
            ),
            run_time=self.timing.move,
        )
        self.remove(symbols)
        self.add(*target.parts)
        self.fade_in(*target.names)
        lines = [FadeIn(line, shift=0.1 * DOWN) for line in table.lines]
        self.play(LaggedStart(*lines, lag_ratio=0.5), run_time=1.5 * self.timing.move)

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
