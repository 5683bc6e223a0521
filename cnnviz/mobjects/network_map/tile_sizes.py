"""How large the small maps of each layer are: in proportion, on whole pixels; no mobjects."""

from __future__ import annotations

from collections.abc import Sequence

from cnnviz.explain.overview import ShownLayer

MAP_SHARE = 0.925
"""How much of its pitch a map takes across."""

LARGEST_MAP = 1.25
"""Longest side of a map, in Manim units."""

SMALLEST_TILE = 0.17
"""Least side of a map, in Manim units: smaller ones are not seen from the back row."""

CRISP_SHARE = 0.83
"""A map's cells are whole pixels at 1080p where so much of its size is left then."""


def tile_rooms(layers: Sequence[ShownLayer], extent: float, pitch: float) -> tuple[float, ...]:
    """Return how long a side of each layer's maps may be across: the fewer, the longer.

    The picture's channels get what the first layer's maps get, and what is no map no more than
    the maps of the layer with most.

    Parameters
    ----------
    layers
        What is shown: the picture first, without the scores.
    extent
        Room across for all maps of a layer.
    pitch
        Distance across of the maps of the layer with most.
    """
    counts = [len(layer.channels) if layer.has_maps else 0 for layer in layers]
    counts[0] = max(counts[:2])
    return tuple(
        min(MAP_SHARE * extent / count, LARGEST_MAP) if count else MAP_SHARE * pitch
        for count in counts
    )


def crisp_tile_sides(
    layers: Sequence[ShownLayer], rooms: Sequence[float], longest: float, pixel: float
) -> tuple[float, ...]:
    """Return the longest side of each layer's maps: whole pixels, if possible a cell.

    The largest that are in proportion, no longer than `longest`, and fit their `rooms`.

    Parameters
    ----------
    layers
        What is shown: the picture first, without the scores.
    rooms
        Of each, as :func:`tile_rooms` returns them.
    longest
        As much as there is along.
    pixel
        At 1080p, in Manim units.
    """
    cells = [max(layer.shape[1:]) if layer.has_maps else 0 for layer in layers]
    most, largest = max(cells), min(max(rooms), longest)
    while True:
        wanted = tile_sides([count or most for count in cells], _crisp(most, largest, pixel))
        fits = zip(cells, wanted, rooms, strict=True)
        if all(side <= room for count, side, room in fits if count):
            break
        largest -= pixel
    return tuple(
        _crisp(count or most, min(side, room), pixel)
        for count, side, room in zip(cells, wanted, rooms, strict=True)
    )


def tile_sides(cells: Sequence[int], largest: float) -> list[float]:
    """Return how long the longest side of each map is drawn, in Manim units.

    In proportion to its cells, unless the smallest would be too small to be seen: then sizes
    rise evenly from `SMALLEST_TILE` to `largest`, so that more cells are always larger.

    Parameters
    ----------
    cells
        Rows or columns of each map, whichever is more.
    largest
        Side of the map with most cells.
    """
    few, many = min(cells), max(cells)
    if largest * few >= SMALLEST_TILE * many:
        return [largest * count / many for count in cells]
    smallest = min(SMALLEST_TILE, largest)
    rise = (largest - smallest) / max(many - few, 1)
    return [smallest + rise * (count - few) for count in cells]


def _crisp(cells: int, available: float, pixel: float) -> float:
    """Return a side for so many cells: each whole pixels, or at least the whole side."""
    pixels = int(available / pixel + 1e-6)
    whole = pixels // cells * cells
    return (whole if whole >= CRISP_SHARE * pixels else pixels) * pixel
