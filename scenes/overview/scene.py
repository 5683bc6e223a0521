"""The overview: one picture through the whole network, from its channels to the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from manim import FadeIn, FadeOut, Mobject, linear, smooth

from cnnviz.animations.drive import Drive
from cnnviz.animations.fade_to import FadeTo
from cnnviz.explain.edges import edges
from cnnviz.explain.interest import interesting_channel
from cnnviz.explain.overview import Node, map_count
from cnnviz.explain.places import require_channel, require_layer
from cnnviz.explain.scaling import SCALES
from cnnviz.explain.softmax import rivals
from cnnviz.layers import Flatten, ReLU
from cnnviz.mobjects.network_map.columns import LayerColumn, empty_places
from cnnviz.mobjects.network_map.network_map import NetworkMap
from cnnviz.model.trace import Trace
from cnnviz.scenes.overview.node import NodeLight
from cnnviz.scenes.overview.picture import PictureChannels
from cnnviz.scenes.overview.words import (
    answer_facts,
    first_layer_facts,
    node_caption,
    node_facts,
    score_facts,
)
from cnnviz.staging.opening import Opening
from cnnviz.staging.parameters import parameter
from cnnviz.staging.scene import LectureScene
from cnnviz.staging.transition import PHOTO, map_key
from cnnviz.style.geometry import Zone

ACCELERATION = 0.85
"""How long a layer takes, as a share of the one before."""

QUICKEST = 0.35
"""And at least, as a share of a move."""

FIRST_MAPS = 2.5
"""How long the first layer's maps take after its first one, in moves."""

OVERLAP = 4.0
"""Maps of a later layer that are on their way at a time."""


@dataclass(frozen=True)
class OverviewParameters:
    """Which node is lit at the end, and how values become colours."""

    layer: str | None = parameter(
        "text", "A layer, one of whose maps is traced back to its sources. Default: none."
    )
    channel: int | None = parameter(
        "number", "The map in that layer, from 0. Default: one with contrast.", minimum=0
    )
    scale: str = parameter(
        "choice", "Over which layers one colour means one value.", "unit", SCALES
    )


