"""The maps of one small example after another, each growing or shrinking into the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from manim import Mobject

from cnnviz.mobjects.frames import Outline
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.number_grid import grid_rules
from cnnviz.mobjects.text import Label
from cnnviz.scenes.hyperparameters.marks import DilatedWindow
from cnnviz.scenes.hyperparameters.sizes import BRIGHT, SlidingExample
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

MOST_CELLS = 10, 5, 8
"""Along a side of the largest input, kernel and output that are shown."""

OUTPUT = 2
"""Which of the maps is the output."""

GAP = 1.0
"""Between two maps, in cells."""

HEAD = 0.4
"""Of a map's name, in Manim units."""

BELOW = 0.2
"""Between two maps one above the other, in Manim units."""


@dataclass(frozen=True)
class MapRooms:
    """Where the middles of input, kernel and output are, and how large a cell is."""

    cell: float
    middles: tuple[tuple[float, float], ...]

    @classmethod
    def of(cls, zone: Zone, theme: Theme) -> MapRooms:
        """Set the three side by side where the stage is not tall, else the output below."""
        first, second, third = MOST_CELLS
        is_tall = theme.layout.aspect == "9:16"
        if is_tall:
            wide, high = first + GAP + second, first + third
            room = zone.height - 2 * HEAD - BELOW
        else:
            wide, high = first + second + third + 2 * GAP, first
            room = zone.height - HEAD
        cell = theme.layout.cell_size(1, min(zone.width / wide, room / high))
        left = zone.x - wide * cell / 2
        top = zone.y + (high * cell + zone.height - room) / 2 - HEAD
        upper = top - first * cell / 2
        input_x = left + first * cell / 2
        kernel_x = left + (first + GAP + second / 2) * cell
        if is_tall:
            below = top - (first + third / 2) * cell - HEAD - BELOW
            return cls(cell, ((input_x, upper), (kernel_x, upper), (zone.x, below)))
        output_x = left + (first + second + 2 * GAP + third / 2) * cell
        return cls(cell, ((input_x, upper), (kernel_x, upper), (output_x, upper)))


@dataclass(frozen=True, eq=False)
class ExampleColours:
    """What the maps of one example look like.

    Attributes
    ----------
    example
        The sizes.
    pictures
        Colours of input, kernel and output, each of shape (n, n, 3).
    """

    example: SlidingExample
    pictures: tuple[npt.NDArray[np.uint8], ...]

    @classmethod
    def of(cls, example: SlidingExample, theme: Theme) -> ExampleColours:
        """Return the colours, the output's on its own range."""
        largest = max(int(np.abs(example.output).max()), 1)
        return cls(
            example,
            (
                theme.positive_scale(1.4 * BRIGHT).colours(example.padded),
                theme.weight_scale(1).colours(example.kernel),
                theme.signed_scale(largest).colours(example.output),
            ),
        )

    @cached_property
    def canvases(self) -> list[npt.NDArray[np.float64]]:
        """The pictures in the middle of as many cells as there can be: (N, N, 4), alpha last."""
        return [
            _on_canvas(each, most) for each, most in zip(self.pictures, MOST_CELLS, strict=True)
        ]

    @property
    def sizes(self) -> list[int]:
        """Cells along a side of input, kernel and output."""
        return [len(each) for each in self.pictures]


