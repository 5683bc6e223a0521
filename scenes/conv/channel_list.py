"""Several input channels, one compact line each: map, kernel and what they add."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from manim import Group

from cnnviz.explain.convolution_numbers import ConvolutionNumbers
from cnnviz.mobjects.frames import KernelWindow
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import fitted_size, small_map
from cnnviz.mobjects.text import Label, Number, line_width
from cnnviz.scenes.conv.places import LIST_WIDTH
from cnnviz.scenes.conv.rows import RowScales
from cnnviz.style.geometry import point
from cnnviz.style.theme import Theme

GAP = 0.06
"""Between the parts of a line, in Manim units."""

NAME_HEIGHT = 0.38
"""Of a name that stands above its map, clear of a window on the first row."""

KERNEL_SHARE = 0.65
"""Side of a kernel, as a share of the map's."""

WIDEST_INDEX, WIDEST_SUM = "00", "+0.00"
"""What an index and a sum take at most."""

LONGEST_LINE = 0.62
"""Largest height of a line whose map needs no more, in Manim units."""


@dataclass(frozen=True)
class LineShape:
    """How a line uses its room.

    Attributes
    ----------
    width, height
        Of the line.
    side
        Longest side of its map.
    name_width
        Room for its name at the left of the map, the gap included; with none, it stands above.
    """

    width: float
    height: float
    side: float
    name_width: float

    @classmethod
    def of(cls, names: Sequence[Label], width: float, height: float, theme: Theme) -> LineShape:
        """Return the shape with the largest map for a line that has no more than this room."""
        size = theme.sizes.small
        widest = max(line_width(WIDEST_INDEX, size), *(name.width for name in names))
        free = width - line_width(WIDEST_SUM, size) - 2 * GAP

        def side(name_width: float, name_height: float) -> float:
            across = (free - name_width) / (1 + KERNEL_SHARE)
            return min(across, height - name_height - GAP)

        beside, below = side(widest + GAP, 0.0), side(0.0, NAME_HEIGHT)
        map_side, name_width = (below, 0.0) if below > beside else (beside, widest + GAP)
        needed = width - free + name_width + (1 + KERNEL_SHARE) * map_side
        tallest = map_side + GAP + (0.0 if name_width else NAME_HEIGHT)
        return cls(
            width=min(width, max(LIST_WIDTH, needed)),
            height=min(height, max(LONGEST_LINE, tallest)),
            side=map_side,
            name_width=name_width,
        )


class ChannelLine(Group):
    """One input channel: its name, its map with the window on it, its kernel, its sum.

    Parameters
    ----------
    numbers
        The filter's numbers; the sum is that at the first position.
    channel
        The channel's place among those that the filter sees.
    name
        What the channel is called.
    scales
        Colours of the map and of the kernel.
    theme
        Sizes and colours.
    shape
        The room the line takes.
    """

    def __init__(
        self,
        numbers: ConvolutionNumbers,
        channel: int,
        name: Label,
        scales: RowScales,
        theme: Theme,
        shape: LineShape,
    ) -> None:
        side = shape.side
        kernel_side = side * KERNEL_SHARE
        self.channel, self.label = channel, name
        self.map = small_map(numbers.padded_input[channel], scales.patch, side)
        kernel = numbers.weight[numbers.place.channel, channel]
        self.kernel = HeatMap(
            scales.kernel.colours(kernel), *fitted_size(kernel.shape, kernel_side)
        )
        palette, size = theme.palette, theme.sizes.small
        self.sum = Number(numbers.first.brief_sums[channel], size, palette.text, anchor="right")
        left, y = -shape.width / 2, 0.0
        map_x = left + side / 2
        if shape.name_width:
            map_x += shape.name_width
            name.move_to(point(left + shape.name_width - GAP - name.width / 2, y))
        else:
            y -= NAME_HEIGHT / 2
            name.move_to(point(map_x, y + (self.map.height + NAME_HEIGHT) / 2))
        self.map.move_to(point(map_x, y))
        kernel_x = map_x + side / 2 + GAP + kernel_side / 2
        self.kernel.move_to(point(kernel_x, y))
        self.sum.move_to(point((shape.width - self.sum.width) / 2, y))
        self.window = KernelWindow(self.map, numbers.reach, theme)
        super().__init__(name, self.map, self.kernel, self.sum)


def stack_lines(lines: Sequence[ChannelLine], x: float, top: float, height: float) -> None:
    """Place lines of `height` below each other, centred on `x`, the first one below `top`."""
    for index, line in enumerate(lines):
        line.shift(point(x, top - (index + 0.5) * height))
