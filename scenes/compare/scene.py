"""The comparison: one filter on two pictures in step, and where it tells them apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from manim import (
    FadeIn,
    FadeOut,
    Mobject,
    linear,
    rush_into,
    smooth,
    there_and_back_with_pause,
)

from cnnviz.animations.drive import Drive
from cnnviz.animations.flight import fly
from cnnviz.errors import UserError
from cnnviz.explain.comparison import strongest_place, telling_channel, widest_gap
from cnnviz.explain.places import Place, layers_of_kind, require_channel, require_layer
from cnnviz.explain.rounding import format_number, format_share
from cnnviz.layers import Conv2d
from cnnviz.model.trace import LayerTrace, Trace
from cnnviz.scenes.compare.board import CompareBoard
from cnnviz.scenes.compare.difference import Difference
from cnnviz.scenes.compare.worked import Worked
from cnnviz.staging.pair.answers import answer_caption, answer_facts, show_answers
from cnnviz.staging.pair.photos import PairPhotos
from cnnviz.staging.pair.scene import PairScene
from cnnviz.staging.parameters import parameter
from cnnviz.style.colour import rgb_of_hex

STEPS = 5
"""Positions at which the windows rest, so that both sums can be read."""

GLIDED_ROWS = 2
"""Rows along which the windows are seen to glide."""

TRAIL_SHARE = 0.25
"""Of a map's cells: so many behind the newest still glow."""


@dataclass(frozen=True)
class CompareParameters:
    """Which filter is compared."""

    layer: str | None = parameter("text", "A convolution. Default: the first one that both have.")
    channel: int | None = parameter(
        "number",
        "The filter, and channel of the output, from 0. Default: where both differ most.",
        minimum=0,
    )


