"""One output of each of two maps, worked in full: patch times weights, product by product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from manim import Mobject

from cnnviz.explain.convolution_numbers import ConvolutionNumbers
from cnnviz.explain.convolution_shown import CELL_CHARACTERS
from cnnviz.explain.scaling import symmetric_range
from cnnviz.locales import Words
from cnnviz.mobjects.fitting import SMALLEST, FittedLabel
from cnnviz.mobjects.frames import map_frame
from cnnviz.mobjects.maps import input_scale
from cnnviz.mobjects.number_grid import NumberGrid, number_width
from cnnviz.mobjects.text import Label
from cnnviz.scenes.compare.board import CompareBoard
from cnnviz.scenes.compare.columns import LARGEST_GRID, SIGN, Column, column_rooms
from cnnviz.scenes.compare.half import Half, channel_name
from cnnviz.scenes.compare.sum_table import TERM_PITCH, TOTAL_ROOM, SumTable
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

TABLE = 2.0
"""Width of a sum, in Manim units, as all lengths here."""

TABLE_GAP = 0.3
"""Between it and the grids."""

MIRRORED_GAP = 0.15
"""The same where two sums take grids between them, and there is less room."""

LONG_TABLE = 0.85
"""Height of a sum whose terms stand side by side."""

LOWEST_ROW = 1.25
"""Of a row of grids with their name, where sums stand below the grids."""

SIDE_GAP, BLOCK_GAP = 0.5, 0.15
"""Between both where they stand apart, side by side or one above the other."""

HEADING = 0.4
"""Above a block of rows."""

NAME, ROW_GAP = 0.26, 0.06
"""Above each row, for its channel's name, and below it."""

LOWEST_CELL = 0.19
"""In which a number can be read."""

SMALLEST_GRID = 0.4