class OverviewScene(LectureScene):
    """The whole network at work: every map, every edge, every class."""

    name = "overview"
    Parameters = OverviewParameters
    poster_beat = "answer"

    @classmethod
    def resolve(cls, trace: Trace, parameters: OverviewParameters) -> OverviewParameters:
        """Choose a channel where only a layer is given, and a layer where only a channel is."""
        if parameters.layer is None and parameters.channel is None:
            return parameters
        layer = require_layer(trace, parameters.layer)
        channel = parameters.channel
        if channel is None:
            channel = interesting_channel(layer)
        return replace(parameters, layer=layer.name, channel=require_channel(layer, channel))

    def construct(self) -> None:
        """Tell the eight beats, and a ninth about one node if there is one."""
        trace, parameters = self.trace, self.parameters
        self.node = None if parameters.layer is None else Node(parameters.layer, parameters.channel)
        self.board = NetworkMap(
            trace, self._add_titles(), self.theme, self.words, self.node, parameters.scale
        )
        self.places = empty_places(self.board.plan, self.theme)
        _, first, *others = self.board.columns[:-1]
        opening = Opening(self)
        self.expects(PHOTO)
        with self.beat("photo"):
            self.show_photo(opening)
        with self.beat("channels", count=trace.architecture.input.channels):
            self.part_photo(opening)
        with self.beat(
            "first", f"first_{first.layer.kind}", **first_layer_facts(trace, first.layer)
        ):
            self.grow_first_layer(first)
        if others and others[0].layer.kind == ReLU.kind:
            with self.beat("relu", layer=others[0].layer.name):
                self.grow_layer(others.pop(0), 1.2 * self.timing.move)
        with self.beat("deeper", "deeper" if self.board.is_complete else "deeper_some"):
            self.grow_other_layers(others)
        with self.beat("legends", scope=self.word(f"scope_{parameters.scale}")):
            self.fade_in(*self.board.legends.parts, run_time=self.timing.move)
        with self.beat("classes", **score_facts(trace)):
            self.show_classes()
        best = rivals(trace)
        with self.beat("answer", count=len(best), **answer_facts(trace, best, self.words)):
            self.show_answer(best)
        if self.node is not None:
            facts = node_facts(trace, self.node, self.words)
            with self.beat("node", node_caption(trace, self.node), **facts):
                self.show_node(self.node, best)
        for column in self.board.columns[:-1]:
            for channel, each in zip(column.layer.channels, column.maps, strict=True):
                self.leave(map_key(column.layer.name, channel), each)

    # -- the picture ------------------------------------------------------------------------

    def show_photo(self, opening: Opening) -> None:
        """Turn the photo into the pixels that the network receives."""
        if self.inherited is not None:
            self.bring_in(PHOTO, opening.photo)
        opening.show_pixels()

    def part_photo(self, opening: Opening) -> None:
        """Let the picture part into its channels, first in colour, and line them up."""
        timing = self.timing
        channels = PictureChannels(self.trace, self.theme.layout.stage, self.theme, self.words)
        picture = opening.picture
        copies = [
            each.copy().scale(picture.width / each.width).move_to(picture)
            for each in channels.coloured
        ]
        self.remove(picture)
        self.add(*copies, picture)
        self.play(
            *map(FadeOut, [picture, *opening.question]),
            *(
                copy.animate.scale(target.width / copy.width).move_to(target)
                for copy, target in zip(copies, channels.coloured, strict=True)
            ),
            run_time=1.2 * timing.move,
        )
        self.fade_in(*channels.labels)
        self.wait(timing.pause / 2)
        self.fade_in(*channels.grey, run_time=timing.move)
        self.remove(*copies)
        self.wait(timing.pause / 2)
        self._line_up(channels.grey, channels.labels)

    def _line_up(self, channels: Sequence[Mobject], labels: Sequence[Mobject]) -> None:
        board, slots = self.board, self.board.input.maps
        self.bring_to_back(self.places)
        self.play(
            *map(FadeOut, labels),
            *map(FadeIn, [self.places, board.photo, *board.headings.of(0)]),
            *(
                channel.animate.scale(slot.width / channel.width).move_to(slot)
                for channel, slot in zip(channels, slots, strict=True)
            ),
            run_time=1.2 * self.timing.move,
        )
        self.remove(*channels)
        self.add(*slots)

    # -- the layers ---------------------------------------------------------------------------

    def grow_first_layer(self, column: LayerColumn) -> None:
        """Let one map after the other appear: the first slowly."""
        self._prepare(column)
        count = len(column.layer.channels)
        self.play(
            *map(FadeIn, self.board.headings.of(1)),
            Drive(column.parts, column.show, 0, 1),
            run_time=1.5 * self.timing.move,
            rate_func=linear,
        )
        if count > 1:
            self.play(
                Drive(column.parts, column.show, 1, count),
                run_time=FIRST_MAPS * self.timing.move,
                rate_func=linear,
            )

    def grow_other_layers(self, columns: list[LayerColumn]) -> None:
        """Show the other layers, each faster than the one before."""
        run_time = 1.1 * self.timing.move
        for column in columns:
            if column.layer.kind != Flatten.kind and column.layer.has_maps:
                self.grow_layer(column, run_time)
                run_time = max(run_time * ACCELERATION, QUICKEST * self.timing.move)

    def grow_layer(self, column: LayerColumn, run_time: float, *ground: Mobject) -> None:
        """Show a layer's maps in quick succession, with what they stand on."""
        self._prepare(column)
        index = self.board.columns.index(column)
        last = len(column.layer.channels) - 1 + OVERLAP
        self.play(
            *map(FadeIn, [*self.board.headings.of(index), *ground]),
            Drive(column.parts, lambda count: column.show(count, OVERLAP), 0, last),
            run_time=run_time,
            rate_func=linear,
        )

    def _prepare(self, column: LayerColumn) -> None:
        """Put a layer into the scene, nothing of it visible yet."""
        column.show(0)
        self.add(*column.parts)

    # -- the answer ---------------------------------------------------------------------------

    def show_classes(self) -> None:
        """Show the vector and what follows it, the edges to the classes, and the bars."""
        board, timing = self.board, self.timing
        for column in board.columns[1:-1]:
            if column.layer.kind == Flatten.kind or not column.layer.has_maps:
                self.grow_layer(column, 0.8 * timing.move)
        self.remove(self.places)
        self.grow_layer(board.scores, 1.2 * timing.move, *board.bars.ground)
        self.add(*board.bars.bars)
        self.play(
            *map(FadeIn, board.bars.numbers),
            Drive(board.bars.bars, board.bars.grow, 0, 1),
            run_time=timing.move,
            rate_func=smooth,
        )

    def show_answer(self, best: tuple[int, ...]) -> None:
        """Light the most probable class, or two where it is close, and what adds to it."""
        board = self.board
        lit = [*board.bars.names, *board.bars.bars, *board.bars.numbers, *board.scores.parts]
        self.play(
            Drive(lit, lambda emphasis: board.light_scores(best, emphasis), 0, 1),
            run_time=self.timing.move,
        )

    def show_node(self, node: Node, best: tuple[int, ...]) -> None:
        """Light the edges that arrive at one map or score, and dim everything else."""
        board = self.board
        light = NodeLight(board, node, self.theme)
        bright = {id(mobject) for mobject in light.parts}
        others = [each for each in self.on_stage_but([]) if id(each) not in bright]
        self.play(
            FadeTo(others, self.theme.dimmed),
            Drive(
                [*board.bars, *board.scores.parts],
                lambda emphasis: board.light_scores(best, emphasis),
                1,
                0,
            ),
            run_time=self.timing.move,
        )
        self.play(Drive(light.parts, light.light, 0, 1), run_time=self.timing.move)
        self.fade_in(*light.outlines)

    # -- words --------------------------------------------------------------------------------

    def _add_titles(self) -> Zone:
        """Add the title; return the room below it."""
        architecture = self.trace.architecture
        subtitle = self.word(
            "subtitle",
            layers=len(architecture.layers),
            maps=map_count(architecture),
            edges=len(edges(architecture)),
        )
        self.set_stage(*self.make_title(architecture.name, subtitle))
        return self.theme.layout.stage
