"""A block at a pooling layer: its windows, who wins them, and what is left of the pixel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from manim import Mobject

from cnnviz.explain.pooling import winners
from cnnviz.layers import MaxPool2d
from cnnviz.locales import Words
from cnnviz.mobjects.frames import Outline
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.model.trace import Trace
from cnnviz.scenes.journey.closeup import CloseUp
from cnnviz.scenes.journey.layer_blocks import LayerBlock
from cnnviz.scenes.journey.own_part import own_heading, stronger_scale, times_stronger
from cnnviz.scenes.journey.panel import divide_stage, holds_a_row
from cnnviz.scenes.journey.shown import written_cells
from cnnviz.scenes.journey.steps import (
    cells_within,
    counted_winners,
    have_ties,
    window_area,
)
from cnnviz.scenes.journey.trail import map_scale
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import Theme

if TYPE_CHECKING:
    from manim.typing import Point3D

GAP = 0.55
"""Between the panels, in Manim units."""

LOSER = 0.22
"""How much is still seen of a cell that wins no window."""

OUTSIDE = 0.4
"""How much is seen of cells that the pixel does not reach, as long as nobody has won."""

INSET = 0.06
"""Of a winner's outline from its cell's edges, as a share of the cell."""


class PoolBoard:
    """The mobjects of one block; none is in the scene at first.

    Parameters
    ----------
    trace
        What is shown.
    block
        A pooling layer whose field is not empty.
    zone
        The room.
    theme, words
        Looks and words.
    """

    def __init__(
        self, trace: Trace, block: LayerBlock, zone: Zone, theme: Theme, words: Words
    ) -> None:
        stage, layer = block.first, trace[block.first.layer].layer
        assert isinstance(layer, MaxPool2d)
        self._theme = theme
        self._stage = stage
        rows, columns = window_area(layer, stage.field)
        shapes = (len(rows), len(columns)), stage.values.shape, stage.values.shape
        before, after, own = divide_stage(_divisions(zone), shapes, theme)
        self._rows, self._columns = rows, columns
        self._is_reached = cells_within(rows, columns, block.before)
        scale = map_scale(trace, stage.layer, theme)
        times = times_stronger(stage.own_parts, scale)
        self._make_close_ups(trace, (before.room, after.room, own.room), scale, times)
        self._find_winners(trace)
        self._mark_cells(layer)
        height, width = layer.window.kernel_sizes
        text = words("journey.windows", height=height, width=width)
        if have_ties(trace, block):
            text += words("journey.tie")
        self.before_heading = before.heading(text, self.before.cells, is_accent=True)
        text = words("journey.channel_of", layer=stage.layer, channel=stage.channel)
        self.after_heading = after.heading(text, self.after.cells)
        self.own_heading = own.heading(own_heading(words, times), self.own.cells)
        won, total = counted_winners(trace, block)
        key = "won" if won else "none_won"
        foot = words(f"journey.{key}", count=total, won=won)
        self.foot = before.foot(foot, self.before.cells)

    def _make_close_ups(
        self, trace: Trace, rooms: tuple[Zone, Zone, Zone], scale: ColourScale, times: int
    ) -> None:
        """Enlarge what goes in, what comes out, and the pixel's part of that, so often stronger."""
        stage, theme = self._stage, self._theme
        rows, columns = self._rows, self._columns
        values = trace[stage.layer].input[stage.channel][np.ix_(rows, columns)]
        source = trace.architecture.source_of(stage.layer)
        entering = written_cells("activation", values, rows, columns, source, stage.channel)
        self.before = CloseUp(values, entering, scale, theme, rooms[0])
        self.before.show_share(np.where(self._is_reached, 1.0, OUTSIDE))
        where = (stage.field.rows, stage.field.columns, stage.layer, stage.channel)
        leaving = written_cells("activation", stage.values, *where, alike=values)
        self.after = CloseUp(stage.values, leaving, scale, theme, rooms[1])
        own, stronger = stage.own_parts, stronger_scale(scale, times, theme)
        self.own = CloseUp(own, written_cells("own_part", own, *where), stronger, theme, rooms[2])

    def _find_winners(self, trace: Trace) -> None:
        """Note, for every window, where in the close-up its winner lies."""
        stage = self._stage
        found = winners(trace[stage.layer], stage.channel)
        cells = np.ix_(stage.field.rows, stage.field.columns)
        self.winning = [
            (self._rows.index(int(row)), self._columns.index(int(column)))
            for row, column in zip(
                found.rows[cells].ravel(), found.columns[cells].ravel(), strict=True
            )
        ]
        self._is_zero = stage.values.ravel() == 0

    def _mark_cells(self, layer: MaxPool2d) -> None:
        """Make the windows' outlines, those of the winners, and that of the field."""
        palette = self._theme.palette
        self.windows = [
            self._window(layer, row, column)
            for row in self._stage.field.rows
            for column in self._stage.field.columns
        ]
        width, height = self.before.cells.cell_size()
        self.marks: list[Outline] = []
        winning = zip(self.winning, self._is_zero, strict=True)
        for i, j in dict.fromkeys(place for place, is_zero in winning if not is_zero):
            is_own = bool(self._is_reached[i, j])
            outline = Outline(
                palette.accent if is_own else palette.text_muted, self._theme.strokes.normal
            )
            x, y, _ = self.before.cells.cell_centre(i, j)
            x_size, y_size = width * (0.5 - INSET), height * (0.5 - INSET)
            outline.set_edges(x - x_size, y + y_size, x + x_size, y - y_size)
            self.marks.append(outline)

    def _window(self, layer: MaxPool2d, row: int, column: int) -> Outline:
        """Return the outline of one pooling window on the close-up."""
        rows, columns = layer.window.rows.cells(row), layer.window.columns.cells(column)
        i, j = self._rows.index(rows[0]), self._columns.index(columns[0])
        height, width = len(rows), len(columns)
        return self.before.outline(i, j, i + height, j + width, self._theme.palette.text)

    @property
    def before_parts(self) -> list[Mobject]:
        """The windows, with the cells in them."""
        return [*self.before.parts, *self.windows, self.before_heading]

    @property
    def own_parts(self) -> list[Mobject]:
        """The pixel's own part of it, with heading."""
        return [*self.own.parts, self.own_heading]

    def flights(self) -> list[tuple[HeatMap, Point3D]]:
        """Return a copy of every window's winner, with the place it flies to."""
        return [
            (
                self.before.copy_of_cell(i, j),
                self.after.cells.cell_centre(*divmod(position, self.after.cells.columns)),
            )
            for position, (i, j) in enumerate(self.winning)
        ]

    def show_losers(self, share: float) -> None:
        """Let all cells but the winners fade."""
        start = np.where(self._is_reached, 1.0, OUTSIDE)
        end = np.full(start.shape, LOSER)
        for i, j in self.winning:
            end[i, j] = 1.0
        self.before.show_share(start + (end - start) * share)


def _divisions(zone: Zone) -> list[Sequence[Zone]]:
    """Return the zones of what comes in, of what goes on, and of the pixel's part of it."""
    if zone.is_wide:
        before, rest = zone.columns(2, 1, gap=GAP)
        side_by_side = [zone.columns(1.35, 1, 1, gap=GAP)] if holds_a_row(zone) else []
        return [*side_by_side, [before, *rest.rows(1, 1)]]
    before, rest = zone.rows(1.3, 1)
    return [[before, *rest.columns(1, 1, gap=GAP)]]