class Worked:
    """The arithmetic of both at one place; nothing is in the scene at first.

    One filter stands in the middle, between the patches of two pictures, where that is legible;
    else each side has rows of its own.

    Parameters
    ----------
    board
        The place, and all its numbers.
    theme, words
        Looks and words.

    Attributes
    ----------
    around, grids, products, tables
        Names and signs; patches and kernels; products; the sums of both.
    """

    def __init__(self, board: CompareBoard, theme: Theme, words: Words) -> None:
        self._theme, self._words, self._board = theme, words, board
        self.around: list[Mobject] = []
        self.grids: list[NumberGrid] = []
        self.products: list[NumberGrid] = []
        self.tables: list[SumTable] = []
        self._scales = self._make_scales()
        stage = theme.layout.stage
        self._arrange(stage)
        for grid in self.products:
            grid.reveal(0)

    @property
    def has_numbers(self) -> bool:
        """Whether every product is written out."""
        return all(grid.has_numbers for grid in self.products)

    def reveal(self, share: float) -> None:
        """Show the first share, 0 to 1, of the products of every grid."""
        for grid in self.products:
            grid.reveal(share * grid.cell_count)

    # -- where things stand ---------------------------------------------------------------------

    def _arrange(self, stage: Zone) -> None:
        """Choose where everything stands: so that products can be written out, if possible.

        Where they cannot, one filter in the middle is chosen if grids are larger so.
        """
        narrowest = self._narrowest_grid(self._theme.sizes.small)
        half = (stage.width - SIDE_GAP) / 2
        mirrored = 5 * narrowest + 4 * SIGN
        has_one_filter, below = self._board.sides.are_pictures, self._sums_below(stage)
        if has_one_filter and mirrored + 2 * TABLE <= stage.width:
            self._mirror(stage)
        elif has_one_filter and below and mirrored <= stage.width:
            self._mirror(stage, below)
        elif stage.is_wide and 3 * narrowest + 2 * SIGN <= half:
            self._set_apart(stage.columns(1, 1, gap=SIDE_GAP), has_long_sums=True)
        else:
            zones = stage.rows(1, 1, gap=BLOCK_GAP)
            width, height = self._grid_room(zones[0], 3, beside=TABLE + TABLE_GAP)
            is_written_beside = self._is_legible(width, height)
            over_sum = replace(zones[0], bottom=zones[0].bottom + LONG_TABLE)
            is_written_above = self._is_legible(*self._grid_room(over_sum, 3, beside=0.0))
            is_written = is_written_beside or is_written_above
            above = replace(stage, bottom=stage.bottom + below)
            mirrored, over_sums = (
                min(self._grid_room(zone, 5, beside=beside))
                for zone, beside in ((stage, 2 * TABLE), (above, 0.0))
            )
            largest = max(mirrored, over_sums if below else 0.0)
            if has_one_filter and not is_written and largest > min(width, height):
                self._mirror(stage, 0.0 if mirrored == largest else below)
            else:
                is_better_above = is_written_above and not is_written_beside
                has_long_sums = is_better_above or self._has_room_below(zones[0])
                self._set_apart(zones, has_long_sums=has_long_sums)

    def _grid_room(self, zone: Zone, columns: int, *, beside: float) -> tuple[float, float]:
        """Return width and height of a grid, so many side by side, and sums beside them."""
        count = len(self._board.halves[0].numbers.shown_channels)
        width = (zone.width - (columns - 1) * SIGN - beside) / columns
        height = (zone.height - HEADING) / count - NAME - ROW_GAP
        return min(width, LARGEST_GRID), min(height, LARGEST_GRID)

    def _is_legible(self, width: float, height: float) -> bool:
        """Return whether numbers can be written into a grid of a size."""
        lines = len(self._board.halves[0].numbers.first.products[0])
        return width >= self._narrowest_grid(SMALLEST) and height >= lines * LOWEST_CELL

    def _has_room_below(self, zone: Zone) -> bool:
        """Return whether one side's grids, as wide as its zone, leave room for its sum below."""
        count = len(self._board.halves[0].numbers.shown_channels)
        width = min((zone.width - 2 * SIGN) / 3, LARGEST_GRID)
        return HEADING + count * (width + NAME) + LONG_TABLE <= zone.height

    def _sums_below(self, stage: Zone) -> float:
        """Return how high sums below the grids are; 0 if they leave too little to those."""
        numbers = self._board.halves[0].numbers
        terms, rows = len(numbers.summands(numbers.first)), len(numbers.shown_channels)
        height = terms * TERM_PITCH + TOTAL_ROOM
        is_enough = stage.height - HEADING - height >= rows * LOWEST_ROW
        return height if is_enough else 0.0

    def _mirror(self, stage: Zone, below: float = 0.0) -> None:
        """Set products, patch, kernel, patch and products side by side; sums outside, or below.

        Parameters
        ----------
        stage
            The room for all.
        below
            Height of the sums below the grids; 0 where they stand outside of them.
        """
        first, second = self._board.halves
        beside = 0.0 if below else TABLE
        patch_1, kernel, products_1 = self._columns(first)
        patch_2, _, products_2 = self._columns(second)
        columns = (products_1, patch_1, kernel, patch_2, products_2)
        between = replace(stage, left=stage.left + beside, right=stage.right - beside)
        rooms = column_rooms(columns, between)
        one, two = self._equals(first), self._equals(second)
        signs = (one, ("×",) * len(one), ("×",) * len(one), two)
        table = rooms[0].left - stage.left - MIRRORED_GAP
        rows = replace(stage, bottom=stage.bottom + below)
        top = self._fill_rows(rows, rooms, columns, signs, first.numbers)
        names = [
            self._words(f"compare.{key}", name=name)
            for key, name in (
                ("products", ""),
                ("patch", self._board.sides.names[0]),
                ("weights", ""),
                ("patch", self._board.sides.names[1]),
                ("products", ""),
            )
        ]
        self._head(top, rooms, names)
        zones: Sequence[Zone] = (
            Zone(stage.left, stage.top - HEADING, stage.left + table, stage.bottom),
            Zone(stage.right - table, stage.top - HEADING, stage.right, stage.bottom),
        )
        if below:
            zones = replace(stage, top=rows.bottom).columns(1, 1, gap=SIDE_GAP)
        for half, zone in zip((first, second), zones, strict=True):
            self.tables.append(half.make_table(self._words, zone, is_long=False))

    def _set_apart(self, zones: Sequence[Zone], *, has_long_sums: bool) -> None:
        """Give each side rows of its own: patch, kernel, products; the sum below or beside them."""
        for side, (half, zone) in enumerate(zip(self._board.halves, zones, strict=True)):
            beside, below = (0.0, LONG_TABLE) if has_long_sums else (TABLE + TABLE_GAP, 0.0)
            columns = self._columns(half)
            rooms = column_rooms(columns, replace(zone, right=zone.right - beside))
            rows = Zone(zone.left, zone.top, zone.right, zone.bottom + below)
            equals = self._equals(half)
            signs = (("×",) * len(equals), equals)
            top = self._fill_rows(rows, rooms, columns, signs, half.numbers)
            name = self._board.sides.names[side]
            keys = ("patch", "weights", "products")
            names = [self._words(f"compare.{key}", name=name) for key in keys]
            self._head(top, rooms, names)
            right = rooms[-1].right + TABLE_GAP
            table = Zone(right, zone.top - HEADING, right + TABLE, zone.bottom)
            if has_long_sums:
                table = Zone(zone.left, zone.bottom + below, zone.right, zone.bottom)
            self.tables.append(half.make_table(self._words, table, is_long=has_long_sums))

    def _fill_rows(
        self,
        zone: Zone,
        rooms: Sequence[Zone],
        columns: Sequence[Column],
        signs: Sequence[Sequence[str]],
        numbers: ConvolutionNumbers,
    ) -> float:
        """Set the rows of a block, one for each input channel shown; return where they begin."""
        theme, count = self._theme, len(columns[0].grids)
        pitch = min((zone.height - HEADING) / count, LARGEST_GRID + NAME)
        height = min(pitch - NAME - ROW_GAP, LARGEST_GRID)
        rows, cells = len(columns[0].grids[0]), len(columns[0].grids[0][0])
        widths = [room.width for room in rooms]
        if height / rows < LOWEST_CELL:
            widest = max(cells * number_width(CELL_CHARACTERS, SMALLEST) - 0.1, SMALLEST_GRID)
            widths = [min(width, widest) for width in widths]
        small = theme.sizes.small
        has_room = all(
            width / max(cells, 3) >= number_width(column.characters, small) + theme.layout.pixel
            for width, column in zip(widths, columns, strict=True)
        )
        size = small if has_room else SMALLEST
        top = zone.top - HEADING - ((zone.height - HEADING) - pitch * count) / 2
        for row in range(count):
            y = top - row * pitch - NAME - height / 2
            for column, room, width in zip(columns, rooms, widths, strict=True):
                grid = NumberGrid(
                    column.grids[row], column.scale, theme, width, height, column.characters, size
                )
                grid.move_to(point(room.x, y))
                is_product = column.scale is self._scales[2]
                (self.products if is_product else self.grids).append(grid)
                self.around.append(map_frame(grid.cells, theme))
            for place, texts in enumerate(signs):
                sign = Label(texts[row], theme.sizes.label, theme.palette.text_muted)
                between = (rooms[place].right + rooms[place + 1].left) / 2
                self.around.append(sign.move_to(point(between, y)))
            middle = len(rooms) // 2
            name = FittedLabel(
                channel_name(numbers, numbers.shown_channels[row], self._words),
                theme.sizes.label,
                theme.palette.text_muted,
                widths[middle],
            )
            self.around.append(name.move_to(point(rooms[middle].x, y + height / 2 + NAME / 2)))
        return top

    def _head(self, bottom: float, rooms: Sequence[Zone], names: Sequence[str]) -> None:
        palette = self._theme.palette
        for room, text in zip(rooms, names, strict=True):
            label = FittedLabel(text, self._theme.sizes.label, palette.text, room.width + SIGN / 2)
            self.around.append(label.move_to(point(room.x, bottom + HEADING / 2)))

    # -- what they hold -------------------------------------------------------------------------

    def _columns(self, half: Half) -> tuple[Column, Column, Column]:
        """Return the patches, kernels and products of a side, a row for each channel."""
        shown, channels = half.numbers.first, half.numbers.shown_channels
        grids = (shown.patches, shown.kernels, shown.products)
        return tuple(  # type: ignore[return-value]
            Column(tuple(each[channel] for channel in channels), scale)
            for each, scale in zip(grids, self._scales, strict=True)
        )

    def _equals(self, half: Half) -> tuple[str, ...]:
        shown = half.numbers.first
        return tuple(shown.product_equals[channel] for channel in half.numbers.shown_channels)

    def _make_scales(self) -> tuple[ColourScale, ColourScale, ColourScale]:
        """Return the colours of patches, kernels and products: the same on both sides."""
        theme, halves = self._theme, self._board.halves
        layer = self._board.place.layer
        patches = [input_scale(theme, half.trace, layer) for half in halves]
        weights = max(symmetric_range(half.numbers.weight).high for half in halves)
        products = [
            abs(quantity.value)
            for half in halves
            for grid in half.numbers.first.products
            for row in grid
            for quantity in row
        ]
        return (
            max(patches, key=lambda scale: scale.high),
            theme.weight_scale(weights),
            theme.signed_scale(max(products) or 1.0),
        )

    def _narrowest_grid(self, font_size: float) -> float:
        """Return the least width of a grid in which numbers of a size can be written."""
        cells = max(len(self._board.halves[0].numbers.first.products[0][0]), 3)
        return cells * (number_width(CELL_CHARACTERS, font_size) + self._theme.layout.pixel)
