"""The way a window takes over a map where it is only to be seen that it moves."""

from __future__ import annotations

import numpy as np

GLIDED, GLIDED_LINES = (0.15, 0.85), 3
"""Between which shares of the map's height, and along how many lines."""


def winding_route(rows: int, columns: int) -> list[tuple[int, int]]:
    """Return cells of a map along a few of its rows, to the right and back in turn."""
    lines = sorted({round(share * (rows - 1)) for share in np.linspace(*GLIDED, GLIDED_LINES)})
    route: list[tuple[int, int]] = []
    for index, row in enumerate(lines):
        across = range(columns) if index % 2 == 0 else range(columns - 1, -1, -1)
        if route:
            route += [(between, route[-1][1]) for between in range(route[-1][0] + 1, row)]
        route += [(row, column) for column in across]
    return route
