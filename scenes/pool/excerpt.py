"""A few windows of a max pooling enlarged: their numbers, their winners, what is passed on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from manim import VMobject

from cnnviz.explain.places import Pixel
from cnnviz.explain.pooling import PoolingWindow
from cnnviz.explain.quantity import Grid
from cnnviz.layers.window_axis import WindowAxis
from cnnviz.mobjects.frames import Outline, map_frame
from cnnviz.mobjects.number_grid import NumberGrid
from cnnviz.mobjects.text import line_width
from cnnviz.scenes.pool.numbers import Block, PoolingNumbers
from cnnviz.style.colour import ColourScale, hex_of_rgb, rgb_of_hex
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

Shares = npt.NDArray[np.float64]

MOST_WINDOWS = 3
"""Along one side of the block."""

LARGEST_CELL = 0.84
LEAST_HEIGHT = 0.36
"""Of a cell with a number in it, in Manim units."""

CELL_MARGIN = 0.06
"""Beside a number in its cell, in Manim units."""

GAP = 5
"""Width of the line between two windows, in strokes of Manim."""


class PoolExcerpt:
    """The block's grid of numbers, and the grid of what it becomes; none is in the scene.

    Parameters
    ----------
    numbers
        The channel's numbers.
    scale
        Colours of the cells, before and after alike.
    before, after
        The rooms of the two grids.
    theme
        Sizes and colours.
    """

    def __init__(
        self, numbers: PoolingNumbers, scale: ColourScale, before: Zone, after: Zone, theme: Theme
    ) -> None:
        self._numbers, self._geometry = numbers, numbers.geometry
        self._theme = theme
        place, shape = numbers.place, numbers.output_shape
        size, cell = _fitting_block(numbers, before, after, theme)
        self.block = Block.around(place.row, place.column, shape, size)
        self.grid = _grid(numbers.input_grid(self.block), scale, cell, numbers.characters, theme)
        self.grid.move_to(before.centre)
        # One result always has room for its number.
        self._result_cell = cell if self.grid.has_numbers else min(LARGEST_CELL, after.width)
        self._scale = scale
        self.result = self._result_grid(numbers.output_grid(self.block))
        self.result.move_to(after.centre)
        self.result.reveal(0)
        self.result_frame = map_frame(self.result.cells, theme)
        self.gaps = self._make_gaps()
        self.window = Outline(theme.palette.text, theme.strokes.window)
        palette, strokes = theme.palette, theme.strokes
        self.looked_at = self._cell_outline(palette.text, strokes.normal)
        self.leader = self._cell_outline(palette.accent, strokes.normal)
        self.decided: list[Pixel] = []
        self._colours = self._cell_colours()
        self.shares: Shares = self.target_shares(None)
        self.show_shares(self.shares)
        self.show_window(place.row, place.column)

    # -- where the window is ------------------------------------------------------------------

    def show_window(self, row: float, column: float) -> None:
        """Enclose the window at a position of the output; fractions lie between."""
        (down, across), (high, wide) = self._geometry.strides, self._geometry.kernel_sizes
        left, top, _, _ = self.grid.cells.corners()
        width, height = self.grid.cells.cell_size()
        x = left + (column - self.block.column) * across * width
        y = top - (row - self.block.row) * down * height
        self.window.set_edges(x, y, x + wide * width, y - high * height)

    def move_block(self, block: Block) -> None:
        """Show the numbers of other windows; none of them is decided."""
        self.block = block
        self.grid.set_quantities(self._numbers.input_grid(block))
        self.result.set_quantities(self._numbers.output_grid(block))
        self.result.reveal(0)
        self._colours = self._cell_colours()
        self.decided = []

    def _cell_colours(self) -> npt.NDArray[np.uint8]:
        """Return the colour of each cell: padding has that of the background, as around a map."""
        colours = self.grid.cells.bitmap.rgba[..., :3].copy()
        colours[self._is_padding()] = rgb_of_hex(self._theme.palette.background)
        return colours

    def _is_padding(self) -> npt.NDArray[np.bool_]:
        rows, columns = self._numbers.input_cells(self.block)
        return np.array([[self._numbers.is_padding((row, at)) for at in columns] for row in rows])

    # -- what is in play ----------------------------------------------------------------------

    def target_shares(self, active: Pixel | None) -> Shares:
        """Return the opacity each cell should have while the window `active` is looked at.

        Winners and the active window are in full; losers and what no window looks at are
        dimmed; the rest waits.
        """
        rows, columns = self._numbers.input_cells(self.block)
        shares = np.full((len(rows), len(columns)), self._theme.aside)
        unreached = self._numbers
        shares[[row in unreached.unreached_rows for row in rows]] = self._theme.dimmed
        shares[:, [column in unreached.unreached_columns for column in columns]] = (
            self._theme.dimmed
        )
        for place in self.decided:
            shares[self._cells_of(place)] = self._theme.dimmed
        for window in (self._numbers.window(*place) for place in self.decided):
            if not window.is_empty:
                shares[window.winner[0] - rows[0], window.winner[1] - columns[0]] = 1.0
        if active is not None and active not in self.decided:
            shares[self._cells_of(active)] = 1.0
        return shares

    def show_shares(self, shares: Shares) -> None:
        """Let each cell and its number show so much of themselves, 0 to 1.

        Cells are mixed with the background, so that the ink can follow what is seen. A number
        is gone where its cell is dimmed: it cannot be read there.
        """
        self.shares = shares
        weights = shares[..., None]
        ground = np.array(rgb_of_hex(self._theme.palette.background))
        mixed = np.rint(self._colours * weights + ground * (1 - weights)).astype(np.uint8)
        self.grid.cells.set_colours(mixed)
        inks = mixed.reshape(-1, 3)
        theme = self._theme
        present = np.clip((shares - theme.dimmed) / (theme.aside - theme.dimmed), 0.0, 1.0)
        opacities = (shares * present).ravel()
        outside = self._is_padding().ravel()
        for number, opacity, rgb, is_out in zip(
            self.grid.numbers, opacities, inks, outside, strict=False
        ):
            ink = theme.palette.text_muted if is_out else theme.text_on(hex_of_rgb(rgb))
            number.set_colour(ink)
            number.opacity = float(opacity)

    def show_result(self, place: Pixel) -> None:
        """Reveal one cell of what the block becomes."""
        index = self._result_index(place)
        alpha = self.result.cells.cell_alpha.copy()
        alpha.flat[index] = 255
        self.result.cells.set_cell_alpha(alpha)
        for number in self.result.numbers[index : index + 1]:
            number.opacity = 1.0

    def show_search(self, index: int, leader: int) -> None:
        """Mark the cell that is looked at, and the one with the largest value so far.

        Both are counted in reading order in a block of a single window.
        """
        self.looked_at.move_to(self.grid.cell_centre(index))
        self.leader.move_to(self.grid.cell_centre(leader))

    # -- marks --------------------------------------------------------------------------------

    def winner_marks(self, window: PoolingWindow) -> list[Outline]:
        """Return frames around the cells with the largest value: the winner's last.

        A window of zeros has no winner, and no frames.
        """
        if window.is_empty:
            return []
        palette, strokes = self._theme.palette, self._theme.strokes
        tied = [self._mark(cell, palette.text_muted, strokes.thin) for cell in window.ties[1:]]
        return [*tied, self._mark(window.winner, palette.accent, strokes.normal)]

    def carrier(self, place: Pixel) -> tuple[NumberGrid, float]:
        """Return the winner as it leaves its cell, and how much larger it arrives."""
        carrier = self._result_grid(((self._numbers.result(place),),))
        scale = carrier.width / self.grid.cells.cell_size()[0]
        winner = self._numbers.window(*place).winner
        carrier.scale(1 / scale).move_to(self.grid.cell_centre(self.cell_index(winner)))
        return carrier, scale

    def cell_index(self, cell: Pixel) -> int:
        """Return the place of a cell of the input in the grid, in reading order."""
        rows, columns = self._numbers.input_cells(self.block)
        return (cell[0] - rows[0]) * len(columns) + cell[1] - columns[0]

    def result_centre(self, place: Pixel) -> npt.NDArray[np.float64]:
        """Return the middle of the cell that one window's winner goes to."""
        return np.asarray(self.result.cell_centre(self._result_index(place)))

    def _result_index(self, place: Pixel) -> int:
        row, column = place[0] - self.block.row, place[1] - self.block.column
        return row * self.block.columns + column

    def _cells_of(self, place: Pixel) -> tuple[slice, slice]:
        (down, across), (high, wide) = self._geometry.strides, self._geometry.kernel_sizes
        top = (place[0] - self.block.row) * down
        left = (place[1] - self.block.column) * across
        return slice(top, top + high), slice(left, left + wide)

    def _result_grid(self, quantities: Grid) -> NumberGrid:
        numbers = self._numbers
        return _grid(quantities, self._scale, self._result_cell, numbers.characters, self._theme)

    def _mark(self, cell: Pixel, colour: str, stroke: float) -> Outline:
        mark = self._cell_outline(colour, stroke)
        return mark.move_to(self.grid.cell_centre(self.cell_index(cell)))

    def _cell_outline(self, colour: str, stroke: float) -> Outline:
        """Return a frame just inside a cell."""
        width, height = self.grid.cells.cell_size()
        margin = self._theme.layout.pixel * self._theme.strokes.window
        x, y = width / 2 - margin, height / 2 - margin
        outline = Outline(colour, stroke)
        outline.set_edges(-x, y, x, -y)
        return outline

    def _make_gaps(self) -> VMobject:
        """Return wide lines between the windows, where they do not overlap."""
        left, top, right, bottom = self.grid.cells.corners()
        width, height = self.grid.cells.cell_size()
        lines = VMobject(
            stroke_color=self._theme.palette.background, stroke_width=GAP, fill_opacity=0
        )
        if self._geometry.cell_count == 1:
            return lines
        for edge in _edges_between(self._geometry.columns, self.grid.cells.columns):
            lines.start_new_path(point(left + edge * width, top))
            lines.add_line_to(point(left + edge * width, bottom))
        for edge in _edges_between(self._geometry.rows, self.grid.cells.rows):
            lines.start_new_path(point(left, top - edge * height))
            lines.add_line_to(point(right, top - edge * height))
        return lines


