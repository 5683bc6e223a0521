"""Cells seen from near: a part of a map, large, with every value written on its cell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from manim import Group, Mobject, VMobject

from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.frames import Outline
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.number_grid import grid_rules
from cnnviz.mobjects.text import Number, line_width
from cnnviz.scenes.journey.shown import Written
from cnnviz.style.colour import ColourScale, hex_of_rgb
from cnnviz.style.geometry import Corners, Zone, between, point
from cnnviz.style.theme import Theme

LARGEST_CELL = 2.5
"""Width of a cell with a number, in Manim units."""

LEAST_WIDER, MOST_WIDER = 1.4, 2.2
"""Cells with numbers are so many times wider than high."""

FEWEST_CHARACTERS = 4
"""With room for fewer, no numbers are written."""

ENOUGH_CHARACTERS = 5
"""Letters are no smaller so that there is room for more."""

MOST_CHARACTERS = 7
"""Of a small value with its sign and all its decimals, in cells that are large anyway."""

LEAST_RULED = 8
"""Cells of fewer pixels at 1080p have no lines between them."""

CELLS_COME = 0.3
"""Share of the way to its place after which a close-up's cells cover all that lies behind."""

NUMBERS_COME = 0.6
"""Share of the way to its place after which a close-up's numbers appear."""

MOST_NUMBERS = 100
"""A grid of more cells is shown by colour alone."""


class CloseUp(Group):
    """A grid of cells with a number on each, where numbers can be read.

    Parameters
    ----------
    values
        What the cells are coloured by, (rows, columns).
    written
        Makes the cells' quantities for the characters there is room for.
    scale
        Colours of the cells.
    theme
        Sizes and colours.
    room
        Where it stands: as large as fits, at the top.
    """

    def __init__(
        self,
        values: npt.NDArray[np.floating],
        written: Written,
        scale: ColourScale,
        theme: Theme,
        room: Zone,
    ) -> None:
        self._scale, self._theme = scale, theme
        rows, columns = values.shape
        width, height = _numbered_cell(values.shape, room)
        self.characters, self._font_size = _what_fits(theme, width, height)
        fits = numbers_fit(values.shape, room, theme)
        quantities = written(self.characters) if fits else []
        if not fits:
            width = height = min(room.width / columns, room.height / rows, LARGEST_CELL)
        colours = scale.colours(values)
        self.cells = HeatMap(colours, columns * width, rows * height)
        self.cells.move_to(point(room.x, room.top - rows * height / 2))
        has_rules = width > LEAST_RULED * theme.layout.pixel
        self.rules: list[VMobject] = [grid_rules(self.cells, theme)] if has_rules else []
        self.numbers: list[Number] = []
        if quantities:
            self.numbers = [
                self._number(quantities[i][j], colours[i, j]).move_to(self.cells.cell_centre(i, j))
                for i in range(rows)
                for j in range(columns)
            ]
        self._home = self.cells.corners()
        self._number_shares = np.ones(len(self.numbers))
        super().__init__(self.cells, *self.rules, *self.numbers)

    @property
    def parts(self) -> list[Mobject]:
        """Its mobjects, for animations that work on a flat list."""
        return [self.cells, *self.rules, *self.numbers]

    def copy_of_cell(self, row: int, column: int) -> HeatMap:
        """Return a copy of one cell in its place, without its number."""
        colours = self.cells.bitmap.rgba[row : row + 1, column : column + 1, :3]
        cell = HeatMap(colours, *self.cells.cell_size())
        return cell.move_to(self.cells.cell_centre(row, column))

    def outline(self, top: int, left: int, bottom: int, right: int, colour: str) -> Outline:
        """Return a thin line around cells, from (top, left) up to but without (bottom, right)."""
        outline = Outline(colour, self._theme.strokes.thin)
        outline.set_edges(*self.cells.area(top, left, bottom, right))
        return outline

    def show_share(self, alpha: npt.NDArray[np.floating]) -> None:
        """Set how much of each cell and its number is seen, 0..1, (rows, columns)."""
        self.cells.set_cell_alpha(np.rint(255 * alpha).astype(np.uint8))
        self._number_shares = alpha.ravel()[: len(self.numbers)].astype(float)
        self._show_numbers(1.0)

    def grow(self, start: Corners, share: float) -> None:
        """Show it on its way from `start`, (left, top, right, bottom), to its place.

        It appears as it leaves, since what it comes from may have other colours, and the numbers
        on their cells when these are nearly as large as they will be.
        """
        self.cells.set_corners(*between(start, self._home, share))
        seen = min(share / CELLS_COME, 1.0)
        self.cells.opacity = seen
        for rules in self.rules:
            rules.set_points(grid_rules(self.cells, self._theme).points)
            rules.set_stroke(opacity=seen)
        for index, number in enumerate(self.numbers):
            number.move_to(self.cells.cell_centre(*divmod(index, self.cells.columns)))
        self._show_numbers(max(share - NUMBERS_COME, 0.0) / (1 - NUMBERS_COME))

    def _show_numbers(self, share: float) -> None:
        for number, full in zip(self.numbers, self._number_shares, strict=True):
            number.opacity = float(full) * share

    def show_values(self, values: npt.NDArray[np.floating], written: Written) -> None:
        """Show other values in the same cells."""
        colours = self._scale.colours(values)
        self.cells.set_colours(colours)
        if self.numbers:
            quantities = [each for row in written(self.characters) for each in row]
            for number, quantity, rgb in zip(
                self.numbers, quantities, colours.reshape(-1, 3), strict=True
            ):
                number.set_quantity(quantity)
                number.set_colour(self._theme.text_on(hex_of_rgb(rgb)))

    def _number(self, quantity: Quantity, rgb: npt.NDArray[np.uint8]) -> Number:
        return Number(quantity, self._font_size, self._theme.text_on(hex_of_rgb(rgb)))


def numbers_fit(shape: tuple[int, ...], room: Zone, theme: Theme) -> bool:
    """Return whether a close-up of (rows, columns) cells in `room` has a number on each."""
    rows, columns = shape
    characters, _ = _what_fits(theme, *_numbered_cell(shape, room))
    return rows * columns <= MOST_NUMBERS and characters >= FEWEST_CHARACTERS


def _numbered_cell(shape: tuple[int, ...], room: Zone) -> tuple[float, float]:
    """Return (width, height) of a cell that leaves room for a number."""
    rows, columns = shape
    highest = room.height / rows
    width = min(room.width / columns, MOST_WIDER * highest, LARGEST_CELL)
    return width, min(highest, width / LEAST_WIDER)


def _what_fits(theme: Theme, width: float, height: float) -> tuple[int, float]:
    """Return how many characters fit into a cell, and in which size they are set."""
    sizes: Sequence[float] = (theme.sizes.body, theme.sizes.label, theme.sizes.small)
    found = 0, theme.sizes.small
    for size in sizes:
        if 1.3 * size / 72 > height:
            continue
        digit, decimal_point = line_width("0", size), line_width(".", size)
        characters = int((0.92 * width - decimal_point) / digit) + 1
        if characters >= ENOUGH_CHARACTERS:
            return min(characters, MOST_CHARACTERS), size
        if characters > found[0]:
            found = characters, size
    return found
