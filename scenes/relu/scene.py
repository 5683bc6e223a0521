"""ReLU: one rule for every value, told with two or three, then with the whole map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from manim import Create, FadeIn, Mobject, linear, rush_into, smooth

from cnnviz.animations.drive import Drive
from cnnviz.animations.flight import fly
from cnnviz.explain.places import require_channel, require_layer, require_maps
from cnnviz.explain.relu import clearest_channel, example_pixels
from cnnviz.layers import LeakyReLU, ReLU, ReLU6
from cnnviz.mobjects.map_panel import MapPanel
from cnnviz.mobjects.text import Label
from cnnviz.model.trace import Trace
from cnnviz.scenes.relu.board import ReluBoard
from cnnviz.scenes.relu.captions import (
    CEILING,
    LEAKY,
    count_caption,
    count_facts,
    kind_of,
    map_facts,
    row_caption,
    signs_of,
    subtitle,
    title_of,
    value_facts,
    wave_caption,
)
from cnnviz.scenes.relu.one_value import SingleValues
from cnnviz.scenes.relu.result import make_result, share_of
from cnnviz.scenes.relu.row_curve import RowCurve
from cnnviz.staging.closing import Closing
from cnnviz.staging.opening import Opening
from cnnviz.staging.parameters import parameter
from cnnviz.staging.rhythm import arriving
from cnnviz.staging.scene import LectureScene

WAVE = 1.2
"""How long the wave takes, as a multiple of a sweep."""

DRAWN = 3.2
"""How long the curve takes to be drawn, in moves."""

REST = 0.2
"""How long the pen rests at each bend, as a share of the time."""

ROW, FALL = 2.5, 2.0
"""How long a row takes to become a curve, and what is below zero to fall, in moves."""

CROSSED = 0.7
"""Share of its flight after which the map's copy has left the place of the map before."""

KINDS = (ReLU.kind, ReLU6.kind, LeakyReLU.kind)
"""The kinds of layers that it tells of."""


OF_THIS_KIND = (("clip", LEAKY), ("keep", CEILING))
"""Beats of single values of which there is something else to say in one kind's film."""


