"""The overview: one picture through the whole network, from its channels to the answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from manim import FadeIn, FadeOut, LaggedStart, linear

from cnnviz.animations.drive import Drive
from cnnviz.animations.fade_to import FadeTo
from cnnviz.explain.edges import edge_count
from cnnviz.explain.interest import interesting_channel
from cnnviz.explain.overview import Node, map_count
from cnnviz.explain.places import require_channel, require_layer
from cnnviz.explain.scaling import SCALES
from cnnviz.explain.softmax import ranking
from cnnviz.layers import ReLU
from cnnviz.mobjects.network_map.columns import LayerColumn
from cnnviz.mobjects.network_map.network_map import NetworkMap
from cnnviz.mobjects.network_map.path_highlight import PathHighlight
from cnnviz.model.trace import Trace
from cnnviz.scenes.overview.growth import Growth
from cnnviz.scenes.overview.node import NodeHighlight
from cnnviz.scenes.overview.parting import line_up_channels, part_photo
from cnnviz.scenes.overview.words import (
    answer_facts,
    first_layer_caption,
    first_layer_facts,
    last_map_facts,
    legends_caption,
    node_caption,
    node_facts,
    path_facts,
    paths_caption,
    relu_facts,
    route_names,
    score_facts,
    scores_caption,
)
from cnnviz.staging.opening import Opening
from cnnviz.staging.parameters import parameter
from cnnviz.staging.scene import LectureScene
from cnnviz.staging.transition import NETWORK, PHOTO

PATHS = 5.0
"""How long the light takes from the photo to the answer, in moves."""


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
        """Tell the beats, from the photo to the strongest paths to the answer."""
        self._set_up()
        trace = self.trace
        _, first, *others = self.board.columns[:-1]
        opening = Opening(self)
        self.expects(PHOTO)
        with self.beat("photo", **opening.photo_facts):
            self.show_photo(opening)
        with self.beat("channels", count=trace.architecture.input.channels):
            channels = part_photo(self, opening, self.board)
            if self.light is not None:
                self.light.light_edges()
        facts = first_layer_facts(trace, first.layer)
        with self.beat("first", first_layer_caption(trace[first.layer.name].layer), **facts):
            growing = self.growth.first_map(first, channels.grey)
            line_up_channels(self, channels, self.board, *growing)
            self.growth.grow_first_layer(first)
        large = first
        if others and others[0].layer.kind == ReLU.kind and not others[0].layer.skipped:
            with self.beat("relu", **relu_facts(trace[others[0].layer.name])):
                large = others.pop(0)
                self.growth.clip_layer(first, large)
        with_maps = [each for each in others if each.layer.has_maps]
        if with_maps:
            deeper = "deeper" if self.board.is_complete else "deeper_some"
            with self.beat("deeper", deeper, **last_map_facts(trace)):
                self.growth.grow_other_layers(large, with_maps, self.board.bars.ground)
        with self.beat("legends", legends_caption(trace, self.parameters.scale)):
            self.growth.line_up_large_maps(large)
            self.show_legends()
        with self.beat("classes", scores_caption(trace), **score_facts(trace)):
            self.show_classes([each for each in others if not each.layer.has_maps])
        best = ranking(trace.logits)[:2]
        with self.beat("answer", count=len(best), **answer_facts(trace, best, self.words)):
            self.show_answer()
        if self.node is not None and self.light is not None:
            facts = node_facts(trace, self.node, self.words)
            with self.beat("node", node_caption(trace, self.node), **facts):
                self.show_node(self.light)
        paths = PathHighlight.of_answer(trace, self.board)
        route = {"route": self.listed(route_names(trace, paths.strongest, self.words))}
        facts = path_facts(trace, paths.count, self.words) | route
        with self.beat("paths", paths_caption(trace, paths.count), **facts):
            self.show_paths(paths)
        self.leave(NETWORK, self.board)

    def _set_up(self) -> None:
        """Make what the film is told with, and put the title where it belongs."""
        trace, parameters = self.trace, self.parameters
        self.node = None if parameters.layer is None else Node(parameters.layer, parameters.channel)
        self._add_title()
        stage = self.theme.layout.stage
        self.board = NetworkMap(trace, stage, self.theme, self.words, self.node, parameters.scale)
        self.light = None if self.node is None else NodeHighlight(self.board, self.node, self.theme)
        self.growth = Growth(self, self.board)

    # -- the picture and the colours --------------------------------------------------------

    def show_photo(self, opening: Opening) -> None:
        """Turn the photo into the pixels that the network receives."""
        if self.inherited is not None:
            self.bring_in(PHOTO, opening.photo)
        opening.show_pixels()

    def show_legends(self) -> None:
        """Show the classes, unless they are there, and the legends one after the other."""
        ground = self.board.bars.ground
        if not self.present(ground):
            self.fade_in(*ground)
        parts = [FadeIn(part) for part in self.board.legends.parts]
        run_time = self.while_read(3 * self.timing.move)
        self.play(LaggedStart(*parts, lag_ratio=0.5), run_time=run_time)

    # -- the answer ---------------------------------------------------------------------------

    def show_classes(self, columns: list[LayerColumn]) -> None:
        """Show the vector and what follows it, and the edges to the classes."""
        board, timing = self.board, self.timing
        for column in columns:
            self.growth.grow_layer(column, 1.2 * timing.move)
        run_time = self.while_read(2.5 * timing.move)
        self.growth.grow_layer(board.scores, run_time)

    def show_answer(self) -> None:
        """Let the bars grow, and light the most probable class and what adds to it."""
        board, timing = self.board, self.timing
        self.add(*board.bars.bars)
        self.play(
            Drive(board.bars.bars, board.bars.grow, 0, 1),
            *map(FadeIn, board.bars.numbers),
            run_time=2 * timing.move,
        )
        self._light_winner(0.0, 1.0, self.while_read(1.5 * timing.move))

    def _light_winner(self, start: float, end: float, run_time: float) -> None:
        board, winner = self.board, [self.trace.predicted_index]
        lit = [*board.bars, *board.scores.parts]
        drive = Drive(lit, lambda emphasis: board.light_scores(winner, emphasis), start, end)
        self.play(drive, run_time=run_time)

    def show_node(self, light: NodeHighlight) -> None:
        """Light the edges that arrive at one map or score, and dim everything else."""
        timing = self.timing
        bright = {id(mobject) for mobject in light.parts}
        others = [each for each in self.on_stage_but([]) if id(each) not in bright]
        self._light_winner(1.0, 0.0, timing.fade)
        self.play(FadeTo(others, self.theme.dimmed), run_time=timing.move)
        self.play(Drive(light.parts, light.light, 0, 1), run_time=timing.move)
        self.fade_in(*light.outlines)
        self.wait(timing.move)
        self.play(
            FadeTo(others, 1.0),
            Drive(light.parts, light.light, 1, 0),
            *map(FadeOut, light.outlines),
            run_time=timing.move,
        )
        self._light_winner(0.0, 1.0, timing.fade)

    def show_paths(self, light: PathHighlight) -> None:
        """Light the strongest paths, from the picture to the answer."""
        self.play(
            Drive(light.parts, light.light, 0, 1),
            run_time=self.while_read(PATHS * self.timing.move),
            rate_func=linear,
        )
        self.remove(*self.board.submobjects)
        self.add(self.board)

    # -- words --------------------------------------------------------------------------------

    def _add_title(self) -> None:
        architecture = self.trace.architecture
        subtitle = self.word(
            "subtitle",
            layers=len(architecture.layers),
            maps=map_count(architecture),
            edges=edge_count(architecture),
        )
        self.set_stage(*self.make_title(architecture.name, subtitle))
