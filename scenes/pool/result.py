"""The second half of max pooling's stage: both maps at one scale, and what was dropped."""

from __future__ import annotations

import numpy as np
from manim import Mobject

from cnnviz.explain.pooling import decided_after
from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.expression import Expression
from cnnviz.mobjects.frames import KernelWindow
from cnnviz.mobjects.number_grid import NumberGrid
from cnnviz.mobjects.text import Number, TextBlock
from cnnviz.scenes.pool.board import GAP, PoolBoard
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Layout

LINE = 0.5
"""From one line of the result to the next, in Manim units."""

LEAST_SHARE = 0.62
"""Least width of the output's room, as a share of the input's."""

PLACES_SIDE = 2.2
"""Largest size of the grid that counts where the winners sat, in Manim units."""


def result_zones(layout: Layout) -> tuple[Zone, Zone]:
    """Return the rooms of the two maps, and of what is said about them."""
    if layout.aspect == "16:9":
        maps, facts = layout.stage.columns(2.1, 1.0, gap=GAP)
    elif layout.aspect == "1:1":
        maps, facts = layout.stage.columns(2.0, 1.0, gap=GAP)
    else:
        maps, facts = layout.stage.rows(1.3, 1.0, gap=GAP)
    return maps, facts


class PoolResult:
    """The mobjects of the sweep and of the result; none is in the scene at first.

    Parameters
    ----------
    board
        The first part of the stage.
    """

    def __init__(self, board: PoolBoard) -> None:
        self.board = board
        self.numbers = board.numbers
        self.theme = board.theme
        self.words = board.words
        maps, self._facts = result_zones(self.theme.layout)
        columns, new_columns = self.numbers.values.shape[1], self.numbers.output_shape[1]
        share = max((new_columns + 1) / columns, LEAST_SHARE)
        before_zone, after_zone = maps.columns(1.0, share, gap=GAP)
        cell = board.make_after(after_zone, np.inf).map.cell_size()[0]
        self.before = board.make_before(before_zone, cell)
        self.after = board.make_after(
            after_zone,
            self.before.map.cell_size()[0],
            has_legend=self.theme.layout.aspect != "1:1",  # too narrow: one serves both
        )
        self._decided = decided_after(self.numbers.layer_trace)
        self._is_dropped = self.numbers.dropped
        self.window = KernelWindow(self.before.map, self.numbers.layer.kernel_size, self.theme)
        self.cursor = KernelWindow(self.after.map, 1, self.theme)
        self.show_count(0)

    @property
    def count(self) -> int:
        """Number of windows."""
        return int(self.numbers.output.size)

    def show_count(self, count: float) -> None:
        """Show the first `count` windows, in reading order, as done: their losers fade."""
        is_lost = self._is_dropped & (self._decided <= count)
        dimmed = round(255 * self.theme.dimmed)
        self.before.map.set_cell_alpha(np.where(is_lost, dimmed, 255).astype(np.uint8))
        rows, columns = self.numbers.output_shape
        is_there = np.arange(self.count).reshape(rows, columns) < round(count)
        alpha = self.board.after.map.cell_alpha
        self.after.map.set_cell_alpha(np.where(is_there, 255, alpha).astype(np.uint8))

    def show_window(self, column: float) -> None:
        """Put window and cursor at a place of the first row."""
        self.window.show_position(0, column * self.numbers.layer.stride)
        self.cursor.show_position(0, column)

    def sweep_first_row(self, count: float) -> None:
        """Let the window stand where the first `count` windows are done."""
        self.show_count(count)
        self.show_window(max(count - 1, 0))

    def sweep_rows(self, count: float) -> None:
        """Widen window and cursor to the whole row in which `count` windows are done."""
        self.show_count(count)
        layer, (rows, columns) = self.numbers.layer, self.numbers.output_shape
        row = min(int(count / columns), rows - 1)
        top = row * layer.stride
        width = (columns - 1) * layer.stride + layer.kernel_size
        self.window.show_area(top, 0, top + layer.kernel_size, width)
        self.cursor.show_area(row, 0, row + 1, columns)

    # -- what is said about it ----------------------------------------------------------------

    @property
    def share(self) -> Quantity:
        """The share of values that win no window."""
        return Quantity.of_share(self._is_dropped.mean(), layer=self.numbers.layer.name)

    def make_facts(self) -> list[Mobject]:
        """Return the sizes, the counts, the share that is dropped."""
        zone, sizes, palette = self._facts, self.theme.sizes, self.theme.palette
        x, y = zone.x, zone.top - LINE
        lines: list[Mobject] = []
        values, output = self.numbers.values, self.numbers.output
        for before, after in (
            (values.shape, output.shape),
            ((values.size,), (output.size,)),
        ):
            parts = [*_joined(before), " → ", *_joined(after)]
            if len(before) == 1:
                parts.append(" " + self.words("pool.values"))
            line = Expression(parts, sizes.body, point(x, y), zone.width, self.theme, False)
            lines += line.parts
            y -= LINE * 0.9
        percent = Number(self.share, sizes.title, palette.accent, weight=600)
        percent.move_to(point(x, y - LINE * 0.4))
        dropped = self._text(self.words("pool.dropped"), y - LINE * 1.25)
        return [*lines, percent, *dropped]

    def make_places(self) -> list[Mobject]:
        """Return how often the winner sat in each cell of its window."""
        zone, winners = self._facts, self.numbers.winners
        size = self.numbers.layer.kernel_size
        characters = max(len(str(winners.places.max())), 2)
        grid = NumberGrid(
            [
                [
                    Quantity.of("count", int(count), 0, kernel_row=row, kernel_column=column)
                    for column, count in enumerate(counts)
                ]
                for row, counts in enumerate(winners.places)
            ],
            self.theme.positive_scale(float(winners.places.max())),
            self.theme,
            PLACES_SIDE * 3 / min(size, 3),
            PLACES_SIDE * 0.7 * 3 / min(size, 3),
            characters + 1,
        )
        note = self._text(self._places_note(), 0.0)
        bottom = zone.bottom + LINE / 2
        for index, line in enumerate(reversed(note)):
            line.move_to(point(zone.x, bottom + index * 0.3))
        top = bottom + len(note) * 0.3
        grid.move_to(point(zone.x, top + grid.height / 2))
        heading = self._text(self.words("pool.places"), 0.0)
        for index, line in enumerate(reversed(heading)):
            line.move_to(point(zone.x, grid.get_top()[1] + 0.2 + index * 0.3))
        return [*heading, grid, *note]

    def _places_note(self) -> str:
        ties = self.numbers.winners.tie_count
        return self.words("pool.places_ties", count=ties) if ties else ""

    def _text(self, text: str, y: float) -> list[Mobject]:
        """Return muted lines of text, the first at height `y`."""
        if not text:
            return []
        sizes, palette = self.theme.sizes, self.theme.palette
        block = TextBlock(text, sizes.label, palette.text_muted, self._facts.width)
        block.shift(point(self._facts.x, y))
        return list(block)


def _joined(sizes: tuple[int, ...]) -> list[str | Quantity]:
    """Return sizes with a multiplication sign between them."""
    parts: list[str | Quantity] = []
    for size in sizes:
        kind = "size" if len(sizes) > 1 else "count"
        parts += ["×", Quantity.of(kind, size, 0)]  # type: ignore[arg-type]
    return parts[1:]
