"""All filters of a layer side by side: each one's tile and the map it makes."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.explain.convolution import convolution_parameters
from cnnviz.mobjects.filter_tile import tile_colours
from cnnviz.mobjects.frames import Outline
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import fitted_size, longest_side, small_map
from cnnviz.mobjects.text import POINTS_PER_UNIT, Label
from cnnviz.model.trace import LayerTrace
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import Zone, point
from cnnviz.style.layout import Layout
from cnnviz.style.theme import Theme

GAP = 0.09
"""Between the parts of a cell, in Manim units."""

KERNEL_SHARE = 0.28
"""Side of a tile, as a share of the map's."""

CRISP_SHARE = 0.85
"""Maps of whole pixels are preferred until they would be smaller than this share of their room."""

SAME_SIZE = 0.95
"""Maps of this share of the largest size count as just as large."""

SMALLEST_MAP = 0.62
"""Below this side, in Manim units, a map cannot be read from the back row."""


@dataclass(frozen=True)
class WallPlan:
    """How many filters stand in how many columns, and the room each takes."""

    shown: int
    columns: int
    cell_width: float
    cell_height: float
    room: float
    """Longest side that a map may have."""
    map_side: float
    """And that it has: a bit less where whole pixels need it."""

    @classmethod
    def of(cls, filters: int, map_cells: int, layout: Layout, label_height: float) -> WallPlan:
        """Return the plan with the largest maps; filters that would be too small are left out.

        Where several plans have maps of about the same size, the one with the fewest gaps.

        Parameters
        ----------
        filters
            How many there are.
        map_cells
            Cells along a map's longer side.
        layout
            Knows the stage and the size of a pixel.
        label_height
            Of the number above each map.
        """
        stage = layout.stage
        most_columns = int(stage.width / (SMALLEST_MAP * (1 + KERNEL_SHARE) + 3 * GAP)) + 1
        most_rows = int(stage.height / (SMALLEST_MAP + label_height + GAP)) + 1
        for shown in range(min(filters, most_columns * most_rows), 0, -1):
            plans = [
                cls._with_columns(shown, columns, map_cells, layout, label_height)
                for columns in range(1, shown + 1)
            ]
            legible = [plan for plan in plans if plan.room >= SMALLEST_MAP]
            if legible:
                break
        least = SAME_SIZE * max(plan.map_side for plan in legible)
        return min(
            (plan for plan in legible if plan.map_side >= least),
            key=lambda plan: (plan.gaps, -plan.map_side),
        )

    @classmethod
    def _with_columns(
        cls, filters: int, columns: int, map_cells: int, layout: Layout, label_height: float
    ) -> WallPlan:
        stage, rows = layout.stage, -(-filters // columns)
        cell_width, cell_height = stage.width / columns, stage.height / rows
        room = min((cell_width - 3 * GAP) / (1 + KERNEL_SHARE), cell_height - label_height - GAP)
        side = min(longest_side(map_cells, layout, room, CRISP_SHARE), room)
        return cls(filters, columns, cell_width, cell_height, room, side)

    @property
    def gaps(self) -> int:
        """Places without a filter in the last row."""
        return -self.shown % self.columns


class FilterWall:
    """The mobjects of all filters, in reading order; none is in the scene at first.

    Parameters
    ----------
    layer
        The convolution at work.
    current
        The filter that the scene is about; it gets the accent.
    scale
        Colours of the maps.
    reads_picture
        Whether the input channels are the picture's.
    theme
        Sizes and colours.
    """

    def __init__(
        self,
        layer: LayerTrace,
        current: int,
        scale: ColourScale,
        *,
        reads_picture: bool,
        theme: Theme,
    ) -> None:
        layout = theme.layout
        self._label_height = theme.sizes.small / POINTS_PER_UNIT * 1.5
        _, self._weights, _ = convolution_parameters(layer)
        self.total = int(layer.output.shape[0])
        self.plan = WallPlan.of(self.total, max(layer.output.shape[1:]), layout, self._label_height)
        self.channels = _shown_channels(self.plan.shown, current)
        self.maps: list[HeatMap] = []
        self.tiles: list[HeatMap] = []
        self.labels: list[Label] = []
        palette, side = theme.palette, self.plan.room * KERNEL_SHARE
        for channel in self.channels:
            kernel = self._weights[channel]
            colours = tile_colours(kernel, reads_picture=reads_picture, theme=theme)
            self.tiles.append(HeatMap(colours, *fitted_size(colours.shape[:2], side)))
            self.maps.append(small_map(layer.output[channel], scale, self.plan.map_side))
            colour = palette.accent if channel == current else palette.text_muted
            self.labels.append(Label(str(channel), theme.sizes.small, colour))
        cells = layout.stage.grid(self.plan.shown, self.plan.columns)
        for index, cell in enumerate(cells):
            self._place_filter(index, cell)
        self.light = Outline(theme.palette.accent, theme.strokes.window)
        self.light.enclose(self.maps[self.channels.index(current)].corners(), 3 * layout.pixel)

    @property
    def is_complete(self) -> bool:
        """Whether every filter of the layer is shown."""
        return len(self.channels) == self.total

    def _place_filter(self, index: int, cell: Zone) -> None:
        """Put a tile beside its map and the number above it, in the middle of a cell."""
        made, tile, label = self.maps[index], self.tiles[index], self.labels[index]
        side = self.plan.room * KERNEL_SHARE
        width = side + GAP + made.width
        made.move_to(cell.centre + point(width / 2 - made.width / 2, -self._label_height / 2))
        tile.move_to(made.get_left() - point(GAP + side / 2, 0.0))
        label.move_to(made.get_top() + point(0.0, self._label_height / 2))


def _shown_channels(count: int, current: int) -> list[int]:
    """Return the first `count` channels, with the last one replaced where `current` is later."""
    channels = list(range(count))
    if current >= count:
        channels[-1] = current
    return channels
