"""The comparison of whole networks: maps side by side, distances, both answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from manim import AnimationGroup, FadeIn, FadeOut, LaggedStart, Mobject, linear

from cnnviz.animations.drive import Drive
from cnnviz.animations.fade_to import FadeTo
from cnnviz.animations.flight import fly
from cnnviz.explain.rounding import format_number
from cnnviz.explain.sides import written_sides
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.model.trace import Trace
from cnnviz.scenes.compare_overview.board import ComparedColumn, CompareOverviewBoard, DistanceBars
from cnnviz.scenes.compare_overview.fields import SeenFields
from cnnviz.staging.pair.answers import answer_caption, answer_facts, show_answers
from cnnviz.staging.pair.photos import PairPhotos
from cnnviz.staging.pair.scene import PairScene
from cnnviz.staging.rhythm import arriving

A_LAYER = 0.7
"""How long a layer's maps take to come, in moves."""

MAPS_BEGIN = 0.4
"""The first layer begins to come when the pictures are so far on their way to their places."""

PASSED = 0.7
"""Share of the pictures' way to their places after which hardly anything lies under them."""

STEP_BACK = 2.0
"""How long all maps but those that differ most take to step back, and to return, in moves."""

LAG = 0.5
"""The next layer begins to come, or to go, when so much of the one before is there, or gone."""

FASTER = 1.6
"""The first layer comes so many times faster than all on average."""


def once_passed(share: float) -> float:
    """Rate function: appear when pictures on their way to their places have passed."""
    return arriving(share, PASSED)


def slowing(share: float) -> float:
    """Return how much has come: less and less at a time, but never so little that it rests."""
    return share * (FASTER - (FASTER - 1) * share)


@dataclass(frozen=True)
class CompareOverviewParameters:
    """Nothing is chosen: all layers are shown, or as many as are legible."""


