"""The first seconds of a film: the photo, its pixels, their numbers, and the question."""

from __future__ import annotations

from typing import Any

from manim import FadeIn, FadeOut, smooth

from cnnviz.animations.drive import Drive
from cnnviz.animations.fade_to import FadeTo
from cnnviz.explain.interest import interesting_corner
from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.frames import BORDER, Outline, with_border
from cnnviz.mobjects.heat_map import HeatMap, Photo
from cnnviz.mobjects.maps import picture_pixels
from cnnviz.mobjects.number_grid import grid_rules, number_width
from cnnviz.mobjects.picture_channels import picture_channel_names
from cnnviz.mobjects.text import Number, TextBlock, line_width
from cnnviz.rendering.timing import frames_of, rest_until
from cnnviz.staging.scene import LectureScene
from cnnviz.style.colour import hex_of_rgb
from cnnviz.style.geometry import Corners, Zone, between, point

CORNER = 12
"""Cells along a side of the corner whose numbers are shown, if the picture has as many."""

CHARACTERS = 4
"""Of a number between 0 and 1 with two decimals."""

NUMBER_SHARE = 0.9
"""How much of its cell's width a number takes at most."""

GAP_SHARE = 0.3
"""Width of the gap between two pixels, as a share of a pixel."""

QUESTION_WIDTH = 2.4
QUESTION_HEIGHT = 0.8
"""Room for the question: the width where it stands beside the photo, the height below."""

QUESTION_GAP = 0.45
"""Between the photo and the question, in Manim units."""

QUESTION_SIZE = 36
"""In points, where there is room."""

PHOTO_ALONE = 0.8
"""When the photo breaks into its pixels: seconds after the film's beginning, at a pace of 1."""

BREAK, ZOOM, COUNT, LOOK = 0.4, 0.5, 1.0, 0.5
"""How long that takes; then to come near to a corner; then until its numbers are there, and then
until they go: those that came first have been read meanwhile. All in moves."""

LOWERED = 1.5
"""How much lower than the stage's middle a photo as high as the stage is, in its borders."""

NEAR_MARGIN = 0.08
"""What the corner that has grown is smaller than the photo's place, in Manim units."""


