"""An average pooling's numbers as they are written on screen."""

from __future__ import annotations

from itertools import chain

from cnnviz.explain.averaging import MeanWindow, explain_mean
from cnnviz.explain.places import Pixel
from cnnviz.explain.quantity import Grid, Quantity
from cnnviz.explain.rounding import equals_sign
from cnnviz.layers import AvgPool2d
from cnnviz.mobjects.expression import Part
from cnnviz.staging.pooling.numbers import PooledNumbers

SUM_CHARACTERS = 8
"""Room for what a window adds up to."""

LISTED = 4
"""So many values are written one after the other; of more the sum alone."""


class MeanNumbers(PooledNumbers):
    """One channel of an average pooling, ready to be shown; parameters as for its base."""

    def window(self, pixel: Pixel) -> MeanWindow:
        """Return the window behind one output."""
        return explain_mean(self.layer_trace, self.place.channel, *pixel)

    @property
    def counts_padding(self) -> bool:
        """Whether the zeros around the map count as cells of a mean."""
        assert isinstance(self.layer, AvgPool2d)
        return self.layer.count_include_pad

    @property
    def lists_values(self) -> bool:
        """Whether the values of a window are written one by one: each window has as many."""
        has_edges = any(self.geometry.paddings) and not self.counts_padding
        return self.geometry.cell_count <= LISTED and not has_edges

    def grid(self, window: MeanWindow) -> Grid:
        """Return the values under a window."""
        return tuple(
            tuple(self.value((row, column)) for column in window.columns) for row in window.rows
        )

    def value(self, pixel: Pixel) -> Quantity:
        """Return one value of the input, or the zero of the padding around it."""
        if self.is_padding(pixel):
            row, column = pixel
            return Quantity("padding", 0.0, "0", layer=self.layer.name, row=row, column=column)
        return self._written(float(self.values[pixel]), *pixel)

    def sum_so_far(self, window: MeanWindow, pixel: Pixel, count: int) -> Quantity:
        """Return what the first `count` cells of the window at `pixel` add up to, from 1."""
        row, column = pixel
        return Quantity.of(
            "window_sum",
            float(window.sums[count - 1]),
            self.decimals,
            width=SUM_CHARACTERS,
            layer=self.layer.name,
            channel=self.place.channel,
            row=row,
            column=column,
            index=count,
        )

    def calculation(self, pixel: Pixel) -> list[Part]:
        """Return a mean as a line: ``(0.12 + 0.50) / 2 = 0.31``, or ``9.81 / 9 = 1.09``."""
        window, result = self.window(pixel), self.result(pixel)
        count = self._count(window, pixel)
        terms = [self.sum_so_far(window, pixel, window.count)]
        if self.lists_values:
            terms = list(chain.from_iterable(self.grid(window)))
        shown = [each.shown for each in (*terms, count)]
        equals = equals_sign(shown, result.shown, "quotient")
        if not self.lists_values:
            return [*terms, " / ", count, f" {equals} ", result]
        parts: list[Part] = ["("]
        for term in terms:
            parts += [term, " + "]
        return [*parts[:-1], ") / ", count, f" {equals} ", result]

    def _count(self, window: MeanWindow, pixel: Pixel) -> Quantity:
        row, column = pixel
        return Quantity.of("count", window.count, 0, layer=self.layer.name, row=row, column=column)
