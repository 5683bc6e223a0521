"""Branches meet: their values are added place by place, or their maps put one after another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from manim import FadeIn, FadeOut, linear

from cnnviz.animations.drive import Drive
from cnnviz.explain.places import Pixel, require_layer, resolve_place
from cnnviz.explain.rounding import format_share, written_extent
from cnnviz.layers import Add, Concat
from cnnviz.mobjects.frames import corners_of
from cnnviz.model.trace import Trace
from cnnviz.scenes.skip.board import SkipBoard
from cnnviz.scenes.skip.branches import skipping_branch
from cnnviz.scenes.skip.captions import another_caption, shares_caption
from cnnviz.scenes.skip.stack_board import StackBoard
from cnnviz.scenes.skip.stacking import Stacking
from cnnviz.scenes.skip.values import coming_out
from cnnviz.staging.closing import Closing
from cnnviz.staging.opening import Opening
from cnnviz.staging.parameters import parameter
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import between

FILL = 3.0
"""How long all sums take, in moves."""

LOOK = 0.4
"""How long the shares are looked at, in moves."""

SLOWLY, AGAIN = 1.4, 1.3
"""How long each step of the first sum takes, and of the second, in moves."""


@dataclass(frozen=True)
class SkipParameters:
    """Which addition or concatenation is told, and which of its values first."""

    layer: str | None = parameter(
        "text",
        "An addition of two branches, or a concatenation. Default: the first addition, "
        "or else the first concatenation.",
    )
    channel: int | None = parameter(
        "number", "The channel, from 0. Default: one with contrast.", minimum=0
    )
    pixel: tuple[int, int] | None = parameter(
        "pixel", "ROW,COLUMN of the value that is worked first. Default: a strong one."
    )


class SkipScene(LectureScene):
    """Branches meet in an addition or a concatenation, told with maps and single values."""

    name = "skip"
    Parameters = SkipParameters
    poster_beat = "all"

    @classmethod
    def resolve(cls, trace: Trace, parameters: SkipParameters) -> SkipParameters:
        """Fill in the first addition or concatenation, a channel with contrast, a strong place."""
        has_sums = any(each.kind == Add.kind for each in trace.layers)
        kinds = [Add.kind] if parameters.layer is None and has_sums else [Add.kind, Concat.kind]
        layer = require_layer(trace, parameters.layer, *kinds)
        place = resolve_place(trace, layer.name, parameters.channel, parameters.pixel, layer.kind)
        pixel = (place.row, place.column)
        return replace(parameters, layer=place.layer, channel=place.channel, pixel=pixel)

    def construct(self) -> None:
        """Tell the beats of an addition, or of a concatenation: see :class:`Stacking`."""
        chosen = self.parameters
        place = self.trace, chosen.layer, chosen.channel, chosen.pixel, self.theme, self.words
        if self.trace[chosen.layer].kind == Concat.kind:
            self.set_stage(*self.make_title(self.word("title_stack"), self._subtitle()))
            opening = Opening(self)
            opening.tell_photo()
            self.stack = StackBoard(*place)
            Stacking(self, self.stack).tell(opening)
            return
        self.board = SkipBoard(*place)
        self.tell_addition()

    def tell_addition(self) -> None:
        """Tell the beats: the two branches, one sum, another, all sums, what each brings."""
        layer, channel, board = self.parameters.layer, self.parameters.channel, self.board
        first, second = board.sources
        self.set_stage(*self.make_title(self.word("title"), self._subtitle()))
        opening = Opening(self)
        facts = {"layer": layer, "first": first, "second": second, "channel": channel}
        branches = skipping_branch(self.trace.architecture, layer)
        around = dict(zip(("around", "through"), branches or (), strict=False))
        opening.tell_photo()
        with self.beat("place", "place_around" if around else None, **facts, **around):
            self.show_branches(opening)
        with self.beat("sum", row=board.pixels[0][0], column=board.pixels[0][1]):
            self.add_once()
        (row, column), another = board.pixels[1], another_caption(board)
        with self.beat("another", another, row=row, column=column):
            self.add_another()
        with self.beat("all", **written_extent(board.values[-1])):
            self.add_everywhere()
        shares = [format_share(share) for share in board.shares()]
        brought = {"first_share": shares[0], "second_share": shares[1]}
        with self.beat("shares", shares_caption(board), **facts, **brought):
            self.show_shares()
            Closing(self).show_whole_network(layer, board.panels[-1].map, channel)

    def show_branches(self, opening: Opening) -> None:
        """Let the map before the addition grow out of the network, and the other appear."""
        board, layer = self.board, self.parameters.layer
        one, other, total = board.panels
        before = self.trace.layers[self.trace.layers.index(self.trace[layer]) - 1].name
        grows = {}
        if before in board.sources:
            panel = board.panels[board.sources.index(before)]
            grows = {(before, self.parameters.channel): panel.map}
        self.strip = opening.show_where_we_are(layer, grows)
        missing = [each.map for each in (one, other) if each.map not in self.mobjects]
        parts = [*missing, *one.around, *other.around, *total.empty]
        # Of what comes next, slowly, nothing can be seen at first: this goes on for longer.
        run_time = self.while_read(self.timing.fade, after=-self.timing.swap)
        self.fade_in(*parts, run_time=run_time)

    def add_once(self) -> None:
        """Let two values grow out of their cells, and their sum come and go into its own."""
        board = self.board
        self.add(board.panels[-1].map)  # below the frames: no cell of it is seen yet
        run_time = self.while_read(4 * SLOWLY * self.timing.move) / 4
        for branch in (0, 1):
            signs, frame = board.signs[:branch], board.frames[branch]
            parts = (board.numbers[branch], frame, board.panels[branch].map)
            grow = coming_out(self, [parts])
            self.play(*map(FadeIn, [frame, *signs]), *grow, run_time=run_time)
        self._sum_up(board.pixels[0], run_time)

    def add_another(self) -> None:
        """Let the frames glide to the other place, and do the same with its values."""
        board = self.board
        start, end = board.pixels
        run_time = self.while_read(4 * AGAIN * self.timing.move) / 4
        glide = Drive(board.frames, self._glide, 0, 1)
        self.play(glide, *map(FadeOut, board.numbers), run_time=run_time)
        board.show_place(end)
        maps = [panel.map for panel in board.panels]
        terms = zip(board.numbers[:-1], board.frames, maps, strict=False)
        self.play(*coming_out(self, terms), run_time=run_time)
        self._sum_up(end, run_time, start)

    def add_everywhere(self) -> None:
        """Fill the sum's map, in which the worked sums stand."""
        board, timing, total = self.board, self.timing, self.board.panels[-1]
        run_time = self.while_read(FILL * timing.move, after=timing.fade)
        worked = dict.fromkeys(board.pixels, 1.0)
        fill = Drive([total.map], lambda share: board.fill(share, worked), 0, 1)
        self.play(fill, run_time=run_time, rate_func=linear)
        self.play(*map(FadeIn, total.legends), run_time=timing.fade)

    def show_shares(self) -> None:
        """Let bars grow in place of the signs: how much each branch brings."""
        board, timing = self.board, self.timing
        board.show_shares(0.0)
        signs = self.present([*board.frames, *board.numbers])
        is_nothing = not any(board.shares())  # then no bar grows while it is read
        self.play(
            *map(FadeOut, signs),
            *map(FadeIn, [*board.tracks, *board.share_numbers]),
            run_time=self.while_read(timing.fade) if is_nothing else timing.fade,
        )
        if is_nothing:
            return
        self.add(*board.bars)
        self.play(
            Drive(board.bars, board.show_shares, 0, 1),
            run_time=self.while_read(timing.move, after=LOOK * timing.move + timing.zoom),
        )
        self.wait(LOOK * timing.move)

    def _sum_up(self, pixel: Pixel, run_time: float, *before: Pixel) -> None:
        """Let a sum come behind the equals sign and go into its cell; others stay in theirs.

        A line above it does, and becomes the frame there: the number itself would be seen twice.
        """
        board = self.board
        total, equals, frame = board.numbers[-1], board.signs[-1], board.frames[-1]
        signs = [] if before else [equals]
        come = FadeIn(total, scale=equals.height / total.height)
        self.play(*map(FadeIn, signs), come, run_time=run_time)
        window = frame.copy()
        left, top, right, _ = total.corners()
        start, cell = (left, top, right, top), corners_of(frame)

        def show(share: float) -> None:
            board.fill(0.0, {**dict.fromkeys(before, 1.0), pixel: share})
            window.set_edges(*between(start, cell, share))

        show(0.0)
        self.add(window)
        self.play(Drive([board.panels[-1].map, window], show, 0, 1), run_time=run_time)
        self.remove(window)
        self.add(frame)

    def _glide(self, share: float) -> None:
        """Move the frames from the first place to the second."""
        start, end = self.board.pixels
        at = tuple(a + (b - a) * share for a, b in zip(start, end, strict=True))
        for frame in self.board.frames:
            frame.show_position(*at)

    def _subtitle(self) -> str:
        layer, channel = self.parameters.layer, self.parameters.channel
        channels, rows, columns = self.trace[layer].output.shape
        facts: dict[str, Any] = {"rows": rows, "columns": columns, "last": channels - 1}
        return self.word("subtitle", layer=layer, channel=channel, **facts)
