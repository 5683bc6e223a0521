"""ReLU: one rule for every value, told with two or three, then with the whole map."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from math import isfinite
from typing import Any

import numpy as np
from manim import Create, FadeIn, FadeOut, linear, rush_into, smooth

from cnnviz.animations.drive import Drive
from cnnviz.animations.flight import fly
from cnnviz.explain.places import require_channel, require_layer, require_maps
from cnnviz.explain.relu import (
    Clipping,
    ExamplePixels,
    Pixel,
    clearest_channel,
    example_pixels,
)
from cnnviz.explain.rounding import written_extent
from cnnviz.layers import ReLU, ReLU6
from cnnviz.mobjects.text import Label
from cnnviz.model.trace import Trace
from cnnviz.scenes.relu.board import ReluBoard
from cnnviz.scenes.relu.graph import GraphPoint
from cnnviz.scenes.relu.row_curve import RowCurve
from cnnviz.staging.closing import Closing
from cnnviz.staging.opening import Opening
from cnnviz.staging.parameters import parameter
from cnnviz.staging.scene import LectureScene

FLIGHT_SCALE = 0.2
"""How small a number is while it leaves its cell, as a share of its size."""

WAVE = 1.2
"""How long the wave takes, as a multiple of a sweep."""

DRAWN = 3.2
"""How long the curve takes to be drawn, in moves."""

REST = 0.2
"""How long the pen rests at each bend, as a share of the time."""

ROW, FALL = 2.5, 2.0
"""How long a row takes to become a curve, and what is below zero to fall, in moves."""

FLIGHT = 1.5
"""How long a value takes from its cell to the graph, and from there to its new cell, in moves."""

GATES = (ReLU.kind, ReLU6.kind)
"""The kinds of layers that it tells of."""

AGAIN = 0.5
"""How long a move takes that was seen once already, as a share of the first time."""


@dataclass(frozen=True)
class ReluParameters:
    """Which map is clipped, and which of its values is followed."""

    layer: str | None = parameter("text", "A ReLU or ReLU6. Default: the first one.")
    channel: int | None = parameter(
        "number",
        "The channel, from 0. Default: one of which much is clipped and much kept.",
        minimum=0,
    )
    pixel: tuple[int, int] | None = parameter(
        "pixel",
        "ROW,COLUMN of a value to follow, beside one of each other kind. "
        "Default: the lowest and the highest.",
    )


class ReluScene(LectureScene):
    """ReLU or ReLU6: the rule, values that are clipped, one that is kept, and all others."""

    name = "relu"
    Parameters = ReluParameters
    poster_beat = "keep"

    @classmethod
    def resolve(cls, trace: Trace, parameters: ReluParameters) -> ReluParameters:
        """Fill in a channel that shows the rule, and the pixel that is told about first."""
        layer_trace = require_maps(require_layer(trace, parameters.layer, *GATES))
        channel = parameters.channel
        channel = clearest_channel(layer_trace) if channel is None else channel
        require_channel(layer_trace, channel)
        examples = example_pixels(layer_trace, channel, parameters.pixel)
        return replace(
            parameters,
            layer=layer_trace.name,
            channel=channel,
            pixel=parameters.pixel or examples.first,
        )

    def construct(self) -> None:
        """Tell the beats; which there are depends on what the map holds."""
        layer, channel = self.parameters.layer, self.parameters.channel
        self.board = ReluBoard(self.trace, layer, channel, self.theme, self.words)
        has_ceiling = isfinite(self.board.ceiling)
        title = self.word("title_six" if has_ceiling else "title")
        self.set_stage(*self.make_title(title, self._subtitle()))
        opening = Opening(self)
        clipping = self.board.clipping
        examples = example_pixels(self.trace[layer], channel, self.parameters.pixel)
        signs = _signs_of(clipping, examples)
        with self.beat("place", f"place{signs}", **self._facts()):
            self.strip = opening.show_where_we_are(
                layer, {(self.board.source, channel): self.board.whole.map}
            )
            self.fade_in(*self.board.whole.around, run_time=self.while_read(self.timing.fade))
        curve = self.board.row_curve()
        if curve is not None:
            with self.beat("row", _row_caption(curve), **curve.extent):
                self.show_row(curve)
        with self.beat("graph", "graph_six" if has_ceiling else "graph"):
            self.show_graph()
        run_time = FLIGHT * self.timing.move
        for beat, pixel in (
            ("clip", examples.negative),
            ("keep", examples.positive),
            ("above", examples.above),
            ("zero", examples.zero),
        ):
            if pixel is not None:
                before, after = (each.shown for each in self.board.quantities(pixel))
                facts: dict[str, Any] = {
                    "row": pixel[0],
                    "column": pixel[1],
                    "before": before,
                    "after": after,
                }
                with self.beat(beat, **facts):
                    self.send_through(pixel, run_time)
                run_time = AGAIN * FLIGHT * self.timing.move
        with self.beat("wave", _wave_caption(clipping, has_ceiling=has_ceiling), **self._counts()):
            self.clip_all()
        below, above = self.board.share(clipping.below), self.board.share(clipping.above)
        caption = _count_caption(clipping, signs, has_ceiling=has_ceiling)
        facts = {"share": below.shown, "above": above.shown, **self._counts()}
        with self.beat("count", caption, **facts):
            self.show_result()
            Closing(self).show_whole_network(layer, self.board.after.map, channel)

    def set_aside(self) -> None:
        """Let the map before go to its place at the side, if it is not there."""
        whole, before = self.board.whole, self.board.before
        if self.present([whole.map]):
            self.move_maps([(whole.map, before.map)], whole.around)
            self.fade_in(*before.around)

    # -- one row ------------------------------------------------------------------------------

    def show_row(self, curve: RowCurve) -> None:
        """Draw a row of the map as a curve, and let what is clipped fall flat."""
        timing = self.timing
        self.set_aside()
        self.fade_in(*curve.axes)
        self.add(*curve.drawn)
        self.play(
            Drive(curve.drawn, curve.show_drawn, 0, 1), run_time=ROW * timing.move, rate_func=smooth
        )
        if curve.has_negative or curve.has_above:
            falling = [curve.above, curve.below, curve.curve]
            self.play(
                Drive(falling, curve.show_fallen, 0, 1),
                run_time=FALL * timing.move,
                rate_func=rush_into,
            )

    # -- the rule -----------------------------------------------------------------------------

    def show_graph(self) -> None:
        """Let a copy of the map go where it will be clipped, then draw axes and function."""
        board, timing = self.board, self.timing
        graph, before, after = board.graph, board.before, board.after
        self.set_aside()
        self.fade_out(*self.on_stage_but([self.strip, *before.parts]))
        formula = board.formula()
        self.readout: list[Label] = [formula]
        self.points: list[GraphPoint] = []
        self.add(after.map)
        self.play(
            fly(after.map, after.map.corners(), timing.move, before.map.corners()),
            *map(FadeIn, [*after.empty, *graph.axes.across, *graph.axes.upwards, *graph.names]),
        )
        dim = Drive([after.map], board.show_copy, 1, self.theme.dimmed)
        self.play(dim, FadeIn(formula), run_time=timing.fade)
        stroke = partial(in_strokes, count=graph.curve.get_num_curves())
        run_time = self.while_read(DRAWN * timing.move)
        self.play(Create(graph.curve, rate_func=stroke), run_time=run_time)

    # -- one value ----------------------------------------------------------------------------

    def send_through(self, pixel: Pixel, run_time: float) -> None:
        """Follow one value from its cell along the graph to its new cell."""
        board = self.board
        calculation = board.calculation(pixel)
        opening, value, closing = calculation.parts[:3]
        for before in self.points:
            before.step_back()
        point = board.graph.point(board.quantities(pixel)[0])
        self.points.append(point)
        cell = board.before.map.cell_centre(*pixel)
        cursor = board.cursor(board.before, pixel)
        self.play(*map(FadeOut, self.readout), FadeIn(cursor), run_time=self.timing.fade)
        flight, arriving = value.copy(), point.runner.copy()
        flight.move_to(cell).scale(FLIGHT_SCALE)
        self.play(
            flight.animate.scale(1 / FLIGHT_SCALE).move_to(value),
            arriving.move_to(cell).animate.move_to(point.start),
            run_time=run_time,
        )
        self.remove(flight, arriving)
        self.add(value, point.trail, point.runner)
        self.fade_in(opening, closing)
        self._travel(point, 0.0 if point.after else 1.0, 1.0)
        self.add(point.mark)
        self.fade_in(point.label)
        self.add(point.runner)  # in front
        self._travel(point, 1.0, 2.0)
        self.play(
            *map(FadeIn, calculation.parts[3:]),
            point.runner.animate.move_to(board.after.map.cell_centre(*pixel)),
            FadeIn(board.cursor(board.after, pixel)),
            run_time=run_time,
        )
        self.remove(point.runner)
        self.add(board.after.map)
        board.show_result(pixel)
        self.readout = calculation.parts

    def _travel(self, point: GraphPoint, start: float, end: float) -> None:
        """Move a value along the graph: see :meth:`GraphPoint.show`."""
        if start < end:
            self.play(
                Drive([point.runner, point.trail], point.show, start, end),
                run_time=2 * self.timing.step,
                rate_func=smooth,
            )

    # -- all values ---------------------------------------------------------------------------

    def clip_all(self) -> None:
        """Let the histogram grow on the graph's axis, then let the wave pass over the map."""
        board, graph, timing = self.board, self.board.graph, self.timing
        stays = [self.strip, *board.before.parts, *board.after.empty, board.after.map]
        self.fade_out(*self.on_stage_but([*stays, *graph.axes.across]))
        self.show_bars(0.0)
        self.add(board.after.map, *graph.bars)
        self.play(
            *map(FadeIn, graph.bars_names),
            Drive(graph.bars, self.show_bars, 0, 1),
            Drive([board.after.map], board.show_copy, self.theme.dimmed, 1),
            run_time=timing.move,
        )
        self.add(board.front)
        self.play(
            Drive([board.after.map, board.front, *graph.bars], board.show_wave, 0, board.wave_end),
            run_time=self.while_read(WAVE * timing.sweep),
            rate_func=linear,
        )
        self.fade_out(board.front)

    def show_result(self) -> None:
        """Show, line by line while the caption is read, how much was clipped."""
        timing, parts = self.timing, self.board.make_result()
        legends = self.board.after.legends
        after = timing.zoom + (timing.fade if legends else 0.0)
        run_time = self.while_read(timing.move * len(parts), after=after)
        for part in parts:
            self.fade_in(*part, run_time=run_time / len(parts))
        self.fade_in(*legends)

    def show_bars(self, grown: float) -> None:
        """Show the histogram of the values before, at a share of its height."""
        self.board.graph.show_bars(np.zeros_like(self.board.clipping.is_below), grown)

    def _facts(self) -> dict[str, Any]:
        """Return which map goes in, and its values."""
        board = self.board
        rows, columns = board.values.shape
        facts = {"layer": board.layer, "source": board.source_name, "channel": board.channel}
        return {**facts, "rows": rows, "columns": columns, **written_extent(board.values)}

    def _counts(self) -> dict[str, Any]:
        """Return how many values there are, and of how many nothing, or no more than 6, is left."""
        clipping = self.board.clipping
        return {"clipped": clipping.below, "over": clipping.above, "count": clipping.count}

    def _subtitle(self) -> str:
        board = self.board
        rows, columns = board.values.shape
        return self.word(
            "subtitle",
            layer=board.layer,
            channel=board.channel,
            last=len(self.trace[board.layer].output) - 1,
            rows=rows,
            columns=columns,
        )


