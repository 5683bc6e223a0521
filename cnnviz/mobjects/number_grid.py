"""A small grid of cells with a number in each: a patch, a kernel, their products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from manim import Group, VMobject

from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.fitting import SMALLEST
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.text import POINTS_PER_UNIT, Number, line_width
from cnnviz.style.colour import ColourScale, hex_of_rgb
from cnnviz.style.geometry import point
from cnnviz.style.theme import Theme

if TYPE_CHECKING:
    from manim.typing import Point3D

Rows = Sequence[Sequence[Quantity]]

FEWEST = 3
"""Cells are no larger than if there were so many in a row and in a column, as a rule."""

GAP = 0.4
"""Between two numbers in neighbouring cells, in em: in narrower cells the type is smaller."""

LEADING = 1.2
"""The least height of a cell with a number in it, in em."""


class NumberGrid(Group):
    """Cells coloured by value, the values written on them where they can be read.

    Parameters
    ----------
    quantities
        Rows of quantities, each row as long as the others.
    scale
        Colours of the cells.
    theme
        Sizes and colours.
    width, height
        The room the grid may take, in Manim units. Cells are square where no numbers are
        written, and may be wider than high where they are.
    characters
        How many characters a number must have room for; with less room none is written.
    font_size
        Of the numbers, in points; the smallest size by default. As much less, where it is legible,
        as keeps numbers in neighbouring cells apart.
    leading
        The least height of a cell with a number in it, in em.
    fewest
        Cells are no larger than if there were so many in a row and in a column.
    """

    def __init__(
        self,
        quantities: Rows,
        scale: ColourScale,
        theme: Theme,
        width: float,
        height: float,
        characters: int = 5,
        font_size: float | None = None,
        leading: float = LEADING,
        fewest: int = FEWEST,
    ) -> None:
        self._scale = scale
        self._theme = theme
        self._quantities = [list(row) for row in quantities]
        rows, columns = len(self._quantities), len(self._quantities[0])
        cell_width, cell_height = cell_size((rows, columns), width, height, theme, fewest)
        font_size = theme.sizes.small if font_size is None else font_size
        self.has_numbers = fits_numbers((cell_width, cell_height), characters, font_size, leading)
        if not self.has_numbers:
            cell_width = cell_height = min(cell_width, cell_height)
        font_size = _size_with_gap(cell_width, characters, font_size)
        self.cells = HeatMap(self._colours(), columns * cell_width, rows * cell_height)
        self.rules = grid_rules(self.cells, theme)
        self.numbers = self._make_numbers(font_size) if self.has_numbers else []
        super().__init__(self.cells, self.rules, *self.numbers)

    @property
    def cell_count(self) -> int:
        """Number of cells."""
        return self.cells.rows * self.cells.columns

    def cell_centre(self, index: int) -> Point3D:
        """Return the centre of a cell, counted in reading order."""
        return self.cells.cell_centre(*divmod(index, self.cells.columns))

    def set_quantities(self, quantities: Rows) -> None:
        """Show other numbers in the same cells."""
        self._quantities = [list(row) for row in quantities]
        colours = self._colours()
        self.cells.set_colours(colours)
        inks = colours.reshape(-1, 3)
        flat = [quantity for row in self._quantities for quantity in row]
        for number, quantity, rgb in zip(self.numbers, flat, inks, strict=False):
            number.set_quantity(quantity)
            number.set_colour(self._theme.text_on(hex_of_rgb(rgb)))

    def reveal(self, count: float) -> None:
        """Show the first `count` cells in reading order; a fraction shows in part."""
        shares = np.clip(count - np.arange(self.cell_count), 0, 1)
        alpha = np.rint(255 * shares).astype(np.uint8)
        self.cells.set_cell_alpha(alpha.reshape(self.cells.rows, self.cells.columns))
        for number, share in zip(self.numbers, shares, strict=False):
            number.opacity = float(share)

    def _colours(self) -> np.ndarray:
        values = [[quantity.value for quantity in row] for row in self._quantities]
        return self._scale.colours(values)

    def _make_numbers(self, font_size: float) -> list[Number]:
        colours = self._colours().reshape(-1, 3)
        flat = [quantity for row in self._quantities for quantity in row]
        numbers = []
        for index, (quantity, rgb) in enumerate(zip(flat, colours, strict=True)):
            number = Number(quantity, font_size, self._theme.text_on(hex_of_rgb(rgb)))
            numbers.append(number.move_to(self.cell_centre(index)))
        return numbers


def cell_size(
    shape: tuple[int, int], width: float, height: float, theme: Theme, fewest: int = FEWEST
) -> tuple[float, float]:
    """Return (width, height) of a cell of a grid of (rows, columns), in whole pixels."""
    pixel, (rows, columns) = theme.layout.pixel, shape
    across, down = max(columns, fewest), max(rows, fewest)
    return int(width / across / pixel) * pixel, int(height / down / pixel) * pixel


def fits_numbers(
    cell: tuple[float, float], characters: int, font_size: float, leading: float = LEADING
) -> bool:
    """Return whether numbers of so many characters can be read in cells of (width, height)."""
    width, height = cell
    is_high = height >= leading * font_size / POINTS_PER_UNIT
    return is_high and width >= number_width(characters, font_size)


def number_width(characters: int, font_size: float) -> float:
    """Return how wide a cell must be for a number, one of its characters being the point."""
    return line_width("0" * (characters - 1) + ".", font_size)


def spaced_width(characters: int) -> float:
    """Return how wide a cell is for a number and the gap to the next, at a size of one point."""
    return number_width(characters, 1.0) + GAP / POINTS_PER_UNIT


def _size_with_gap(width: float, characters: int, largest: float) -> float:
    """Return the size in which numbers stand apart in cells of a width, the smallest at least."""
    return min(largest, max(width / spaced_width(characters), SMALLEST))


def grid_rules(cells: HeatMap, theme: Theme) -> VMobject:
    """Return the lines between the cells, in the background's colour, as one mobject."""
    left, top, right, bottom = cells.corners()
    width, height = cells.cell_size()
    rules = VMobject(
        stroke_color=theme.palette.background, stroke_width=theme.strokes.hairline, fill_opacity=0
    )
    for column in range(1, cells.columns):
        x = left + column * width
        rules.start_new_path(point(x, top))
        rules.add_line_to(point(x, bottom))
    for row in range(1, cells.rows):
        y = top - row * height
        rules.start_new_path(point(left, y))
        rules.add_line_to(point(right, y))
    return rules
