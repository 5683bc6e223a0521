"""Where a window goes next when only a few positions are shown."""

from __future__ import annotations


def neighbouring_positions(
    row: int, column: int, shape: tuple[int, int], count: int
) -> list[tuple[int, int]]:
    """Return up to `count` further positions, each next to the one before it.

    To the right as far as there is room, otherwise to the left, otherwise down or up: a
    map of a single cell has none.

    Parameters
    ----------
    row, column
        Where the walk starts, inside the map.
    shape
        (rows, columns) of the map.
    """
    rows, columns = shape
    for step_row, step_column, room in (
        (0, 1, columns - 1 - column),
        (0, -1, column),
        (1, 0, rows - 1 - row),
        (-1, 0, row),
    ):
        longest = max(columns - 1 - column, column) if step_column else max(rows - 1 - row, row)
        if room and room >= min(count, longest):
            steps = range(1, min(room, count) + 1)
            return [(row + step_row * step, column + step_column * step) for step in steps]
    return []
