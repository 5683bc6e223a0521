"""Both maps as large as they can be while they fill, and their pictures beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from manim import Mobject

from cnnviz.arrays import Float64Array, FloatArray
from cnnviz.mobjects.colour_bar import ColourBar
from cnnviz.mobjects.frames import map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import feature_map, fitted_size, longest_within, picture_pixels
from cnnviz.scenes.compare.board import CompareBoard
from cnnviz.scenes.compare.places import LEGEND_HEIGHT
from cnnviz.staging.pair.photos import CRISP_SHARE, HEADING_ROOM, halves, heading, picture_in
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
        shape = board.halves[0].values.shape
        zones = halves(room, shape, GAP)
        are_beside = zones[0].right < zones[1].left
        self.maps: list[HeatMap] = []
        self.pictures: list[HeatMap] = []
        self.frames: list[Mobject] = []
        self.names: list[Mobject] = []
        for side, (half, zone) in enumerate(zip(board.halves, zones, strict=True)):
            # Side by side the maps meet in the middle, and the pictures stand outside.
            pixels = picture_pixels(half.trace)
            places = _Places.of(zone, shape, pixels.shape[:2], board.name_widths)
            if side == 1 and are_beside:
                places = places.mirrored(zone.x)
            picture, place = places.picture, places.map
            of_picture, of_map = board.headings(side)
            longest = longest_within(shape, place.width, place.height)
            made = feature_map(half.values, board.scale, theme, longest, CRISP_SHARE)
            self.maps.append(_hung(made, place))
            self.frames.append(map_frame(made, theme))
            self.names.append(heading(of_map, made, place.width + places.beside_map, theme))
            if picture is not None:
                shown = _hung(picture_in(picture, pixels, theme), picture)
                self.pictures.append(shown)
                self.names.append(
                    heading(of_picture, shown, picture.width + places.beside_picture, theme)
                )

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


@dataclass(frozen=True)
class _Places:
    """Where one of the two stands.

    Attributes
    ----------
    map
        For the map.
    picture
        For what it was made from; None where that would be too small.
    beside_map, beside_picture
        How much wider than these their names may be.
    """

    map: Zone
    picture: Zone | None
    beside_map: float
    beside_picture: float = 0.0

    @classmethod
    def of(
        cls, zone: Zone, shape: tuple[int, ...], pixels: tuple[int, ...], names: tuple[float, float]
    ) -> _Places:
        """Return the places in a zone, the map as large as it can be, their tops in line.

        Parameters
        ----------
        zone
            For both, with their names.
        shape, pixels
            Rows and columns of map and picture.
        names
            Least widths of the picture's name and of the map's.
        """
        zone = Zone(zone.left, zone.top - HEADING_ROOM, zone.right, zone.bottom)
        longest = longest_within(shape, zone.width, zone.height)
        width, height = fitted_size(shape, longest)
        of_picture, of_map = names
        right = max(width, of_map)
        beside = zone.width - right - PICTURE_GAP
        side = min(longest_within(pixels, beside, zone.height), longest)
        if side < SMALLEST_PICTURE:
            return cls(Zone.centred_at(zone.x, zone.y, width, height), None, zone.width - width)
        wide, high = fitted_size(pixels, side)
        left = max(wide, min(of_picture, beside))
        around = (beside - left) / 3
        picture_x, map_x = zone.left + around + left / 2, zone.right - around - right / 2
        picture = Zone.centred_at(picture_x, zone.top - high / 2, wide, high)
        made = Zone.centred_at(map_x, zone.top - height / 2, width, height)
        more = around + PICTURE_GAP / 2
        return cls(made, picture, right + more - width, left + more - wide)

    def mirrored(self, x: float) -> _Places:
        """Return the same places, left and right exchanged around `x`."""

        def mirror(zone: Zone) -> Zone:
            return zone.moved(2 * (x - zone.x), 0.0)

        picture = None if self.picture is None else mirror(self.picture)
        return replace(self, map=mirror(self.map), picture=picture)