class FirstLook:
    """The photo as large as it can be, and what it becomes; nothing is in the scene at first.

    The picture may have any size: the gaps are a share of a pixel, and the corner has as many
    cells as fit with legible numbers in them, at most 12 by 12.

    Attributes
    ----------
    photo
        What was photographed.
    picture
        What the network receives of it, in the same place.
    question
        What it is: stands beside the photo, where the answer will be, and stays.
    """

    def __init__(self, scene: LectureScene) -> None:
        self.scene = scene
        self._pixels = picture_pixels(scene.trace)
        rows, columns = self._pixels.shape[:2]
        layout = scene.theme.layout
        zone, self._question_zone = _photo_and_question(layout.stage)
        cell = layout.cell_size(max(rows, columns), min(zone.width, zone.height))
        size = (columns * cell, rows * cell)
        photo = Photo(scene.trace.photo, *size).move_to(zone.centre)
        picture = HeatMap(self._pixels, *size).move_to(zone.centre)
        self.photo = with_border(photo, scene.theme)
        self.picture = with_border(picture, scene.theme)
        self.gaps = grid_rules(self.picture, scene.theme)
        self._corner_rows, self._corner_columns = interesting_corner(scene.trace.picture, CORNER)
        self.corner = self._make_corner()
        self._far = self.corner.corners()
        self._near = self._near_corners(zone)
        self.rules = grid_rules(self.corner, scene.theme)
        self.window = Outline(scene.theme.palette.accent, scene.theme.strokes.window)
        self.question = self._make_question()

    @property
    def facts(self) -> dict[str, Any]:
        """How many pixels the picture has, and what their numbers say."""
        rows, columns = self._pixels.shape[:2]
        channels = len(self.scene.trace.picture)
        channel = picture_channel_names(channels, self.scene.words)[0]
        return {"rows": rows, "columns": columns, "count": channels, "channel": channel}

    def show_pixels(self) -> None:
        """Let the photo break into its pixels, and show the numbers of some of them.

        Afterwards picture and question are left on the stage.
        """
        scene, timing = self.scene, self.scene.timing
        numbers = self._make_numbers()
        rest_until(scene, frames_of(scene, PHOTO_ALONE * scene.setting.pace))
        self._open_gaps()
        self._zoom(self._near)
        scene.add(*numbers)
        self._show_numbers(numbers, 0.0)
        scene.play(
            Drive(numbers, lambda share: self._show_numbers(numbers, share), 0, 1),
            *map(FadeIn, self.question),
            run_time=COUNT * timing.move,
        )
        scene.wait(LOOK * timing.move)
        scene.play(FadeTo(numbers, 0.0), run_time=timing.fade / 2)
        scene.remove(*numbers)
        self._zoom(self._far)
        scene.play(
            *map(FadeOut, (self.corner, self.rules, self.window, self.gaps)),
            run_time=timing.fade / 2,
        )
        self._describe(numbers)

    def _describe(self, numbers: list[Number]) -> None:
        """Say what is seen; where nothing can be read, no numbers."""
        facts: dict[str, object] = dict(zip(("rows", "columns"), self._pixels.shape, strict=False))
        if numbers:
            read = sorted((each.quantity for each in numbers), key=lambda each: each.value)
            facts |= {"count": len(read), "least": read[0].shown, "most": read[-1].shown}
        self.scene.describe("pixels" if numbers else "pixels_alone", "before", **facts)

    def _open_gaps(self) -> None:
        scene = self.scene
        self._set_gaps(0.0)
        scene.add(self.picture, self.photo, self.gaps)
        scene.play(
            FadeOut(self.photo),
            Drive([self.gaps], self._set_gaps, 0, 1),
            *scene.settle_title(),
            run_time=BREAK * scene.timing.move,
        )

    def _set_gaps(self, share: float) -> None:
        pixel = self.scene.theme.layout.pixel
        width = GAP_SHARE * self.picture.cell_size()[0] / pixel
        self.gaps.set_stroke(width=share * width, opacity=float(share > 0))

    # -- the corner ---------------------------------------------------------------------------

    def _make_corner(self) -> HeatMap:
        """Return the corner's cells, where they are in the picture."""
        rows, columns = self._corner_rows, self._corner_columns
        cells = HeatMap(self._pixels[rows, columns], 1.0, 1.0)
        place = self.picture.area(rows.start, columns.start, rows.stop, columns.stop)
        return cells.set_corners(*place)

    def _near_corners(self, zone: Zone) -> Corners:
        """Return (left, top, right, bottom) of the corner when it fills the photo's place.

        What lies above and below stays free of the line around it.
        """
        layout, corner = self.scene.theme.layout, self.corner
        cells = max(corner.rows, corner.columns)
        cell = layout.cell_size(cells, min(zone.width, zone.height) - NEAR_MARGIN)
        x, y = corner.columns * cell / 2, corner.rows * cell / 2
        return zone.x - x, zone.y + y, zone.x + x, zone.y - y

    def _zoom(self, end: Corners) -> None:
        """Let the corner grow out of the picture, or shrink back into it."""
        scene = self.scene
        parts = (self.corner, self.rules, self.window)
        start = self.corner.corners()
        self._place_corner(start)
        scene.add(*parts)
        scene.play(
            Drive(parts, lambda share: self._place_corner(between(start, end, share)), 0, 1),
            run_time=ZOOM * scene.timing.move,
            rate_func=smooth,
        )

    def _place_corner(self, place: Corners) -> None:
        self.corner.set_corners(*place)
        self.window.enclose(self.corner.corners(), self.scene.theme.layout.pixel)
        self.rules.set_points(grid_rules(self.corner, self.scene.theme).points)

    def _make_numbers(self) -> list[Number]:
        """Return the first channel's value of each cell, where the corner will have grown."""
        theme, values = self.scene.theme, self.scene.trace.picture
        cell = (self._near[2] - self._near[0]) / self.corner.columns
        room = NUMBER_SHARE * cell / number_width(CHARACTERS, 1.0)
        size = min(theme.sizes.body, room)
        if size < theme.sizes.small:
            return []
        numbers = []
        for row in range(self.corner.rows):
            for column in range(self.corner.columns):
                place = self._corner_rows.start + row, self._corner_columns.start + column
                value = float(values[(0, *place)])
                quantity = Quantity.of("pixel", value, 2, channel=0, row=place[0], column=place[1])
                ink = theme.text_on(hex_of_rgb(self._pixels[place]))
                number = Number(quantity, size, ink)
                x = self._near[0] + (column + 0.5) * cell
                y = self._near[1] - (row + 0.5) * cell
                numbers.append(number.move_to(point(x, y)))
        return numbers

    def _show_numbers(self, numbers: list[Number], share: float) -> None:
        """Let the numbers appear from the upper left to the lower right."""
        rows, columns = self.corner.rows, self.corner.columns
        ahead = share * (rows + columns)
        for index, number in enumerate(numbers):
            row, column = divmod(index, columns)
            number.opacity = min(max(ahead - row - column, 0.0), 1.0)

    # -- words --------------------------------------------------------------------------------

    def _make_question(self) -> TextBlock:
        scene, zone = self.scene, self._question_zone
        asked = scene.words("common.question")
        size = min(
            QUESTION_SIZE, QUESTION_SIZE * zone.width / line_width(asked, QUESTION_SIZE, 600)
        )
        question = TextBlock(asked, size, scene.theme.palette.text, 2 * zone.width, weight=600)
        return question.move_to(zone.centre)


def _photo_and_question(stage: Zone) -> tuple[Zone, Zone]:
    """Return a square zone for the photo, as large as it can be, and one for the question.

    The question stands at the photo's right or below it, whichever leaves more for the photo. As
    high as the stage, it stands a little lower, so that its border is clear of the subtitle.
    """
    beside = min(stage.height, stage.width - QUESTION_WIDTH - QUESTION_GAP)
    below = min(stage.width, stage.height - QUESTION_HEIGHT - QUESTION_GAP)
    if beside >= below:
        margin = (stage.width - beside - QUESTION_GAP - QUESTION_WIDTH) / 2
        left = stage.left + margin
        top = stage.y + beside / 2 - LOWERED * BORDER * beside
        photo = Zone(left, top, left + beside, top - beside)
        return photo, Zone(photo.right + QUESTION_GAP, top, stage.right - margin, photo.bottom)
    margin = (stage.height - below - QUESTION_GAP - QUESTION_HEIGHT) / 2
    top = stage.top - margin
    photo = Zone(stage.x - below / 2, top, stage.x + below / 2, top - below)
    return photo, Zone(stage.left, photo.bottom - QUESTION_GAP, stage.right, stage.bottom + margin)
