"""The stage of max pooling: the map, a few windows of it enlarged, what they become."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from manim import VMobject

from cnnviz.explain.places import Place
from cnnviz.explain.pooling import Pixel, PoolingWindow
from cnnviz.locales import Words
from cnnviz.mobjects.expression import Expression, Part
from cnnviz.mobjects.frames import KernelWindow, Outline
from cnnviz.mobjects.map_panel import MapPanel
from cnnviz.mobjects.maps import input_scale, output_scale
from cnnviz.mobjects.text import Label, line_width
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.scenes.pool.excerpt import PoolExcerpt
from cnnviz.scenes.pool.numbers import PoolingNumbers
from cnnviz.style.geometry import Zone, point
from cnnviz.style.layout import Layout
from cnnviz.style.theme import Theme

GAP = 0.4
"""Between the parts of the stage, in Manim units."""

MARGIN = 0.15
"""Above and below the enlarged windows, in Manim units."""

LISTED = 4
"""So many values are listed in the calculation; of more it names the largest."""

LATTICE_SHARE = 0.75
"""Opacity of the lines between the windows on the map."""

NOTE_DROP = 0.46
"""From the calculation down to the note below it, in Manim units."""


Corners = tuple[float, float, float, float]
"""Left, top, right and bottom, in scene coordinates."""


@dataclass(frozen=True)
class PoolZones:
    """The rooms of the stage while single windows are told."""

    before: Zone
    excerpt: Zone
    result: Zone
    after: Zone
    readout: Zone

    @classmethod
    def of(cls, layout: Layout) -> PoolZones:
        """Return the rooms in a frame."""
        stage = layout.stage
        if layout.aspect == "9:16":
            maps, work, readout = stage.rows(1.0, 1.0, 0.26, gap=GAP / 2)
            before, after = maps.columns(1.9, 1.0, gap=GAP)
            excerpt, result = work.columns(1.9, 1.0, gap=GAP)
        elif layout.aspect == "1:1":
            maps, right = stage.columns(1.0, 1.9, gap=GAP)
            before, after = maps.rows(1.55, 1.0, gap=GAP / 4)
            work, readout = right.rows(1.0, 0.24)
            excerpt, result = work.columns(1.8, 1.0, gap=GAP)
        else:
            before, right = stage.columns(1.0, 2.9, gap=GAP)
            work, readout = right.rows(1.0, 0.24)
            work = work.inset(0.0, MARGIN)
            excerpt, result, after = work.columns(2.0, 1.05, 1.2, gap=GAP)
        return cls(before, excerpt, result, after, readout)


class PoolBoard:
    """All mobjects of the first part of the scene; none is in it at first.

    Parameters
    ----------
    trace
        What the network computed.
    place
        The output that is explained first.
    theme, words
        Looks and words.
    """

    def __init__(self, trace: Trace, place: Place, theme: Theme, words: Words) -> None:
        self.theme = theme
        self.words = words
        self.numbers = PoolingNumbers(trace, place)
        self.zones = PoolZones.of(theme.layout)
        numbers = self.numbers
        is_picture = numbers.source == INPUT
        self.source_name = words("common.picture") if is_picture else numbers.source
        self.scale = input_scale(theme, trace, place.layer)
        self.scale_after = self.scale if is_picture else output_scale(theme, trace, place.layer)
        self.whole = self.make_before(theme.layout.stage)
        self.before = self.make_before(self.zones.before)
        self.after = self.make_after(
            self.zones.after, self.before.map.cell_size()[0], has_legend=False
        )
        self.after.map.set_cell_alpha(np.zeros(numbers.output_shape, np.uint8))
        for panel in (self.whole, self.before):
            self._dim_unreached(panel)
        self.excerpt = PoolExcerpt(
            numbers, self.scale, self.zones.excerpt, self.zones.result, theme
        )
        self.lattice = self._make_lattice()
        self.window = KernelWindow(self.before.map, numbers.layer.kernel_size, theme)
        self.cursor = KernelWindow(self.after.map, 1, theme)
        for frame in (self.window, self.cursor):  # gold is for the winner alone
            frame.set_stroke(theme.palette.text)
        self.region = Outline(theme.palette.text_muted, theme.strokes.hairline)
        self.guides = VMobject(
            stroke_color=theme.palette.text_muted,
            stroke_width=theme.strokes.hairline,
            stroke_opacity=theme.aside,
            fill_opacity=0,
        )
        self.arrow = self._make_arrow()
        first = numbers.window(place.row, place.column)
        readout = self.zones.readout
        self.calculation = Expression(
            self._calculation(first, (place.row, place.column)),
            theme.sizes.number,
            readout.centre + point(0.0, NOTE_DROP / 2),
            readout.width,
            theme,
        )
        self.note = Label("", theme.sizes.label, theme.palette.text_muted)
        self.note.move_to(readout.centre - point(0.0, NOTE_DROP / 2))
        self.show_window(place.row, place.column)

    # -- maps ---------------------------------------------------------------------------------

    def make_before(self, zone: Zone, largest_cell: float | None = None) -> MapPanel:
        """Return the input map for some room."""
        numbers = self.numbers
        name = self._map_name(self.source_name, numbers.values.shape)
        return MapPanel(
            numbers.values,
            self.scale,
            name,
            numbers.source,
            self.theme,
            self.words,
            zone,
            largest_cell,
        )

    def make_after(self, zone: Zone, largest_cell: float, *, has_legend: bool = True) -> MapPanel:
        """Return the output map for some room."""
        numbers = self.numbers
        return MapPanel(
            numbers.output,
            self.scale_after,
            self._map_name(numbers.layer.name, numbers.output_shape),
            numbers.layer.name,
            self.theme,
            self.words,
            zone,
            largest_cell,
            has_legend=has_legend,
        )

    def _map_name(self, layer: str, shape: tuple[int, ...]) -> str:
        """Return layer and size."""
        rows, columns = shape
        return self.words("pool.map", layer=layer, rows=rows, columns=columns)

    def _dim_unreached(self, panel: MapPanel) -> None:
        """Dim the rows and columns that no window looks at."""
        winners = self.numbers.winners
        alpha = np.full(self.numbers.values.shape, 255, np.uint8)
        dimmed = round(255 * self.theme.dimmed)
        alpha[list(winners.unreached_rows)] = dimmed
        alpha[:, list(winners.unreached_columns)] = dimmed
        panel.map.set_cell_alpha(alpha)

    def _make_lattice(self) -> VMobject:
        """Return the lines between the windows on the whole map, where they touch."""
        layer, cells = self.numbers.layer, self.whole.map
        lines = VMobject(
            stroke_color=self.theme.palette.background,
            stroke_width=self.theme.strokes.hairline,
            stroke_opacity=LATTICE_SHARE,
            fill_opacity=0,
        )
        if layer.stride != layer.kernel_size or layer.stride == 1:
            return lines
        left, top, _, _ = cells.corners()
        width, height = cells.cell_size()
        rows, columns = (count * layer.stride for count in self.numbers.output_shape)
        for column in range(layer.stride, columns + 1, layer.stride):
            lines.start_new_path(point(left + column * width, top))
            lines.add_line_to(point(left + column * width, top - rows * height))
        for row in range(layer.stride, rows + 1, layer.stride):
            lines.start_new_path(point(left, top - row * height))
            lines.add_line_to(point(left + columns * width, top - row * height))
        return lines

    # -- one window ---------------------------------------------------------------------------

    def show_window(self, row: float, column: float) -> None:
        """Put all windows at a position of the output; fractions lie between."""
        stride = self.numbers.layer.stride
        self.window.show_position(row * stride, column * stride)
        self.excerpt.show_window(row, column)
        self._connect()

    def show_calculation(self, place: Pixel) -> None:
        """Show what one window's values are, and the largest of them."""
        window = self.numbers.window(*place)
        self.calculation.set_parts(self._calculation(window, place))
        self.note.set_text(self._note(window))

    def show_search(self, place: Pixel, count: int) -> None:
        """Show the largest of a window's first `count` values, in reading order."""
        window = self.numbers.window(*place)
        index = int(window.values.ravel()[:count].argmax())
        row, column = divmod(index, len(window.columns))
        leader = self.numbers.value((window.rows[row], window.columns[column]))
        total = window.values.size
        text = self.words("pool.largest_so_far", count=count, total=total) + " "
        self.calculation.set_parts([text, leader])
        self.excerpt.show_search(count - 1, index)

    def show_after(self, place: Pixel) -> None:
        """Fill one cell of the output."""
        alpha = self.after.map.cell_alpha.copy()
        alpha[place] = 255
        self.after.map.set_cell_alpha(alpha)

    def _connect(self) -> None:
        """Draw the block's frame on the map, and lines from it to the block enlarged."""
        rows, columns = self.numbers.input_cells(self.excerpt.block)
        left, top, _, _ = self.before.map.corners()
        width, height = self.before.map.cell_size()
        x0, x1 = left + columns.start * width, left + columns.stop * width
        y0, y1 = top - rows.start * height, top - rows.stop * height
        self.region.set_edges(x0, y0, x1, y1)
        self.guides.clear_points()
        for corners in self._guide_paths((x0, y0, x1, y1)):
            self.guides.start_new_path(np.array([*corners[0], 0.0]))
            for corner in corners[1:]:
                self.guides.add_line_to(np.array([*corner, 0.0]))

    def _guide_paths(self, region: Corners) -> list[list[tuple[float, float]]]:
        """Return two lines from the block to its enlargement, past what stands around the map."""
        x0, y0, x1, y1 = region
        map_left, map_top, map_right, map_bottom = self.before.map.corners()
        left, top, right, bottom = self.excerpt.grid.cells.corners()
        if self.theme.layout.aspect == "9:16":
            return [
                [(x0, y1), (map_left, map_bottom), (left, top)],
                [(x1, y1), (map_right, map_bottom), (right, top)],
            ]
        paths = []
        for start, end in ((y0, top), (y1, bottom)):
            at_edge = start + (end - start) * (map_right - x1) / (left - x1)
            at_edge = min(max(at_edge, map_bottom), map_top)
            paths.append([(x1, start), (map_right, at_edge), (left, end)])
        return paths

    def _calculation(self, window: PoolingWindow, place: Pixel) -> list[Part]:
        result = self.numbers.result(place)
        cells = [(row, column) for row in window.rows for column in window.columns]
        if len(cells) > LISTED:
            return [self.words("pool.largest", count=len(cells)) + " ", result]
        parts: list[Part] = ["max("]
        for cell in cells:
            parts += [self.numbers.value(cell), ", "]
        return [*parts[:-1], ") = ", result]

    def _note(self, window: PoolingWindow) -> str:
        """Return what must be said where the winner cannot be seen from the numbers."""
        if window.is_empty:
            return self.words("pool.empty", count=window.values.size)
        if window.is_tie:
            count, size = len(window.ties), self.theme.sizes.label
            note = self.words("pool.tie", count=count)
            fits = line_width(note, size) <= self.zones.readout.width
            return note if fits else self.words("pool.tie_short", count=count)
        if self.excerpt.grid.has_numbers and self.numbers.looks_equal(window):
            return self.words("pool.looks_equal")
        return ""

    def _make_arrow(self) -> VMobject:
        """Return an arrow from the block to what it becomes."""
        start = self.excerpt.grid.cells.corners()[2]
        end = self.excerpt.result.cells.corners()[0]
        y = self.excerpt.grid.get_center()[1]
        reach, head = min((end - start) / 2 - GAP / 3, GAP), GAP / 4
        middle = (start + end) / 2
        arrow = VMobject(
            stroke_color=self.theme.palette.text_muted,
            stroke_width=self.theme.strokes.normal,
            fill_opacity=0,
        )
        tip = point(middle + reach, y)
        for tail in ((-2 * reach, 0.0), (-head, head), (-head, -head)):
            arrow.start_new_path(tip + np.array([*tail, 0.0]))
            arrow.add_line_to(tip)
        return arrow
