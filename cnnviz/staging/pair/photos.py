"""The first seconds of a film that compares: both photos, and the pixels that networks receive."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from manim import FadeIn, FadeOut, Mobject, VMobject

from cnnviz.animations.drive import Drive
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.frames import with_border
from cnnviz.mobjects.heat_map import HeatMap, Photo
from cnnviz.mobjects.maps import fitted_size, longest_side, longest_within, picture_pixels
from cnnviz.mobjects.number_grid import grid_rules
from cnnviz.rendering.timing import frames_of, rest_until
from cnnviz.staging.first_look import GAP_SHARE, PHOTO_ALONE
from cnnviz.staging.pair.sides import Sides
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

HEADING_ROOM = 0.42
"""Above a photo, in Manim units, as all lengths here."""

HEADING_RISE = 0.2
"""From a photo's top to the middle of its heading."""

HEADING_HEIGHT = 0.16
"""A heading that is too long for its room is made smaller, not higher."""

GAP = 0.3
"""Between both."""

CRISP_SHARE = 0.8
"""Cells of whole pixels are preferred until they would take less than this share of the room."""


class PairPhotos:
    """Both photos as large as they can be; making one puts them into the scene.

    Attributes
    ----------
    pictures
        What the networks receive, in the places of the photos.
    names
        What stands above them.
    """

    def __init__(self, scene: LectureScene, sides: Sides) -> None:
        self._scene = scene
        shape = sides.traces[0].picture.shape[1:]
        zones = [
            Zone(each.left, each.top - HEADING_ROOM, each.right, each.bottom)
            for each in halves(scene.theme.layout.stage, shape, GAP)
        ]
        self._photos: list[Mobject] = []
        self.pictures: list[HeatMap] = []
        self.names: list[FittedLabel] = []
        theme = scene.theme
        for side, (trace, zone) in enumerate(zip(sides.traces, zones, strict=True)):
            picture = picture_in(zone, picture_pixels(trace), theme)
            photo = Photo(trace.photo, 1.0, 1.0).set_corners(*picture.corners())
            text = sides.picture_name(side, scene.words)
            self._photos.append(with_border(photo, theme))
            self.pictures.append(picture)
            self.names.append(heading(text, picture, zone.width, theme))
        self._gaps = [grid_rules(each, theme) for each in self.pictures]
        scene.set_stage(*self._photos)

    def show_pixels(self) -> None:
        """Let both photos become what the networks receive, in the same place."""
        scene, timing = self._scene, self._scene.timing
        rest_until(scene, frames_of(scene, PHOTO_ALONE * scene.setting.pace))
        self._open_gaps(0.0)
        scene.add(*self.pictures, *self._photos, *self._gaps)
        scene.play(
            *map(FadeOut, self._photos),
            Drive(self._gaps, self._open_gaps, 0, 1),
            *scene.settle_title(),
            run_time=timing.move,
        )
        closing = scene.while_read(2 * timing.move)
        scene.play(
            *(FadeIn(each, run_time=timing.move) for each in self.names),
            Drive(self._gaps, self._open_gaps, 1, 0, run_time=closing),
        )
        scene.remove(*self._gaps)

    def _open_gaps(self, share: float) -> None:
        """Draw the lines between pixels in a share, 0 to 1, of their width."""
        gaps: list[VMobject] = self._gaps
        for each, picture in zip(gaps, self.pictures, strict=True):
            width = GAP_SHARE * picture.cell_size()[0] / self._scene.theme.layout.pixel
            each.set_stroke(width=share * width, opacity=float(share > 0))


def heading(text: str, below: HeatMap, room: float, theme: Theme) -> FittedLabel:
    """Return a name above a picture or a map, no wider than `room`."""
    colour = theme.palette.text_muted
    label = FittedLabel(text, theme.sizes.label, colour, room, max_height=HEADING_HEIGHT)
    return label.move_to(below.get_top() + point(0.0, HEADING_RISE))


def picture_in(zone: Zone, pixels: npt.NDArray[np.uint8], theme: Theme) -> HeatMap:
    """Return a picture's pixels, uint8 of shape (rows, columns, 3), as large as a zone lets it."""
    shape = pixels.shape[:2]
    room = longest_within(shape, zone.width, zone.height)
    side = longest_side(max(shape), theme.layout, room, CRISP_SHARE)
    picture = HeatMap(pixels, *fitted_size(shape, side)).move_to(zone.centre)
    return with_border(picture, theme)


def halves(room: Zone, shape: tuple[int, ...], gap: float) -> tuple[Zone, ...]:
    """Divide a room along its longer side, or across it where two are larger so.

    Parameters
    ----------
    room
        For both, with a heading above each.
    shape
        Rows and columns of each.
    gap
        Between both.
    """

    def size(zones: tuple[Zone, ...]) -> float:
        return longest_within(shape, zones[0].width, zones[0].height - HEADING_ROOM)

    divisions = room.parts(1, 1, gap=gap), room.columns(1, 1, gap=gap), room.rows(1, 1, gap=gap)
    return max(divisions, key=size)


def square(x: float, y: float, side: float) -> Zone:
    """Return the square around a point."""
    return Zone.centred_at(x, y, side, side)
