"""One input channel's part in a convolution: patch, kernel, products and their sum."""

from __future__ import annotations

from dataclasses import dataclass

from manim import Group, Mobject, VMobject

from cnnviz.explain.convolution_shown import ShownConvolution
from cnnviz.explain.quantity import Grid
from cnnviz.mobjects.frames import Outline, map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.number_grid import NumberGrid, cell_size, fits_numbers
from cnnviz.mobjects.text import Label, Number
from cnnviz.scenes.conv.columns import RowColumns
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import point
from cnnviz.style.theme import Theme

SUM_DROP = 0.25
"""From the products down to the middle of a sum that stands below them, in Manim units."""

FEWEST = 2
"""The only cell of a 1x1 kernel is as large as one of so many in a row and in a column."""

CHARACTERS = 5
"""So many fit on it."""


@dataclass(frozen=True)
class RowScales:
    """The colours of a row's three grids."""

    patch: ColourScale
    kernel: ColourScale
    products: ColourScale


class ChannelRow:
    """The full arithmetic of one input channel, at one height on the stage.

    Its parts are mobjects that a scene brings in one after the other; none of them is in
    the scene at first.

    Parameters
    ----------
    input_channel
        Which channel of the input.
    shown
        The numbers of the first position.
    scales
        Colours of the grids.
    theme
        Sizes and colours.
    y
        Height of the row's middle.
    columns
        Where the parts stand.
    """

    def __init__(
        self,
        input_channel: int,
        shown: ShownConvolution,
        scales: RowScales,
        theme: Theme,
        y: float,
        columns: RowColumns,
    ) -> None:
        self.input_channel = input_channel
        self.y = y

        above, below = y + columns.drop, y - columns.drop

        def grid(quantities: Grid, scale: ColourScale, x: float, y: float) -> NumberGrid:
            room = columns.grid_width, columns.grid_height
            shape = len(quantities), len(quantities[0])
            fewest = FEWEST if shape == (1, 1) else columns.fewest
            is_large = shape == (1, 1) or columns.drop > 0
            cell = cell_size(shape, *room, theme, fewest)
            made = NumberGrid(
                quantities,
                scale,
                theme,
                *room,
                font_size=_largest_type(theme, cell) if is_large else theme.sizes.small,
                leading=columns.leading,
                fewest=fewest,
            )
            return made.move_to(point(x, y))

        def sign(text: str, x: float, y: float) -> Label:
            label = Label(text, theme.sizes.subtitle, theme.palette.text_muted)
            return label.move_to(point(x, y))

        self.patch = grid(shown.patches[input_channel], scales.patch, columns.patch, above)
        self.patch.add(map_frame(self.patch.cells, theme))
        self.times = sign("×", columns.times, y)
        self.kernel = grid(shown.kernels[input_channel], scales.kernel, columns.kernel, y)
        self.equals = sign(shown.product_equals[input_channel], columns.equals, below)
        self.products = grid(
            shown.products[input_channel], scales.products, columns.products, below
        )
        self.sum_sign = sign(
            f"Σ {shown.channel_equals[input_channel]}", columns.sum_left + 0.25, below
        )
        self.sum = Number(
            shown.channel_sums[input_channel],
            theme.sizes.body if columns.has_wide_sums else theme.sizes.label,
            theme.palette.text,
            anchor="right",
        )
        self.sum.move_to(point(columns.sum_right - self.sum.width / 2, below))
        if columns.has_sums_below:
            sum_y = self.products.get_bottom()[1] - SUM_DROP
            for part in (self.sum_sign, self.sum):
                part.set_y(sum_y)
        self.markers = Group(
            *(_cell_marker(grid, theme) for grid in (self.patch, self.kernel, self.products))
        )

    @property
    def parts(self) -> list[Mobject]:
        """Everything that stands in the row."""
        return [self.times, self.kernel, *self.calculation]

    @property
    def calculation(self) -> list[Mobject]:
        """All that changes when the window moves: the numbers and what they add up to."""
        return [self.patch, self.equals, self.products, self.sum_sign, self.sum]

    def show_numbers(self, shown: ShownConvolution) -> None:
        """Show the numbers of another position."""
        channel = self.input_channel
        self.patch.set_quantities(shown.patches[channel])
        self.equals.set_text(shown.product_equals[channel])
        self.products.set_quantities(shown.products[channel])
        self.sum_sign.set_text(f"Σ {shown.channel_equals[channel]}")
        self.sum.set_quantity(shown.channel_sums[channel])

    def show_term(self, count: float) -> None:
        """Show the first `count` products and mark the term that is being multiplied."""
        self.products.reveal(count)
        index = min(int(count), self.products.cell_count - 1)
        for marker, grid in zip(
            self.markers, (self.patch, self.kernel, self.products), strict=True
        ):
            marker.move_to(grid.cell_centre(index))


def _largest_type(theme: Theme, cell: tuple[float, float]) -> float:
    """Return the largest type for the number in a cell of (width, height)."""
    sizes = theme.sizes
    fitting = (s for s in (sizes.body, sizes.label) if fits_numbers(cell, CHARACTERS, s))
    return next(fitting, sizes.small)


def _cell_marker(grid: NumberGrid, theme: Theme) -> Outline:
    width, height = grid.cells.cell_size()
    marker = Outline(theme.palette.accent, theme.strokes.normal)
    marker.set_edges(-width / 2, height / 2, width / 2, -height / 2)
    return marker.move_to(grid.cell_centre(0))


class Guides(VMobject):
    """Two thin lines from a window's right corners to the grid that enlarges it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            stroke_color=theme.palette.accent,
            stroke_width=theme.strokes.hairline,
            stroke_opacity=0.6,
            fill_opacity=0,
        )

    def connect(self, window: VMobject, grid: HeatMap) -> None:
        """Draw the lines anew for where the window now is."""
        left, top, _, bottom = grid.corners()
        right = window.points[:, 0].max()
        window_top, window_bottom = window.points[:, 1].max(), window.points[:, 1].min()
        self.clear_points()
        self.start_new_path(point(right, window_top))
        self.add_line_to(point(left, top))
        self.start_new_path(point(right, window_bottom))
        self.add_line_to(point(left, bottom))