class CompareOverviewScene(PairScene):
    """Two pictures in one network, or two networks on one picture, layer by layer."""

    name = "compare_overview"
    Parameters = CompareOverviewParameters
    poster_beat = "layers"

    @classmethod
    def resolve_both(
        cls, trace: Trace, other: Trace, parameters: CompareOverviewParameters
    ) -> CompareOverviewParameters:
        """Take everything: there is nothing to choose."""
        return parameters

    def construct(self) -> None:
        """Tell the beats: both pictures, all layers, how far apart or how far they see, answers."""
        sides = self.sides = self.make_sides()
        board = self.board = CompareOverviewBoard(sides, self.theme, self.words)
        self.set_stage(*self.make_title(self.word("title"), self._subtitle()))
        self.photos = PairPhotos(self, sides)
        with self.beat("pictures", f"pictures_{sides.kind}", **self._network_facts()):
            self.photos.show_pixels()
        with self.beat("layers", self._layers_caption(), **self._layer_facts()):
            self.show_layers()
        if board.bars is not None:
            is_equal = not any(board.bars.distances)
            with self.beat("distances", "distances_equal" if is_equal else "distances"):
                self.show_distances(board.bars)
            if not is_equal:
                caption = "furthest_tied" if board.bars.has_equals else "furthest"
                with self.beat("furthest", caption, **self._distance_facts(board.bars)):
                    self.show_furthest(board.bars)
        else:
            with self.beat("fields", **self._field_facts()):
                self.show_fields(board.fields)
        facts = answer_facts(sides, self.words.language)
        with self.beat("answers", answer_caption(sides), **facts):
            show_answers(self, sides, board.pictures)

    def show_layers(self) -> None:
        """Bring the pictures to their places, then both sides' maps layer by layer, in step."""
        board, photos, timing = self.board, self.photos, self.timing
        flights = [
            fly(one, other.corners(), timing.zoom)
            for one, other in zip(photos.pictures, board.pictures, strict=True)
        ]
        names: list[Any] = [
            one.animate.scale(other.em / one.em).move_to(other)
            for one, other in zip(photos.names, board.names, strict=True)
        ]
        names_of_layers = (each.name for columns in board.columns for each in columns)
        around: list[Mobject] = [each for each in names_of_layers if each is not None]
        around += [] if board.bars is None else board.bars.tracks
        count = max(map(len, board.columns))
        steps: list[list[Mobject]] = [
            [each for columns in board.columns for each in _maps_at(columns, place)]
            for place in range(count)
        ]
        parts = [FadeIn(part) for step in steps for part in step]
        each = len(parts) / count
        run_time = self.while_read(A_LAYER * count * timing.move) + timing.swap
        # The first layers come faster, since they leave most of the stage empty.
        coming = LaggedStart(*parts, lag_ratio=LAG / each, run_time=run_time, rate_func=slowing)
        # Names and tracks come where pictures have passed.
        beside = (FadeIn(each, run_time=timing.zoom, rate_func=once_passed) for each in around)
        along = AnimationGroup(*names, run_time=timing.zoom)  # or they would run ahead
        going = AnimationGroup(*flights, along, *beside, run_time=timing.zoom)
        # The first maps come while the pictures still shrink: these alone would leave it dark.
        self.play(AnimationGroup(going, coming, lag_ratio=MAPS_BEGIN))
        self.remove(*photos.pictures, *photos.names)
        self.add(*board.pictures, *board.names)

    def show_distances(self, bars: DistanceBars) -> None:
        """Let a bar grow for each layer, from the first on, while the formula appears."""
        timing = self.timing
        formula = [] if self.board.formula is None else [self.board.formula]
        run_time = self.while_read(A_LAYER * len(bars.bars) * timing.move)
        self.add(*bars.bars, *bars.numbers)
        self.play(
            *(FadeIn(each, run_time=timing.move) for each in formula),
            Drive(
                [*bars.bars, *bars.numbers],
                bars.grow,
                0,
                1,
                run_time=run_time,
                rate_func=linear,
            ),
        )

    def show_furthest(self, bars: DistanceBars) -> None:
        """Let the maps of all layers but the one that differs most step back, one after the other.

        Those of the layer that differs least come back first, and then all others.
        """
        count, move = len(bars.distances), self.timing.move
        furthest, nearest = (
            choose(range(count), key=bars.distances.__getitem__) for choose in (max, min)
        )
        lit: list[Mobject] = [bars.bars[furthest], bars.numbers[furthest]]
        others = [place for place in range(count) if place != furthest]
        before = [each.copy() for each in lit]
        bars.light(furthest)
        self.play(
            *(FadeOut(each, run_time=move) for each in before),
            *(FadeIn(each, run_time=move) for each in lit),
            *self._fade_in_turn(others, self.theme.dimmed, STEP_BACK * move),
        )
        if others:
            others.sort(key=nearest.__ne__)
            self.play(*self._fade_in_turn(others, 1.0, self.while_read(STEP_BACK * move)))

    def _fade_in_turn(self, places: Sequence[int], opacity: float, run_time: float) -> list[Any]:
        """Return how both sides' maps of some layers fade, one layer after the other."""
        columns = self.board.columns
        fading = [
            FadeTo([each for side in columns for each in _maps_at(side, place)], opacity)
            for place in places
        ]
        return [LaggedStart(*fading, lag_ratio=LAG, run_time=run_time)] if fading else []

    def show_fields(self, fields: Sequence[SeenFields]) -> None:
        """Let a frame on either picture grow to what a cell of each layer sees, in step."""
        parts = [part for side in fields for part in (side.frame, *side.sizes)]
        run_time = self.while_read(A_LAYER * max(map(len, self.board.layers)) * self.timing.move)

        def show(share: float) -> None:
            for side in fields:
                side.show(share)

        self.add(*parts)
        self.play(Drive(parts, show, 0, 1), run_time=run_time, rate_func=linear)

    # -- words ----------------------------------------------------------------------------------

    def _subtitle(self) -> str:
        one, two = (trace.architecture.name for trace in self.sides.traces)
        return one if self.sides.are_pictures else f"{one} · {two}"

    def _network_facts(self) -> dict[str, Any]:
        counts = [trace.architecture.parameter_count for trace in self.sides.traces]
        first, second = (format_number(count, 0) for count in counts)
        return {**self.sides.facts, "first_count": first, "second_count": second}

    def _layers_caption(self) -> str:
        if not self.board.has_distances:
            counts = (len(each) for each in self.board.layers)
            is_whole = tuple(counts) == self.board.totals
            return "layers_apart" if is_whole else "layers_apart_some"
        if self.board.bars is not None and not any(self.board.bars.distances):
            return "layers_equal"
        return "layers" if self.board.totals[0] == len(self.board.layers[0]) else "layers_some"

    def _layer_facts(self) -> dict[str, Any]:
        return {
            **self.sides.facts,
            "channels": self.board.places.channels,
            "shown": len(self.board.layers[0]),
            "total": self.board.totals[0],
            "second_shown": len(self.board.layers[1]),
            "second_total": self.board.totals[1],
        }

    def _field_facts(self) -> dict[str, Any]:
        facts = dict(self.sides.facts)
        for key, side, trace in zip(
            ("first", "second"), self.board.fields, self.sides.traces, strict=True
        ):
            facts[f"{key}_field"] = written_sides(side.last.size)
            facts[f"{key}_size"] = written_sides(trace.picture.shape[1:])
        return facts

    def _distance_facts(self, bars: DistanceBars) -> dict[str, Any]:
        order = sorted(range(len(bars.distances)), key=bars.distances.__getitem__)
        names = [layer.name for layer in self.board.layers[0]]
        nearest, furthest = order[0], order[-1]
        return {
            "furthest": names[furthest],
            "nearest": names[nearest],
            "most": bars.numbers[furthest].quantity.shown,
            "least": bars.numbers[nearest].quantity.shown,
        }


def _maps_at(columns: list[ComparedColumn], place: int) -> list[HeatMap]:
    return columns[place].maps if place < len(columns) else []
