"""Average pooling: one window after the other, then the whole map, then what became of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from manim import Mobject

from cnnviz.animations.zoom import Place as Grown
from cnnviz.explain.averaging import channel_to_average
from cnnviz.explain.places import Place, require_layer, require_maps, resolve_place
from cnnviz.explain.sides import written_sides
from cnnviz.layers import AvgPool2d
from cnnviz.model.trace import Trace
from cnnviz.scenes.average.all_windows import AllWindows
from cnnviz.scenes.average.board import AverageBoard
from cnnviz.scenes.average.captions import (
    caption_of,
    layer_facts,
    result_caption,
    result_facts,
    window_facts,
)
from cnnviz.scenes.average.facts import MeanFacts
from cnnviz.scenes.average.one_window import SingleWindows
from cnnviz.staging.closing import Closing
from cnnviz.staging.opening import Opening
from cnnviz.staging.parameters import parameter
from cnnviz.staging.pooling.captions import map_sizes, subtitle
from cnnviz.staging.pooling.maps import show_windows
from cnnviz.staging.pooling.result import PooledResult
from cnnviz.staging.scene import LectureScene

KIND = AvgPool2d.kind
"""Of the layers that it tells of."""


@dataclass(frozen=True)
class AverageParameters:
    """Which output of which pooling is explained first."""

    layer: str | None = parameter("text", "An average pooling layer. Default: the first one.")
    channel: int | None = parameter(
        "number", "The channel, from 0. Default: one with contrast.", minimum=0
    )
    pixel: tuple[int, int] | None = parameter(
        "pixel", "ROW,COLUMN of the output that is found first. Default: a strong response."
    )


class AverageScene(LectureScene):
    """An average pooling, complete: windows, sums, means, the smaller map, what became of peaks."""

    name = "average"
    Parameters = AverageParameters
    poster_beat = "window"

    @classmethod
    def resolve(cls, trace: Trace, parameters: AverageParameters) -> AverageParameters:
        """Fill in an interesting place: see :func:`cnnviz.explain.places.resolve_place`.

        Raises
        ------
        UserError
            Also for a layer that takes no means.
        """
        layer_trace = require_maps(require_layer(trace, parameters.layer, KIND))
        channel = parameters.channel
        channel = channel_to_average(layer_trace) if channel is None else channel
        place = resolve_place(trace, layer_trace.name, channel, parameters.pixel, kind=KIND)
        return replace(
            parameters, layer=place.layer, channel=place.channel, pixel=(place.row, place.column)
        )

    def construct(self) -> None:
        """Tell the five beats; with a single window there is no second one to tell."""
        first = row, column = self.parameters.pixel
        place = Place(self.parameters.layer, self.parameters.channel, row, column)
        board = AverageBoard(self.trace, place, self.theme, self.words)
        numbers = board.numbers
        size = written_sides(numbers.geometry.kernel_sizes)
        self.set_stage(*self.make_title(self.word("title"), subtitle(numbers, self.words)))
        opening = Opening(self)
        opening.tell_photo()
        facts = layer_facts(numbers, self.words)
        caption = caption_of("place", numbers)
        with self.beat("place", caption, source=board.source_name, size=size, **facts):
            grows: dict[Grown, Mobject] = {
                (numbers.source, place.channel): board.whole.map,
                (place.layer, place.channel): board.whole_after.map,
            }
            strip = opening.show_where_we_are(place.layer, grows)
            show_windows(self, board)
        windows = SingleWindows(self, board, first)
        facts = window_facts(numbers, first, self.words)
        with self.beat("window", caption_of("window", numbers), size=size, **facts):
            windows.enlarge()
            windows.average()
        if windows.others:
            found = self.listed(numbers.result(each).shown for each in windows.others)
            with self.beat("more", count=len(windows.others), found=found):
                windows.move_along()
        result = PooledResult(board)
        means = MeanFacts(numbers, result.zones, self.theme, self.words)
        everything = AllWindows(self, result, means)
        with self.beat("sweep", caption_of("sweep", numbers), **map_sizes(numbers)):
            everything.sweep(strip)
        with self.beat("result", result_caption(numbers, means), **result_facts(numbers, means)):
            output = everything.show_result()
            Closing(self).show_whole_network(place.layer, output, place.channel)
