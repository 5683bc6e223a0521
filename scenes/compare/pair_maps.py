"""Both maps as large as they can be while they fill, and their pictures beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from manim import Mobject

from cnnviz.arrays import Float64Array, FloatArray
from cnnviz.mobjects.colour_bar import ColourBar
from cnnviz.mobjects.frames import map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import feature_map, picture_pixels
from cnnviz.scenes.compare.board import CompareBoard
from cnnviz.scenes.compare.places import LEGEND_HEIGHT
from cnnviz.staging.pair.photos import CRISP_SHARE, HEADING_ROOM, heading, picture_in, square
from cnnviz.style.geometry import Zone, point

GAP = 0.5
"""Between both maps, in Manim units, as all lengths here."""

PICTURE_GAP = 0.3
"""Between a map and its picture."""

SMALLEST_PICTURE = 1.2
"""Where there is less room than that, the pictures leave."""

FADED = 225
"""How much opacity, of 255, cells lose that are not above zero, or not above a level."""

FEW = 0.01
"""Of all values: where less is not above zero, nobody would see that fade."""

LEVEL_SHARE = 0.8
"""Of all values: how many a level that rises leaves below."""


class PairMaps:
    """Both maps with one scale of colours; nothing is in the scene at first.

    Parameters
    ----------
    board
        Whose maps they are; they come from there.

    Attributes
    ----------
    maps
        Of the first and of the second.
    pictures
        What each was made from; none where there is no room.
    frames, names
        Around each map; above maps and pictures.
    legend
        The scale of colours.
    levels
        From where to where a level rises in maps of which nearly all is above zero; None in others.
    """

    def __init__(self, board: CompareBoard) -> None:
        self._board, theme = board, board.theme
        stage = theme.layout.stage
        self.levels = _levels([half.values for half in board.halves])
        self._legend_zone = replace(stage, top=stage.bottom + LEGEND_HEIGHT)
        self.legend = board.make_legend(self._legend_zone)
        room = Zone(stage.left, stage.top, stage.right, stage.bottom + LEGEND_HEIGHT)
        zones = room.parts(1, 1, gap=GAP)
        self.maps: list[HeatMap] = []
        self.pictures: list[HeatMap] = []
        self.frames: list[Mobject] = []
        self.names: list[Mobject] = []
        for side, (half, zone) in enumerate(zip(board.halves, zones, strict=True)):
            # Side by side the maps meet in the middle, and the pictures stand outside.
            is_mirrored = side == 1 and room.is_wide
            picture, place = _places(zone, is_mirrored=is_mirrored)
            of_picture, of_map = board.headings(side)
            made = feature_map(half.values, board.scale, theme, place.width, CRISP_SHARE)
            self.maps.append(_hung(made, place))
            self.frames.append(map_frame(made, theme))
            self.names.append(heading(of_map, made, place.width, theme))
            if picture is not None:
                shown = _hung(picture_in(picture, picture_pixels(half.trace), theme), picture)
                self.pictures.append(shown)
                self.names.append(heading(of_picture, shown, picture.width, theme))

    def legend_with(self, values: Float64Array) -> ColourBar:
        """Return the legend, in its place, of both maps and of other values in their colours."""
        legend = self._board.make_legend(self._legend_zone, values)
        return legend.shift(self.legend.bar.get_center() - legend.bar.get_center())

    def show_positive(self, share: float) -> None:
        """Let what is not above zero fade, at 1 nearly to nothing; at 0 every cell is as it is."""
        self._fade(0.0, share)

    def show_above(self, level: float) -> None:
        """Let only what is above a level stay as it is, and the rest be nearly nothing."""
        self._fade(level, 1.0)

    def _fade(self, level: float, share: float) -> None:
        for made, half in zip(self.maps, self._board.halves, strict=True):
            alpha = np.where(half.values > level, 255, round(255 - FADED * share))
            made.set_cell_alpha(alpha.astype(np.uint8))


def _levels(maps: Sequence[FloatArray]) -> tuple[float, float] | None:
    """Return the lowest value and one that few are above, or None if some are below zero."""
    values = np.concatenate([each.ravel() for each in maps])
    if np.mean(values <= 0) >= FEW:
        return None
    return float(values.min()), float(np.quantile(values, LEVEL_SHARE))


def _hung(raster: HeatMap, zone: Zone) -> HeatMap:
    """Put a raster in the middle of a zone, at its top: of whole pixels, it may be smaller."""
    raster.move_to(zone.centre)
    _, top, _, _ = raster.corners()
    return raster.shift(point(0.0, zone.top - top))


def _places(zone: Zone, *, is_mirrored: bool) -> tuple[Zone | None, Zone]:
    """Return where a picture stands, if it can, and where its map does, their tops in line."""
    zone = Zone(zone.left, zone.top - HEADING_ROOM, zone.right, zone.bottom)
    side = min(zone.width, zone.height)
    beside = min(zone.width - side - PICTURE_GAP, side)
    if beside < SMALLEST_PICTURE:
        return None, square(zone.x, zone.y, side)
    left = zone.x - (side + PICTURE_GAP + beside) / 2
    picture = square(left + beside / 2, zone.top - beside / 2, beside)
    made = square(left + beside + PICTURE_GAP + side / 2, zone.top - side / 2, side)
    if is_mirrored:
        picture, made = (each.moved(2 * (zone.x - each.x), 0.0) for each in (picture, made))
    return picture, made
