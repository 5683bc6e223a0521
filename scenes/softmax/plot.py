"""The bars beside softmax's table: first scores, then exponentials, then probabilities."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from manim import Line, Mobject

from cnnviz.locales import Words
from cnnviz.mobjects.bar_axis import Bar, BarAxis
from cnnviz.mobjects.frames import Outline
from cnnviz.mobjects.text import Label
from cnnviz.scenes.softmax.shown import ShownSoftmax
from cnnviz.scenes.softmax.table import BAR_SHARE, TableGrid
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import point
from cnnviz.style.theme import Theme

PALE = 0.6
"""Every second part of the stacked bar: so far from the background to the full colour."""


class SoftmaxPlot:
    """One bar for each class, on one axis after the other.

    Parameters
    ----------
    shown
        The numbers.
    grid
        Where the table's lines are.
    theme, words
        Looks and words.
    """

    def __init__(self, shown: ShownSoftmax, grid: TableGrid, theme: Theme, words: Words) -> None:
        self._grid, self._theme = grid, theme
        terms = shown.terms
        indices = [each.index for each in shown.classes]
        self._scores = terms.logits[indices]
        self._maximum = terms.maximum
        self._exps, self._probabilities = terms.exps[indices], terms.probabilities[indices]
        self._emphasised = shown.emphasised
        low = min(float(terms.logits.min()), float(terms.shifted.min()))
        high = max(terms.maximum, 0.0)
        if low == high:
            low, high = -1.0, 1.0
        self.score_axis = BarAxis(low, high, grid.plot, theme)
        self.unit_axis = BarAxis(0.0, 1.0, grid.plot, theme)
        self._thickness = grid.line_height * BAR_SHARE
        self.bars = [
            Bar(theme.palette.accent, grid.line_y(line), self._thickness)
            for line in range(len(indices))
        ]
        self._words = words
        self.title = Label("", theme.sizes.small, theme.palette.text)
        self.title.move_to(point(grid.plot.x, grid.plot.top + 1.5 * self.title.height))
        self.maximum_line = Line(
            point(0.0, grid.plot.top),
            point(0.0, grid.plot.bottom),
            stroke_width=theme.strokes.normal,
            color=theme.palette.accent,
        )
        others = [shown.others.probability.value] if shown.others else []
        self._stacked = np.array([*self._probabilities, *others])
        self.stack = self._make_stack()
        self.name_values("score")
        self.show_shift(0.0)

    def name_values(self, column: str) -> None:
        """Say above the axis which of the table's columns the bars stand for."""
        self.title.set_text(self._words(f"softmax.head_{column}", about=""))

    # -- what the bars stand for ------------------------------------------------------------

    def show_shift(self, share: float) -> None:
        """Show the scores with this share (0 to 1) of the largest one taken away from all."""
        shift = share * self._maximum
        self._show_values(self._scores - shift, self.score_axis)
        x = self.score_axis.x_of(self._maximum - shift)
        self.maximum_line.move_to(point(x, self._grid.plot.y))

    def show_exps(self, count: float) -> None:
        """Show the first `count` exponentials; a fraction is a bar on its way."""
        grown = np.clip(count - np.arange(len(self._exps)), 0.0, 1.0)
        self._show_values(self._exps * grown, self.unit_axis)

    def show_divided(self, count: float) -> None:
        """Show the first `count` classes' probabilities and the others' exponentials."""
        done = np.clip(count - np.arange(len(self._exps)), 0.0, 1.0)
        self._show_values(self._exps + done * (self._probabilities - self._exps), self.unit_axis)

    def show_stack(self, share: float) -> None:
        """Let the parts of the stacked bar go from their classes' lines to its place."""
        starts = np.concatenate([[0.0], np.cumsum(self._stacked)])
        for line, part in enumerate(self.stack):
            from_y = self._grid.line_y(line)
            part.y = from_y + share * (self._grid.sum_y - from_y)
            start = share * starts[line]
            axis = self.unit_axis
            part.set_span(axis.x_of(start), axis.x_of(start + self._stacked[line]))

    def outline(self, line: int, value: float) -> Outline:
        """Return the bar that a class would have with this value as an outline."""
        palette, strokes = self._theme.palette, self._theme.strokes
        outline = Outline(palette.text, strokes.normal)
        outline.set_stroke(palette.background, strokes.halo, 1.0, background=True)
        y, half = self._grid.line_y(line), self._thickness / 2
        axis = self.unit_axis
        outline.set_edges(axis.x_of(0.0), y + half, axis.x_of(value), y - half)
        return outline

    # -- details ------------------------------------------------------------------------------

    def _show_values(self, values: npt.NDArray[np.float64], axis: BarAxis) -> None:
        palette = self._theme.palette
        for line, (bar, value) in enumerate(zip(self.bars, values, strict=True)):
            bar.set_span(axis.x_of(0.0), axis.x_of(value))
            if line != self._emphasised:
                bar.set_bar_colour(palette.negative if value < 0 else palette.positive)

    def _make_stack(self) -> list[Bar]:
        """Return one part for each line of the table, in two shades by turns."""
        palette = self._theme.palette
        shades = ColourScale(0.0, 1.0, (palette.background, palette.positive))
        parts = []
        for line in range(len(self._stacked)):
            colour = shades.colour(1.0 if line % 2 else PALE)
            if line == self._emphasised:
                colour = palette.accent
            parts.append(Bar(colour, self._grid.line_y(line), self._thickness))
        return parts

    @property
    def moving_parts(self) -> list[Mobject]:
        """Everything that :meth:`show_shift` changes."""
        return [*self.bars, self.maximum_line]