class CompareScene(PairScene):
    """One filter on two pictures, or in two networks, in step: sums, maps, answers."""

    name = "compare"
    Parameters = CompareParameters
    poster_beat = "worked"

    @classmethod
    def resolve_both(
        cls, trace: Trace, other: Trace, parameters: CompareParameters
    ) -> CompareParameters:
        """Fill in a convolution that both have, and the filter whose maps differ most."""
        one, two = _layer_of_both(trace, other, parameters.layer)
        channel = parameters.channel
        if channel is None:
            channel = telling_channel(one, two)
        return replace(parameters, layer=one.name, channel=require_channel(one, channel))

    def construct(self) -> None:
        """Tell the beats: two pictures, one filter, all sums, both maps, one place, answers."""
        sides = self.sides = self.make_sides()
        self.place = self._worked_place()
        board = self.board = CompareBoard(sides, self.place, self.theme, self.words)
        self.set_stage(*self.make_title(self.word("title"), self._subtitle()))
        self.photos = PairPhotos(self, sides)
        with self.beat("pictures", f"pictures_{sides.kind}", **sides.facts, **self._facts()):
            self.photos.show_pixels()
        with self.beat("filter", f"filter_{sides.kind}", **sides.facts, **self._filter_facts()):
            self.show_filter()
        with self.beat("sweep", f"sweep_{self._sees()}"):
            self.sweep()
        difference = self.difference = Difference(board, self.words)
        with self.beat("maps", self._maps_caption(), **sides.facts, **self._map_facts()):
            self.show_maps(difference)
        is_equal = not difference.values.any()
        caption = "difference_equal" if is_equal else "difference"
        with self.beat("difference", caption, **sides.facts):
            self.show_difference(difference)
        caption = "gap_equal" if is_equal else "gap"
        with self.beat("gap", caption, **sides.facts, **self._gap_facts()):
            self.show_gap(difference)
        worked = self.worked = Worked(board, self.theme, self.words)
        with self.beat("worked", self._worked_caption(worked), **sides.facts, **self._gap_facts()):
            self.show_worked(worked)
        with self.beat(
            "answers", answer_caption(sides), **answer_facts(sides, self.words.language)
        ):
            show_answers(self, sides)

    # -- the pictures and the filter ------------------------------------------------------------

    def show_filter(self) -> None:
        """Bring the pictures to their places, and show the filter between them."""
        board, timing = self.board, self.timing
        flights = [
            fly(large, half.picture.corners(), timing.zoom)
            for large, half in zip(self.photos.pictures, board.halves, strict=True)
        ]
        names = [half.picture_parts[1] for half in board.halves]
        goes = [
            name.animate.move_to(end) for name, end in zip(self.photos.names, names, strict=True)
        ]
        self.play(*flights, *goes, run_time=timing.zoom)
        self.remove(*self.photos.pictures, *self.photos.names)
        self.add(*(half.picture for half in board.halves), *names)
        frames = [half.picture_parts[0] for half in board.halves]
        parts = [*frames, *(part for half in board.halves for part in half.map_parts)]
        self.fade_in(*parts)
        shown = board.kernels or [[*board.tiles, *board.tile_parts]]
        for place, group in enumerate(shown):
            left = len(shown) - place
            self.fade_in(*group, run_time=self.while_read(left * timing.fade) / left)

    # -- all outputs ----------------------------------------------------------------------------

    def sweep(self) -> None:
        """Let both windows glide in step, and fill both maps."""
        board, timing = self.board, self.timing
        count = board.rows * board.columns
        board.show_position(0)
        board.fill(1)
        tables = [part for half in board.halves for part in half.table.parts]
        windows = [window for half in board.halves for window in half.windows]
        self.add(*board.maps)
        self.fade_out(*(part for group in board.kernels for part in group))
        tiles = [*board.tiles, *board.tile_parts] if board.kernels else []
        self.play(*map(FadeIn, (*tiles, *tables, *windows)), run_time=timing.fade)
        gliding = [*windows, *board.maps]
        driven = [*board.moving, *board.maps]
        steps = min(STEPS, board.columns) - 1
        for step in range(steps):
            self.play(
                Drive(driven, self._step_to, step, step + 1),
                run_time=timing.example_step,
                rate_func=linear,
            )
        self.play(*map(FadeOut, tables), run_time=timing.fade)
        glided = min(GLIDED_ROWS, board.rows) * board.columns - 1
        if glided > steps:
            self.play(
                Drive(gliding, self._glide_to, steps, glided),
                run_time=timing.sweep_first_row * (glided - steps + 1) / board.columns,
                rate_func=linear,
            )
        self.play(*map(FadeOut, windows), FadeIn(board.legend), run_time=timing.fade)
        if glided + 1 < count:
            self.play(
                Drive(board.maps, self._run_to, glided + 1, count * (1 + TRAIL_SHARE)),
                run_time=self.while_read(timing.sweep),
                rate_func=rush_into,
            )
        board.fill(count)

    def _step_to(self, position: float) -> None:
        whole = int(position)
        self._glide_to(whole + float(smooth(min(2 * (position - whole), 1.0))))

    def _glide_to(self, position: float) -> None:
        self.board.fill(int(position + 0.5) + 1)
        self.board.show_position(position)

    def _run_to(self, count: float) -> None:
        trail = TRAIL_SHARE * self.board.rows * self.board.columns
        light = np.array(rgb_of_hex(self.theme.palette.text), np.float64)
        for half in self.board.halves:
            half.glow(count, trail, light)

    # -- both maps, and where they differ -------------------------------------------------------

    def show_maps(self, difference: Difference) -> None:
        """Let both maps grow side by side, on their one scale."""
        board, timing = self.board, self.timing
        self.fade_out(*self.on_stage_but([*board.maps, board.legend]))
        targets = difference.pair
        self.play(
            *(
                fly(one, target.corners(), timing.zoom)
                for one, target in zip(board.maps, targets, strict=True)
            ),
            board.legend.animate.move_to(difference.legend),
            run_time=timing.zoom,
        )
        self.remove(*board.maps, board.legend)
        self.add(*targets, difference.legend)
        self.fade_in(*difference.pair_frames)
        self.play(
            Drive(targets, difference.show_positive, 0, 1),
            run_time=self.while_read(timing.move),
            rate_func=there_and_back_with_pause,
        )

    def show_difference(self, difference: Difference) -> None:
        """Take the second map from the first, place by place."""
        timing, (one, two, _) = self.timing, difference.maps
        flights = [
            fly(before, after.corners(), timing.move)
            for before, after in zip(difference.pair, (one, two), strict=True)
        ]
        self.play(*flights, *map(FadeOut, difference.pair_frames), run_time=timing.move)
        self.remove(*difference.pair)
        self.add(one, two)
        self.fade_in(*difference.frames)
        self.add(difference.difference)
        self.play(
            Drive([difference.difference], difference.reveal, 0, 1),
            run_time=self.while_read(2.5 * timing.move) + timing.swap,
            rate_func=linear,
        )

    def show_gap(self, difference: Difference) -> None:
        """Frame the place that is worked on all three maps, and write its values."""
        row, column = self.place.row, self.place.column
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
        self.fade_out(*self.on_stage_but([]))
        self.fade_in(*worked.around, *worked.grids, run_time=timing.move)
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

    # -- words ----------------------------------------------------------------------------------

    def _worked_place(self) -> Place:
        """Return where both differ most, or if they do not, where the map is highest."""
        layer, channel = self.parameters.layer, self.parameters.channel
        one, two = (each[layer].output[channel] for each in self.sides.traces)
        at = widest_gap(one, two) if (one != two).any() else strongest_place(one)
        return Place(layer, channel, *at)

    def _subtitle(self) -> str:
        layer, channel = self.parameters.layer, self.parameters.channel
        convolution = self.trace[layer].layer
        assert isinstance(convolution, Conv2d)
        return self.word(
            "subtitle",
            layer=layer,
            channel=channel,
            last=convolution.out_channels - 1,
            size=convolution.kernel_size,
        )

    def _facts(self) -> dict[str, Any]:
        return {"layer": self.parameters.layer, "channel": self.parameters.channel}

    def _filter_facts(self) -> dict[str, Any]:
        numbers = self.board.numbers[0]
        size = numbers.layer.kernel_size
        weights = numbers.source_count * size**2 + 1
        return {
            **self._facts(),
            "count": numbers.source_count,
            "size": size,
            "weights": format_number(weights, 0),
        }

    def _sees(self) -> str:
        """Return whether the window on the picture is the kernel's own, or all that lies before."""
        return "kernel" if self.trace.layers[0].name == self.parameters.layer else "field"

    def _maps_caption(self) -> str:
        return "maps_signed" if self.board.scale.low < 0 else "maps_positive"

    def _map_facts(self) -> dict[str, Any]:
        shares = [float((half.values > 0).mean()) for half in self.board.halves]
        first, second = map(format_share, shares)
        return {"first_share": first, "second_share": second}

    def _gap_facts(self) -> dict[str, Any]:
        return {"row": self.place.row, "column": self.place.column}

    def _worked_caption(self, worked: Worked) -> str:
        if not worked.has_numbers:
            return "worked_colours"
        all_shown = not self.board.numbers[0].has_many_channels
        if not self.sides.are_pictures:
            return "worked_networks" if all_shown else "worked_networks_strongest"
        return "worked" if all_shown else "worked_strongest"


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
