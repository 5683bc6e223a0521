"""A skip connection: two branches meet, and their values are added place by place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from manim import FadeIn, FadeOut, linear

from cnnviz.animations.drive import Drive
from cnnviz.explain.places import resolve_place
from cnnviz.explain.rounding import format_share, written_extent
from cnnviz.layers import Add
from cnnviz.mobjects.frames import Outline
from cnnviz.mobjects.text import Number
from cnnviz.model.trace import Trace
from cnnviz.scenes.skip.board import SkipBoard
from cnnviz.scenes.skip.branches import skipping_branch
from cnnviz.staging.closing import Closing
from cnnviz.staging.opening import Opening
from cnnviz.staging.parameters import parameter
from cnnviz.staging.scene import LectureScene

FILL = 3.0
"""How long all sums take, and the way to another place, in moves."""

LOOK = 0.6
"""How long the shares are looked at, in moves."""

SLOWLY = 1.4
"""How long each term of the first sum takes to appear, in moves."""


@dataclass(frozen=True)
class SkipParameters:
    """Which addition is told, and which of its values first."""

    layer: str | None = parameter("text", "An addition of two branches. Default: the first one.")
    channel: int | None = parameter(
        "number", "The channel, from 0. Default: one with contrast.", minimum=0
    )
    pixel: tuple[int, int] | None = parameter(
        "pixel", "ROW,COLUMN of the sum that is worked. Default: a strong one."
    )


class SkipScene(LectureScene):
    """Two branches meet in an addition, told with two places, then with the whole map."""

    name = "skip"
    Parameters = SkipParameters
    poster_beat = "all"

    @classmethod
    def resolve(cls, trace: Trace, parameters: SkipParameters) -> SkipParameters:
        """Fill in the first addition, a channel with contrast and a strong place."""
        place = resolve_place(
            trace, parameters.layer, parameters.channel, parameters.pixel, Add.kind
        )
        pixel = (place.row, place.column)
        return replace(parameters, layer=place.layer, channel=place.channel, pixel=pixel)

    def construct(self) -> None:
        """Tell the beats: the two branches, one sum, another, all sums, what each brings."""
        layer, channel = self.parameters.layer, self.parameters.channel
        trace, timing = self.trace, self.timing
        board = self.board = SkipBoard(
            trace, layer, channel, self.parameters.pixel, self.theme, self.words
        )
        first, second = board.sources
        self.set_stage(*self.make_title(self.word("title"), self._subtitle()))
        opening = Opening(self)
        one, other, total = board.panels
        facts = {"layer": layer, "first": first, "second": second, "channel": channel}
        branches = skipping_branch(trace.architecture, layer)
        around = dict(zip(("around", "through"), branches or (), strict=False))
        with self.beat("place", "place_around" if around else None, **facts, **around):
            before = trace.layers[trace.layers.index(trace[layer]) - 1].name
            grows = {}
            if before in board.sources:
                panel = board.panels[board.sources.index(before)]
                grows = {(before, channel): panel.map}
            self.strip = opening.show_where_we_are(layer, grows)
            missing = [each.map for each in (one, other) if each.map not in self.mobjects]
            parts = [*missing, *one.around, *other.around, *total.empty]
            self.fade_in(*parts, run_time=self.while_read(timing.fade))
        with self.beat("sum", row=board.pixels[0][0], column=board.pixels[0][1]):
            self.add_once()
        with self.beat("another", row=board.pixels[1][0], column=board.pixels[1][1]):
            self.play(
                Drive([*board.frames, *board.numbers, total.map], self._glide, 0, 1),
                run_time=self.while_read(FILL * timing.move),
            )
        with self.beat("all", **written_extent(board.values[-1])):
            run_time = self.while_read(FILL * timing.move, after=timing.fade)
            worked = dict.fromkeys(board.pixels, 1.0)
            fill = Drive([total.map], lambda share: board.fill(share, worked), 0, 1)
            self.play(fill, run_time=run_time, rate_func=linear)
            self.play(*map(FadeIn, total.legends), run_time=timing.fade)
        shares = [format_share(share) for share in board.shares()]
        with self.beat("shares", **facts, first_share=shares[0], second_share=shares[1]):
            board.show_shares(0.0)
            signs = self.present([*board.frames, *board.numbers])
            self.play(
                *map(FadeOut, signs),
                *map(FadeIn, [*board.tracks, *board.share_numbers]),
                run_time=timing.fade,
            )
            self.add(*board.bars)
            self.play(
                Drive(board.bars, board.show_shares, 0, 1),
                run_time=self.while_read(timing.move, after=LOOK * timing.move + timing.zoom),
            )
            self.wait(LOOK * timing.move)
            Closing(self).show_whole_network(layer, total.map, channel)

    def add_once(self) -> None:
        """Let two values grow out of their cells, and their sum come and go into its own."""
        board = self.board
        self.add(board.panels[-1].map)  # below the frames: no cell of it is seen yet
        run_time = self.while_read(4 * SLOWLY * self.timing.move) / 4
        for branch in (0, 1):
            signs, frame = board.signs[:branch], board.frames[branch]
            grow = self._from_cell(board.numbers[branch], frame)
            self.play(*map(FadeIn, [frame, *signs]), grow, run_time=run_time)
        total, equals = board.numbers[-1], board.signs[-1]
        self.play(
            FadeIn(equals),
            FadeIn(total, target_position=equals, scale=equals.height / total.height),
            run_time=run_time,
        )
        frame, pixel = board.frames[-1], board.pixels[0]
        self.play(
            FadeIn(frame),
            FadeOut(total.copy(), target_position=frame, scale=frame.height / total.height),
            Drive([board.panels[-1].map], lambda share: board.fill(0.0, {pixel: share}), 0, 1),
            run_time=run_time,
        )

    def _from_cell(self, number: Number, frame: Outline) -> FadeIn:
        return FadeIn(number, target_position=frame, scale=frame.height / number.height)

    def _glide(self, share: float) -> None:
        """Move the frames from the first place to the second; the numbers switch half way."""
        start, end = self.board.pixels
        at = tuple(a + (b - a) * share for a, b in zip(start, end, strict=True))
        self.board.show_place(start if share < 0.5 else end)
        for frame in self.board.frames:
            frame.show_position(*at)
        self.board.fill(0.0, {start: 1.0, end: float(share == 1)})

    def _subtitle(self) -> str:
        layer, channel = self.parameters.layer, self.parameters.channel
        channels, rows, columns = self.trace[layer].output.shape
        facts: dict[str, Any] = {"rows": rows, "columns": columns, "last": channels - 1}
        return self.word("subtitle", layer=layer, channel=channel, **facts)
