"""The second half of max pooling's stage: both maps at one scale, and what was dropped."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from manim import Mobject

from cnnviz.arrays import IntArray
from cnnviz.explain.pooling import decided_after
from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.cells import CellLayout, Cells
from cnnviz.mobjects.expression import Expression
from cnnviz.mobjects.frames import KernelWindow
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.number_grid import NumberGrid
from cnnviz.mobjects.text import Number, TextBlock
from cnnviz.scenes.pool.board import GAP, PoolBoard
from cnnviz.style.geometry import Zone, point
from cnnviz.style.layout import Layout

LINE = 0.5
"""From one line of the result to the next, in Manim units."""

LEAST_SHARE = 0.62
"""Least width of the output's room, as a share of the input's."""

LOST = 0.15
"""Opacity of what is dropped, on the map as it is left."""

LAG = 0.8
"""The last row of winners sets out so much later than the first; each needs 1."""

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
        self.winners = self._make_winners()
        self.show_count(0)

    @property
    def count(self) -> int:
        """Number of windows."""
        return int(self.numbers.output.size)

    @property
    def flight_end(self) -> float:
        """When the last winner has arrived, for :meth:`show_flight`."""
        return 1.0 + LAG

    def show_count(self, count: float) -> None:
        """Show the first `count` windows, in reading order, as done: their losers fade."""
        self._light(~(self._is_dropped & (self._decided <= count)))

    def show_place(self, row: int, column: int) -> None:
        """Light the winners that sat in one place of their windows."""
        winners, stride = self.numbers.winners, self.numbers.layer.stride
        rows, columns = np.indices(winners.rows.shape)
        is_there = (winners.rows - rows * stride == row) & ~winners.is_empty
        is_there &= winners.columns - columns * stride == column
        is_lit = np.zeros(self.numbers.values.shape, dtype=bool)
        is_lit[winners.rows[is_there], winners.columns[is_there]] = True
        self._light(is_lit)

    def _light(self, is_lit: npt.NDArray[np.bool_]) -> None:
        alpha = np.where(is_lit, 255, round(255 * LOST))
        self.before.map.set_cell_alpha(alpha.astype(np.uint8))

    def sweep_first_row(self, count: float) -> None:
        """Let the window stand where the first `count` windows are done."""
        self.show_count(count)
        self.window.show_position(0, max(count - 1, 0) * self.numbers.layer.stride)

    def sweep_rows(self, count: float) -> None:
        """Widen the window to the whole row in which `count` windows are done."""
        self.show_count(count)
        layer, (rows, columns) = self.numbers.layer, self.numbers.output_shape
        top = min(int(count / columns), rows - 1) * layer.stride
        width = (columns - 1) * layer.stride + layer.kernel_size
        self.window.show_area(top, 0, top + layer.kernel_size, width)

    def show_flight(self, time: float) -> None:
        """Show all winners on their way into the output, row after row."""
        rows = self.numbers.output_shape[0]
        starts = np.repeat(np.linspace(0, LAG, rows), self.numbers.output_shape[1])
        share = np.clip(time - starts, 0.0, 1.0)
        progress = share * share * (3 - 2 * share)
        self.winners.set_between(self._origins, self._targets, progress)

    def _make_winners(self) -> Cells:
        """Return what each window passes on, still where it was."""
        winners, shape = self.numbers.winners, self.numbers.output_shape
        self._origins = _places_on(self.before.map, winners.rows, winners.columns)
        self._targets = _places_on(self.after.map, *np.indices(shape))
        colours = self.before.scale.colours(self.numbers.output).reshape(-1, 3)
        return Cells(colours, self._origins, self.theme.layout.stage)

    # -- what is said about it ----------------------------------------------------------------

    @property
    def share(self) -> Quantity:
        """The share of values that win no window."""
        return Quantity.of_share(self._is_dropped.mean(), layer=self.numbers.layer.name)

    def make_facts(self) -> list[list[Mobject]]:
        """Return the sizes, the counts, and the share that is dropped, one after the other."""
        zone, sizes, palette = self._facts, self.theme.sizes, self.theme.palette
        x, y = zone.x, zone.top - LINE
        lines: list[list[Mobject]] = []
        values, output = self.numbers.values, self.numbers.output
        for before, after in (
            (values.shape, output.shape),
            ((values.size,), (output.size,)),
        ):
            parts = [*_joined(before), " → ", *_joined(after)]
            if len(before) == 1:
                parts.append(" " + self.words("pool.values"))
            line = Expression(
                parts, sizes.body, point(x, y), zone.width, self.theme, has_result=False
            )
            lines.append(list(line.parts))
            y -= LINE * 0.9
        percent = Number(self.share, sizes.title, palette.accent, weight=600)
        percent.move_to(point(x, y - LINE * 0.4))
        dropped = self._text(self.words("pool.dropped"), y - LINE * 1.25)
        return [*lines, [percent, *dropped]]

    def make_places(self) -> list[Mobject]:
        """Return how often the winner sat in each cell of its window; the counts are hidden."""
        zone, winners = self._facts, self.numbers.winners
        size = self.numbers.layer.kernel_size
        characters = max(len(str(winners.places.max())), 2)
        self.places = NumberGrid(
            [
                [
                    Quantity.of("count", int(count), 0, kernel_row=row, kernel_column=column)
                    for column, count in enumerate(counts)
                ]
                for row, counts in enumerate(winners.places)
            ],
            self.theme.positive_scale(float(max(winners.places.max(), 1))),
            self.theme,
            PLACES_SIDE * 3 / min(size, 3),
            PLACES_SIDE * 0.7 * 3 / min(size, 3),
            characters + 1,
        )
        self.places.reveal(0)
        note = self._text(self._places_note(), 0.0)
        bottom = zone.bottom + LINE / 2
        for index, line in enumerate(reversed(note)):
            line.move_to(point(zone.x, bottom + index * 0.3))
        top = bottom + len(note) * 0.3
        self.places.move_to(point(zone.x, top + self.places.height / 2))
        heading = self._text(self.words("pool.places"), 0.0)
        for index, line in enumerate(reversed(heading)):
            line.move_to(point(zone.x, self.places.get_top()[1] + 0.2 + index * 0.3))
        return [*heading, self.places, *note]

    def _places_note(self) -> str:
        winners = self.numbers.winners
        counts = (("places_empty", winners.empty_count), ("places_ties", winners.tie_count))
        notes = [self.words(f"pool.{key}", count=count) for key, count in counts if count]
        return self.words("pool.places_join").join(notes)

    def _text(self, text: str, y: float) -> list[Mobject]:
        """Return muted lines of text, the first at height `y`."""
        if not text:
            return []
        sizes, palette = self.theme.sizes, self.theme.palette
        block = TextBlock(text, sizes.label, palette.text_muted, self._facts.width)
        block.shift(point(self._facts.x, y))
        return list(block)


def _places_on(cells: HeatMap, rows: IntArray, columns: IntArray) -> CellLayout:
    """Return where cells of a map lie, in reading order of the arrays."""
    left, top, _, _ = cells.corners()
    width, height = cells.cell_size()
    lefts, tops = left + columns.ravel() * width, top - rows.ravel() * height
    return CellLayout(np.asarray(lefts, np.float64), np.asarray(tops, np.float64), width)


def _joined(sizes: tuple[int, ...]) -> list[str | Quantity]:
    """Return sizes with a multiplication sign between them."""
    parts: list[str | Quantity] = []
    for size in sizes:
        kind = "size" if len(sizes) > 1 else "count"
        parts += ["×", Quantity.of(kind, size, 0)]  # type: ignore[arg-type]
    return parts[1:]
