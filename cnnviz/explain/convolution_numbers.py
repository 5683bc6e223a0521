"""The numbers of one output channel at any position, written out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cnnviz.arrays import Float64Array, FloatArray
from cnnviz.explain.convolution import (
    convolution_parameters,
    explain_convolution,
    strongest_input_channels,
)
from cnnviz.explain.convolution_shown import (
    ConvolutionDecimals,
    ShownConvolution,
    of_side,
    show_convolution,
)
from cnnviz.explain.places import Place
from cnnviz.explain.quantity import Quantity
from cnnviz.explain.softmax import ranking
from cnnviz.model.trace import Trace

FULL_CHANNELS = 3
"""Input channels whose arithmetic is shown in full."""


class ConvolutionNumbers:
    """One filter of a convolution, ready to be calculated anywhere.

    Parameters
    ----------
    trace
        What the network computed.
    place
        The output that is explained first; it decides which input channels are shown in
        full where there are more than `FULL_CHANNELS`: those with the largest sums.
    side
        0 or 1 where two are compared: see :class:`Quantity`.

    Attributes
    ----------
    terms
        Of the output at `place`.
    decimals
        With how many all its numbers are written.
    """

    def __init__(self, trace: Trace, place: Place, side: int | None = None) -> None:
        self.layer_trace = trace[place.layer]
        self.layer, self.weight, _ = convolution_parameters(self.layer_trace)
        self.place = place
        self.sources = self.layer.feeding(place.channel)
        self.source = trace.architecture.source_of(place.layer)
        self._side = side
        self.decimals = ConvolutionDecimals.of(self.layer_trace, place.channel)
        self.terms = explain_convolution(self.layer_trace, place.channel, place.row, place.column)
        self.shown_channels = tuple(range(self.source_count))
        if self.source_count > FULL_CHANNELS:
            self.shown_channels = self.strongest(FULL_CHANNELS)
        self.first = self.at(place.row, place.column)

    @property
    def has_many_channels(self) -> bool:
        """Whether there are more input channels than are shown in full."""
        return self.source_count > len(self.shown_channels)

    @property
    def source_count(self) -> int:
        """How many input channels the filter sees: all of them, or those of its group.

        They are counted from 0 here; `sources` says which they are.
        """
        return len(self.sources)

    @property
    def padded_input(self) -> FloatArray:
        """The maps that the filter sees, in their border of zeros: (channels, rows, columns)."""
        seen = self.layer_trace.input[self.sources.start : self.sources.stop]
        return self.layer.window.pad(seen)

    @property
    def output_shape(self) -> tuple[int, int]:
        """(rows, columns) of the output."""
        rows, columns = self.layer_trace.output.shape[1:]
        return rows, columns

    @property
    def reach(self) -> tuple[int, int]:
        """Rows and columns under the window, those that dilation skips included."""
        window = self.layer.window
        return window.rows.reach, window.columns.reach

    def is_tied(self, count: int) -> bool:
        """Return whether another channel has as large an effect as one of the `count` strongest."""
        return _are_tied(np.abs(self.terms.channel_sums), self.strongest(count))

    def strongest(self, count: int) -> tuple[int, ...]:
        """Return the input channels that add most to the first output, largest first."""
        return strongest_input_channels(self.terms, count)

    def show_in_full(self, count: int) -> None:
        """Show so many of the input channels in full: those with the largest sums."""
        self.shown_channels = self.strongest(count)
        self.first = self.at(self.place.row, self.place.column)

    def at(self, row: int, column: int) -> ShownConvolution:
        """Return the numbers of the output at (row, column)."""
        terms = explain_convolution(self.layer_trace, self.place.channel, row, column)
        shown = show_convolution(terms, self.source, self.decimals, self.shown_channels)
        return shown if self._side is None else of_side(shown, self._side)

    def is_tied_with(self, other: ConvolutionNumbers) -> bool:
        """Return whether a channel left out has as large an effect on both as one that is shown.

        Parameters
        ----------
        other
            The same place in another trace, as :meth:`pair` returns it.
        """
        return _are_tied(_common_effects(self, other), self.shown_channels)

    @classmethod
    def pair(
        cls, trace: Trace, other: Trace, place: Place
    ) -> tuple[ConvolutionNumbers, ConvolutionNumbers]:
        """Return the same place in two traces, written with the same decimals.

        Where there are many input channels, those are shown in full whose sums are largest in
        both together.
        """
        one, two = cls(trace, place, 0), cls(other, place, 1)
        if one.has_many_channels:
            shown = ranking(_common_effects(one, two))[:FULL_CHANNELS]
            one.shown_channels = two.shown_channels = shown
        one.decimals = two.decimals = one.decimals.common(two.decimals)
        for each in (one, two):
            each.first = each.at(place.row, place.column)
        return one, two

    def summands(self, shown: ShownConvolution) -> list[Quantity]:
        """Return what is added up in the end: sums of channels, the rest's, the bias."""
        sums = [shown.channel_sums[channel] for channel in self.shown_channels]
        return [*sums, *([shown.others] if shown.others else []), shown.bias]


def _common_effects(one: ConvolutionNumbers, two: ConvolutionNumbers) -> Float64Array:
    """Return how large the effects of each channel on both are together, signs apart."""
    return np.abs(one.terms.channel_sums) + np.abs(two.terms.channel_sums)


def _are_tied(sizes: Float64Array, shown: Sequence[int]) -> bool:
    """Return whether one of the `sizes` that is not shown is as large as one that is."""
    others = np.delete(sizes, list(shown))
    return bool(others.size and others.max() >= sizes[list(shown)].min())
