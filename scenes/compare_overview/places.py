"""Where pictures, maps and distances stand: from left to right, or from top to bottom."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.staging.pair.photos import square
from cnnviz.style.geometry import Zone
from cnnviz.style.layout import Layout

MOST_LAYERS = 10
"""Layers with maps that are legible side by side, or one below the other."""

GAP = 0.1
"""Between two maps, in Manim units, as all lengths here."""

HEAD_WIDTH = 1.95
"""Of a picture, at the left of its maps in 16:9."""

HEAD_HEIGHTS = {"9:16": 1.9, "1:1": 1.1}
"""Of the pictures above their maps."""

MIDDLE_WIDTH = 2.8
"""Of names and distances between the maps of both."""

HEADING = 0.42
"""Height of a picture's name."""

NAME = 0.63
"""Height of a layer's name, which may take three small lines; and width of one beside its maps."""

NAME_WIDTH = 1.25

SIZE = 0.26
"""Height of the line with the size of what a layer's cells see."""

SIZE_WIDTH = 0.75
"""Width of it, where it stands beside the maps."""

BARS, NUMBER = 0.75, 0.3
"""Height of the bars in 16:9; below them stands a line of numbers."""

NUMBER_WIDTH = 0.7
"""Of a number at the right of its bar, elsewhere."""

COLUMN_CHANNELS = 2
"""Maps of a layer, one above the other."""

MOST_CHANNELS = 5
"""Maps of a layer, side by side."""


@dataclass(frozen=True)
class LayerPlaces:
    """Where one layer of one side stands.

    Attributes
    ----------
    maps
        A zone that is divided among its maps.
    name
        For its name; where both sides have the same layers, the same zone for both.
    size
        For the size of what its cells see, where each side has layers of its own.
    """

    maps: Zone
    name: Zone
    size: Zone


@dataclass(frozen=True)
class OverviewPlaces:
    """Where everything stands.

    Attributes
    ----------
    pictures
        Squares for what the networks receive.
    layers
        For each side and each of its layers.
    bars
        For the distance of each layer; none where there are none.
    numbers
        For the distance as a number.
    formula
        For how distances are calculated.
    channels
        How many maps of a layer there is room for.
    is_wide
        Whether the network runs from left to right.
    """

    pictures: tuple[Zone, Zone]
    layers: tuple[tuple[LayerPlaces, ...], tuple[LayerPlaces, ...]]
    bars: tuple[Zone, ...]
    numbers: tuple[Zone, ...]
    formula: Zone
    channels: int
    is_wide: bool

    @classmethod
    def of(cls, layout: Layout, counts: tuple[int, int], *, has_distances: bool) -> OverviewPlaces:
        """Return the places for so many layers of either side."""
        make = _columns if layout.aspect == "16:9" else _rows
        return make(layout, counts, has_distances=has_distances)


def _columns(layout: Layout, counts: tuple[int, int], *, has_distances: bool) -> OverviewPlaces:
    """Let both networks run to the right, one above the other, the distances between them."""
    stage = layout.stage
    middle = NAME + BARS + NUMBER if has_distances else GAP
    half = (stage.height - middle) / 2
    blocks = (
        Zone(stage.left, stage.top, stage.right, stage.top - half),
        Zone(stage.left, stage.bottom + half, stage.right, stage.bottom),
    )
    left = stage.left + HEAD_WIDTH + 2 * GAP
    pictures, layers = [], []
    for block, count in zip(blocks, counts, strict=True):
        side = min(HEAD_WIDTH, block.height - HEADING)
        pictures.append(square(stage.left + HEAD_WIDTH / 2, block.y - HEADING / 2, side))
        columns = Zone(left, block.top, stage.right, block.bottom).columns(*[1.0] * count)
        names = Zone(left, blocks[0].bottom, stage.right, blocks[0].bottom - NAME)
        if not has_distances:
            names = Zone(left, block.top, stage.right, block.top - NAME)
        below = 0.0 if has_distances else NAME + SIZE
        layers.append(
            tuple(
                LayerPlaces(
                    Zone(each.left, each.top - below, each.right, each.bottom),
                    Zone(each.left, names.top, each.right, names.bottom),
                    Zone(each.left, names.bottom, each.right, names.bottom - SIZE),
                )
                for each in columns
            )
        )
    top = blocks[0].bottom - NAME
    shared = layers[0] if has_distances else ()
    bars = tuple(Zone(e.maps.left, top, e.maps.right, top - BARS) for e in shared)
    numbers = tuple(Zone(e.maps.left, top - BARS, e.maps.right, blocks[1].top) for e in shared)
    formula = Zone(stage.left, blocks[0].bottom, stage.left + HEAD_WIDTH, blocks[1].top - NUMBER)
    return OverviewPlaces(
        (pictures[0], pictures[1]),
        (layers[0], layers[1]),
        bars,
        numbers,
        formula,
        COLUMN_CHANNELS,
        is_wide=True,
    )


def _rows(layout: Layout, counts: tuple[int, int], *, has_distances: bool) -> OverviewPlaces:
    """Let both networks run down, side by side, the distances between them."""
    stage, head = layout.stage, HEAD_HEIGHTS[layout.aspect]
    middle = MIDDLE_WIDTH if has_distances else GAP
    width = (stage.width - middle) / 2
    halves = (
        Zone(stage.left, stage.top, stage.left + width, stage.bottom),
        Zone(stage.right - width, stage.top, stage.right, stage.bottom),
    )
    pitch = (stage.height - head) / max(counts)
    beside = 0.0 if has_distances else NAME_WIDTH + SIZE_WIDTH
    pictures, layers = [], []
    for half, count in zip(halves, counts, strict=True):
        y = stage.top - HEADING - (head - HEADING) / 2
        pictures.append(square(half.x + beside / 2, y, min(head - HEADING - GAP, width)))
        rows = Zone(half.left, stage.top - head, half.right, stage.bottom).rows(*[1.0] * count)
        layers.append(
            tuple(
                LayerPlaces(
                    Zone(row.left + beside, row.top, row.right, row.bottom),
                    Zone(halves[0].right, row.top, halves[1].left, row.y)
                    if has_distances
                    else Zone(row.left, row.top, row.left + NAME_WIDTH - GAP, row.bottom),
                    Zone(row.left + beside - SIZE_WIDTH, row.top, row.left + beside, row.bottom),
                )
                for row in rows
            )
        )
    shared = layers[0] if has_distances else ()
    names = [each.name.inset(2 * GAP, 0.0) for each in shared]
    below = [Zone(each.left, each.bottom, each.right, each.bottom - each.height) for each in names]
    bars = tuple(Zone(e.left, e.top, e.right - NUMBER_WIDTH, e.bottom) for e in below)
    numbers = tuple(Zone(e.right - NUMBER_WIDTH, e.top, e.right, e.bottom) for e in below)
    channels = max(1, min(MOST_CHANNELS, int((width - beside) / pitch)))
    formula = Zone(halves[0].right, stage.top, halves[1].left, stage.top - head).inset(GAP)
    return OverviewPlaces(
        (pictures[0], pictures[1]),
        (layers[0], layers[1]),
        bars,
        numbers,
        formula,
        channels,
        is_wide=False,
    )
