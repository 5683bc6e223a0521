"""The comparison: one filter on two pictures in step, and where it tells them apart."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from manim import FadeIn, FadeOut, Mobject, linear, there_and_back_with_pause

from cnnviz.animations.drive import Drive
from cnnviz.animations.flight import fly
from cnnviz.errors import UserError
from cnnviz.explain.comparison import has_equals, telling_channel, telling_pixel
from cnnviz.explain.places import (
    Place,
    layers_of_kind,
    require_channel,
    require_layer,
    require_pixel,
)
from cnnviz.layers import Conv2d
from cnnviz.model.trace import LayerTrace, Trace
from cnnviz.scenes.compare.board import CompareBoard
from cnnviz.scenes.compare.captions import (
    channel_facts,
    filter_facts,
    gap_caption,
    map_facts,
    maps_caption,
    place_facts,
    subtitle,
    sweep_caption,
    worked_caption,
)
from cnnviz.scenes.compare.difference import Difference
from cnnviz.scenes.compare.pair_maps import PairMaps
from cnnviz.scenes.compare.sweep import PairSweep
from cnnviz.scenes.compare.worked import Worked
from cnnviz.staging.crossing import fly_apart, rates_apart
from cnnviz.staging.pair.answers import answer_caption, answer_facts, show_answers
from cnnviz.staging.pair.photos import PairPhotos
from cnnviz.staging.pair.scene import PairScene
from cnnviz.staging.parameters import parameter
from cnnviz.staging.rhythm import following


@dataclass(frozen=True)
class CompareParameters:
    """Which filter is compared, and where both sums are worked."""

    layer: str | None = parameter("text", "A convolution. Default: the first one that both have.")
    channel: int | None = parameter(
        "number",
        "The filter, and channel of the output, from 0. Default: where both differ most.",
        minimum=0,
    )
    pixel: tuple[int, int] | None = parameter(
        "pixel", "ROW,COLUMN of the outputs that are worked. Default: where both differ most."
    )


class CompareScene(PairScene):
    """One filter on two pictures, or in two networks, in step: sums, maps, answers."""

    name = "compare"
    Parameters = CompareParameters
    poster_beat = "gap"

    @classmethod
    def resolve_both(
        cls, trace: Trace, other: Trace, parameters: CompareParameters
    ) -> CompareParameters:
        """Fill in a convolution of both, and the filter and the place that tell most."""
        one, two = _layer_of_both(trace, other, parameters.layer)
        channel = parameters.channel
        if channel is None:
            channel = telling_channel(one, two)
        channel = require_channel(one, channel)
        pixel = parameters.pixel or telling_pixel(one, two, channel)
        return replace(
            parameters, layer=one.name, channel=channel, pixel=require_pixel(one, *pixel)
        )

    def construct(self) -> None:
        """Tell the beats: two pictures, one filter, all sums, both maps, one place, answers."""
        sides = self.sides = self.make_sides()
        layer, channel = self.parameters.layer, self.parameters.channel
        one, two = (trace[layer] for trace in sides.traces)
        is_chosen = self.parameters.pixel != telling_pixel(one, two, channel)
        place = Place(layer, channel, *self.parameters.pixel)
        board = self.board = CompareBoard(sides, place, self.theme, self.words)
        self.set_stage(*self.make_title(self.word("title"), subtitle(board, self.words)))
        self.photos, pair = PairPhotos(self, sides), PairMaps(board)
        kind = sides.kind
        with self.beat("pictures", f"pictures_{kind}", **sides.facts, **channel_facts(board)):
            self.photos.show_pixels()
        with self.beat("filter", f"filter_{kind}", **sides.facts, **filter_facts(board)):
            self.show_filter()
        with self.beat("sweep", sweep_caption(board)):
            PairSweep(self, board, pair).play()
        with self.beat("maps", maps_caption(board, pair), **sides.facts, **map_facts(board)):
            self.show_maps(pair)
        difference = self.difference = Difference(board, self.words)
        is_equal = not difference.values.any()
        caption = "difference_equal" if is_equal else "difference"
        with self.beat("difference", caption, **sides.facts):
            self.show_difference(pair, difference)
        told = board.halves[0].values if is_equal else np.abs(difference.values)
        is_tied = has_equals(told, self.parameters.pixel)
        caption = gap_caption(is_chosen=is_chosen, is_equal=is_equal, is_tied=is_tied)
        with self.beat("gap", caption, **sides.facts, **place_facts(board)):
            self.show_gap(difference)
        worked = self.worked = Worked(board, self.theme, self.words)
        with self.beat(
            "worked", worked_caption(board, worked), **sides.facts, **place_facts(board)
        ):
            self.show_worked(worked)
        with self.beat(
            "answers", answer_caption(sides), **answer_facts(sides, self.words.language)
        ):
            show_answers(self, sides)

    # -- the pictures and the filter ------------------------------------------------------------

    def show_filter(self) -> None:
        """Bring the pictures to their places, and show the filter between them."""
        board, timing = self.board, self.timing
        starts = [each.corners() for each in self.photos.pictures]
        ends = [half.picture.corners() for half in board.halves]
        rates = rates_apart(starts, ends)
        flights = [
            fly(large, end, timing.zoom, rate_func=rate)
            for large, end, rate in zip(self.photos.pictures, ends, rates, strict=True)
        ]
        names = [half.picture_heading for half in board.halves]
        goes = [
            name.animate(rate_func=rate).move_to(end)  # type: ignore[operator]
            for name, end, rate in zip(self.photos.names, names, rates, strict=True)
        ]
        self.play(*flights, *goes, run_time=timing.zoom)
        self.remove(*self.photos.pictures, *self.photos.names)
        self.add(*(half.picture for half in board.halves), *names)
        for place, group in enumerate(board.kernels):
            left = len(board.kernels) - place
            self.fade_in(*group, run_time=self.while_read(left * timing.fade) / left)

    # -- both maps, and where they differ -------------------------------------------------------

    def show_maps(self, pair: PairMaps) -> None:
        """Let what is not above zero fade in both maps for a while, or else what is lower."""
        if pair.levels is None:
            drive = Drive(pair.maps, pair.show_positive, 0, 1)
        else:
            drive = Drive(pair.maps, pair.show_above, *pair.levels)
        self.play(
            drive,
            run_time=self.while_read(self.timing.move),
            rate_func=there_and_back_with_pause,
        )
        pair.show_positive(0.0)

    def show_difference(self, pair: PairMaps, difference: Difference) -> None:
        """Take the second map from the first, place by place."""
        timing, (one, two, _) = self.timing, difference.maps
        flights = fly_apart(pair.maps, [one.corners(), two.corners()], timing.move)
        leaving = self.on_stage_but([*pair.maps, pair.legend])
        self.play(
            *flights,
            *(FadeOut(each, run_time=timing.swap) for each in leaving),
        )
        self.remove(*pair.maps)
        self.add(one, two)
        legend = pair.legend_with(difference.values)
        appearing = [*map(FadeIn, difference.frames), FadeIn(legend)]
        self.play(*appearing, FadeOut(pair.legend), run_time=timing.fade)
        self.add(difference.difference)
        self.play(
            Drive([difference.difference], difference.reveal, 0, 1),
            run_time=self.while_read(2.5 * timing.move) + timing.swap,
            rate_func=linear,
        )

    def show_gap(self, difference: Difference) -> None:
        """Frame the place that is worked on all three maps, and write its values."""
        row, column = self.board.place.row, self.board.place.column
        difference.show_windows(row, column)
        self.fade_in(*difference.windows, run_time=self.timing.move)
        one, two, left = difference.numbers
        minus, equals = difference.signs
        steps = ([one], [minus, two], [equals, left])
        each = self.while_read(len(steps) * self.timing.move) / len(steps)
        for parts in steps:
            self.fade_in(*parts, run_time=each)

    def show_worked(self, worked: Worked) -> None:
        """Write both sums out: patches, weights, products, and the total of each."""
        timing = self.timing
        leaving = [FadeOut(each, run_time=timing.fade) for each in self.on_stage_but([])]
        arriving = [
            FadeIn(each, run_time=timing.move, rate_func=following)
            for each in (*worked.around, *worked.grids)
        ]
        self.play(*leaving, *arriving)
        self.add(*worked.products)
        self.play(
            Drive(worked.products, worked.reveal, 0, 1),
            run_time=self.while_read(3 * timing.move, 2 * timing.move),
            rate_func=linear,
        )
        terms = [part for table in worked.tables for part in (*table.names, *table.terms)]
        totals: list[Mobject] = [
            part for table in worked.tables for part in (table.rule, table.sign, table.total)
        ]
        self.fade_in(*terms, run_time=timing.move)
        self.fade_in(*totals, run_time=timing.move)


def _layer_of_both(trace: Trace, other: Trace, name: str | None) -> tuple[LayerTrace, LayerTrace]:
    """Return the convolution that is meant in both, or the first one that they have alike.

    Raises
    ------
    UserError
        If there is none; the message says what there is.
    """
    pairs = [
        (one, two)
        for one in layers_of_kind(trace, Conv2d.kind)
        for two in layers_of_kind(other, Conv2d.kind)
        if one.layer == two.layer and one.output.shape == two.output.shape
    ]
    networks = " and ".join(f'"{each.architecture.name}"' for each in (trace, other))
    hint = "compare them as a whole, with the scene overview"
    if not pairs:
        raise UserError(f"{networks} have no convolution of one name and one size: {hint}")
    if name is None:
        return pairs[0]
    for one, two in pairs:
        if one.name == name:
            return one, two
    known = [each.name for each, _ in pairs]
    if trace.architecture == other.architecture:
        require_layer(trace, name, Conv2d.kind)
    raise UserError(
        f'{networks} have no convolution "{name}" alike: choose {", ".join(known)}, or {hint}'
    )
