"""Where a journey ends early: the windows around the pixel's cells, none of which looks at them."""

from __future__ import annotations

import numpy as np
from manim import Mobject

from cnnviz.explain.fields import Field
from cnnviz.layers.window_axis import WindowAxis
from cnnviz.layers.windows import WindowGeometry
from cnnviz.mobjects.frames import KernelWindow, Outline, map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import fitted_size
from cnnviz.scenes.journey.panel import Panel
from cnnviz.scenes.journey.trail import LEAST_MARK, field_edges
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import Theme

AROUND = 2
"""So many windows on each side of the cells are gone through."""


class LostBoard:
    """The mobjects of the beat; none is in the scene at first.

    Parameters
    ----------
    colours
        The last map that the pixel gets to, uint8 (rows, columns, 3).
    name
        What it is called.
    field
        The pixel's cells on it.
    window
        The geometry of the layer that does not look at them.
    output_shape
        (rows, columns) of that layer's output.
    zone
        The room.
    theme
        Sizes and colours.
    """

    def __init__(
        self,
        colours: np.ndarray,
        name: str,
        field: Field,
        window: WindowGeometry,
        output_shape: tuple[int, int],
        zone: Zone,
        theme: Theme,
    ) -> None:
        panel = Panel(zone, theme, has_foot=False)
        size = fitted_size(colours.shape[:2], min(panel.room.width, panel.room.height))
        self.map = HeatMap(colours, *size).move_to(panel.room.centre)
        self.frame = map_frame(self.map, theme)
        self.heading = panel.heading(name, self.map)
        self.mark = Outline(theme.palette.accent, theme.strokes.window)
        self.mark.set_edges(*field_edges(self.map, field, LEAST_MARK * theme.layout.pixel))
        self.window = KernelWindow(self.map, 1, theme)
        self.window.set_stroke(theme.palette.text)
        self._axes = window.rows, window.columns
        rows, columns = (
            _nearest(cells, count, axis)
            for cells, count, axis in zip(
                (field.rows, field.columns), output_shape, self._axes, strict=True
            )
        )
        self._places = [(row, column) for row in rows for column in columns]
        self.show_window(0.0)

    @property
    def parts(self) -> list[Mobject]:
        """What is there from the beginning."""
        return [self.map, self.frame, self.heading, self.mark]

    def show_window(self, share: float) -> None:
        """Put the window to one of the places around, at a share of the way through them."""
        index = min(int(share * len(self._places)), len(self._places) - 1)
        rows, columns = (
            axis.cells(at) for axis, at in zip(self._axes, self._places[index], strict=True)
        )
        self.window.show_area(rows[0], columns[0], rows[-1] + 1, columns[-1] + 1)


def _nearest(cells: tuple[int, ...], count: int, axis: WindowAxis) -> range:
    """Return the rows, or the columns, of the outputs whose windows lie around some cells."""
    middle = (cells[0] + cells[-1]) / 2 + axis.before
    nearest = round((middle - (axis.kernel_size - 1) / 2) / axis.stride)
    nearest = min(max(nearest, 0), count - 1)
    return range(max(nearest - AROUND, 0), min(nearest + AROUND + 1, count))
