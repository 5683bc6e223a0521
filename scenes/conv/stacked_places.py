"""Where a single row of arithmetic stands whose kernel is too large for its numbers side by side.

Patch, kernel and products stand one below the other, as wide as the frame allows, the input, or
the list of all channels, beside them; the output stands where it does otherwise.
"""

from __future__ import annotations

from collections.abc import Callable

from cnnviz.scenes.conv.columns import LINE_GAP, SIGN_ROOM, TIGHT, WIDE_SUM, RowColumns
from cnnviz.scenes.conv.places import (
    LEGEND_ROOM,
    MARK_ROOM,
    NAME_ROOM,
    ConvolutionPlaces,
    OutputPlaces,
)
from cnnviz.style.geometry import Zone
from cnnviz.style.layout import Layout
from cnnviz.style.names import Aspect

GAP = 0.25
"""Between the input's map and the signs, in Manim units, as all lengths here."""

SUM_ROOM = 0.5
"""Below the products."""

TABLE_LINES = 3
"""Of the sum: the channel's, the bias, the total; and of several channels, that of the others."""


def stacked_places(layout: Layout, *, has_list: bool) -> ConvolutionPlaces:
    """Return the places for a frame, with a list where the row is one of several channels."""
    return _PLACES[layout.aspect](layout.stage, has_list=has_list)


def _stack(
    stack: Zone, map_side: float, map_x: float, map_rise: float = 0.0, *, is_sum_below: bool
) -> RowColumns:
    """Return where the parts of the row stand: the three grids fill `stack`."""
    height = (stack.height - 2 * LINE_GAP) / 3
    sum_left = stack.right - WIDE_SUM if is_sum_below else stack.right
    sign = stack.left - SIGN_ROOM / 2
    return RowColumns(
        map_side=map_side,
        map=map_x,
        grid_width=stack.width,
        grid_height=height,
        patch=stack.x,
        times=sign,
        kernel=stack.x,
        equals=sign,
        products=stack.x,
        sum_left=sum_left,
        sum_right=sum_left + WIDE_SUM,
        map_rise=map_rise,
        has_sums_below=is_sum_below,
        drop=height + LINE_GAP,
        leading=TIGHT,
    )


def _places(
    columns: RowColumns, stack: Zone, channels: Zone, output: OutputPlaces
) -> ConvolutionPlaces:
    """Return all places; the formula stands where the products will."""
    formula = Zone.centred_at(stack.x, stack.y - columns.drop, stack.width, columns.grid_height)
    return ConvolutionPlaces(columns, (stack.y,), channels, output, formula)


def _wide(stage: Zone, *, has_list: bool) -> ConvolutionPlaces:
    """Set the input, the stack, then the output with its sum below it."""
    map_side, grid_width, side, line = 3.4, 4.1, 3.1, 0.31
    left = stage.left + map_side + GAP + SIGN_ROOM
    stack = Zone(left, stage.top - NAME_ROOM * has_list, left + grid_width, stage.bottom)
    columns = _stack(stack, map_side, stage.left + map_side / 2, is_sum_below=False)
    x, height = stage.right - side / 2, line * (TABLE_LINES + has_list)
    output = OutputPlaces(
        map=Zone.centred_at(x, 1.15, side, side),
        table=Zone.centred_at(x, stage.bottom + height / 2, 2.4, height),
        legend_width=side - MARK_ROOM,
        has_room_for_both=False,
    )
    channels = Zone(stage.left, stage.top, stage.left + map_side, stage.bottom)
    return _places(columns, stack, channels, output)


def _tall(stage: Zone, *, has_list: bool) -> ConvolutionPlaces:
    """Set the input beside the stack, and below both the sum beside the output."""
    map_side, side, between = 3.5, 4.4, 0.4
    bottom = stage.bottom + LEGEND_ROOM + side + NAME_ROOM + between
    left = stage.left + map_side + GAP + SIGN_ROOM
    top = stage.top - NAME_ROOM * has_list
    stack = Zone(left, top, stage.right, bottom + SUM_ROOM)
    columns = _stack(stack, map_side, stage.left + map_side / 2, is_sum_below=True)
    y = stage.bottom + LEGEND_ROOM + side / 2
    output_map = Zone.centred_at(stage.right - side / 2, y, side, side)
    table_x = (stage.left + output_map.left - between) / 2
    output = OutputPlaces(
        map=output_map,
        table=Zone.centred_at(table_x, y - 0.15, 3.2, 0.4 * (TABLE_LINES + has_list)),
        legend_width=side - MARK_ROOM,
    )
    channels = Zone(stage.left, stage.top, stage.left + map_side, bottom)
    return _places(columns, stack, channels, output)


def _square(stage: Zone, *, has_list: bool) -> ConvolutionPlaces:
    """Set the input above the output and its sum, the stack over the whole height beside both."""
    side, grid_width, table_width, second_line = 2.34, 3.8, 2.1, 0.12
    top = stage.top - NAME_ROOM * has_list
    stack = Zone(stage.right - grid_width, top, stage.right, stage.bottom + SUM_ROOM)
    y = stage.bottom + second_line + LEGEND_ROOM + side / 2
    map_y = stage.top - NAME_ROOM - side / 2
    map_x = stage.left + side / 2
    columns = _stack(stack, side, map_x, map_y - stack.y, is_sum_below=True)
    table_x = (map_x + side / 2 + stack.left - SIGN_ROOM) / 2
    output = OutputPlaces(
        map=Zone.centred_at(map_x, y, side, side),
        table=Zone.centred_at(table_x, y, table_width, 0.36 * (TABLE_LINES + has_list)),
        legend_width=side - MARK_ROOM,
    )
    right = stack.left - SIGN_ROOM - GAP
    channels = Zone(stage.left, stage.top, right, map_y - side / 2)
    return _places(columns, stack, channels, output)


_PLACES: dict[Aspect, Callable[..., ConvolutionPlaces]] = {
    "16:9": _wide,
    "9:16": _tall,
    "1:1": _square,
}
