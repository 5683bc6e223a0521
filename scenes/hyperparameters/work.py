"""What happens under the window: kernel, products, their sum, and the output it fills."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from manim import Group, Mobject

from cnnviz.explain.quantity import Quantity
from cnnviz.locales import Words
from cnnviz.mobjects.frames import Outline, map_frame
from cnnviz.mobjects.number_grid import NumberGrid
from cnnviz.mobjects.text import POINTS_PER_UNIT, Label
from cnnviz.scenes.hyperparameters.marks import Equation, Span
from cnnviz.scenes.hyperparameters.sizes import BRIGHT, SlidingExample
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

LANE = 0.4
"""Height of a grid's label, in Manim units."""

FOOT = 0.52
"""Room below products and output: for the sum, and for the size."""

KERNEL_FOOT = 0.05
"""Room below the kernel, in Manim units."""

LARGEST_WEIGHT = 1

LARGEST_SHARE = 0.62
"""A number's font size as a share of its cell, where the cell has room for two digits."""

EMPTY_SIDE = 1.6
"""Side of the frame that stands for an output without cells, in Manim units."""


class WorkBoard:
    """The arithmetic of one position at a time.

    Parameters
    ----------
    example
        Whose numbers are shown.
    theme, words
        Sizes, colours and texts.
    zones
        The rooms of the kernel, the products and the output.
    """

    def __init__(
        self, example: SlidingExample, theme: Theme, words: Words, zones: tuple[Zone, Zone, Zone]
    ) -> None:
        self.example = example
        self._theme = theme
        self._output_zone = zones[2]
        self.kernel = self._grid(
            example.kernel, theme.weight_scale(LARGEST_WEIGHT), zones[0], KERNEL_FOOT
        )
        self.kernel_label = self._label_above(words("hyperparameters.kernel"), self.kernel)
        self.has_output = example.output_size > 0
        if not self.has_output:
            self.no_output = self._make_empty(words("hyperparameters.no_output"))
            return
        scale = theme.signed_scale(BRIGHT)
        self.products = self._grid(example.products(0, 0), scale, zones[1])
        self.products_label = self._label_above(words("hyperparameters.products"), self.products)
        self.sum = self._make_sum(words("hyperparameters.sum"))
        self.total = self.sum.number
        largest = max(int(np.abs(example.output).max()), 1)
        scale = theme.signed_scale(largest)
        longest = max(len(str(value)) for value in example.output.flat)
        self.output = self._grid(example.output, scale, zones[2], characters=longest + 1)
        self.output_label = self._label_above(words("hyperparameters.output"), self.output)
        self.output_frame = map_frame(self.output.cells, theme)
        self.markers = [Outline(theme.palette.accent, theme.strokes.normal) for _ in range(2)]
        self.show_position(0)
        self.products.reveal(0)
        self.output.reveal(0)

    @property
    def arithmetic(self) -> list[Mobject]:
        """The products and their sum."""
        return [self.products_label, self.products, self.sum]

    @property
    def output_em(self) -> float:
        """Font size of the output's numbers, in Manim units."""
        numbers = self.output.numbers
        return numbers[0].em if numbers else self._theme.sizes.small / POINTS_PER_UNIT

    def show_position(self, position: int) -> None:
        """Show the arithmetic of one output, counted in reading order."""
        row, column = divmod(position, self.example.output_size)
        self.products.set_quantities(_quantities(self.example.products(row, column)))
        self.total.set_quantity(_quantity(int(self.example.output[row, column])))

    def show_term(self, count: float) -> None:
        """Show the first `count` products, and mark the weight that the last one comes from."""
        self.products.reveal(count)
        term = min(int(np.ceil(count)), self.products.cell_count) - 1
        for marker, grid in zip(self.markers, (self.kernel, self.products), strict=True):
            _frame_cell(marker, grid, max(term, 0))

    def output_span(self) -> Span:
        """Return the measured side of the output, below it."""
        left, _, right, bottom = self.output.cells.corners()
        zone = self._output_zone
        return Span(
            left,
            right,
            bottom - FOOT / 4,
            -1,
            "o =",
            Quantity.of("size", self.example.output_size, 0),
            (zone.left, zone.right),
            self._theme,
        )

    # -- inside -----------------------------------------------------------------------------

    def _grid(
        self,
        values: npt.NDArray[np.int64],
        scale: ColourScale,
        zone: Zone,
        foot: float = FOOT,
        characters: int = 2,
    ) -> NumberGrid:
        """Return a grid at the top of its zone, with room above it for its label."""
        side = min(zone.width, zone.height - LANE - foot)
        cell = side / max(len(values), 3)
        sizes = self._theme.sizes
        font_size = max(sizes.small, min(sizes.number, cell * POINTS_PER_UNIT * LARGEST_SHARE))
        quantities = _quantities(values)
        grid = NumberGrid(quantities, scale, self._theme, side, side, characters, font_size)
        return grid.move_to(point(zone.x, zone.top - LANE - grid.height / 2))

    def _label_above(self, text: str, grid: NumberGrid) -> Label:
        label = Label(text, self._theme.sizes.label, self._theme.palette.text_muted)
        left, top, _, _ = grid.cells.corners()
        return label.move_to(point(left + label.width / 2, top + LANE / 2))

    def _make_sum(self, text: str) -> Equation:
        total = _quantity(int(self.example.output[0, 0]))
        line = Equation(text, total, self._theme.sizes.body, self._theme)
        return line.move_to(self.products.cells.get_bottom() - point(0.0, FOOT / 2))

    def _make_empty(self, text: str) -> Group:
        half = EMPTY_SIDE / 2
        centre = point(self._output_zone.x, self._output_zone.top - LANE - half)
        frame = Outline(self._theme.palette.line, self._theme.strokes.normal)
        frame.set_edges(centre[0] - half, centre[1] + half, centre[0] + half, centre[1] - half)
        label = Label(text, self._theme.sizes.label, self._theme.palette.text)
        return Group(frame, label.move_to(centre))


def _frame_cell(marker: Outline, grid: NumberGrid, index: int) -> None:
    """Put an outline around one cell of a grid."""
    x, y, _ = grid.cell_centre(index)
    width, height = grid.cells.cell_size()
    marker.set_edges(x - width / 2, y + height / 2, x + width / 2, y - height / 2)


def _quantity(value: int) -> Quantity:
    return Quantity.of("example", value, 0)


def _quantities(values: npt.NDArray[np.int64]) -> list[list[Quantity]]:
    return [[_quantity(int(value)) for value in row] for row in values]
