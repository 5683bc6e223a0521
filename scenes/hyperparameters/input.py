"""The small input, its ring of zeros, and everything measured or marked on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
from manim import Mobject, VMobject

from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.fitting import SMALLEST
from cnnviz.mobjects.frames import Outline
from cnnviz.mobjects.number_grid import LEADING, NumberGrid
from cnnviz.mobjects.text import POINTS_PER_UNIT, Number
from cnnviz.scenes.hyperparameters.marks import DilatedWindow, ReachFrame, Span, cross
from cnnviz.scenes.hyperparameters.sizes import BRIGHT, SlidingExample
from cnnviz.style.colour import hex_of_rgb, rgb_of_hex
from cnnviz.style.geometry import Corners, Zone, point
from cnnviz.style.theme import Theme

LARGEST_CELL = 1.8
"""In Manim units: a smaller input does not fill its room."""

LANE = 0.5
"""Room around the cells for spans and indices, in Manim units."""

SPAN_DISTANCE = 0.12
"""From the cells to the line of a span, in Manim units."""

DIGIT_SHARE = 0.5
"""Font size of the numbers as a share of their cell."""


class InputBoard:
    """The padded grid, the window on it, and its marks.

    Parameters
    ----------
    example
        The input and how the kernel moves.
    theme
        Sizes and colours.
    zone
        The room it takes.
    """

    def __init__(self, example: SlidingExample, theme: Theme, zone: Zone) -> None:
        self.example = example
        self._theme = theme
        self._zone = zone
        self._fits = example.output_size > 0
        self._scale = theme.positive_scale(1.4 * BRIGHT)
        wide, high = self._extent()
        room = zone.inset(LANE)
        pixel = theme.layout.pixel
        cell = min(room.width / wide, room.height / high, LARGEST_CELL)
        self.cell = int(cell / pixel) * pixel
        self.grid = self._make_grid()
        shift = point(-wide * self.cell / 2, high * self.cell / 2)
        half = example.padded_size * self.cell / 2
        self.grid.move_to(room.centre + shift + point(half, -half))
        self._set_padding_inks()
        self.frame = Outline(theme.palette.text_muted, theme.strokes.thin)
        self.frame.set_edges(*self._edges(example.geometry.padding, example.input_size))
        size = example.geometry.kernel_size
        self.window = DilatedWindow(self.grid.cells, size, theme)
        self.reach_frame = ReachFrame(self.grid.cells, example.reach, theme)
        self.ghost = DilatedWindow(self.grid.cells, size, theme)
        self._strengths = np.zeros(example.padded_size)
        self.show_padding(0)

    @property
    def at_start(self) -> list[Mobject]:
        """The input without its ring, and its frame."""
        return [self.grid, self.frame]

    @property
    def windows(self) -> list[VMobject]:
        """The window and, where it has gaps, the frame around all it reaches over."""
        return [self.window, self.reach_frame] if self.has_gaps else [self.window]

    @property
    def has_gaps(self) -> bool:
        """Whether cells lie between those that the kernel's weights meet."""
        return self.example.reach > self.example.geometry.kernel_size

    # -- what changes -----------------------------------------------------------------------

    def show_drawn(self, count: float) -> None:
        """Show the first `count` cells of the input itself, in reading order."""
        inside, shares = ~self._ring(), np.zeros((self.example.padded_size,) * 2)
        shares[inside] = np.clip(count - np.arange(self.example.input_size**2), 0, 1)
        self._show_cells(shares)

    def show_padding(self, count: float) -> None:
        """Show the first `count` cells of the ring, clockwise from above; fractions in part."""
        self._show_cells(np.clip(count - self._ring_order(), 0, 1))

    def _show_cells(self, shares: npt.NDArray[np.float64]) -> None:
        self.grid.cells.set_cell_alpha(np.rint(255 * shares).astype(np.uint8))
        for number, share in self._numbered(shares.ravel()):
            number.opacity = float(share)

    @property
    def ring_count(self) -> int:
        """Cells of padding."""
        return self.example.padded_size**2 - self.example.input_size**2

    def show_window(self, row: float, column: float, spacing: float | None = None) -> None:
        """Put the window at an output's (row, column); fractions lie between stops."""
        stride = self.example.geometry.stride
        spacing = self.example.geometry.dilation if spacing is None else spacing
        self.window.show_position(row * stride, column * stride, spacing)
        self.reach_frame.show_position(row * stride, column * stride)

    def show_ghost(self, column: float) -> None:
        """Put the window that does not fit at an output's column, in row 0."""
        geometry = self.example.geometry
        self.ghost.show_position(0, column * geometry.stride, geometry.dilation)

    def show_marks(self, lines: Iterable[int], share: float) -> None:
        """Colour these rows and columns of the padded input; others keep their marks.

        Parameters
        ----------
        lines
            Counted from 0, padding included.
        share
            How strongly, 0 to 1.
        """
        self._strengths[list(lines)] = share
        strengths = np.maximum(self._strengths[:, None], self._strengths[None, :])
        base = self._scale.colours(self.example.padded).astype(np.float64)
        accent = np.array(rgb_of_hex(self._theme.palette.accent), np.float64)
        colours = np.rint(base + (accent - base) * strengths[..., np.newaxis]).astype(np.uint8)
        self.grid.cells.set_colours(colours)
        for number, rgb in self._numbered(colours.reshape(-1, 3)):
            number.set_colour(self._theme.text_on(hex_of_rgb(rgb)))
        self._set_padding_inks(strengths == 0)

    # -- what is measured -------------------------------------------------------------------

    def size_span(self) -> Span:
        """Return the measured side of the input, for the time before the ring."""
        padding, size = self.example.geometry.padding, self.example.input_size
        return self._span("n =", padding, size, is_above=not self._fits)

    def padded_span(self) -> Span:
        """Return the measured side of the padded input."""
        return self._span("n + 2·p =", 0, self.example.padded_size, is_above=not self._fits)

    def reach_span(self) -> Span:
        """Return the measured reach of the kernel at its first position, on the other side."""
        text = "d·(k − 1) + 1 =" if self.has_gaps else "k ="
        return self._span(text, 0, self.example.reach, is_above=self._fits)

    def stride_span(self) -> Span:
        """Return the measured step from the window's first position to the next."""
        return self._span("s =", 0, self.example.geometry.stride, is_above=True)

    def indices(self, rows: Iterable[int]) -> list[Number]:
        """Return the indices of these rows, and columns, of the input itself, beside it."""
        left, top, _, _ = self.grid.cells.corners()
        numbers = []
        for index in rows:
            centre = self.grid.cells.cell_centre(*[index + self.example.geometry.padding] * 2)
            for place in ((centre[0], top + LANE / 2), (left - LANE / 2, centre[1])):
                quantity = Quantity.of("index", index, 0)
                number = Number(
                    quantity, self._theme.sizes.label, self._theme.palette.accent, weight=600
                )
                numbers.append(number.move_to(np.array([*place, 0.0])))
        return numbers

    def overhang_cross(self) -> VMobject:
        """Return the mark where a window would leave the padded input."""
        example = self.example
        _, top, right, bottom = self.grid.cells.corners()
        if self._fits:
            over = example.geometry.stride - example.left_over
            x, y = right + over * self.cell / 2, top - example.reach * self.cell / 2
        else:
            over = -example.room
            x, y = right + over * self.cell / 2, bottom - over * self.cell / 2
        return cross((x, y), min(over * self.cell, 0.8) * 0.6, self._theme)

    # -- inside -----------------------------------------------------------------------------

    def _extent(self) -> tuple[int, int]:
        """Return columns and rows of all that is drawn: the window may stand out."""
        example = self.example
        if not self._fits:
            return example.reach, example.reach
        over = example.geometry.stride - example.left_over if example.left_over else 0
        return example.padded_size + over, example.padded_size

    def _make_grid(self) -> NumberGrid:
        example = self.example
        quantities = [
            [
                Quantity.of("padding" if is_padding else "example", int(value), 0)
                for value, is_padding in zip(values, ring, strict=True)
            ]
            for values, ring in zip(example.padded, self._ring(), strict=True)
        ]
        room = (max(example.padded_size, 3) + 0.01) * self.cell
        points = self.cell * POINTS_PER_UNIT
        font_size = max(min(self._theme.sizes.small, points / LEADING), points * DIGIT_SHARE)
        font_size = max(font_size, SMALLEST)
        return NumberGrid(quantities, self._scale, self._theme, room, room, 1, font_size)

    def _numbered(self, values: npt.NDArray[Any]) -> Iterable[tuple[Number, Any]]:
        """Return each cell's number with its value; none where cells are too small for numbers."""
        return zip(self.grid.numbers, values, strict=False)

    def _set_padding_inks(self, where: npt.NDArray[np.bool_] | None = None) -> None:
        """Let the ring's zeros step back, so that they do not look like input."""
        mask = self._ring() if where is None else self._ring() & where
        for number, is_padding in self._numbered(mask.ravel()):
            if is_padding:
                number.set_colour(self._theme.palette.text_muted)

    def _ring(self) -> npt.NDArray[np.bool_]:
        """Return which cells of the padded input are padding."""
        return np.pad(
            np.zeros((self.example.input_size,) * 2, np.bool_),
            self.example.geometry.padding,
            constant_values=True,
        )

    def _ring_order(self) -> npt.NDArray[np.float64]:
        """Return each cell's turn, clockwise from the upper left corner; input cells first."""
        mask = self._ring()
        rows, columns = np.indices(mask.shape) - (self.example.padded_size - 1) / 2
        angles = (np.arctan2(rows, columns) + 0.75 * np.pi) % (2 * np.pi)
        order = np.full(mask.shape, -1.0)
        order[mask] = angles[mask].argsort(kind="stable").argsort(kind="stable")
        return order

    def _edges(self, first: int, count: int) -> Corners:
        left, top, _, _ = self.grid.cells.corners()
        start, end = first * self.cell, (first + count) * self.cell
        return left + start, top - start, left + end, top - end

    def _span(self, text: str, first: int, count: int, *, is_above: bool) -> Span:
        """Return a span along cells of the padded input, above or below all that is there."""
        left, top, right, bottom = self._edges(first, count)
        y, side = (top + SPAN_DISTANCE, 1) if is_above else (bottom - SPAN_DISTANCE, -1)
        quantity = Quantity.of("size", count, 0)
        limits = (self._zone.left, self._zone.right)
        return Span(left, right, y, side, text, quantity, limits, self._theme)
