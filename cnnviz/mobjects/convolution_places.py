"""Where the parts of the convolution's stage stand, in each of the frame's proportions.

In 16:9 the rows of arithmetic fill the stage from the left and the output stands at their
right. In the narrower frames the output lies below the rows: its sum beside its map.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cnnviz.explain.convolution_numbers import FULL_CHANNELS
from cnnviz.theme import Layout
from cnnviz.zones import Aspect, Zone

CRISP_SHARE = 0.65
"""Maps of whole pixels are preferred until they would be smaller than this share of their room."""

NAME_ROOM = 0.34
"""Height of a name above a map, in Manim units, as all lengths here."""

LEGEND_ROOM = 0.62
"""Height of a legend below a map."""

MARK_ROOM = 0.56
"""What the numbers at the ends of a legend need beyond its width."""

WIDE_SUM = 1.45
NARROW_SUM = 1.34
"""Room for the sign and a sum of seven characters, in the body's size and in a label's."""

LONG_NAME = 0.85
"""Widest name at the left of a map; longer ones are broken into lines."""

LIST_WIDTH = 1.72
"""Least width of a list of many channels."""

LIST_GAP = 0.15
"""Between a list of many channels and the rows."""


@dataclass(frozen=True)
class BoardNeeds:
    """What has to find its place.

    Attributes
    ----------
    rows
        Input channels whose arithmetic is shown in full.
    has_list
        Whether there are more, in a list.
    has_ticker
        Whether the terms of the first row are told in a line above it.
    name_width
        Width of the longest name of a channel.
    """

    rows: int
    has_list: bool
    has_ticker: bool
    name_width: float

    @property
    def table_lines(self) -> int:
        """Lines of the sum: a row's each, the other channels', the bias, the total."""
        return self.rows + self.has_list + 2


@dataclass(frozen=True)
class RowColumns:
    """Where the parts of a row stand, from left to right: centres, unless it says otherwise."""

    map_side: float
    """Longest side of the input's map."""
    map: float
    grid_width: float
    grid_height: float
    patch: float
    times: float
    kernel: float
    equals: float
    products: float
    sum_left: float
    sum_right: float
    """Edges of the sum's column."""
    map_rise: float = 0.0
    """How far above the grids' middle the maps stand that each channel adds."""
    has_sums_below: bool = False
    """Whether sums stand below the products and not at their right."""
    name_width: float = 0.0
    """Room for the channel's name at the left of its map; with none, it stands above."""

    @classmethod
    def from_left(
        cls,
        left: float,
        map_side: float,
        map_gap: float,
        grid: tuple[float, float],
        sign_gap: float,
        sum_gap: float = 0.0,
        sum_width: float | None = None,
        name_width: float = 0.0,
        map_rise: float = 0.0,
    ) -> RowColumns:
        """Set the parts side by side.

        Parameters
        ----------
        left
            Where the row begins.
        map_side
            Longest side of the input's map.
        map_gap, sign_gap, sum_gap
            Before the patch, between two grids, before the sum.
        grid
            Width and height of the three grids.
        sum_width
            Of the sum at the right of the products; without it, sums stand below them.
        name_width
            Of the name at the left of the map.
        map_rise
            How far the maps stand above the middle of lower grids.
        """
        width, height = grid
        pitch = width + sign_gap
        patch = left + name_width + map_side + map_gap + width / 2
        products_right = patch + 2 * pitch + width / 2
        sum_left = products_right - width if sum_width is None else products_right + sum_gap
        return cls(
            map_side=map_side,
            map=left + name_width + map_side / 2,
            grid_width=width,
            grid_height=height,
            patch=patch,
            times=patch + pitch / 2,
            kernel=patch + pitch,
            equals=patch + 1.5 * pitch,
            products=patch + 2 * pitch,
            sum_left=sum_left,
            sum_right=products_right if sum_width is None else sum_left + sum_width,
            map_rise=map_rise,
            has_sums_below=sum_width is None,
            name_width=name_width,
        )

    @property
    def rows_left(self) -> float:
        """Left edge of the patches."""
        return self.patch - self.grid_width / 2

    @property
    def has_wide_sums(self) -> bool:
        """Whether a sum of seven characters fits in the usual size."""
        return self.sum_right - self.sum_left > (WIDE_SUM + NARROW_SUM) / 2

    @property
    def sum_middle(self) -> float:
        """Middle of the sums' column."""
        return (self.sum_left + self.sum_right) / 2


@dataclass(frozen=True)
class OutputPlaces:
    """Where the output stands."""

    map: Zone
    """A square around its middle."""
    table: Zone
    """The sum that makes one cell."""
    sign: tuple[float, float]
    """Middle of the sign before the output in the sweep."""
    legend_width: float | None = None
    """Without it, as wide as the map, but never narrower than the table."""
    aside: Zone | None = None
    """Where name and legend stand: without it, above and below the map."""


@dataclass(frozen=True)
class ConvolutionPlaces:
    """Where everything stands."""

    columns: RowColumns
    row_ys: tuple[float, ...]
    """Heights of the rows' middles."""
    channels: Zone
    """For the list of many input channels."""
    output: OutputPlaces
    formula: Zone

    @classmethod
    def of(cls, layout: Layout, needs: BoardNeeds) -> ConvolutionPlaces:
        """Return the places for a frame."""
        return _PLACES[layout.aspect](layout.stage, needs)


