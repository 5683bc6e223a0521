"""The convolution: one filter of one layer, from its first product to the finished map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from manim import DOWN, AnimationGroup, FadeIn, LaggedStart, linear, rush_from

from cnnviz.animations.drive import Drive
from cnnviz.explain.convolution import explain_convolution
from cnnviz.explain.places import Place, resolve_place
from cnnviz.explain.scaling import SCALES
from cnnviz.explain.walks import neighbouring_positions
from cnnviz.model.trace import Trace
from cnnviz.scenes.conv.board import ConvolutionBoard
from cnnviz.scenes.conv.calculation import Calculation
from cnnviz.scenes.conv.comparison import MapAndPicture
from cnnviz.scenes.conv.filter_wall import FilterWall
from cnnviz.staging.closing import Closing
from cnnviz.staging.opening import Opening
from cnnviz.staging.parameters import parameter
from cnnviz.staging.scene import LectureScene

KERNELS = 2.0
"""How long the kernels take to appear, in moves."""

GLIDED_ROWS = 3
"""Rows of the output along which the window is seen to glide."""


@dataclass(frozen=True)
class ConvParameters:
    """Which output of which convolution is explained."""

    layer: str | None = parameter("text", "A convolutional layer. Default: the first one.")
    channel: int | None = parameter(
        "number",
        "The filter, and channel of the output, from 0. Default: one with contrast.",
        minimum=0,
    )
    pixel: tuple[int, int] | None = parameter(
        "pixel", "ROW,COLUMN of the output that is calculated first. Default: one of the highest."
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
            self.strip = opening.show_where_we_are(layer.name, self.board.sources)
            self.show_what_comes_in()
        with self.beat("filter", count=layer.in_channels, **self._filter_facts()):
            self.show_filter()
        calculation = Calculation(self, self.board)
        shown = len(self.board.rows)
        caption = "multiply" if layer.in_channels <= shown else "multiply_strongest"
        with self.beat("multiply", caption, count=shown):
            calculation.multiply()
        with self.beat("add", row=row, column=column):
            calculation.add_up()
        steps = neighbouring_positions(row, column, self.board.numbers.output_shape, 3)
        if steps:
            caption = "move" if self._has_other_values(steps) else "move_same"
            with self.beat("move", caption, count=layer.stride):
                calculation.move_along([(row, column), *steps])
        with self.beat("sweep"):
            self.sweep()
        with self.beat("map"):
            self.show_finished_map()
        wall = self._make_wall()
        caption = "filters" if wall.is_complete else "filters_some"
        with self.beat("filters", caption, count=layer.out_channels, shown=len(wall.channels)):
            self.show_all_filters(wall)
            own = wall.maps[wall.channels.index(self.place.channel)]
            Closing(self).show_whole_network(layer.name, own, self.place.channel)

    # -- what is there ----------------------------------------------------------------------

    def show_what_comes_in(self) -> None:
        """Show the input channels, and the output while it is empty."""
        board = self.board
        parts = [*board.inputs.around, board.output.frame, board.output.label]
        self.fade_in(*parts, run_time=self.timing.move)

    def show_filter(self) -> None:
        """Bring in this filter's kernels, one per input channel, and what they are for."""
        board = self.board
        kernels = [FadeIn(row.kernel, shift=0.2 * DOWN) for row in board.rows]
        kernels += [FadeIn(line.kernel) for line in board.inputs.lines]
        self.play(LaggedStart(*kernels, lag_ratio=0.3), run_time=KERNELS * self.timing.move)
        self.fade_in(board.formula)

    # -- all outputs --------------------------------------------------------------------------

    def sweep(self) -> None:
        """Fill the whole output: the window glides over a few rows, then all others follow."""
        board, output, timing = self.board, self.board.output, self.timing
        rows, columns = board.numbers.output_shape
        moving = [*board.inputs.windows, output.cursor]
        glided = min(GLIDED_ROWS, rows) * columns
        self.fade_out(*board.calculation_parts, *moving, output.map)
        board.fill(0)
        board.show_window(0, 0)
        filled = [output.map, *board.contributions]
        self.add(*filled)
        self.fade_in(*board.contribution_frames, output.legend, *board.sweep_signs, *moving)

        def glide(count: float) -> None:
            board.fill(count)
            row, column = divmod(max(min(count, glided) - 1, 0.0), columns)
            board.show_window(row, min(column, columns - 1))

        self.play(
            Drive([*moving, *filled], glide, 0, glided),
            run_time=timing.sweep_first_row * glided / columns,
            rate_func=linear,
        )
        self.fade_out(*moving)
        if glided < rows * columns:
            self.play(
                Drive(filled, board.fill, glided, rows * columns),
                run_time=timing.sweep,
                rate_func=rush_from,
            )

    # -- what it found ------------------------------------------------------------------------

    def show_finished_map(self) -> None:
        """Set the map beside the picture, with its legend and the chosen value."""
        board, output, timing = self.board, self.board.output, self.timing
        comparison = MapAndPicture(
            self.trace,
            self.place,
            output.scale,
            output.legend_marks,
            output.legend_note,
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

    def _has_other_values(self, steps: Sequence[tuple[int, int]]) -> bool:
        """Return whether the window meets other values there than at the first place."""
        layer_trace, place = self.board.numbers.layer_trace, self.place
        first, *others = (
            explain_convolution(layer_trace, place.channel, row, column).patch
            for row, column in ((place.row, place.column), *steps)
        )
        return any(not np.array_equal(first, other) for other in others)

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
