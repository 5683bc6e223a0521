"""Max pooling: one window after the other, then the whole map, then what is left of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from manim import Create, FadeIn, FadeOut, linear, smooth

from cnnviz.animations.drive import Drive
from cnnviz.errors import UserError
from cnnviz.explain.places import Place, resolve_place
from cnnviz.explain.pooling import Pixel
from cnnviz.explain.positions import neighbouring_positions
from cnnviz.explain.rounding import written_extent
from cnnviz.layers import Layer
from cnnviz.model.trace import Trace
from cnnviz.scenes.pool.board import PoolBoard
from cnnviz.scenes.pool.numbers import Block
from cnnviz.scenes.pool.result import PoolResult
from cnnviz.staging.closing import Closing
from cnnviz.staging.description import numbers_in_words
from cnnviz.staging.opening import Opening
from cnnviz.staging.parameters import parameter
from cnnviz.staging.scene import LectureScene

MORE = 4
"""Windows that are shown after the first."""

STEPPED = 9
"""In a window of so many cells at most, the winners' places are gone through one by one."""

GLIDE = 2.6
"""How long the winners take to slide together, in moves."""

PLACE_TIME = 0.7
"""For one place in the window, in moves."""

FACT_TIME = 0.6
"""For one line of the result, in moves."""

HALF_WAY = 0.5
"""Share of a move at which the numbers change to those of the next window."""

HALVED = 0.75
"""Share of the values that is dropped where height and width are halved."""

FAST = 0.6
SEARCH = 0.9
"""How long the sweep, and the search in a large window, take: shares of a usual sweep."""

AGAIN = 0.4
"""How long a move takes that was seen once already, as a share of the first time."""