def _wide(stage: Zone, needs: BoardNeeds) -> ConvolutionPlaces:
    """Rows over the whole height, the output in a column at the right."""
    columns = RowColumns.from_left(
        stage.left, 1.43, 0.376111, (1.89, 1.41), 0.29, sum_gap=0.135, sum_width=1.52
    )
    step = stage.height / FULL_CHANNELS
    first_y = stage.y + step * (needs.rows - 1) / 2 - 0.15
    row_ys = tuple(first_y - index * step for index in range(needs.rows))
    x = (columns.sum_right + 0.4 + stage.right) / 2
    height = 0.31 * needs.table_lines
    output = OutputPlaces(
        map=_around(x, 0.96, 2.78, 2.78),
        table=_around(x, stage.bottom + height / 2, 2.4, height),
        sign=(columns.sum_middle, row_ys[needs.rows // 2]),
    )
    formula_x = (columns.products + columns.sum_right) / 2 - 0.2
    return ConvolutionPlaces(
        columns,
        row_ys,
        Zone(stage.left, stage.top, columns.rows_left - LIST_GAP, stage.bottom),
        output,
        _around(formula_x, stage.y, 3.4, stage.height),
    )


def _tall(stage: Zone, needs: BoardNeeds) -> ConvolutionPlaces:
    """Rows over the whole width, each sum below its products; then sum and map."""
    grid_width, side, step = 1.8, 3.1, 2.3
    columns = RowColumns.from_left(stage.left, 1.66, 0.34, (grid_width, 1.6), 0.38)
    content = _centred(stage, step * needs.rows + 0.4 + NAME_ROOM + side + LEGEND_ROOM)
    first_y = content.top - NAME_ROOM - columns.map_side / 2
    rows_bottom = content.top - step * needs.rows
    output_map = Zone(
        stage.right - side,
        content.bottom + LEGEND_ROOM + side,
        stage.right,
        content.bottom + LEGEND_ROOM,
    )
    table_x = (stage.left + output_map.left - 0.4) / 2
    return ConvolutionPlaces(
        columns,
        tuple(first_y - index * step for index in range(needs.rows)),
        Zone(stage.left, content.top, columns.rows_left - LIST_GAP, rows_bottom),
        OutputPlaces(
            map=output_map,
            table=_around(table_x, output_map.y - 0.15, 3.2, 0.4 * needs.table_lines),
            sign=(output_map.left - 0.8, output_map.y),
            legend_width=side - MARK_ROOM,
        ),
        _around(table_x, output_map.y, 3.6, side),
    )


def _square(stage: Zone, needs: BoardNeeds) -> ConvolutionPlaces:
    """Flat rows over the whole width, each sum at the right and above the table of sums."""
    map_side, map_gap, sign_gap, sum_gap, step = 1.23, 0.2, 0.26, 0.06, 1.26
    side, table_width, gap = 2.3, 2.2, 0.3
    names_above = NAME_ROOM if needs.has_list else 0.0
    ticker_room = NAME_ROOM if needs.has_ticker and not needs.has_list else 0.0
    side -= ticker_room
    name_width = min(needs.name_width, LONG_NAME) + 0.1
    if needs.has_list:
        name_width = LIST_WIDTH + LIST_GAP - map_side - map_gap
    sum_width = WIDE_SUM if name_width < LONG_NAME else NARROW_SUM
    fixed = name_width + map_side + map_gap + 2 * sign_gap + sum_gap + sum_width
    grid_width = (stage.width - fixed) / 3
    grid_height = step - 0.06 - NAME_ROOM if needs.has_list else 1.08
    columns = RowColumns.from_left(
        stage.left,
        map_side,
        map_gap,
        (grid_width, grid_height),
        sign_gap,
        sum_gap,
        sum_width,
        name_width,
        names_above / 2,
    )
    content = _centred(stage, ticker_room + step * needs.rows + 0.12 + side)
    first_y = content.top - ticker_room - (step + names_above) / 2
    map_x = stage.right - table_width - gap - side / 2 if needs.has_list else stage.x
    output_map = _around(map_x, content.bottom + side / 2, side, side)
    aside = Zone(
        columns.rows_left if needs.has_list else stage.left,
        output_map.top,
        output_map.left - 0.2,
        output_map.bottom,
    )
    return ConvolutionPlaces(
        columns,
        tuple(first_y - index * step for index in range(needs.rows)),
        Zone(stage.left, stage.top, columns.rows_left - LIST_GAP, stage.bottom),
        OutputPlaces(
            map=output_map,
            table=_around(
                stage.right - table_width / 2,
                output_map.y - 0.13,
                table_width,
                0.32 * needs.table_lines,
            ),
            sign=(aside.right - 0.45, output_map.y),
            legend_width=min(2.6, aside.width - MARK_ROOM),
            aside=aside,
        ),
        _around(
            (columns.products - grid_width / 2 + columns.sum_right) / 2,
            content.top - ticker_room - step * needs.rows / 2,
            3.0,
            step,
        ),
    )


def _around(x: float, y: float, width: float, height: float) -> Zone:
    """Return the zone with its middle at (x, y)."""
    return Zone(x - width / 2, y + height / 2, x + width / 2, y - height / 2)


def _centred(stage: Zone, height: float) -> Zone:
    """Return the part of the stage, as wide as it, that `height` takes in its middle."""
    return stage.inset(0.0, max(stage.height - height, 0.0) / 2)


_PLACES: dict[Aspect, Callable[[Zone, BoardNeeds], ConvolutionPlaces]] = {
    "16:9": _wide,
    "9:16": _tall,
    "1:1": _square,
}
