"""The journey: one pixel through the whole network, and back from one cell to the picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from cnnviz.explain.places import require_class, require_input_pixel
from cnnviz.explain.rounding import written_slope
from cnnviz.explain.sides import written_sides
from cnnviz.layers import Add, Concat, Conv2d, Layer, LeakyReLU, MaxPool2d
from cnnviz.mobjects.maps import picture_pixels
from cnnviz.mobjects.text import line_width
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.scenes.journey.arrival import Arrival
from cnnviz.scenes.journey.backward import Backward
from cnnviz.scenes.journey.cone import Cone, Patch
from cnnviz.scenes.journey.forward import Forward
from cnnviz.scenes.journey.layer_blocks import FIRST_BLOCKS, LAST_BLOCKS, LayerBlock, blocks_of
from cnnviz.scenes.journey.passed import passing_maps
from cnnviz.scenes.journey.pixel import PixelBoard
from cnnviz.scenes.journey.spread import end_quantities
from cnnviz.scenes.journey.stages import follow_pixel
from cnnviz.scenes.journey.steps import (
    counted_survivors,
    counted_winners,
    have_ties,
    parse_channels,
    require_layer_of_maps,
    shows_windows,
    starting_pixel,
)
from cnnviz.scenes.journey.trail import Trail, channel_colours
from cnnviz.staging.closing import Closing
from cnnviz.staging.parameters import parameter
from cnnviz.staging.scene import LectureScene
from cnnviz.staging.transition import NETWORK

SUBTITLE_SHARE = 0.95
"""So much of its lines' width a subtitle takes at most: they break between words."""


@dataclass(frozen=True)
class JourneyParameters:
    """Which pixel is followed, on which channels, towards which class."""

    pixel: tuple[int, int] | None = parameter(
        "pixel",
        "ROW,COLUMN of the picture that the network receives. Default: one that the most "
        "decisive cell sees.",
    )
    channel: str | None = parameter(
        "text",
        "Channels to follow: a number for all convolutions that have it, or LAYER=N,... "
        "Default: the strongest path.",
    )
    class_name: str | None = parameter(
        "text", "The class towards whose score it is followed. Default: the predicted one."
    )
    backward: bool = parameter(
        "flag", "Only the way back, from one cell to the picture.", default=False
    )