def in_strokes(share: float, count: int) -> float:
    """Rate function: `count` straight strokes, with a rest at each bend between them."""
    stroke = (1 - REST * (count - 1)) / count
    drawn = min(int(share / (stroke + REST)), count - 1)
    begun = min((share - drawn * (stroke + REST)) / stroke, 1.0)
    return (drawn + float(smooth(begun))) / count


def _signs_of(clipping: Clipping, examples: ExamplePixels) -> str:
    """Return which sign a map's values lack, as captions are called for it."""
    if clipping.below == 0:
        return "_none"
    return "" if examples.positive or examples.above else "_all"


def _row_caption(curve: RowCurve) -> str:
    """Return what is said of a row: what of it is clipped."""
    if curve.has_above:
        return "row_both" if curve.has_negative else "row_above"
    return "row" if curve.has_negative else "row_none"


def _wave_caption(clipping: Clipping, *, has_ceiling: bool) -> str:
    """Return what is said of the wave: where values pile up."""
    if not has_ceiling:
        return "wave" if clipping.below else "wave_none"
    return f"wave_six{_which_are_clipped(clipping)}"


def _count_caption(clipping: Clipping, signs: str, *, has_ceiling: bool) -> str:
    """Return what is said in the end: how much was clipped."""
    if signs == "_all" or not (clipping.below or clipping.above):
        return f"count{signs}"
    return f"count_six{_which_are_clipped(clipping)}" if has_ceiling else "count"


def _which_are_clipped(clipping: Clipping) -> str:
    """Return which ends of ReLU6 a map's values reach, as captions are called for it."""
    if clipping.above:
        return "_both" if clipping.below else "_above"
    return "_below" if clipping.below else "_none"
