"""The first layer's maps while they are large: where they stand, and their way into the network."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from manim import FadeIn, Mobject, linear, smooth

from cnnviz.animations.drive import Drive
from cnnviz.arrays import Float64Array
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.network_map.columns import LayerColumn
from cnnviz.mobjects.network_map.network_map import NetworkMap
from cnnviz.staging.rhythm import arriving
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

LAG = 1.2
"""How much later the last of them sets out than the first, in times that one is on its way: all at
once they cross, and leave the stage empty before anything else is there."""

BEHIND = 0.85
"""Share of the time after which what stands behind them begins to come."""

GAP = 0.06
"""Between two maps, and around them, in Manim units."""


def large_copies(network: NetworkMap, column: LayerColumn, theme: Theme) -> list[HeatMap]:
    """Return copies of a column's maps, side by side in what the picture leaves of the stage."""
    count = len(column.maps)
    across, side, room = max(
        ((*_arrangement(count, room), room) for room in _rooms(network, theme)),
        key=lambda each: each[1],
    )
    copies = []
    for each, centre in zip(column.maps, _centres(count, across, room), strict=True):
        largest = theme.layout.largest_side(max(each.rows, each.columns), side)
        copy = each.copy().scale(largest / max(each.width, each.height))
        copies.append(copy.move_to(centre))
    return copies


def line_up(
    scene: LectureScene,
    network: NetworkMap,
    tiles: Sequence[HeatMap],
    column: LayerColumn,
    run_time: float,
    behind: Sequence[Mobject] = (),
) -> None:
    """Let large maps become those of a column, while its edges and its name appear.

    What stands behind them comes as they leave.
    """
    starts = [tile.points.copy() for tile in tiles]
    ends = [each.points.copy() for each in column.maps]
    column.show(0)
    edges = column.bundles
    scene.add(*edges)
    scene.remove(*tiles)
    scene.add(*tiles)

    delays = np.linspace(0, LAG, len(tiles))

    def show(share: float) -> None:
        for tile, start, end, delay in zip(tiles, starts, ends, delays, strict=True):
            tile.points = start + (end - start) * smooth(share * (1 + LAG) - delay)
        for bundle in edges:
            bundle.grow(np.full(bundle.count, share))

    headings = network.headings.of(network.columns.index(column))
    scene.play(
        *(FadeIn(each, rate_func=linear) for each in headings),
        *(FadeIn(each, rate_func=partial(arriving, begun=BEHIND)) for each in behind),
        Drive([*edges, *tiles], show, 0, 1, rate_func=linear),
        run_time=run_time,
    )
    column.show(len(column.maps))
    scene.remove(*tiles)
    scene.add(*column.maps)


def appearing(tiles: Sequence[HeatMap]) -> Callable[[float], None]:
    """Return what shows the first so many maps, a fraction being on its way."""

    def show(count: float) -> None:
        for index, tile in enumerate(tiles):
            tile.opacity = float(np.clip(count - index, 0, 1))

    return show


def _rooms(network: NetworkMap, theme: Theme) -> list[Zone]:
    """Return where large maps may stand: behind the first layer, below or behind what names it."""
    stage, plan = theme.layout.stage, network.plan
    corners = [each.corners() for column in network.columns[:2] for each in column.maps]
    if plan.runs_down:
        low = min(bottom for _, _, _, bottom in corners) - GAP
        return [Zone(stage.left, low, stage.right, stage.bottom).inset(GAP)]
    left = max(right for _, _, right, _ in corners) + GAP
    # The next layer is named while its maps are still large.
    names = [part for index in range(3) for part in network.headings.of(index)]
    behind = max(float(part.get_right()[0]) for part in names)
    return [
        Zone(left, plan.header.bottom, stage.right, stage.bottom).inset(GAP),
        Zone(behind, stage.top, stage.right, stage.bottom).inset(GAP),
    ]


def _arrangement(count: int, room: Zone) -> tuple[int, float]:
    """Return how many maps stand side by side, and how large each may be."""
    sides = {}
    for across in range(1, count + 1):
        rows = math.ceil(count / across)
        sides[across] = min(room.width / across, room.height / rows) - GAP
    across = max(sides, key=lambda each: (sides[each], -each))
    return across, sides[across]


def _centres(count: int, across: int, room: Zone) -> list[Float64Array]:
    """Return the middle of each map, row by row: no row has two maps more than another."""
    rows = math.ceil(count / across)
    in_every, longer = divmod(count, rows)
    centres = []
    for row, line in enumerate(room.rows(*[1.0] * rows)):
        in_row = in_every + (row < longer)
        for place in range(in_row):
            x = (place - (in_row - 1) / 2) * room.width / across
            centres.append(line.centre + point(x, 0.0))
    return centres
