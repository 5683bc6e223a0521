"""Where the parts of the convolution's stage stand, in each of the frame's proportions.

In 16:9 the rows of arithmetic fill the stage from the left and the output stands at their
right. In the narrower frames the output lies below the rows: its sum beside its map.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from cnnviz.explain.convolution_numbers import FULL_CHANNELS
from cnnviz.scenes.conv.columns import NARROW_SUM, WIDE_SUM, RowColumns
from cnnviz.style.geometry import Zone
from cnnviz.style.layout import Layout
from cnnviz.style.names import Aspect

CRISP_SHARE = 0.65
"""Maps of whole pixels are preferred until they would be smaller than this share of their room."""

NAME_ROOM = 0.34
"""Height of a name above a map, in Manim units, as all lengths here."""

LEGEND_ROOM = 0.62
"""Height of a legend below a map."""

MARK_ROOM = 0.56
"""What the numbers at the ends of a legend need beyond its width."""

LONG_NAME = 0.85
"""Widest name at the left of a map; longer ones are broken into lines."""

LONE_GRID = 2.3
"""Side of the grids in 16:9 where there is but one row of them, its sum below the products."""

LONE_TALL_MAP = 4.4
"""Side of the output in 9:16 below a single row; the sum stands beside it."""

SQUARE_STEP = 1.26
"""From row to row in 1:1."""

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
class OutputPlaces:
    """Where the output stands."""

    map: Zone
    """A square around its middle."""
    table: Zone
    """The sum that makes one cell."""
    legend_width: float | None = None
    """Without it, as wide as the map, but never narrower than the table."""
    aside: Zone | None = None
    """Where name and legend stand: without it, above and below the map."""
    has_room_for_both: bool = True
    """Whether the legend can stay when the sum is there."""


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
    formula_waits: bool = False
    """Whether the formula stands where the sum will: then it stays until that comes."""

    @classmethod
    def of(cls, layout: Layout, needs: BoardNeeds) -> ConvolutionPlaces:
        """Return the places for a frame."""
        return _PLACES[layout.aspect](layout.stage, needs)

    def with_columns(self, columns: RowColumns) -> ConvolutionPlaces:
        """Return the same places with other columns, and the formula where no kernel stands."""
        formula = self.formula
        if columns.drop and not self.formula_waits:
            first, *others = self.row_ys
            away = (first - others[0]) / 2 if others else columns.drop
            formula = formula.moved(0.0, away)
        return replace(self, columns=columns, formula=formula)


def _wide(stage: Zone, needs: BoardNeeds) -> ConvolutionPlaces:
    """Rows over the whole height, the output in a column at the right."""
    is_alone = needs.rows == 1
    columns = (
        RowColumns.from_left(
            stage.left, map_side=1.8, map_gap=0.35, grid=(LONE_GRID, LONE_GRID), sign_gap=0.36
        )
        if is_alone
        else RowColumns.from_left(
            stage.left,
            map_side=1.43,
            map_gap=0.376111,
            grid=(1.89, 1.41),
            sign_gap=0.29,
            sum_gap=0.135,
            sum_width=1.52,
            tallest=1.62,
        )
    )
    step = stage.height / FULL_CHANNELS
    first_y = stage.y + step * (needs.rows - 1) / 2 - 0.15
    row_ys = tuple(first_y - index * step for index in range(needs.rows))
    x = (columns.sum_right + 0.4 + stage.right) / 2
    side, height = 3.1, 0.31 * needs.table_lines
    output = OutputPlaces(
        map=Zone.centred_at(x, 1.15, side, side),
        table=Zone.centred_at(x, stage.bottom + height / 2, 2.4, height),
        legend_width=side - MARK_ROOM,
        has_room_for_both=False,
    )
    formula_x = (columns.products + columns.sum_right) / 2 - (0.8 if is_alone else 0.2)
    return ConvolutionPlaces(
        columns,
        row_ys,
        Zone(stage.left, stage.top, columns.rows_left - LIST_GAP, stage.bottom),
        output,
        Zone.centred_at(formula_x, stage.y, 2.3 if is_alone else 3.4, stage.height),
    )


def _tall(stage: Zone, needs: BoardNeeds) -> ConvolutionPlaces:
    """Rows over the whole width, each sum below its products; then sum and map."""
    grid_width, step = 1.8, 2.3
    side = LONE_TALL_MAP if needs.rows == 1 else 3.1
    columns = RowColumns.from_left(
        stage.left,
        map_side=1.66,
        map_gap=0.34,
        grid=(grid_width, 1.6),
        sign_gap=0.38,
        tallest=1.66,
    )
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
            table=Zone.centred_at(table_x, output_map.y - 0.15, 3.2, 0.4 * needs.table_lines),
            legend_width=side - MARK_ROOM,
        ),
        Zone.centred_at(table_x, output_map.y, min(3.6, 2 * (table_x - stage.left)), side),
        formula_waits=True,
    )


def _square(stage: Zone, needs: BoardNeeds) -> ConvolutionPlaces:
    """Flat rows over the whole width, each sum at the right and above the table of sums."""
    if needs.rows == 1 and not needs.has_list:
        return _square_alone(stage, needs)
    step, side, table_width, gap = SQUARE_STEP, 2.3, 2.2, 0.3
    columns = _square_columns(stage, needs)
    ticker_room = NAME_ROOM if needs.has_ticker and not needs.has_list else 0.0
    side -= ticker_room
    content = _centred(stage, ticker_room + step * needs.rows + 0.12 + side)
    first_y = content.top - ticker_room - step / 2 - columns.map_rise
    map_x = stage.right - table_width - gap - side / 2 if needs.has_list else stage.x
    output_map = Zone.centred_at(map_x, content.bottom + side / 2, side, side)
    aside_left = columns.rows_left if needs.has_list else stage.left
    aside = Zone(aside_left, output_map.top, output_map.left - 0.2, output_map.bottom)
    table_x, table_height = stage.right - table_width / 2, 0.32 * needs.table_lines
    formula_x = (columns.products - columns.grid_width / 2 + columns.sum_right) / 2
    return ConvolutionPlaces(
        columns,
        tuple(first_y - index * step for index in range(needs.rows)),
        Zone(stage.left, stage.top, columns.rows_left - LIST_GAP, stage.bottom),
        OutputPlaces(
            map=output_map,
            table=Zone.centred_at(table_x, output_map.y - 0.13, table_width, table_height),
            legend_width=min(2.6, aside.width - MARK_ROOM),
            aside=aside,
        ),
        Zone.centred_at(formula_x, content.top - ticker_room - step * needs.rows / 2, 3.0, step),
    )


def _square_alone(stage: Zone, needs: BoardNeeds) -> ConvolutionPlaces:
    """One row over the whole width, its sum below the products; then the output and its sum."""
    map_side, map_gap, sign_gap, sum_room, table_width = 1.66, 0.34, 0.34, 0.6, 2.4
    grid = (stage.width - map_side - map_gap - 2 * sign_gap) / 3
    columns = RowColumns.from_left(
        stage.left, map_side=map_side, map_gap=map_gap, grid=(grid, grid), sign_gap=sign_gap
    )
    row_y = stage.top - NAME_ROOM - grid / 2
    side = row_y - grid / 2 - sum_room - stage.bottom
    output_map = Zone.centred_at(stage.x, stage.bottom + side / 2, side, side)
    aside = Zone(stage.left, output_map.top, output_map.left - 0.2, output_map.bottom)
    table = Zone.centred_at(
        stage.right - table_width / 2, output_map.y, table_width, 0.36 * needs.table_lines
    )
    return ConvolutionPlaces(
        columns,
        (row_y,),
        Zone(stage.left, stage.top, columns.rows_left - LIST_GAP, stage.bottom),
        OutputPlaces(
            map=output_map,
            table=table,
            legend_width=min(2.6, aside.width - MARK_ROOM),
            aside=aside,
        ),
        Zone.centred_at(columns.products, row_y, grid, grid),
    )


def _square_columns(stage: Zone, needs: BoardNeeds) -> RowColumns:
    """Give the grids what the names or the list, the maps and the sums leave them."""
    map_side, map_gap, sign_gap, sum_gap = 1.23, 0.2, 0.26, 0.06
    if needs.has_list:
        name_width = LIST_WIDTH + LIST_GAP - map_side - map_gap
        grid_height, map_rise = SQUARE_STEP - NAME_ROOM - 0.06, NAME_ROOM / 2
    else:
        name_width = min(needs.name_width, LONG_NAME) + 0.1
        grid_height, map_rise = 1.08, 0.0
    sum_width = WIDE_SUM if name_width < LONG_NAME else NARROW_SUM
    taken = name_width + map_side + map_gap + 2 * sign_gap + sum_gap + sum_width
    grid = ((stage.width - taken) / 3, grid_height)
    return RowColumns.from_left(
        stage.left,
        map_side=map_side,
        map_gap=map_gap,
        grid=grid,
        sign_gap=sign_gap,
        sum_gap=sum_gap,
        sum_width=sum_width,
        name_width=name_width,
        map_rise=map_rise,
    )


def _centred(stage: Zone, height: float) -> Zone:
    """Return the part of the stage, as wide as it, that `height` takes in its middle."""
    return stage.inset(0.0, max(stage.height - height, 0.0) / 2)


_PLACES: dict[Aspect, Callable[[Zone, BoardNeeds], ConvolutionPlaces]] = {
    "16:9": _wide,
    "9:16": _tall,
    "1:1": _square,
}