def _edges_between(axis: WindowAxis, cells: int) -> set[int]:
    """Return where windows begin and end along an axis, in so many cells; none if they overlap."""
    size, stride = axis.kernel_size, axis.stride
    if stride < size:
        return set()
    return {edge for at in range(stride, cells, stride) for edge in (at, at - stride + size)}


def _fitting_block(
    numbers: PoolingNumbers, before: Zone, after: Zone, theme: Theme
) -> tuple[int, float]:
    """Return how many windows along a side have room for numbers, and the size of a cell.

    One window where not even its numbers have room: its cells are then shown without.
    """
    needed = line_width("0" * (numbers.characters - 1) + ".", theme.sizes.small) + CELL_MARGIN
    most = min(MOST_WINDOWS, max(numbers.output_shape))
    for count in range(most, 0, -1):
        rows, columns = (
            (count - 1) * axis.stride + axis.kernel_size
            for axis in (numbers.geometry.rows, numbers.geometry.columns)
        )
        room = min(before.width / columns, before.height / rows, after.width / count, LARGEST_CELL)
        if room >= max(needed, LEAST_HEIGHT):
            break
    return count, room


def _grid(
    quantities: Grid, scale: ColourScale, cell: float, characters: int, theme: Theme
) -> NumberGrid:
    """Return a grid whose cells have exactly the size `cell`, rounded to pixels."""
    rows, columns = len(quantities), len(quantities[0])
    side = cell + theme.layout.pixel / 2
    return NumberGrid(
        quantities,
        scale,
        theme,
        side * max(columns, 3),
        side * max(rows, 3),
        characters,
    )