@dataclass(frozen=True)
class PoolParameters:
    """Which output of which pooling is explained first."""

    layer: str | None = parameter("text", "A max pooling layer. Default: the first one.")
    channel: int | None = parameter(
        "number", "The channel, from 0. Default: one with contrast.", minimum=0
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
        _require_winners(trace, parameters.layer)
        place = resolve_place(
            trace, parameters.layer, parameters.channel, parameters.pixel, kind="max_pool"
        )
        _require_windows_inside(trace[place.layer].layer)
        return replace(
            parameters, layer=place.layer, channel=place.channel, pixel=(place.row, place.column)
        )

    def construct(self) -> None:
        """Tell the five beats; with a single window there is no second one to tell."""
        row, column = self.parameters.pixel
        self.place = Place(self.parameters.layer, self.parameters.channel, row, column)
        self.board = PoolBoard(self.trace, self.place, self.theme, self.words)
        numbers = self.board.numbers
        self.set_stage(*self.make_title(self.word("title"), self._subtitle()))
        opening = Opening(self)
        size = numbers.layer.kernel_size
        facts = {"size": size, "apart": self._apart(), **self._extent()}
        with self.beat("place", source=self.board.source_name, **facts):
            self.strip = opening.show_where_we_are(
                self.place.layer, {(numbers.source, self.place.channel): self.board.whole.map}
            )
            self.show_windows()
        first = (row, column)
        caption, count = self._window_caption(first)
        facts = {"row": row, "column": column, "size": size, **self._found(first)}
        with self.beat("window", caption, count=count, **facts):
            self.enlarge()
            self.decide(first, self.timing.move)
        steps = self._next_windows()
        if steps:
            found = self.listed(numbers.result(each).shown for each in steps)
            with self.beat("more", count=len(steps), found=found):
                self.move_along([first, *steps])
        self.result = PoolResult(self.board)
        with self.beat("sweep", **self._sizes()):
            self.sweep()
        ending, facts = self._ending()
        with self.beat("result", ending, **facts, **self._counts()):
            self.show_result()
            result = self.result.after.map
            Closing(self).show_whole_network(self.place.layer, result, self.place.channel)

    def show_windows(self) -> None:
        """Give the map its name and legend, and draw the lines between its windows."""
        around, lattice = self.board.whole.around, self.board.lattice
        if not lattice.has_points():  # they overlap, or have gaps
            self.fade_in(*around, run_time=self.while_read(self.timing.fade))
            return
        self.fade_in(*around)
        self.play(Create(lattice), run_time=self.while_read(self.timing.move))

    # -- one window ---------------------------------------------------------------------------

    def enlarge(self) -> None:
        """Let some windows grow out of the map, and make room for what they become."""
        board, excerpt = self.board, self.board.excerpt
        self.move_maps([(board.whole.map, board.before.map)], [*board.whole.around, board.lattice])
        self.fade_in(board.region, board.window, *board.before.around)
        scale = board.region.width / excerpt.grid.width
        self.play(
            FadeIn(excerpt.grid, target_position=board.region.get_center(), scale=scale),
            run_time=self.timing.move,
        )
        self.add(excerpt.gaps)
        self.fade_in(board.guides, excerpt.result_frame, board.arrow, *board.after.empty)
        self.add(board.after.map, excerpt.result)

    def decide(self, place: Pixel, run_time: float) -> None:
        """Show one window's values, the largest of them, and where it goes: the first time."""
        board, excerpt, timing = self.board, self.board.excerpt, self.timing
        board.show_calculation(place)
        terms = [part for part in board.calculation.parts if part is not board.calculation.result]
        self.add(excerpt.window)
        self.play(self._focus(place), *map(FadeIn, [excerpt.window, *terms]), run_time=timing.fade)
        self.wait(timing.pause)
        if not excerpt.grid.has_numbers:
            self._search(place)
        excerpt.decided.append(place)
        self.marks = excerpt.winner_marks(board.numbers.window(*place))
        shown = [board.calculation.result, board.note, *self.marks]
        self.play(self._focus(None), *map(FadeIn, shown), run_time=timing.move)
        self._send(place, run_time)

    def _search(self, place: Pixel) -> None:
        """Where cells are too small for numbers, go through them and keep the largest."""
        board, excerpt = self.board, self.board.excerpt
        changed = [excerpt.leader, excerpt.looked_at, board.calculation]
        board.show_search(place, 1)
        self.add(*changed)
        count = board.numbers.layer.kernel_size**2
        # One play for each leader, so that each is noted as a number that was shown.
        for start, end in pairwise([*board.numbers.leads(place), count + 1]):
            self.play(
                Drive(changed, lambda seen: board.show_search(place, int(seen)), start, end - 1),
                run_time=SEARCH * self.timing.sweep * (end - start) / count,
                rate_func=linear,
            )
        board.show_calculation(place)
        self.remove(excerpt.leader, excerpt.looked_at)

    def move_along(self, places: Sequence[Pixel]) -> None:
        """Go from window to window, more quickly."""
        total = 3 * AGAIN * self.timing.move * (len(places) - 1)
        run_time = self.while_read(total) / (3 * (len(places) - 1))
        for start, end in pairwise(places):
            for mark in self.marks:  # no longer the winner that is talked about
                mark.set_stroke(self.theme.palette.text_muted)
            self._slide(start, end, run_time)
            self.board.excerpt.decided.append(end)
            self.marks = self.board.excerpt.winner_marks(self.board.numbers.window(*end))
            self.play(self._focus(None), *map(FadeIn, self.marks), run_time=run_time)
            if self.board.note.text:
                self.wait(self.timing.pause)
            self._send(end, run_time)

    def _slide(self, start: Pixel, end: Pixel, run_time: float) -> None:
        """Move the window; where the block does not hold the next one, show others."""
        board, excerpt = self.board, self.board.excerpt
        is_inside = excerpt.block.holds(*end)
        leaving = self.marks[:-1] if is_inside else self.marks

        def show(share: float) -> None:
            if share >= HALF_WAY:
                board.show_calculation(end)
                if not excerpt.block.holds(*end):
                    excerpt.move_block(Block.around(*end, board.numbers.output_shape, 1))
            row, column = (a + (b - a) * share for a, b in zip(start, end, strict=True))
            board.show_window(row, column)
            if not is_inside:
                excerpt.show_window(excerpt.block.row, excerpt.block.column)

        parts = [board.window, board.region, board.guides, excerpt.window, board.calculation]
        changed = [*parts, board.note, excerpt.grid, excerpt.result]
        focus = [self._focus(end)] if is_inside else []
        self.play(
            Drive(changed, show, 0, 1),
            *focus,
            *map(FadeOut, leaving),
            run_time=run_time,
            rate_func=smooth,
        )

    def _focus(self, active: Pixel | None) -> Drive:
        """Bring every cell to its opacity while `active` is looked at."""
        excerpt = self.board.excerpt
        start, end = excerpt.shares, excerpt.target_shares(active)
        return Drive(
            [excerpt.grid],
            lambda share: excerpt.show_shares(start + (end - start) * share),
            0,
            1,
        )

    def _send(self, place: Pixel, run_time: float) -> None:
        """Let the winner travel to its cell of the output."""
        board, excerpt = self.board, self.board.excerpt
        carrier, scale = excerpt.carrier(place)
        board.cursor.show_position(*place)
        cursor = [] if self.present([board.cursor]) else [FadeIn(board.cursor)]
        self.play(
            carrier.animate.scale(scale).move_to(excerpt.result_centre(place)),
            *cursor,
            run_time=run_time,
        )
        self.remove(carrier)
        excerpt.show_result(place)
        board.show_after(place)

    # -- all windows --------------------------------------------------------------------------

    def sweep(self) -> None:
        """Let the window pass over the map, and the winners slide together to a smaller one."""
        board, result, timing = self.board, self.result, self.timing
        leaving = self.on_stage_but([self.strip, board.before.map])
        self.move_maps([(board.before.map, result.before.map)], leaving)
        self.fade_in(*result.before.around, *result.after.empty, result.window)
        rows, columns = board.numbers.output_shape
        swept = [result.before.map, result.window]
        self.play(
            Drive(swept, result.sweep_first_row, 0, columns),
            run_time=FAST * timing.sweep_first_row,
            rate_func=linear,
        )
        if rows > 1:
            self.play(
                Drive(swept, result.sweep_rows, columns, rows * columns),
                run_time=FAST * timing.sweep,
                rate_func=linear,
            )
        self.add(result.winners)
        self.play(
            Drive([result.winners], result.show_flight, 0, result.flight_end),
            FadeOut(result.window, run_time=timing.fade),
            run_time=GLIDE * timing.move,
            rate_func=linear,
        )
        self.remove(result.winners)
        self.add(result.after.map)

    def show_result(self) -> None:
        """Say how much is left, and where in their windows the winners sat."""
        result, timing = self.result, self.timing
        self.fade_in(*result.after.legends)
        for fact in result.make_facts():
            self.fade_in(*fact, run_time=FACT_TIME * timing.move)
        size = self.board.numbers.layer.kernel_size
        if size == 1:
            return
        self.fade_in(*result.make_places())
        if size**2 <= STEPPED:
            for index in range(size**2):
                self._show_place(index)
        result.places.reveal(size**2)
        count = result.count
        self.play(Drive([result.before.map], result.show_count, count, count), run_time=timing.fade)
        self.wait(timing.pause)

    def _show_place(self, index: int) -> None:
        """Light the winners in one place of their windows, and count them."""
        result, places = self.result, self.result.places

        def show(share: float) -> None:
            result.show_place(*divmod(index, places.cells.columns))
            places.reveal(index + share)

        self.play(
            Drive([result.before.map, places], show, 0, 1),
            run_time=PLACE_TIME * self.timing.move,
        )

    # -- words --------------------------------------------------------------------------------

    def _next_windows(self) -> list[Pixel]:
        numbers, first = self.board.numbers, (self.place.row, self.place.column)
        inside = numbers.distinct_windows(self.board.excerpt.block, first, MORE)
        return inside or neighbouring_positions(*first, numbers.output_shape, MORE)

    def _window_caption(self, place: Pixel) -> tuple[str, int]:
        """Return the key of the first window's caption, and the number it speaks of."""
        window = self.board.numbers.window(*place)
        if window.is_empty:
            return "window_empty", window.values.size
        if window.is_tie:
            return "window_tie", len(window.ties)
        return "window", window.values.size

    def _sizes(self) -> dict[str, Any]:
        """Return the map's size before and after."""
        (rows, columns), (new_rows, new_columns) = (
            self.board.numbers.values.shape,
            self.board.numbers.output_shape,
        )
        return {
            "rows": rows,
            "columns": columns,
            "new_rows": new_rows,
            "new_columns": new_columns,
        }

    def _apart(self) -> str:
        """Return how the windows lie, where they do not simply touch and cover everything."""
        layer, winners = self.board.numbers.layer, self.board.numbers.winners
        if layer.stride > layer.kernel_size:
            return self.word("gaps", stride=layer.stride)
        if layer.stride < layer.kernel_size:
            return self.word("overlap", stride=layer.stride)
        if winners.unreached_rows or winners.unreached_columns:
            return self.word("left_over")
        return ""

    def _ending(self) -> tuple[str, dict[str, object]]:
        """Return the last caption's key and what fills it."""
        numbers, share = self.board.numbers, self.result.share
        sizes = self._sizes()
        if not share.value:
            return "kept", {}
        if numbers.layer.kernel_size == 1:
            return "skipped", {"share": share.shown}
        (rows, columns), (new_rows, new_columns) = numbers.values.shape, numbers.output_shape
        if (rows, columns) == (2 * new_rows, 2 * new_columns) and share.value == HALVED:
            return "halved", {}
        return "shrunk", {**sizes, "share": share.shown}

    def _extent(self) -> dict[str, Any]:
        """Return the size of the map that goes in, and its values' least and largest."""
        rows, columns = self.board.numbers.values.shape
        return {"rows": rows, "columns": columns, **written_extent(self.board.numbers.values)}

    def _found(self, place: Pixel) -> dict[str, Any]:
        """Return a window's values, of a large one their range, and the largest."""
        numbers, window = self.board.numbers, self.board.numbers.window(*place)
        cells = [numbers.value((row, column)) for row in window.rows for column in window.columns]
        values = numbers_in_words(self.words, "activation", cells)
        return {"values": values, "largest": numbers.result(place).shown}

    def _counts(self) -> dict[str, Any]:
        """Return how many values there were and are, and how often each place has won."""
        numbers = self.board.numbers
        places = self.listed(f"{count:,}" for count in numbers.winners.places.flat)
        facts = {"before": numbers.values.size, "after": numbers.output.size, "places": places}
        return {**facts, "dropped": self.result.share.shown}

    def _subtitle(self) -> str:
        layer = self.board.numbers.layer
        return self.word(
            "subtitle",
            layer=layer.name,
            channel=self.place.channel,
            last=len(self.trace[layer.name].output) - 1,
            size=layer.kernel_size,
            stride=layer.stride,
        )


def _require_winners(trace: Trace, name: str | None) -> None:
    """Say what cannot be shown of pooling without winners, and where it is told."""
    pooling = [each for each in trace.layers if each.layer.pools]
    others = [each for each in pooling if each.kind != "max_pool"]
    if name is None and len(others) == len(pooling):
        name = others[0].name if others else None
    for each in others:
        if each.name == name:
            raise UserError(
                f'the scene pool tells which value wins each window, and in "{name}", an '
                f"{each.layer.noun}, none does: see how it is computed with "
                f'"cnnviz inspect --layer {name}", and its maps with '
                f'"cnnviz render overview --layer {name}"'
            )


def _require_windows_inside(layer: Layer) -> None:
    """Say what cannot be shown of windows that reach over the map's edge, or are no squares."""
    window = layer.window
    if window is None or any(window.paddings) or len(set(window.kernel_sizes)) > 1:
        raise UserError(
            f'the scene pool shows square windows inside of the map, and those of "{layer.name}" '
            f"reach over its edge or are no squares: see how it is computed with "
            f'"cnnviz inspect --layer {layer.name}"'
        )