class TurnedMaps:
    """Input with its window, kernel and output, in the same places for all examples.

    Parameters
    ----------
    zone
        The room there is.
    heads
        What stands above the three maps.
    theme
        Colours.
    """

    def __init__(self, zone: Zone, heads: Sequence[Label], theme: Theme) -> None:
        self._theme, self.heads = theme, list(heads)
        self._rooms = MapRooms.of(zone, theme)
        cell = self._rooms.cell
        blank = [np.zeros((most, most, 3), np.uint8) for most in MOST_CELLS]
        self.maps = [HeatMap(each, len(each) * cell, len(each) * cell) for each in blank]
        self.rules = [grid_rules(each, theme) for each in self.maps]
        self.frames = [Outline(theme.palette.line, theme.strokes.thin) for _ in self.maps]
        self.window = DilatedWindow(self.maps[0], 1, theme)

    @property
    def parts(self) -> list[Mobject]:
        """All that is drawn, from back to front."""
        return [*self.maps, *self.rules, *self.frames, *self.heads, self.window]

    def show_change(self, old: ExampleColours, new: ExampleColours, share: float) -> None:
        """Show how one example becomes another, while the window goes back.

        The old output goes in the first half; then its frame becomes the new one's.
        """
        for index, each in enumerate(self.maps):
            before, after = old.canvases[index], new.canvases[index]
            if each is self.maps[OUTPUT]:
                self._paint(each, before[..., :3], before[..., 3] * max(1 - 2 * share, 0.0))
                self._place(index, old.sizes[index], new.sizes[index], max(2 * share - 1, 0.0))
                continue
            alpha = before[..., 3] * (1 - share) + after[..., 3] * share
            self._paint(each, _between(before, after, share), alpha)
            self._place(index, old.sizes[index], new.sizes[index], share)
        geometries = old.example.geometry, new.example.geometry
        size, spacing = (
            before + (after - before) * share
            for before, after in (
                (geometries[0].kernel_size, geometries[1].kernel_size),
                (geometries[0].dilation, geometries[1].dilation),
            )
        )
        is_same = old is new
        last = 0 if is_same else (old.example.output_size - 1) * geometries[0].stride
        offsets = [(MOST_CELLS[0] - each.sizes[0]) // 2 for each in (old, new)]
        offset = offsets[0] + (offsets[1] - offsets[0]) * share
        stop = offset + last * (1 - share)
        self.window.show_position(stop, stop, spacing, size)

    def show_sweep(self, shown: ExampleColours, share: float) -> None:
        """Let the window have been at this share (0 to 1) of its stops, row by row."""
        example = shown.example
        size, geometry = example.output_size, example.geometry
        row = min(int(share * size), size - 1)
        column = min((share * size - row) * size, size - 1.0)
        offset = (MOST_CELLS[0] - shown.sizes[0]) // 2
        self.window.show_position(
            offset + row * geometry.stride,
            offset + column * geometry.stride,
            geometry.dilation,
            geometry.kernel_size,
        )
        done = np.clip(share * size**2 - np.arange(size**2), 0, 1).reshape(size, size)
        canvas = shown.canvases[2]
        alpha = _on_canvas(np.rint(255 * done)[..., np.newaxis], MOST_CELLS[2])[..., 0]
        self._paint(self.maps[OUTPUT], canvas[..., :3], alpha)

    def _paint(
        self, on: HeatMap, colours: npt.NDArray[np.float64], alpha: npt.NDArray[np.float64]
    ) -> None:
        on.set_colours(np.rint(colours).astype(np.uint8))
        on.set_cell_alpha(np.rint(alpha).astype(np.uint8))

    def _place(self, index: int, before: int, after: int, share: float) -> None:
        """Put a map so that what is seen of it lies in the middle of its room."""
        cell, (x, y) = self._rooms.cell, self._rooms.middles[index]
        most, size = MOST_CELLS[index], before + (after - before) * share
        odd = [(most - each) % 2 for each in (before, after)]
        shift = (odd[0] + (odd[1] - odd[0]) * share) * cell / 2
        on = self.maps[index]
        on.move_to(point(x + shift, y - shift))
        self.rules[index].move_to(on)
        half = size * cell / 2
        margin = self._theme.layout.pixel * self._theme.strokes.thin / 2
        corners = (x - half, y + half, x + half, y - half)
        self.frames[index].enclose(corners, margin)
        head = self.heads[index]
        head.move_to(point(x - half + head.width / 2, y + half + HEAD / 2))


def _on_canvas(picture: npt.ArrayLike, most: int) -> npt.NDArray[np.float64]:
    """Return a picture (n, n, c) in the middle of (most, most), with an alpha channel behind."""
    values = np.asarray(picture, np.float64)
    size = len(values)
    first = (most - size) // 2
    canvas = np.zeros((most, most, values.shape[-1] + 1))
    inside = slice(first, first + size)
    canvas[inside, inside, :-1] = values
    canvas[inside, inside, -1] = 255
    return canvas


def _between(
    before: npt.NDArray[np.float64], after: npt.NDArray[np.float64], share: float
) -> npt.NDArray[np.float64]:
    """Return colours between two; a cell that only one of them has keeps its colour."""
    start = np.where(before[..., 3:] > 0, before[..., :3], after[..., :3])
    end = np.where(after[..., 3:] > 0, after[..., :3], before[..., :3])
    between: npt.NDArray[np.float64] = start + (end - start) * share
    return between
