"""The stage of max pooling: the map, a few windows of it enlarged, what they become."""

from __future__ import annotations

import numpy as np
from manim import VMobject

from cnnviz.explain.places import Pixel, Place
from cnnviz.locales import Words
from cnnviz.mobjects.frames import KernelWindow, Outline
from cnnviz.mobjects.map_panel import MapPanel
from cnnviz.mobjects.maps import input_scale, output_scale
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.scenes.pool.calculation import WindowCalculation
from cnnviz.scenes.pool.excerpt import PoolExcerpt
from cnnviz.scenes.pool.numbers import PoolingNumbers
from cnnviz.scenes.pool.zones import GAP, WindowZones, pair_zones
from cnnviz.style.geometry import Corners, Zone, point
from cnnviz.style.theme import Theme

CLEAR = 0.05
"""Between a line and a number that it passes, in Manim units."""

LATTICE_SHARE = 0.75
"""Opacity of the lines between the windows on the map."""


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
        zones = WindowZones.of(theme.layout)
        numbers = self.numbers
        is_picture = numbers.source == INPUT
        self.source_name = words("common.picture") if is_picture else numbers.source
        self.scale = input_scale(theme, trace, place.layer)
        self.scale_after = self.scale if is_picture else output_scale(theme, trace, place.layer)
        before_alone, after_alone = pair_zones(theme.layout, numbers.shape)
        self.whole = self.make_before(before_alone)
        self.whole_after = self.make_after(after_alone, self.cell_as_large_as(self.whole))
        self.before = self.make_before(zones.before)
        self.after = self.make_after(zones.after, np.inf, has_legend=False)
        unlit = round(255 * theme.dimmed)
        self.after.map.set_cell_alpha(np.full(numbers.output_shape, unlit, np.uint8))
        for panel in (self.whole, self.before):
            self._dim_unreached(panel)
        self.excerpt = PoolExcerpt(numbers, self.scale, zones.excerpt, zones.result, theme)
        self.lattice = self._make_lattice()
        size = numbers.geometry.kernel_sizes
        self.window = KernelWindow(self.before.map, size, theme)
        self.cursor = KernelWindow(self.after.map, 1, theme)
        self.whole_frames = (
            KernelWindow(self.whole.map, size, theme),
            KernelWindow(self.whole_after.map, 1, theme),
        )
        """Around a window of the whole map, and around what it becomes."""
        self.show_whole_frames(0, 0)
        for frame in (self.window, self.cursor, *self.whole_frames):  # gold is the winner's alone
            frame.set_stroke(theme.palette.text)
        self.region = Outline(theme.palette.text_muted, theme.strokes.hairline)
        self.guides = VMobject(
            stroke_color=theme.palette.text_muted,
            stroke_width=theme.strokes.hairline,
            stroke_opacity=theme.aside,
            fill_opacity=0,
        )
        self.arrow = self._make_arrow()
        self.calculation = WindowCalculation(
            numbers, zones.readout, theme, words, has_numbers=self.excerpt.grid.has_numbers
        )
        self.show_window(place.row, place.column)

    # -- maps ---------------------------------------------------------------------------------

    def make_before(self, zone: Zone, *, has_legend: bool = True) -> MapPanel:
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
            padding=numbers.geometry.paddings,
            has_legend=has_legend,
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

    def cell_as_large_as(self, panel: MapPanel) -> float:
        """Return the size of an output's cell with which the output is as large as a map."""
        return float(max(panel.map.width, panel.map.height)) / max(self.numbers.output_shape)

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
        window, cells = self.numbers.geometry, self.whole.map
        lines = VMobject(
            stroke_color=self.theme.palette.background,
            stroke_width=self.theme.strokes.hairline,
            stroke_opacity=LATTICE_SHARE,
            fill_opacity=0,
        )
        if window.strides != window.kernel_sizes or window.cell_count == 1:
            return lines
        rows, columns = self.numbers.output_shape
        top, left = (int(edge) for edge in self.numbers.corner(0, 0))
        bottom, right = (int(edge) for edge in self.numbers.corner(rows, columns))
        (top, bottom), (left, right) = (
            (max(first, 0), min(last, size))
            for first, last, size in zip(
                (top, left), (bottom, right), self.numbers.values.shape, strict=True
            )
        )
        for column in range(1, columns):
            x0, y0, _, y1 = cells.area(top, self.numbers.corner(0, column)[1], bottom, right)
            lines.start_new_path(point(x0, y0))
            lines.add_line_to(point(x0, y1))
        for row in range(1, rows):
            x0, y0, x1, _ = cells.area(self.numbers.corner(row, 0)[0], left, bottom, right)
            lines.start_new_path(point(x0, y0))
            lines.add_line_to(point(x1, y0))
        return lines

    def show_whole_frames(self, row: int, column: int) -> None:
        """Put the frames around a position of the output, and around its window."""
        window, cursor = self.whole_frames
        window.show_position(*self.numbers.corner(row, column))
        cursor.show_position(row, column)

    # -- one window ---------------------------------------------------------------------------

    def show_window(self, row: float, column: float) -> None:
        """Put all windows at a position of the output; fractions lie between."""
        self.window.show_position(*self.numbers.corner(row, column))
        self.excerpt.show_window(row, column)
        self._connect()

    def show_search(self, place: Pixel, count: int) -> None:
        """Show the largest of a window's first `count` values, in reading order."""
        self.excerpt.show_search(count - 1, self.calculation.show_search(place, count))

    def show_after(self, place: Pixel) -> None:
        """Light one cell of the output."""
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
        lowest = self._above_legend(map_right, left, bottom)
        for start, end in ((y0, top), (y1, bottom)):
            at_edge = start + (end - start) * (map_right - x1) / (left - x1)
            at_edge = min(max(at_edge, lowest), map_top)
            paths.append([(x1, start), (map_right, at_edge), (left, end)])
        return paths

    def _above_legend(self, edge: float, x: float, y: float) -> float:
        """Return how low a line may leave the map's right edge for (x, y), past the legend."""
        lowest = self.before.map.corners()[3]
        for legend in self.before.legends:
            _, top, right, _ = legend.numbers[-1].corners()
            share = (right + CLEAR - edge) / (x - edge)
            lowest = max(lowest, (top + CLEAR - share * y) / (1 - share))
        return lowest

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
