"""One channel of a pooling layer, and its numbers as they are written on screen."""

from __future__ import annotations

from cnnviz.explain.places import Pixel, Place
from cnnviz.explain.quantity import Quantity
from cnnviz.explain.rounding import decimals_that_fit
from cnnviz.layers.pool import Pool2d
from cnnviz.model.trace import Trace

CELL_CHARACTERS = 5
"""Room in a cell: a sign, a digit, the point and two decimals."""


class PooledNumbers:
    """One channel of a pooling, ready to be shown.

    Parameters
    ----------
    trace
        What the network computed.
    place
        The output that is explained first.
    """

    def __init__(self, trace: Trace, place: Place) -> None:
        self.place = place
        self.layer_trace = trace[place.layer]
        layer = self.layer_trace.layer
        assert isinstance(layer, Pool2d)
        self.layer: Pool2d = layer
        self.source = trace.architecture.source_of(place.layer)
        self.geometry = layer.window
        self.values = self.layer_trace.input[place.channel]
        self.output = self.layer_trace.output[place.channel]
        self.decimals = decimals_that_fit(self.values, CELL_CHARACTERS)
        self.unreached_rows = self.geometry.rows.unreached(self.values.shape[0])
        self.unreached_columns = self.geometry.columns.unreached(self.values.shape[1])
        """Those of the input that no window looks at."""

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns) of the input."""
        rows, columns = self.values.shape
        return rows, columns

    @property
    def output_shape(self) -> tuple[int, int]:
        """(rows, columns) of the output."""
        rows, columns = self.output.shape
        return rows, columns

    @property
    def characters(self) -> int:
        """How many characters the longest number has."""
        extremes = (float(self.values.min()), float(self.values.max()))
        return max(len(self._written(value, 0, 0).shown) for value in extremes)

    def is_padding(self, pixel: Pixel) -> bool:
        """Return whether a cell lies outside of the map."""
        rows, columns = self.values.shape
        return not (0 <= pixel[0] < rows and 0 <= pixel[1] < columns)

    def corner(self, row: float, column: float) -> tuple[float, float]:
        """Return the row and column of a window's upper left cell; below 0 it is padding."""
        (down, across), (top, left, _, _) = self.geometry.strides, self.geometry.paddings
        return row * down - top, column * across - left

    def result(self, pixel: Pixel) -> Quantity:
        """Return one value of the output."""
        value = float(self.output[pixel])
        return self._written(value, *pixel, layer=self.place.layer)

    def _written(self, value: float, row: int, column: int, layer: str | None = None) -> Quantity:
        return Quantity.of(
            "activation",
            value,
            self.decimals,
            width=CELL_CHARACTERS,
            layer=layer or self.source,
            channel=self.place.channel,
            row=row,
            column=column,
        )
