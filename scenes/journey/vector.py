"""Where the cells that a pixel reaches land in the flattened vector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from manim import VMobject

from cnnviz.explain.flattening import IndexTerms, flat_index, flatten_layer
from cnnviz.explain.quantity import Quantity
from cnnviz.explain.rounding import MINUS
from cnnviz.locales import Words
from cnnviz.mobjects.frames import Outline, map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.text import Label, Number
from cnnviz.model.trace import Trace
from cnnviz.scenes.journey.closeup import CloseUp
from cnnviz.scenes.journey.panel import Panel
from cnnviz.scenes.journey.shown import Written
from cnnviz.scenes.journey.stages import Journey
from cnnviz.scenes.journey.trail import map_scale
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

if TYPE_CHECKING:
    from manim.typing import Point3D

MOST_LINES = 16
"""Channels shown, one line of the vector each."""

LARGEST_CELL, LARGEST_LINE = 3.0, 2.0
"""Width and height of a cell of the vector where there are few, in Manim units."""

ELSEWHERE = 0.25
"""How much is seen of the cells that the pixel does not reach."""


ARITHMETIC = 0.3
"""Height of the line with the first cell's index, in Manim units."""


class VectorBoard:
    """The vector, cut into one line per channel, and the indices of one channel's cells.

    Parameters
    ----------
    trace
        What is shown.
    journey
        Where the pixel gets to.
    zone
        The room.
    theme, words
        Looks and words.
    """

    def __init__(
        self, trace: Trace, journey: Journey, zone: Zone, theme: Theme, words: Words
    ) -> None:
        self._theme, self._words = theme, words
        source = trace.architecture.source_of(flatten_layer(trace).name)
        self._stage = next(stage for stage in journey.stages if stage.layer == source)
        self._shape = flatten_layer(trace).input.shape
        self.channel = self._stage.channel
        self._indices, self._has_part = journey.flat_indices, journey.has_part_in_vector
        grid, vector = (Panel(part, theme) for part in zone.parts(1.0, 2.2, gap=0.5))
        self._make_indices(trace, grid)
        self._make_vector(trace, vector)

    def _make_indices(self, trace: Trace, panel: Panel) -> None:
        """Make one channel's cells with their indices written on them."""
        theme, stage = self._theme, self._stage
        indices = self._indices[self.channel]
        scale = map_scale(trace, stage.layer, theme)
        room = panel.room
        below = Zone(room.left, room.top - ARITHMETIC, room.right, room.bottom)
        self.grid = CloseUp(stage.values, _written(indices), scale, theme, below)
        text = self._words("journey.channel_of", layer=stage.layer, channel=self.channel)
        self.grid_heading = panel.heading(text, self.grid.cells, is_accent=True)
        self.grid_heading.shift(point(0.0, ARITHMETIC))
        row, column = stage.field.rows[0], stage.field.columns[0]
        terms = flat_index(self._shape, self.channel, row, column)
        self.arithmetic = self._write_index(terms, panel)

    def _write_index(self, terms: IndexTerms, panel: Panel) -> list[Label]:
        """Return ``(channel x height + row) x width + column = index`` above the first cell.

        No cell crosses it on its way to the vector, which is beside the cells or below.
        """
        size, palette = self._theme.sizes.small, self._theme.palette
        text = (
            f"({terms.channel} × {terms.height} + {terms.row}) × {terms.width} + {terms.column} = "
        ).replace("-", MINUS)
        left = Label(text, size, palette.text_muted)
        quantity = Quantity.of("index", terms.index, 0, index=terms.index)
        right = Number(quantity, size, palette.text, weight=600)
        y = self.grid.cells.get_top()[1] + ARITHMETIC / 2
        start = max(panel.room.x - (left.width + right.width) / 2, panel.room.left)
        left.move_to(point(start + left.width / 2, y))
        right.move_to(point(start + left.width + right.width / 2, y))
        return [left, right]

    def _make_vector(self, trace: Trace, panel: Panel) -> None:
        theme, layer_trace = self._theme, flatten_layer(trace)
        channels, height, width = self._shape
        self.lines = _channels_shown(channels, self.channel)
        scale = map_scale(trace, self._stage.layer, theme)
        values = layer_trace.output.reshape(channels, height * width)[list(self.lines)]
        room, pixel = panel.room, theme.layout.pixel
        # Below the line with the index, so that no cell crosses that on its way.
        room = Zone(room.left, room.top - ARITHMETIC, room.right, room.bottom)
        cell_width = min(theme.layout.cell_size(height * width, room.width), LARGEST_CELL)
        if cell_width * height * width > room.width:
            cell_width = room.width / (height * width)
        cell_height = int(min(room.height / len(self.lines), LARGEST_LINE) / pixel) * pixel
        total = cell_width * height * width, cell_height * len(self.lines)
        self.vector = HeatMap(scale.colours(values), *total).move_to(room.centre)
        self.frame = map_frame(self.vector, theme)
        reached = np.zeros((channels, height * width), bool)
        reached[np.arange(channels)[:, None], self._columns()] = True
        self.reached = reached[list(self.lines)]
        self.own_line = self.lines.index(self.channel)
        others = [line for line in range(len(self.lines)) if line != self.own_line]
        self.order = [self.own_line, *others]
        text = self._words("journey.vector", count=layer_trace.output.size, width=height * width)
        self.heading = panel.heading(text, self.vector)
        key = "vector_all" if len(self.lines) == channels else "vector_some"
        key = key if self._has_part else f"{key}_nothing"
        text = self._words(
            f"journey.{key}", count=self._indices.size, channels=channels, shown=len(self.lines)
        )
        self.foot = panel.foot(text, self.vector)
        self.runs = self._outline_runs(cell_width, cell_height)
        self.mark = Outline(theme.palette.accent, theme.strokes.thin)
        left, top, right, _ = self.vector.corners()
        margin = 2 * pixel
        self.mark.set_edges(
            left - margin,
            top - self.own_line * cell_height + margin,
            right + margin,
            top - (self.own_line + 1) * cell_height - margin,
        )

    def _outline_runs(self, cell_width: float, cell_height: float) -> list[VMobject]:
        """Return, per line, the outlines around cells that stand together."""
        left, top, _, _ = self.vector.corners()
        lines = []
        for line, reached in enumerate(self.reached):
            runs = VMobject(
                stroke_color=self._theme.palette.accent,
                stroke_width=self._theme.strokes.hairline,
                fill_opacity=0,
            )
            edges = np.flatnonzero(np.diff(reached.astype(int), prepend=0, append=0))
            y = top - line * cell_height
            for start, end in edges.reshape(-1, 2) * cell_width + left:
                runs.start_new_path(point(start, y))
                for corner in ((end, y), (end, y - cell_height), (start, y - cell_height)):
                    runs.add_line_to(np.array([*corner, 0.0]))
                runs.add_line_to(point(start, y))
            lines.append(runs)
        return lines

    def _columns(self) -> np.ndarray:
        """Return, per channel, where in its line of the vector the cells lie."""
        channels, height, width = self._shape
        starts = np.arange(channels)[:, None] * height * width
        return np.asarray(self._indices.reshape(channels, -1) - starts)

    def show_reached(self, share: float) -> None:
        """Light the cells line by line, the channel's own first."""
        lit = self.order[: max(1, round(share * len(self.order)))] if share > 0 else []
        alpha = np.full(self.reached.shape, 255 * ELSEWHERE)
        alpha[lit] = np.where(self.reached[lit], 255, 255 * ELSEWHERE)
        self.vector.set_cell_alpha(np.rint(alpha).astype(np.uint8))

    def flights(self) -> list[tuple[HeatMap, Point3D]]:
        """Return copies of one channel's cells, each with the place it flies to."""
        return [
            (
                self.grid.copy_of_cell(*divmod(position, self.grid.cells.columns)),
                self.vector.cell_centre(self.own_line, int(column)),
            )
            for position, column in enumerate(self._columns()[self.channel])
        ]


def _channels_shown(channels: int, own: int) -> tuple[int, ...]:
    """Return the channels that get a line: all, or the first ones and `own`."""
    if channels <= MOST_LINES:
        return tuple(range(channels))
    return (*range(MOST_LINES - 1), own) if own >= MOST_LINES else tuple(range(MOST_LINES))


def _written(indices: np.ndarray) -> Written:
    def write(characters: int) -> list[list[Quantity]]:
        return [
            [
                Quantity.of("index", int(index), 0, width=characters, index=int(index))
                for index in row
            ]
            for row in indices
        ]

    return write
