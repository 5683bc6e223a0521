"""The convolution: one filter of one layer, from its first product to the finished map."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from manim import AnimationGroup, FadeIn, FadeOut, LaggedStart, Mobject

from cnnviz.animations.flight import fly
from cnnviz.explain.comparison import has_equals
from cnnviz.explain.places import Place, resolve_place
from cnnviz.explain.rounding import written_extent
from cnnviz.explain.scaling import SCALES
from cnnviz.explain.sides import written_paddings, written_sides, written_steps
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.scenes.conv.board import ConvolutionBoard
from cnnviz.scenes.conv.calculation import Calculation
from cnnviz.scenes.conv.filter_wall import FilterWall
from cnnviz.scenes.conv.marked_sum import mark_sums
from cnnviz.scenes.conv.matches import Match, best_match
from cnnviz.scenes.conv.pair import Pair
from cnnviz.scenes.conv.pattern import Pattern
from cnnviz.scenes.conv.sweep import Sweep
from cnnviz.scenes.conv.taking_apart import TakingApart
from cnnviz.staging.closing import Closing
from cnnviz.staging.opening import Opening
from cnnviz.staging.parameters import parameter
from cnnviz.staging.scene import LectureScene

WALL_BEGINS = 0.4
"""The other filters begin to appear when the map is so far on its way to its place."""

WALL_LAG = 0.3
"""The next filter begins to appear when so much of the one before is there."""


@dataclass(frozen=True)
class ConvParameters:
    """Which output of which convolution is explained."""

    layer: str | None = parameter("text", "A convolutional layer. Default: the first.")
    channel: int | None = parameter(
        "number",
        "The filter, and channel of the output, from 0. Default: one with contrast.",
        minimum=0,
    )
    pixel: tuple[int, int] | None = parameter(
        "pixel", "ROW,COLUMN of the output that is calculated first. Default: the highest."
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
        """Fill in a channel with contrast, and the place with its highest value."""
        place = resolve_place(trace, parameters.layer, parameters.channel, parameters.pixel)
        pixel = parameters.pixel or best_match(trace[place.layer], place.channel).pixel
        return replace(parameters, layer=place.layer, channel=place.channel, pixel=pixel)

    def construct(self) -> None:
        """Tell the beats: the pattern, one sum in full, another in brief, all sums, all filters."""
        self._set_up()
        place, board, layer = self.place, self.board, self.board.numbers.layer
        opening = Opening(self)
        extent = written_extent(self.trace[layer.name].output[place.channel])
        opening.tell_photo()
        with self.beat("place", self._place_caption(), layer=layer.name, **extent):
            grows = {(INPUT, None): self.pair.picture, (layer.name, place.channel): self.pair.map}
            self.strip = opening.show_where_we_are(layer.name, grows)
            self.fade_in(*self.pair.picture_parts, *self.pair.map_parts, self.pair.legend)
            self.pair.glide(self)
        caption = self.pattern.caption
        size = written_sides(layer.window.kernel_sizes)
        facts = {"count": len(self.pattern.matches), "size": size}
        with self.beat("pattern", caption, **facts):
            self.pattern.play(self)
        with self.beat("filter", count=self.board.numbers.source_count, **self._filter_facts()):
            TakingApart(self, board, self.pair, self.pattern).play(self.strip)
        calculation = Calculation(self, board)
        shown = len(board.rows)
        caption = "multiply"
        if board.numbers.source_count > shown:
            is_tied = board.numbers.is_tied(shown)
            caption = "multiply_strongest_tied" if is_tied else "multiply_strongest"
        with self.beat("multiply", caption, count=shown):
            calculation.multiply()
        with self.beat("add", count=board.numbers.source_count, row=place.row, column=place.column):
            calculation.add_up()
        other = self._other_match()
        if other is not None:
            caption = "other_lowest" if other == self.pattern.matches[-1] else "other_highest"
            if has_equals(self.trace[place.layer].output[place.channel], other.pixel):
                caption += "_tied"
            with self.beat("other", caption, row=other.row, column=other.column):
                calculation.work_in_brief((place.row, place.column), other.pixel)
        with self.beat("sweep", self._sweep_caption(), **self._sweep_facts()):
            self.sweep()
        with self.beat("map"):
            self.show_finished_map()
        wall = self._make_wall()
        caption = "filters" if wall.is_complete else "filters_some"
        facts = {"count": layer.out_channels, "shown": len(wall.channels), "own": place.channel}
        with self.beat("filters", caption, **facts):
            self.show_all_filters(wall)
            own = wall.maps[wall.channels.index(place.channel)]
            Closing(self).show_whole_network(layer.name, own, place.channel)

    def _set_up(self) -> None:
        """Make what the film is told with, and put the title where it belongs."""
        layer, channel = self.parameters.layer, self.parameters.channel
        place = self.place = Place(layer, channel, *self.parameters.pixel)
        board = self.board = ConvolutionBoard(
            self.trace, place, self.theme, self.words, self.parameters.scale
        )
        self.pair = Pair(self.trace, place, board.output, self.theme, self.words)
        self.pattern = Pattern(board.numbers, self.pair, self.theme, self.words)
        self.pair.stand_alone()
        self.set_stage(*self.make_title(self.word("title"), self._subtitle()))

    # -- all outputs --------------------------------------------------------------------------

    def sweep(self) -> None:
        """Fill the whole output, at twice the size, under the eyes of the audience."""
        board, pair, timing = self.board, self.pair, self.timing
        target = pair.place
        pair.map.set_corners(*target)  # it flew to the arithmetic; the cursor belongs here
        sweep = Sweep(board.numbers, pair, board.scales, self.theme, self.words)
        output, maps = board.output.map, board.inputs.maps
        leaving = self.on_stage_but([self.strip, output, *maps])
        self.fade_out(*leaving)
        joined = [fly(each, sweep.input.corners(), timing.move) for each in maps]
        self.add(sweep.input)
        self.play(
            fly(output, target, timing.move),
            *(joined if board.numbers.source == INPUT else map(FadeOut, maps)),
            FadeIn(sweep.input),
        )
        self.remove(output, *maps)
        self.add(pair.map)
        self.fade_in(*pair.map_parts, *sweep.input_parts)
        sweep.play(self)
        self.last_sweep = sweep

    # -- what it found ------------------------------------------------------------------------

    def show_finished_map(self) -> None:
        """Set the map beside the picture, and lift the sums that were worked out of it."""
        pair, sweep = self.pair, self.last_sweep
        stays = [self.strip, pair.map, *pair.map_parts, sweep.input]
        appearing = [pair.picture, *pair.picture_parts, pair.legend]
        if sweep.shows_picture:  # it is there, and would only grow pale for a moment
            pair.picture, pair.picture_parts = sweep.input, sweep.input_parts
            stays += sweep.input_parts
            appearing = [pair.legend]
        self.add(pair.map)
        self.fade_out(*self.on_stage_but(stays))
        leaving = [] if sweep.shows_picture else [FadeOut(sweep.input)]
        self.play(*leaving, *map(FadeIn, appearing), run_time=self.timing.move)
        numbers = self.board.numbers
        sums = [(pixel, numbers.at(*pixel).total) for pixel in self._worked_outputs()]
        first, *others = mark_sums(pair, sums, self.theme, self.words)
        first.show(self)
        for other in others:
            first.step_back()
            other.show(self)

    def _make_wall(self) -> FilterWall:
        board = self.board
        reads_picture = board.numbers.source == INPUT
        scale = board.output.scale
        return FilterWall(
            board.numbers.layer_trace,
            self.place.channel,
            scale,
            reads_picture=reads_picture,
            theme=self.theme,
        )

    def show_all_filters(self, wall: FilterWall) -> None:
        """Show the layer's filters with their tiles and maps, as many as are legible."""
        timing = self.timing
        index = wall.channels.index(self.place.channel)
        own, finished = wall.maps[index], self.pair.map
        leaving = self.on_stage_but([self.strip, finished])
        parts: list[tuple[Mobject, ...]] = list(
            zip(wall.maps, wall.tiles, wall.labels, strict=True)
        )
        around_own = (wall.light, wall.tiles[index], wall.labels[index])
        appearing = [around_own, *parts[:index], *parts[index + 1 :]]
        # The wall begins while the map is on its way: alone, it would leave the stage empty.
        wall_appears = LaggedStart(
            *(AnimationGroup(*map(FadeIn, each)) for each in appearing),
            lag_ratio=WALL_LAG,
            run_time=(3 if len(appearing) > 1 else 1) * timing.move,
        )
        flight = fly(finished, own.corners(), timing.move)
        self.play(
            *(FadeOut(each, run_time=timing.fade) for each in leaving),
            AnimationGroup(flight, wall_appears, lag_ratio=WALL_BEGINS),
        )
        self.remove(finished)
        self.add(own)
        self.wait(timing.read)  # the last filter had hardly appeared when all flew home

    # -- words --------------------------------------------------------------------------------

    def _other_match(self) -> Match | None:
        """Return the output that is worked in brief: the lowest, or else the highest."""
        matches = self.pattern.matches
        if matches[-1].value == matches[0].value:
            return None
        is_lowest = matches[-1].pixel == (self.place.row, self.place.column)
        return matches[0] if is_lowest else matches[-1]

    def _worked_outputs(self) -> list[tuple[int, int]]:
        """Return where the sums lie that were worked, the first one first."""
        other = self._other_match()
        return [(self.place.row, self.place.column), *([other.pixel] if other else [])]

    def _place_caption(self) -> str:
        """Return the key of what is special about the layer."""
        layer = self.board.numbers.layer
        if not layer.joins_all:
            return "place_depthwise" if layer.keeps_channels else "place_grouped"
        return "place_single" if layer.window.cell_count == 1 else "place"

    def _sweep_caption(self) -> str:
        """Return the key of how the window moves, and what it adds up."""
        down, across = self.board.numbers.layer.window.strides
        key = "sweep" if self.board.numbers.source_count > 1 else "sweep_alone"
        return key if down == across else f"{key}_uneven"

    def _sweep_facts(self) -> dict[str, Any]:
        down, across = self.board.numbers.layer.window.strides
        return {"count": across, "across": across, "down": down}

    def _filter_facts(self) -> dict[str, Any]:
        layer = self.board.numbers.layer
        return {
            "filter": self.place.channel,
            "size": written_sides(layer.window.kernel_sizes),
            "weights": self.board.numbers.source_count * layer.window.cell_count + 1,
        }

    def _subtitle(self) -> str:
        layer, window = self.board.numbers.layer, self.board.numbers.layer.window
        padding = "padding" if any(window.paddings) else "no_padding"
        dilation = ""
        if max(window.dilations) > 1:
            dilation = self.word("dilation", dilation=written_steps(window.dilations))
        return self.word(
            "subtitle",
            layer=layer.name,
            filter=self.place.channel,
            last=layer.out_channels - 1,
            size=written_sides(window.kernel_sizes),
            stride=written_steps(window.strides),
            padding=self.word(padding, padding=written_paddings(window.paddings)),
            dilation=dilation,
        )
