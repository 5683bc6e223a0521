"""Many input channels, one compact line each: map, kernel and what they add."""

from __future__ import annotations

from collections.abc import Sequence

from manim import Group

from cnnviz.explain.convolution_numbers import ConvolutionNumbers
from cnnviz.mobjects.frames import KernelWindow
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import fitted_size, small_map
from cnnviz.mobjects.text import Label, Number, line_width
from cnnviz.scenes.conv.rows import RowScales
from cnnviz.style.geometry import point
from cnnviz.style.theme import Theme

GAP = 0.06
"""Between the parts of a line, in Manim units."""

MAP_SHARE = 0.25
"""Largest side of a map, as a share of the line's width."""

KERNEL_SHARE = 0.65
"""Side of a kernel, as a share of the map's."""


class ChannelLine(Group):
    """One input channel: its index, its map with the window on it, its kernel, its sum.

    Parameters
    ----------
    numbers
        The filter's numbers; the sum is that at the first position.
    channel
        The channel's place among those that the filter sees.
    scales
        Colours of the map and of the kernel.
    theme
        Sizes and colours.
    height, width
        The room the line takes, in Manim units.
    """

    def __init__(
        self,
        numbers: ConvolutionNumbers,
        channel: int,
        scales: RowScales,
        theme: Theme,
        height: float,
        width: float,
    ) -> None:
        side = min(height - GAP, width * MAP_SHARE)
        kernel_side = side * KERNEL_SHARE
        palette, size = theme.palette, theme.sizes.small
        self.channel = channel
        number = str(numbers.sources[channel])
        self.index = Label(number, size, palette.text_muted, anchor="right")
        self.map = small_map(numbers.padded_input[channel], scales.patch, side)
        kernel = numbers.weight[numbers.place.channel, channel]
        self.kernel = HeatMap(
            scales.kernel.colours(kernel), *fitted_size(kernel.shape, kernel_side)
        )
        self.sum = Number(numbers.first.brief_sums[channel], size, palette.text, anchor="right")
        index_width = line_width("00", size)
        left = -width / 2
        self.index.move_to(point(left + index_width - self.index.width / 2, 0.0))
        map_x = left + index_width + GAP + side / 2
        self.map.move_to(point(map_x, 0.0))
        kernel_x = map_x + side / 2 + GAP + kernel_side / 2
        self.kernel.move_to(point(kernel_x, 0.0))
        self.sum.move_to(point((width - self.sum.width) / 2, 0.0))
        self.window = KernelWindow(self.map, numbers.reach, theme)
        self._marked = palette.text
        super().__init__(self.index, self.map, self.kernel, self.sum)

    def mark(self) -> None:
        """Mark the channel as one whose arithmetic is shown in full."""
        self.index.set_colour(self._marked).weight = 600


def highest_line(width: float) -> float:
    """Return the height of a line of some width in which maps are as large as they may be."""
    return width * MAP_SHARE + GAP


def stack_lines(lines: Sequence[ChannelLine], x: float, top: float, height: float) -> None:
    """Place lines of `height` below each other, centred on `x`, the first one below `top`."""
    for index, line in enumerate(lines):
        line.shift(point(x, top - (index + 0.5) * height))
