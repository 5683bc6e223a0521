"""The stage while single windows of a pooling are told: both maps aside, a window enlarged."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import FadeIn, FadeOut, Mobject, VMobject

from cnnviz.explain.places import Pixel
from cnnviz.locales import Words
from cnnviz.mobjects.frames import KernelWindow
from cnnviz.model.trace import Trace
from cnnviz.staging.crossing import fly_apart
from cnnviz.staging.pooling.maps import Numbers, PooledMaps
from cnnviz.staging.pooling.zones import GAP, WindowZones
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import Corners, point
from cnnviz.style.theme import Theme

OPAQUE = 255


class PooledBoard(PooledMaps[Numbers]):
    """What both films have on the stage for single windows; none is in the scene at first.

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
        super().__init__(numbers, trace, theme, words)
        zones = self.zones = WindowZones.of(theme.layout)
        self.before = self.make_before(zones.before)
        self.dim_unreached(self.before)
        self.after = self.make_after(zones.after, np.inf, has_legend=False)
        unlit = round(OPAQUE * theme.dimmed)
        self.after.map.set_cell_alpha(np.full(numbers.output_shape, unlit, np.uint8))
        self.window = KernelWindow(self.before.map, numbers.geometry.kernel_sizes, theme)
        self.cursor = KernelWindow(self.after.map, 1, theme)
        for frame in (self.window, self.cursor):  # gold is for what goes on
            frame.set_stroke(theme.palette.text)
        self.guides = VMobject(
            stroke_color=theme.palette.text_muted,
            stroke_width=theme.strokes.hairline,
            stroke_opacity=theme.aside,
            fill_opacity=0,
        )

    def show_after(self, pixel: Pixel) -> None:
        """Light one cell of the output."""
        alpha = self.after.map.cell_alpha.copy()
        alpha[pixel] = OPAQUE
        self.after.map.set_cell_alpha(alpha)

    def make_room(self, scene: LectureScene, frames: Sequence[Mobject]) -> None:
        """Let both maps go aside, the output dark, and frames appear on the input."""
        whole, after, timing = self.whole, self.whole_after, scene.timing
        goals = [self.before.map.corners(), self.after.map.corners()]
        leaving = [*whole.around, *after.around, self.lattice]
        scene.play(
            *fly_apart([whole.map, after.map], goals, timing.move),
            *(FadeOut(each, run_time=timing.swap) for each in scene.present(leaving)),
        )
        scene.remove(whole.map, after.map)
        scene.add(self.before.map, self.after.map, after.map)
        scene.play(
            FadeOut(after.map),
            *map(FadeIn, [*frames, *self.before.around, *self.after.empty]),
            run_time=timing.fade,
        )

    def make_arrow(self, window: Corners, result: Corners) -> VMobject:
        """Return an arrow from a window enlarged, on its middle, to what it becomes."""
        start, end, y = window[2], result[0], (window[1] + window[3]) / 2
        reach, head = min((end - start) / 2 - GAP / 3, GAP), GAP / 4
        arrow = VMobject(
            stroke_color=self.theme.palette.text_muted,
            stroke_width=self.theme.strokes.normal,
            fill_opacity=0,
        )
        tip = point((start + end) / 2 + reach, y)
        for tail in ((-2 * reach, 0.0), (-head, head), (-head, -head)):
            arrow.start_new_path(tip + np.array([*tail, 0.0]))
            arrow.add_line_to(tip)
        return arrow
