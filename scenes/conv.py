"""The convolution: one filter of one layer, from its first product to the finished map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from manim import DOWN, AnimationGroup, FadeIn, LaggedStart, linear, smooth

from cnnviz.animations.drive import Drive
from cnnviz.animations.fade_to import FadeTo
from cnnviz.explain.places import Place, resolve_place
from cnnviz.explain.scaling import SCALES
from cnnviz.explain.walks import neighbouring_positions
from cnnviz.handover import map_key
from cnnviz.mobjects.comparison import MapAndPicture
from cnnviz.mobjects.convolution_board import ConvolutionBoard
from cnnviz.mobjects.convolution_rows import ChannelRow
from cnnviz.mobjects.filter_wall import FilterWall
from cnnviz.opening import Opening
from cnnviz.parameters import parameter
from cnnviz.scene import LectureScene
from cnnviz.traces import Trace

LONGEST_COUNT = 27
"""Terms after which counting goes faster, so that a large kernel does not take minutes."""

TOLD_TERMS = 9
"""Terms that are written out where a kernel is too large for numbers in its cells."""

HALF_WAY = 0.5
"""Share of a move at which the numbers change to those of the next position."""


@dataclass(frozen=True)
class ConvParameters:
    """Which output of which convolution is explained."""

    layer: str | None = parameter("text", "A convolutional layer. Default: the first one.")
    channel: int | None = parameter(
        "number", "The filter, and channel of the output, from 0. Default: one with contrast."
    )
    pixel: tuple[int, int] | None = parameter(
        "pixel", "ROW,COLUMN of the output that is calculated first. Default: a strong response."
    )
    scale: str = parameter(
        "choice", "Over which layers one colour means one value.", "unit", SCALES
    )


class ConvScene(LectureScene):
    """A convolution, complete: patches, kernels, products, sums, bias, the whole map."""

    name = "conv"
    Parameters = ConvParameters
    poster_beat = "add"

    @classmethod
    def resolve(cls, trace: Trace, parameters: ConvParameters) -> ConvParameters:
        """Fill in an interesting place: see :func:`cnnviz.explain.places.resolve_place`."""
        place = resolve_place(trace, parameters.layer, parameters.channel, parameters.pixel)
        return replace(
            parameters, layer=place.layer, channel=place.channel, pixel=(place.row, place.column)
        )

    def construct(self) -> None:
        """Tell the eight beats."""
        row, column = self.parameters.pixel
        self.place = Place(self.parameters.layer, self.parameters.channel, row, column)
        self.board = ConvolutionBoard(
            self.trace, self.place, self.theme, self.words, self.parameters.scale
        )
        layer = self.board.numbers.layer
        self.set_stage(*self.make_title(self.word("title"), self._subtitle()))
        opening = Opening(self)
        with self.beat("place", layer=layer.name):
            self.strip = opening.show_where_we_are(layer.name)
            self.fade_in(*self.board.inputs.parts, run_time=self.timing.move)
        with self.beat("filter", count=layer.in_channels, **self._filter_facts()):
            self.show_filter()
        few = layer.in_channels <= len(self.board.rows)
        with self.beat("multiply" if few else "multiply_strongest", count=len(self.board.rows)):
            self.multiply()
        with self.beat("add", row=row, column=column):
            self.add_up()
        steps = neighbouring_positions(row, column, self.board.numbers.output_shape, 3)
        if steps:
            with self.beat("move", count=layer.stride):
                self.move_along([(row, column), *steps])
        with self.beat("sweep"):
            self.sweep()
        with self.beat("map"):
            self.show_finished_map()
        wall = self._make_wall()
        caption = "filters" if wall.is_complete else "filters_some"
        with self.beat(caption, count=layer.out_channels, shown=len(wall.channels)):
            self.show_all_filters(wall)
        own = wall.maps[wall.channels.index(self.place.channel)]
        self.leave(map_key(layer.name, self.place.channel), own)

    # -- what is there ----------------------------------------------------------------------

    def show_filter(self) -> None:
        """Bring in this filter's kernels, one per input channel, and the empty output."""
        board = self.board
        kernels = [FadeIn(row.kernel, shift=0.2 * DOWN) for row in board.rows]
        kernels += [FadeIn(line.kernel) for line in board.inputs.lines]
        self.play(LaggedStart(*kernels, lag_ratio=0.3), run_time=1.5 * self.timing.move)
        self.fade_in(board.output.frame, board.output.label, board.formula)

    # -- one output, term by term -----------------------------------------------------------

    def multiply(self) -> None:
        """Lift the patches and multiply term by term: slowly once, then quickly."""
        board, timing = self.board, self.timing
        self.fade_out(board.formula)
        self.fade_in(*board.inputs.windows)
        self.play(*(self._lift_patch(row) for row in board.rows), run_time=timing.move)
        signs = [sign for row in board.rows for sign in (row.times, row.equals)]
        self.fade_in(*signs, *board.inputs.guides)
        for index, row in enumerate(board.rows):
            others = [each for each in board.rows if each is not row]
            self._focus_on([row], others)
            self._multiply_row(row, is_first=index == 0)
        self._focus_on(board.rows, [])
        if board.inputs.sums:
            self.fade_in(*board.inputs.sums)

    def _lift_patch(self, row: ChannelRow) -> FadeIn:
        """Let the patch grow out of the window into its grid."""
        window = self.board.inputs.window_of(row)
        scale = window.width / row.patch.width
        return FadeIn(row.patch, target_position=window.get_center(), scale=scale)

    def _multiply_row(self, row: ChannelRow, is_first: bool) -> None:
        """Show one product after the other in reading order, then their sum."""
        timing, count = self.timing, row.products.cell_count
        row.show_term(0)
        self.add(row.products, row.markers)
        told = self._tell_terms(row) if is_first else 0
        if told < count:
            is_slow = is_first and not told
            self._count_terms(row, told, count, timing.step if is_slow else timing.quick_step)
        self.remove(*row.markers)
        self.fade_in(row.sum_sign, row.sum)

    def _tell_terms(self, row: ChannelRow) -> int:
        """Where cells are too small for numbers, write out the first terms; return how many."""
        ticker = self.board.ticker
        if ticker is None:
            return 0
        count = min(row.products.cell_count, TOLD_TERMS)
        self.add(ticker)
        for term in range(count):
            ticker.show_term(term)
            self._count_terms(row, term, term + 1, self.timing.told_step)
        self.fade_out(ticker)
        return count

    def _count_terms(self, row: ChannelRow, first: int, end: int, step: float) -> None:
        self.play(
            Drive([row.products, row.markers], row.show_term, first, end),
            run_time=step * min(end - first, LONGEST_COUNT),
            rate_func=linear,
        )

    def _focus_on(self, rows: Sequence[ChannelRow], others: Sequence[ChannelRow]) -> None:
        dimmed = self.present(part for row in others for part in row.parts)
        lit = self.present(part for row in rows for part in row.parts)
        self.play(FadeTo(dimmed, self.theme.dimmed), FadeTo(lit, 1.0), run_time=self.timing.fade)

    def add_up(self) -> None:
        """Let the sums and the bias join, and the total fly to its cell of the output."""
        board, timing = self.board, self.timing
        output, table = board.output, board.output.table
        sums = [(row.sum, number) for row, number in zip(board.rows, table.numbers, strict=False)]
        flights = [source.copy() for source, _ in sums]
        self.play(
            *map(FadeIn, table.names[: len(sums)]),
            *(
                flight.animate.move_to(number).scale(number.em / flight.em)
                for flight, (_, number) in zip(flights, sums, strict=True)
            ),
            run_time=timing.move,
        )
        self.remove(*flights)
        self.add(*(number for _, number in sums))
        self.fade_in(*table.names[len(sums) :], *table.numbers[len(sums) :])
        self.fade_in(output.place_label, table.rule, table.total_sign, table.total)
        self.wait(timing.pause)
        cell = output.map.cell_centre(self.place.row, self.place.column)
        flight = table.total.copy()
        self.add(output.map)
        self.play(
            flight.animate.move_to(cell).scale(0.2).set_opacity(0.0),
            FadeIn(output.cursor),
            run_time=timing.move,
        )
        self.remove(flight)
        output.show_cell(self.place.row, self.place.column)

    # -- all outputs --------------------------------------------------------------------------

    def move_along(self, positions: Sequence[tuple[int, int]]) -> None:
        """Slide the window over a few positions, and calculate at each."""
        for start, end in pairwise(positions):
            self._slide(start, end)
            self.wait(self.timing.pause / 2)

    def _slide(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        board = self.board

        def show(share: float) -> None:
            row, column = (a + (b - a) * share for a, b in zip(start, end, strict=True))
            board.show_window(row, column)
            board.show_numbers(*(end if share >= HALF_WAY else start))
            if share == 1:
                board.output.show_cell(*end)

        parts = [*board.moving_parts, board.output.map]
        self.play(Drive(parts, show, 0, 1), run_time=self.timing.move, rate_func=smooth)

    def sweep(self) -> None:
        """Fill the whole output: along the first row, then row by row."""
        board, output, timing = self.board, self.board.output, self.timing
        self.fade_out(*board.calculation_parts)
        for row in board.rows:
            row.show_maps()
        board.fill(0)
        board.show_window(0, 0)
        self.add(*board.contributions)
        self.fade_in(*board.contribution_frames, board.output.legend, *board.sweep_signs)
        rows, columns = board.numbers.output_shape
        filled = [*board.inputs.windows, output.cursor, output.map, *board.contributions]

        def along_first_row(count: float) -> None:
            board.fill(count)
            board.show_window(0, max(count - 1, 0))

        def row_by_row(count: float) -> None:
            board.fill(count)
            board.show_band(min(int(count / columns), rows - 1))

        self.play(
            Drive(filled, along_first_row, 0, columns),
            run_time=timing.sweep_first_row,
            rate_func=linear,
        )
        if rows > 1:
            self.play(
                Drive(filled, row_by_row, columns, rows * columns),
                run_time=timing.sweep,
                rate_func=linear,
            )
        self.fade_out(*board.inputs.windows, output.cursor)

    # -- what it found ------------------------------------------------------------------------

    def show_finished_map(self) -> None:
        """Set the map beside the picture, with its legend and the chosen value."""
        board, output, timing = self.board, self.board.output, self.timing
        comparison = MapAndPicture(
            self.trace,
            self.place,
            output.scale,
            output.legend_marks,
            board.numbers.first.total,
            self.theme,
            self.words,
        )
        self.fade_out(*self.on_stage_but([self.strip, output.map]))
        target = comparison.map
        self.play(
            output.map.animate.scale(target.width / output.map.width).move_to(target),
            run_time=timing.move,
        )
        self.remove(output.map)
        self.add(target)
        self.fade_in(*comparison.around_map)
        self.fade_in(*comparison.picture_parts, run_time=timing.move)
        self.wait(timing.pause)
        self.fade_in(*comparison.place_parts)
        self.finished_map = target

    def _make_wall(self) -> FilterWall:
        board = self.board
        scales = (board.output.scale, board.scales.kernel)
        return FilterWall(board.numbers.layer_trace, self.place.channel, scales, self.theme)

    def show_all_filters(self, wall: FilterWall) -> None:
        """Show the layer's filters with their kernels and maps, as many as are legible."""
        timing = self.timing
        index = wall.channels.index(self.place.channel)
        own = wall.maps[index]
        self.fade_out(*self.on_stage_but([self.strip, self.finished_map]))
        self.play(
            self.finished_map.animate.scale(own.width / self.finished_map.width).move_to(own),
            run_time=timing.move,
        )
        self.remove(self.finished_map)
        self.add(own)
        self.fade_in(wall.light, wall.kernels[index], wall.labels[index])
        others = [
            AnimationGroup(*map(FadeIn, parts))
            for position, parts in enumerate(zip(wall.maps, wall.kernels, wall.labels, strict=True))
            if position != index
        ]
        if others:
            self.play(LaggedStart(*others, lag_ratio=0.3), run_time=2 * timing.move)

    # -- words --------------------------------------------------------------------------------

    def _filter_facts(self) -> dict[str, Any]:
        layer = self.board.numbers.layer
        return {
            "filter": self.place.channel,
            "size": layer.kernel_size,
            "weights": layer.in_channels * layer.kernel_size**2 + 1,
        }

    def _subtitle(self) -> str:
        layer = self.board.numbers.layer
        padding = "padding" if layer.padding else "no_padding"
        return self.word(
            "subtitle",
            layer=layer.name,
            filter=self.place.channel,
            last=layer.out_channels - 1,
            size=layer.kernel_size,
            stride=layer.stride,
            padding=self.word(padding, padding=layer.padding),
            dilation=self.word("dilation", dilation=layer.dilation) if layer.dilation > 1 else "",
        )
