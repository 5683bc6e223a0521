"""Max pooling: one window after the other, then the whole map, then what is left of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from manim import Mobject

from cnnviz.animations.zoom import Place as Grown
from cnnviz.explain.places import Place, require_layer, require_maps, resolve_place
from cnnviz.explain.pooling import channel_with_winners
from cnnviz.explain.quantity import Quantity
from cnnviz.explain.sides import written_sides
from cnnviz.layers import MaxPool2d
from cnnviz.model.trace import Trace
from cnnviz.scenes.pool.all_windows import AllWindows
from cnnviz.scenes.pool.board import PoolBoard
from cnnviz.scenes.pool.captions import (
    ending,
    found_in,
    said_of_windows,
    window_caption,
)
from cnnviz.scenes.pool.facts import PoolFacts
from cnnviz.scenes.pool.one_window import SingleWindows
from cnnviz.scenes.pool.requirements import require_winners
from cnnviz.scenes.pool.result import PoolResult
from cnnviz.staging.closing import Closing
from cnnviz.staging.opening import Opening
from cnnviz.staging.parameters import parameter
from cnnviz.staging.pooling.captions import map_extent, map_sizes, subtitle
from cnnviz.staging.pooling.maps import show_windows
from cnnviz.staging.scene import LectureScene

KIND = MaxPool2d.kind
"""Of the layers that it tells of."""


@dataclass(frozen=True)
class PoolParameters:
    """Which output of which pooling is explained first."""

    layer: str | None = parameter("text", "A max pooling layer. Default: the first one.")
    channel: int | None = parameter(
        "number", "The channel, from 0. Default: one with contrast and many winners.", minimum=0
    )
    pixel: tuple[int, int] | None = parameter(
        "pixel", "ROW,COLUMN of the output that is found first. Default: a strong response."
    )


class PoolScene(LectureScene):
    """A max pooling, complete: windows, winners, ties, the smaller map, what was dropped."""

    name = "pool"
    Parameters = PoolParameters
    poster_beat = "more"

    @classmethod
    def resolve(cls, trace: Trace, parameters: PoolParameters) -> PoolParameters:
        """Fill in an interesting place: see :func:`cnnviz.explain.places.resolve_place`.

        Raises
        ------
        UserError
            Also for a layer that pools otherwise, or a network that has no other: the film is
            about winners.
        """
        require_winners(trace, parameters.layer)
        layer_trace = require_maps(require_layer(trace, parameters.layer, KIND))
        channel = parameters.channel
        channel = channel_with_winners(layer_trace) if channel is None else channel
        place = resolve_place(trace, layer_trace.name, channel, parameters.pixel, kind=KIND)
        return replace(
            parameters, layer=place.layer, channel=place.channel, pixel=(place.row, place.column)
        )

    def construct(self) -> None:
        """Tell the five beats; with a single window there is no second one to tell."""
        first = row, column = self.parameters.pixel
        place = Place(self.parameters.layer, self.parameters.channel, row, column)
        board = self.board = PoolBoard(self.trace, place, self.theme, self.words)
        numbers = board.numbers
        size = written_sides(numbers.geometry.kernel_sizes)
        self.set_stage(*self.make_title(self.word("title"), subtitle(numbers, self.words)))
        opening = Opening(self)
        facts = {"apart": said_of_windows(numbers, self.words), **map_extent(numbers)}
        opening.tell_photo()
        caption = "place_single" if numbers.output.size == 1 else "place"
        with self.beat("place", caption, source=board.source_name, size=size, **facts):
            grows: dict[Grown, Mobject] = {
                (numbers.source, place.channel): board.whole.map,
                (place.layer, place.channel): board.whole_after.map,
            }
            strip = opening.show_where_we_are(place.layer, grows)
            show_windows(self, board)
        windows = SingleWindows(self, board, first)
        caption, count = window_caption(numbers, first)
        facts = {"row": row, "column": column, **found_in(numbers, first, self.words)}
        with self.beat("window", caption, count=count, size=size, **facts):
            windows.enlarge()
            windows.decide()
        others = [*windows.steps, *windows.rest]
        if others:
            found = self.listed(numbers.result(each).shown for each in others)
            with self.beat("more", count=len(others), found=found):
                windows.move_along()
        result = PoolResult(board)
        facts_shown = PoolFacts(numbers, result.zones, self.theme, self.words)
        everything = AllWindows(self, result, facts_shown)
        with self.beat("sweep", **map_sizes(numbers)):
            everything.sweep(strip)
        caption, values = ending(numbers, facts_shown.share)
        with self.beat("result", caption, **values, **self._counts(facts_shown.share)):
            output = everything.show_result()
            Closing(self).show_whole_network(place.layer, output, place.channel)

    def _counts(self, share: Quantity) -> dict[str, Any]:
        """Return how many values there were and are, and how often each place has won."""
        numbers = self.board.numbers
        places = self.listed(f"{count:,}" for count in numbers.winners.places.flat)
        facts = {"before": numbers.values.size, "after": numbers.output.size, "places": places}
        return {**facts, "dropped": share.shown}
