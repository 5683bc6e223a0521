"""One window enlarged: its cells, and their numbers where those can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from manim import Group, Mobject

from cnnviz.arrays import ByteArray, Float64Array
from cnnviz.explain.averaging import MeanWindow
from cnnviz.mobjects.frames import map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.number_grid import NumberGrid, fits_numbers
from cnnviz.scenes.average.numbers import MeanNumbers
from cnnviz.style.colour import ColourScale, hex_of_rgb, rgb_of_hex
from cnnviz.style.geometry import Corners, Zone
from cnnviz.style.theme import Theme

if TYPE_CHECKING:
    from manim.typing import Point3D

FEWEST = 2
"""Cells are no larger than if there were so many along each side."""


class WindowCells(Group):
    """The cells under a window, which can all take the colour of their mean.

    Parameters
    ----------
    numbers
        The channel's numbers.
    window
        What is shown at first.
    scale
        Colours.
    zone
        The room there is; the cells stand in its middle.
    theme
        Sizes and colours.
    """

    def __init__(
        self,
        numbers: MeanNumbers,
        window: MeanWindow,
        scale: ColourScale,
        zone: Zone,
        theme: Theme,
    ) -> None:
        self._numbers, self._scale, self._theme = numbers, scale, theme
        self._window = window
        rows, columns = window.values.shape
        side = min(zone.width / max(columns, FEWEST), zone.height / max(rows, FEWEST))
        size = _font_size(side, numbers.characters, theme)
        self._grid = None if size is None else self._number_grid(side, size)
        parts: list[Mobject] = []
        if self._grid is None:  # as many objects as cells would be made for nothing
            self.cells = HeatMap(scale.colours(window.values), columns * side, rows * side)
        else:
            self.cells = self._grid.cells
            parts = [self._grid.rules, *self._grid.numbers]
        super().__init__(self.cells, map_frame(self.cells, theme), *parts)
        self.move_to(zone.centre)
        self.show_window(window)

    def corners(self) -> Corners:
        """Return left, top, right and bottom of the cells."""
        return self.cells.corners()

    def show_window(self, window: MeanWindow) -> None:
        """Show the values under another window."""
        self._window = window
        if self._grid is not None:
            self._grid.set_quantities(self._numbers.grid(window))
        self._paint(np.ones(window.values.shape))

    def centre(self, index: int) -> Point3D:
        """Return the middle of a cell, counted in reading order."""
        return self.cells.cell_centre(*divmod(index, self.cells.columns))

    def add_up(self, count: float, others: float | None = None) -> None:
        """Light the first `count` cells that the mean is of, in reading order.

        Parameters
        ----------
        count
            Fractions are of the last one.
        others
            Opacity of those that come after them; by default that of what is not in play.
        """
        dark = self._theme.dimmed if others is None else others
        order = np.cumsum(self._window.is_counted).reshape(self._window.values.shape)
        shares = np.clip(count - order + 1, dark, 1.0)
        self._paint(np.where(self._window.is_counted, shares, 1.0))

    def melt(self, share: float) -> None:
        """Let all cells go so far, 0 to 1, towards the colour of their mean."""
        goal = self._scale.colours(np.array([[self._window.value]]))
        self._paint(np.ones(self._window.values.shape), goal, share)

    def _paint(
        self, shares: Float64Array, goal: ByteArray | None = None, melted: float = 0.0
    ) -> None:
        """Mix each cell with the ground, and with a colour that all go towards."""
        ground = np.array(rgb_of_hex(self._theme.palette.background), np.float64)
        colours = self._scale.colours(self._window.values).astype(np.float64)
        colours[self._window.is_padding] = ground
        mixed = ground + (colours - ground) * shares[..., None]
        if goal is not None:
            mixed = mixed + (goal - mixed) * melted
        painted = np.rint(mixed).astype(np.uint8)
        self.cells.set_colours(painted)
        if self._grid is not None:
            self._paint_numbers(self._grid, painted, shares * (1 - melted))

    def _paint_numbers(self, grid: NumberGrid, painted: ByteArray, shares: Float64Array) -> None:
        """Let numbers be seen as their cells are; of padding that is not counted there is none."""
        theme, inks = self._theme, painted.reshape(-1, 3)
        seen = np.clip((shares - theme.dimmed) / (1 - theme.dimmed), 0.0, 1.0)
        opacities = np.where(self._window.is_counted, seen, 0.0).ravel()
        is_outside = self._window.is_padding.ravel()
        for number, rgb, opacity, is_out in zip(
            grid.numbers, inks, opacities, is_outside, strict=True
        ):
            ink = theme.palette.text_muted if is_out else theme.text_on(hex_of_rgb(rgb))
            number.set_colour(ink)
            number.opacity = float(opacity)

    def _number_grid(self, side: float, font_size: float) -> NumberGrid:
        rows, columns = self._window.values.shape
        room = side + self._theme.layout.pixel / 2
        return NumberGrid(
            self._numbers.grid(self._window),
            self._scale,
            self._theme,
            room * max(columns, FEWEST),
            room * max(rows, FEWEST),
            self._numbers.characters,
            font_size,
            fewest=FEWEST,
        )


def _font_size(side: float, characters: int, theme: Theme) -> float | None:
    """Return the largest of the theme's sizes for numbers that has room in cells; None if none."""
    for size in (theme.sizes.number, theme.sizes.body, theme.sizes.small):
        if fits_numbers((side, side), characters, size):
            return size
    return None
