"""Where on a map a filter's sum is highest and lowest, and what lies between."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnviz.model.trace import LayerTrace

LEVELS = 4
"""So many sums are shown, at equal steps from the highest to the lowest."""

ALIKE = 1e-3
"""Sums this near to the one that is wanted count as equal, as a share of the map's range."""


@dataclass(frozen=True)
class Match:
    """One position of the window, and the sum there."""

    row: int
    column: int
    value: float

    @property
    def pixel(self) -> tuple[int, int]:
        """Row and column of the output."""
        return self.row, self.column


def find_matches(layer_trace: LayerTrace, channel: int) -> tuple[Match, ...]:
    """Return positions of one map from the highest value to the lowest.

    `LEVELS` of them, whose values are as near as can be to equal steps between both ends; those
    between the ends keep a window's distance from the others where they can. Of equals (see
    `ALIKE`) the one nearest to the centre. A map with fewer values has fewer; one on which all
    are alike has one.

    Parameters
    ----------
    layer_trace
        A convolution and what it did.
    channel
        Of its output.
    """
    values = layer_trace.output[channel].astype(np.float64)
    high, low = values.max(), values.min()
    if not high - low > ALIKE * max(abs(high), abs(low)):
        return (_nearest(values, high, np.ones(values.shape, bool), np.inf),)
    tolerance = ALIKE * (high - low)
    everywhere = np.ones(values.shape, bool)
    ends = [_nearest(values, end, everywhere, tolerance) for end in (high, low)]
    found = list(ends)
    for target in np.linspace(high, low, LEVELS)[1:-1]:
        free = _apart_from(found, values.shape, _reach(layer_trace))
        if not free.any():
            free = _apart_from(found, values.shape, (1, 1))
        if free.any():
            match = _nearest(values, float(target), free, tolerance)
            if ends[1].value < match.value < ends[0].value:
                found.append(match)
    return tuple(sorted(found, key=lambda match: -match.value))


def best_match(layer_trace: LayerTrace, channel: int) -> Match:
    """Return the position with the map's highest value."""
    return find_matches(layer_trace, channel)[0]


def _reach(layer_trace: LayerTrace) -> tuple[int, int]:
    """Return how far apart outputs must be for their windows not to overlap: rows, or columns."""
    window = layer_trace.layer.window
    assert window is not None
    return -(-window.rows.reach // window.rows.stride), -(
        -window.columns.reach // window.columns.stride
    )


def _apart_from(
    matches: list[Match], shape: tuple[int, ...], distance: tuple[int, int]
) -> npt.NDArray[np.bool_]:
    """Return which cells are at least so many rows, or so many columns, from all matches."""
    rows, columns = np.indices(shape)
    free = np.ones(shape, bool)
    for match in matches:
        free &= (abs(rows - match.row) >= distance[0]) | (
            abs(columns - match.column) >= distance[1]
        )
    return free


def _nearest(
    values: npt.NDArray[np.float64],
    target: float,
    allowed: npt.NDArray[np.bool_],
    tolerance: float,
) -> Match:
    """Return the allowed cell whose value is nearest to a target."""
    away = np.where(allowed, abs(values - target), np.inf)
    candidates = np.argwhere(allowed & (away <= away.min() + tolerance))
    centre = (np.array(values.shape) - 1) / 2
    row, column = candidates[((candidates - centre) ** 2).sum(axis=1).argmin()]
    return Match(int(row), int(column), float(values[row, column]))
