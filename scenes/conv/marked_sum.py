"""One sum on the finished map: where it is, and its cell enlarged, in its colour."""

from __future__ import annotations

from collections.abc import Sequence

from manim import FadeIn

from cnnviz.explain.places import Pixel
from cnnviz.explain.quantity import Quantity
from cnnviz.locales import Words
from cnnviz.mobjects.frames import map_frame
from cnnviz.mobjects.number_grid import NumberGrid, number_width
from cnnviz.mobjects.text import TextBlock
from cnnviz.scenes.conv.pair import Pair
from cnnviz.staging.scene import LectureScene
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

CELL_WIDTH, CELL_HEIGHT = 2.2, 1.2
"""Largest size of the enlarged cell, in Manim units, as all lengths here."""

MARGIN = 0.1
"""Beside the number in its cell."""

NAME_GAP = 0.14
"""From the cell to its place's name."""

LEADING = 1.2
"""From line to line of the place's name, in em."""

BETWEEN = 0.3
"""Between a sum's room and the next one's."""


class MarkedSum:
    """Frames around a cell of the map and what it sees, and that cell with its number.

    Parameters
    ----------
    pair
        The picture and the map.
    value
        The sum.
    place
        Its row and column.
    zone
        Room for the enlarged cell and its place's name.
    theme, words
        Looks and words.
    """

    def __init__(
        self,
        pair: Pair,
        value: Quantity,
        place: Pixel,
        zone: Zone,
        theme: Theme,
        words: Words,
    ) -> None:
        self._theme = theme
        self.windows = pair.frames_of(*place)
        self._origin = pair.map.cell_centre(*place)
        self._origin_width = pair.map.cell_size()[0]
        row, column = place
        is_flat = zone.width > 2 * zone.height
        room = zone.width / 2 if is_flat else zone.width
        self.cell = _cell(value, pair.scale, room, min(zone.height, CELL_HEIGHT), theme)
        self.frame = map_frame(self.cell.cells, theme)
        name = TextBlock(
            words("common.place", row=row, column=column),
            theme.sizes.label,
            theme.palette.text_muted,
            room - NAME_GAP,
            align="left" if is_flat else "centre",
            leading=LEADING,
        )
        if is_flat:
            left = zone.x - (self.cell.width + NAME_GAP + name.width) / 2
            self.cell.move_to(point(left + self.cell.width / 2, zone.y))
            name.move_to(point(left + self.cell.width + NAME_GAP + name.width / 2, zone.y))
        else:
            top = zone.y + (self.cell.height + NAME_GAP + name.height) / 2
            self.cell.move_to(point(zone.x, top - self.cell.height / 2))
            name.move_to(point(zone.x, top - self.cell.height - NAME_GAP - name.height / 2))
        self.frame.enclose(self.cell.cells.corners(), theme.layout.pixel * theme.strokes.thin / 2)
        self.name = [*name]

    def show(self, scene: LectureScene) -> None:
        """Frame the cell, then let it grow out of the map."""
        scene.play(*map(FadeIn, self.windows), run_time=scene.timing.fade)
        scale = self._origin_width / self.cell.width
        grown = FadeIn(self.cell, target_position=self._origin, scale=scale)
        scene.play(grown, run_time=scene.while_read(scene.timing.move))
        scene.fade_in(self.frame, *self.name)

    def step_back(self) -> None:
        """Be no longer the one that is talked about."""
        for window in self.windows:
            window.set_stroke(self._theme.palette.text)


def _cell(
    value: Quantity, scale: ColourScale, width: float, height: float, theme: Theme
) -> NumberGrid:
    """Return one cell with its number, in the largest type for which there is room."""
    sizes, characters = theme.sizes, len(value.shown)
    for size in (sizes.number, sizes.body, sizes.small):
        needed = number_width(characters, size) + MARGIN
        if needed <= width:
            break
    width = max(min(width, CELL_WIDTH), needed)
    return NumberGrid(((value,),), scale, theme, 3 * width, 3 * height, characters, size)


def mark_sums(
    pair: Pair, sums: Sequence[tuple[Pixel, Quantity]], theme: Theme, words: Words
) -> list[MarkedSum]:
    """Return marks for sums, one below or beside the other in the middle of the pair."""
    zones = pair.places.middle_parts(*[1.0] * len(sums), gap=BETWEEN)
    return [
        MarkedSum(pair, value, pixel, zone, theme, words)
        for (pixel, value), zone in zip(sums, zones, strict=True)
    ]