@dataclass(frozen=True)
class ReluParameters:
    """Which map is clipped, and which of its values is followed."""

    layer: str | None = parameter("text", "A ReLU, ReLU6 or leaky ReLU. Default: the first one.")
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
    """ReLU and its like: the rule, one value clipped, one kept, and all others."""

    name = "relu"
    Parameters = ReluParameters
    poster_beat = "keep"

    @classmethod
    def resolve(cls, trace: Trace, parameters: ReluParameters) -> ReluParameters:
        """Fill in a channel that shows the rule, and the pixel that is told about first."""
        layer_trace = require_maps(require_layer(trace, parameters.layer, *KINDS))
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
        kind = kind_of(self.board)
        title = self.word(title_of(self.trace[layer].layer))
        which = subtitle(self.board, len(self.trace[layer].output))
        self.set_stage(*self.make_title(title, which))
        opening = Opening(self)
        clipping = self.board.clipping
        examples = example_pixels(self.trace[layer], channel, self.parameters.pixel)
        signs = signs_of(clipping, examples)
        opening.tell_photo()
        with self.beat("place", f"place{signs}", **map_facts(self.board)):
            self.strip = opening.show_where_we_are(
                layer, {(self.board.source, channel): self.board.whole.map}
            )
            self.fade_in(*self.board.whole.around, run_time=self.while_read(self.timing.fade))
        curve = self.board.row_curve()
        if curve is not None:
            row = row_caption(curve, kind)
            with self.beat("row", row, slope=self.board.slope, **curve.extent):
                self.show_row(curve)
        with self.beat("graph", f"graph{kind}", slope=self.board.slope):
            formula = self.show_graph()
        values = SingleValues(self, self.board, formula)
        for beat, pixel in (
            ("clip", examples.negative),
            ("keep", examples.positive),
            ("above", examples.above),
            ("zero", examples.zero),
        ):
            if pixel is not None:
                said = f"{beat}{kind}" if (beat, kind) in OF_THIS_KIND else beat
                with self.beat(beat, said, **value_facts(self.board, pixel)):
                    values.send_through(pixel)
        counts = count_facts(clipping)
        counts["slope"] = self.board.slope
        with self.beat("wave", wave_caption(clipping, kind), **counts):
            self.clip_all()
        below, above = share_of(self.board, clipping.below), share_of(self.board, clipping.above)
        caption = count_caption(clipping, signs, kind)
        facts = {"share": below.shown, "above": above.shown, **counts}
        with self.beat("count", caption, **facts):
            self.show_result()
            Closing(self).show_whole_network(layer, self.board.after.map, channel)

    def set_aside(self, place: MapPanel, beside: Sequence[Mobject] = ()) -> None:
        """Let the map before go to its place at the side, if it has all of the stage.

        Then what belongs to it there appears, and what will be told beside it.
        """
        whole, coming = self.board.whole, [*beside]
        if self.present([whole.map]):
            self.move_maps([(whole.map, place.map)], whole.around)
            coming += place.around
        self.fade_in(*coming)

    # -- one row ------------------------------------------------------------------------------

    def show_row(self, curve: RowCurve) -> None:
        """Draw a row of the map as a curve, and let what is clipped fall flat."""
        timing = self.timing
        self.set_aside(self.board.alone, curve.axes)
        self.add(*curve.drawn)
        self.play(
            Drive(curve.drawn, curve.show_drawn, 0, 1), run_time=ROW * timing.move, rate_func=smooth
        )
        if curve.has_negative or curve.has_above:
            falling = [*curve.area.parts, curve.curve]
            self.play(
                Drive(falling, curve.show_fallen, 0, 1),
                run_time=FALL * timing.move,
                rate_func=rush_into,
            )

    # -- the rule -----------------------------------------------------------------------------

    def show_graph(self) -> Label:
        """Let a copy of the map go where it will be clipped, then draw axes and function.

        Returns
        -------
        Label
            The function, written above the graph.
        """
        board, timing = self.board, self.timing
        graph, before, after = board.graph, board.before, board.after
        self.set_aside(before)
        here = board.alone if self.present([board.alone.map]) else before
        moves = here is not before
        self.fade_out(*self.on_stage_but([self.strip, *([here.map] if moves else before.parts)]))
        formula = board.formula()
        self.add(after.map)
        flights = [fly(after.map, after.map.corners(), timing.move, here.map.corners())]
        appearing = [*graph.axes.across, *graph.axes.upwards, *graph.names]
        late = [*after.empty]  # the copy crosses where its name and the other's legend will be
        if moves:
            flights.append(fly(here.map, before.map.corners(), timing.move))
            late += before.around
        self.play(
            *flights,
            *map(FadeIn, appearing),
            *(FadeIn(each, rate_func=partial(arriving, begun=CROSSED)) for each in late),
        )
        if moves:
            self.remove(here.map)
            self.add(before.map)
        dim = Drive([after.map], board.show_copy, 1, self.theme.aside)
        self.play(dim, FadeIn(formula), run_time=timing.fade)
        stroke = partial(in_strokes, count=graph.curve.get_num_curves())
        run_time = self.while_read(DRAWN * timing.move)
        self.add(*graph.area.parts, *graph.axes.across, *graph.axes.upwards)
        self.play(
            Create(graph.curve, rate_func=stroke),
            Drive(graph.area.parts, graph.show_area, 0, 1, rate_func=stroke),
            run_time=run_time,
        )
        return formula

    # -- all values ---------------------------------------------------------------------------

    def clip_all(self) -> None:
        """Let the histogram grow on the graph's axis, then let the wave pass over the map."""
        board, graph, timing = self.board, self.board.graph, self.timing
        stays = [self.strip, *board.before.parts, *board.after.empty, board.after.map]
        axes = graph.bars_axes.across
        self.fade_out(*self.on_stage_but([*stays, *axes]))
        missing = [each for each in axes if each not in self.mobjects]
        self.show_bars(0.0)
        self.add(board.after.map, *graph.bars)
        self.play(
            *map(FadeIn, [*missing, *graph.bars_names]),
            Drive(graph.bars, self.show_bars, 0, 1),
            Drive([board.after.map], board.show_copy, self.theme.aside, 1),
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
        timing, parts = self.timing, make_result(self.board)
        legends = self.board.after.legends
        after = timing.zoom + timing.pause + (timing.fade if legends else 0.0)
        run_time = self.while_read(timing.move * len(parts), after=after)
        for part in parts:
            self.fade_in(*part, run_time=run_time / len(parts))
        self.fade_in(*legends)
        self.wait(timing.pause)

    def show_bars(self, grown: float) -> None:
        """Show the histogram of the values before, at a share of its height."""
        self.board.graph.show_bars(np.zeros_like(self.board.clipping.is_below), grown)


def in_strokes(share: float, count: int) -> float:
    """Rate function: `count` straight strokes, with a rest at each bend between them."""
    stroke = (1 - REST * (count - 1)) / count
    drawn = min(int(share / (stroke + REST)), count - 1)
    begun = min((share - drawn * (stroke + REST)) / stroke, 1.0)
    return (drawn + float(smooth(begun))) / count
