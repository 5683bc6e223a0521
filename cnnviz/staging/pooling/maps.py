"""The map that a pooling layer reads and the one it makes, and how windows lie on it."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import numpy as np
from manim import Create, FadeIn, VMobject, smooth

from cnnviz.animations.drive import Drive
from cnnviz.explain.routes import winding_route
from cnnviz.locales import Words
from cnnviz.mobjects.frames import KernelWindow, corners_of
from cnnviz.mobjects.map_panel import MapPanel
from cnnviz.mobjects.maps import input_scale, output_scale
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.staging.pooling.numbers import PooledNumbers
from cnnviz.staging.pooling.zones import pair_zones
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import Zone, between, point
from cnnviz.style.theme import Theme

LATTICE_SHARE = 0.75
"""Opacity of the lines between the windows on the map."""

GLIDE = 2.0
"""How long a window takes over the map at first, in moves."""

Numbers = TypeVar("Numbers", bound=PooledNumbers)


class PooledMaps(Generic[Numbers]):
    """Both maps side by side, each as large as the other; none is in the scene at first.

    Parameters
    ----------
    numbers
        The channel's numbers.
    trace
        What the network computed.
    theme, words
        Looks and words.
    """

    def __init__(self, numbers: Numbers, trace: Trace, theme: Theme, words: Words) -> None:
        self.numbers, self.theme, self.words = numbers, theme, words
        layer = numbers.layer.name
        is_picture = numbers.source == INPUT
        self.source_name = words("common.picture") if is_picture else numbers.source
        self.scale = input_scale(theme, trace, layer)
        self.scale_after = self.scale if is_picture else output_scale(theme, trace, layer)
        before_alone, after_alone = pair_zones(theme.layout, numbers.shape)
        self.whole = self.make_before(before_alone)
        self.whole_after = self.make_after(after_alone, self.cell_as_large_as(self.whole))
        self.dim_unreached(self.whole)
        self.lattice = self._make_lattice()
        self.whole_frames = (
            KernelWindow(self.whole.map, numbers.geometry.kernel_sizes, theme),
            KernelWindow(self.whole_after.map, 1, theme),
        )
        """Around a window of the whole map, and around what it becomes."""
        self.show_whole_frames(0, 0)
        for frame in self.whole_frames:
            frame.set_stroke(theme.palette.text)

    def make_before(self, zone: Zone, *, has_legend: bool = True) -> MapPanel:
        """Return the input map for some room."""
        numbers = self.numbers
        return MapPanel(
            numbers.values,
            self.scale,
            self._map_name(self.source_name, numbers.shape),
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

    def dim_unreached(self, panel: MapPanel) -> None:
        """Dim the rows and columns that no window looks at."""
        alpha = np.full(self.numbers.shape, 255, np.uint8)
        dimmed = round(255 * self.theme.dimmed)
        alpha[list(self.numbers.unreached_rows)] = dimmed
        alpha[:, list(self.numbers.unreached_columns)] = dimmed
        panel.map.set_cell_alpha(alpha)

    def show_whole_frames(self, row: int, column: int) -> None:
        """Put the frames around a position of the output, and around its window."""
        window, cursor = self.whole_frames
        window.show_position(*self.numbers.corner(row, column))
        cursor.show_position(row, column)

    def open_whole_window(self, share: float) -> None:
        """Let the first window of the whole map be open so far, 0 to 1, from its first cell on."""
        top, left = self.numbers.corner(0, 0)
        high, wide = (1 + (size - 1) * share for size in self.numbers.geometry.kernel_sizes)
        self.whole_frames[0].show_area(top, left, top + high, left + wide)

    def _map_name(self, layer: str, shape: tuple[int, int]) -> str:
        """Return layer and size."""
        rows, columns = shape
        return self.words("common.map_size", layer=layer, rows=rows, columns=columns)

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
                (top, left), (bottom, right), self.numbers.shape, strict=True
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


def show_windows(scene: LectureScene, maps: PooledMaps[Any]) -> None:
    """Give the maps their names and legends, and show where the windows lie.

    A frame then passes over some windows, and another over what they become. Where there is one
    window alone its frame opens from its first cell, and goes over to what that becomes.
    """
    scene.fade_in(*maps.whole.around, *maps.whole_after.around)
    frames = maps.whole_frames
    if maps.numbers.output.size == 1:
        _open_single_window(scene, maps)
    else:
        _pass_over_windows(scene, maps)
    scene.fade_out(*frames)


def _pass_over_windows(scene: LectureScene, maps: PooledMaps[Any]) -> None:
    route, frames = winding_route(*maps.numbers.output_shape), maps.whole_frames
    maps.show_whole_frames(*route[0])
    appearing: list[Any] = [FadeIn(each) for each in frames]
    if maps.lattice.has_points():  # else they overlap, or have gaps
        appearing.append(Create(maps.lattice))
    scene.play(*appearing, run_time=scene.timing.move)

    def show(step: float) -> None:
        maps.show_whole_frames(*route[round(step)])

    run_time = scene.while_read(GLIDE * scene.timing.move, after=scene.timing.fade)
    passing = Drive(frames, show, 0, len(route) - 1)
    scene.play(passing, run_time=run_time, rate_func=smooth)


def _open_single_window(scene: LectureScene, maps: PooledMaps[Any]) -> None:
    window, cursor = maps.whole_frames
    goal = corners_of(cursor)
    maps.open_whole_window(0.0)
    scene.fade_in(window)
    each = scene.while_read(GLIDE * scene.timing.move, after=scene.timing.fade) / 2
    scene.play(Drive([window], maps.open_whole_window, 0, 1), run_time=each)
    start = corners_of(window)
    cursor.set_edges(*start)
    scene.add(cursor)
    going = Drive([cursor], lambda share: cursor.set_edges(*between(start, goal, share)), 0, 1)
    scene.play(going, run_time=each)
