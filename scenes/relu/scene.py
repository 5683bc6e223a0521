"""ReLU: one rule for every value, told with two of them, then with the whole map."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from manim import Create, FadeIn, FadeOut, linear, rush_into, smooth

from cnnviz.animations.drive import Drive
from cnnviz.errors import UserError
from cnnviz.explain.places import require_channel, require_layer, require_maps
from cnnviz.explain.relu import Pixel, example_pixels, telling_channel
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

FIRST_STROKE, SECOND_STROKE = 0.4, 0.6
"""When the pen has reached the bend, and when it goes on, as shares of the time."""

ROW, FALL = 2.5, 2.0
"""How long a row takes to become a curve, and what is below zero to fall, in moves."""

FLIGHT = 1.5
"""How long a value takes from its cell to the graph, and from there to its new cell, in moves."""

AGAIN = 0.5
"""How long a move takes that was seen once already, as a share of the first time."""


@dataclass(frozen=True)
class ReluParameters:
    """Which map is clipped, and which of its values is followed."""

    layer: str | None = parameter("text", "A ReLU layer. Default: the first one.")
    channel: int | None = parameter(
        "number",
        "The channel, from 0. Default: one of which much is clipped and much kept.",
        minimum=0,
    )
    pixel: tuple[int, int] | None = parameter(
        "pixel",
        "ROW,COLUMN of a value to follow, beside one of the other sign. "
        "Default: the lowest and the highest.",
    )


class ReluScene(LectureScene):
    """ReLU, complete: the rule, a value that is clipped, one that is kept, and all others."""

    name = "relu"
    Parameters = ReluParameters
    poster_beat = "keep"

    @classmethod
    def resolve(cls, trace: Trace, parameters: ReluParameters) -> ReluParameters:
        """Fill in a channel that shows the rule, and the pixel that is told about first."""
        _require_no_upper_limit(trace, parameters.layer)
        layer_trace = require_maps(require_layer(trace, parameters.layer, "relu"))
        channel = parameters.channel
        channel = telling_channel(layer_trace) if channel is None else channel
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
        self.set_stage(*self.make_title(self.word("title"), self._subtitle()))
        opening = Opening(self)
        clipping = self.board.clipping
        examples = example_pixels(self.trace[layer], channel, self.parameters.pixel)
        none = clipping.clipped == 0
        kind = "_none" if none else "_all" if examples.positive is None else ""
        with self.beat("place", f"place{kind}", layer=layer, source=self.board.source_name):
            self.strip = opening.show_where_we_are(
                layer, {(self.board.source, channel): self.board.whole.map}
            )
            self.fade_in(*self.board.whole.around, run_time=self.while_read(self.timing.fade))
        curve = self.board.row_curve()
        if curve is not None:
            with self.beat("row", "row" if curve.has_negative else "row_none"):
                self.show_row(curve)
        with self.beat("graph"):
            self.show_graph()
        run_time = FLIGHT * self.timing.move
        for beat, pixel in (
            ("clip", examples.negative),
            ("keep", examples.positive),
            ("zero", examples.zero),
        ):
            if pixel is not None:
                with self.beat(beat, row=pixel[0], column=pixel[1]):
                    self.send_through(pixel, run_time)
                run_time = AGAIN * FLIGHT * self.timing.move
        with self.beat("wave", "wave_none" if none else "wave"):
            self.clip_all()
        with self.beat("count", f"count{kind}", share=self.board.share.shown):
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
        """Draw a row of the map as a curve, and let what is below zero fall flat."""
        timing = self.timing
        self.set_aside()
        self.fade_in(*curve.axes)
        self.add(*curve.drawn)
        self.play(
            Drive(curve.drawn, curve.show_drawn, 0, 1), run_time=ROW * timing.move, rate_func=smooth
        )
        if curve.has_negative:
            falling = [curve.above, curve.below, curve.curve]
            self.play(
                Drive(falling, curve.show_fallen, 0, 1),
                run_time=FALL * timing.move,
                rate_func=rush_into,
            )

    # -- the rule -----------------------------------------------------------------------------

    def show_graph(self) -> None:
        """Draw the axes and the function, and the frame of the map to come."""
        graph, before, after = self.board.graph, self.board.before, self.board.after
        self.set_aside()
        self.fade_out(*self.on_stage_but([self.strip, *before.parts]))
        formula = self.board.formula()
        self.readout: list[Label] = [formula]
        self.points: list[GraphPoint] = []
        self.fade_in(*after.empty, *graph.axes.across, *graph.axes.upwards, *graph.names)
        self.fade_in(formula)
        self.play(Create(graph.curve, rate_func=in_two_strokes), run_time=DRAWN * self.timing.move)

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
        board.show_copy(0.0)
        self.show_bars(0.0)
        self.add(board.after.map, *graph.bars)
        self.play(
            *map(FadeIn, graph.bars_names),
            Drive(graph.bars, self.show_bars, 0, 1),
            Drive([board.after.map], board.show_copy, 0, 1),
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
        self.board.graph.show_bars(np.zeros_like(self.board.clipping.is_clipped), grown)

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


def in_two_strokes(share: float) -> float:
    """Rate function: the curve's flat half, a rest at the bend, the half that rises."""
    if share < SECOND_STROKE:
        return float(smooth(min(share / FIRST_STROKE, 1.0))) / 2
    return (1 + float(smooth((share - SECOND_STROKE) / (1 - SECOND_STROKE)))) / 2


def _require_no_upper_limit(trace: Trace, name: str | None) -> None:
    """Say what cannot be shown of ReLU6, which is max(0, x) only below 6."""
    limited = [each.name for each in trace.layers if each.kind == "relu6"]
    others = [each.name for each in trace.layers if each.kind == "relu"]
    if name in limited or (name is None and limited and not others):
        shown = name or limited[0]
        raise UserError(
            f'the scene relu tells of max(0, x), and "{shown}" is a ReLU6, which also ends at 6: '
            f'see its values with "cnnviz inspect --layer {shown}", and its maps with '
            f'"cnnviz render overview --layer {shown}"'
        )