class JourneyScene(LectureScene):
    """One pixel's way through the network, exactly, and the way back: what one cell saw."""

    name = "journey"
    Parameters = JourneyParameters
    poster_beat = "cone"

    @classmethod
    def resolve(cls, trace: Trace, parameters: JourneyParameters) -> JourneyParameters:
        """Fill in the predicted class and a pixel that matters for it; check what is given."""
        require_layer_of_maps(trace)
        class_index = require_class(trace, parameters.class_name)
        row, column = parameters.pixel or starting_pixel(trace, class_index)
        require_input_pixel(trace, row, column)
        channels = parse_channels(trace, parameters.channel)
        follow_pixel(trace, row, column, class_index, channels)
        return replace(parameters, pixel=(row, column), class_name=trace.classes[class_index])

    def construct(self) -> None:
        """Tell the way there, unless only the way back is asked for, then the way back."""
        parameters, trace = self.parameters, self.trace
        self.class_index = require_class(trace, parameters.class_name)
        channels = parse_channels(trace, parameters.channel)
        row, column = parameters.pixel
        self.journey = follow_pixel(trace, row, column, self.class_index, channels)
        self.blocks = blocks_of(trace, self.journey)
        stages = [block.last for block in self.blocks.detailed]
        colours = [channel_colours(trace, each.layer, each.channel, self.theme) for each in stages]
        names = [self.words("common.picture"), *(stage.layer for stage in stages)]
        self.trail = Trail([picture_pixels(trace), *colours], names, self.theme)
        self.zone = self.trail.zone_below
        self.set_stage(*self.make_title(self.word("title"), self._subtitle()))
        if parameters.backward:
            self.set_stage(*self.trail.parts)
        else:
            self._play_forward()
        self._play_backward()

    # -- there --------------------------------------------------------------------------------

    def _play_forward(self) -> None:
        forward = Forward(self, self.journey, self.trail, self.zone)
        row, column = self.parameters.pixel
        board = PixelBoard(self.trace, row, column, self.theme, self.words)
        if self.inherited is None:
            self.set_stage(board.photo)
        self.expects(NETWORK)
        with self.beat("pixel", row=row, column=column):
            forward.show_pixel(board)
        for index, block in enumerate(self.blocks.detailed, start=1):
            self._pass(forward, index)
            if block is self.blocks.lost:
                with self.beat("lost", layer=block.last.layer):
                    forward.lose(block)
                return
            self._play_block(forward, block, index)
        arrival = Arrival(forward, self.class_index)
        caption = "flatten" if self.journey.has_part_in_vector else "flatten_nothing"
        with self.beat("flatten", caption, count=self.journey.flat_indices.size):
            arrival.flatten()
        with self.beat("scores"):
            scores = arrival.score()
        with self.beat("probabilities"):
            arrival.show_probabilities(scores)
        part, score = end_quantities(self.trace, self.journey, self.class_index)
        target = self.class_name(self.class_index)
        caption = "spread_some" if any(self.blocks.passed) else "spread"
        if part.value == 0:
            caption = "spread_nothing"
        with self.beat("spread", caption, part=part.shown, score=score.shown, target=target):
            arrival.show_spread(self.blocks.detailed)

    def _pass(self, forward: Forward, index: int) -> None:
        """Let the blocks pass that are left out before one that is told, and say so."""
        passed = self.blocks.passed[index - 1]
        if not passed:
            return
        shown = passing_maps(passed)
        caption = "onwards" if len(shown) == len(passed) else "onwards_some"
        with self.beat(f"onwards_{index}", caption, count=len(passed), shown=len(shown)):
            forward.pass_quickly(shown, self._rule())

    def _rule(self) -> str:
        """Return which blocks are told in full."""
        kinds = {self.trace[block.first.layer].kind for block in self.blocks.detailed}
        join = next((kind for kind in (Add.kind, Concat.kind) if kind in kinds), None)
        return self.word(
            "rule" if join is None else f"rule_{join}",
            shown=len(self.blocks.detailed),
            total=self.blocks.count,
            first=FIRST_BLOCKS,
            last=LAST_BLOCKS,
        )

    def _play_block(self, forward: Forward, block: LayerBlock, index: int) -> None:
        """Tell one block: the first convolution in two beats, any other in one."""
        facts = self._facts(block)
        layer = self.trace[block.first.layer].layer
        is_first = isinstance(layer, Conv2d) and index == 1 and layer.joins_all
        if is_first:
            is_grey = len(self.trace[block.first.layer].input) == 1
            caption = "products_grey" if is_grey else "products"
            with self.beat("products", caption, **facts):
                forward.multiply(block)
        caption = self._caption_of(block, is_first=is_first)
        tell = forward.pool if shows_windows(block, layer) else forward.show_map
        with self.beat(f"step_{index}", caption, **facts):
            tell(block, index)

    def _caption_of(self, block: LayerBlock, *, is_first: bool) -> str:
        """Return which caption says what a block does."""
        layer = self.trace[block.first.layer].layer
        relu = None if block.relu is None else self.trace[block.relu.layer].kind
        if isinstance(layer, MaxPool2d):
            return "pool_tie" if have_ties(self.trace, block) else "pool"
        if is_first and relu:
            return relu
        if isinstance(layer, Conv2d) and not block.first.own_parts.any():
            return "nothing"
        special = _special_kind(layer)
        return "_".join(part for part in (layer.kind, special, relu) if part)

    def _facts(self, block: LayerBlock) -> dict[str, Any]:
        """Return what the captions of a block are filled with."""
        rows, columns = block.first.values.shape
        kind, count = self.trace[block.first.layer].kind, rows * columns
        if kind == MaxPool2d.kind:
            passed, total = counted_winners(self.trace, block)
            count = total
        else:
            passed, total = counted_survivors(block)
        return {
            **self._origin(block),
            "layer": block.first.layer,
            "channel": block.first.channel,
            "rows": rows,
            "columns": columns,
            "count": count,
            "passed": passed,
            "total": total,
        }

    def _origin(self, block: LayerBlock) -> dict[str, Any]:
        """Return what a concatenation and a leaky ReLU say of themselves."""
        layer_trace = self.trace[block.first.layer]
        if isinstance(layer_trace.layer, LeakyReLU):
            return {"slope": written_slope(layer_trace.layer.slope_of(block.first.channel))}
        if layer_trace.kind != Concat.kind:
            return {}
        sources = self.trace.architecture.sources_of(layer_trace.name)
        counts = [len(each) for each in layer_trace.inputs]
        ((branch, own),) = layer_trace.layer.fed_by(block.first.channel, counts)
        return {"branches": len(sources), "source": sources[branch], "own": own}

    # -- and back -----------------------------------------------------------------------------

    def _play_backward(self) -> None:
        viewer = self.blocks.viewer
        names = [block.last.layer for block in self.blocks.detailed]
        layers = [(block.last.layer, block.last.channel) for block in self.blocks.detailed]
        layers = layers[: names.index(viewer.layer) + 1]
        cone = Cone(
            self.trace, layers, viewer.row, viewer.column, self.zone, self.theme, self.words
        )
        slots = [0, *(names.index(layer) + 1 for layer, _ in cone.layers)]
        backward = Backward(self, cone, self.trail, slots)
        row, column = viewer.row, viewer.column
        with self.beat("cell", layer=viewer.layer, channel=viewer.channel, row=row, column=column):
            backward.show_cell()
        sizes = self.listed(written_sides(each.size) for each in reversed(cone.fields))
        caption = "cone_some" if any(self.blocks.passed) else "cone"
        with self.beat("cone", caption, sizes=sizes):
            backward.widen()
        field = cone.fields[0]
        patch = Patch(self.trace, field, self.theme.layout.stage, self.theme, self.words)
        rows, columns = field.size
        with self.beat("patch", rows=rows, columns=columns):
            backward.show_patch(patch)
            Closing(self).show_whole_network(INPUT, patch.photo)

    def _subtitle(self) -> str:
        row, column = self.parameters.pixel
        key = "subtitle" if self.parameters.channel is None else "subtitle_given"
        facts = {"row": row, "column": column, "target": self.class_name(self.class_index)}
        whole, layout = self.word(key, **facts), self.theme.layout
        # A long class name would push a line onto the trail.
        room = SUBTITLE_SHARE * layout.subtitle_lines * layout.stage.width
        fits = line_width(whole, self.theme.sizes.small) <= room
        return whole if fits else self.word(f"{key}_short", **facts)


def _special_kind(layer: Layer) -> str | None:
    """Return what a convolution is called that keeps channels apart, or sees no neighbour."""
    if not isinstance(layer, Conv2d):
        return None
    if not layer.joins_all:
        return "depthwise" if layer.keeps_channels else None
    return "single" if layer.window.cell_count == 1 else None
