"""What a scene shows from frame to frame: read off its mobjects, nothing is drawn."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from manim import ManimColor, Mobject, VMobject

from cnnviz.auditing.timeline import Timeline, UnchangedFrames
from cnnviz.mobjects.cells import Cells
from cnnviz.mobjects.frames import corners_of
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.raster import Raster
from cnnviz.mobjects.text import Label, TextBlock
from cnnviz.rendering.damage import mobjects_to_draw
from cnnviz.rendering.vectors import ink_of, vector_signature
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import Corners, Zone

FAINT = 0.1
"""What has this opacity or less is not seen."""

GRID = 12, 8
"""Columns and rows in which the use of a stage is measured."""

Seen = tuple[Hashable, Corners]
"""All that decides how a thing looks, and the rectangle around it."""


def share_used(zone: Zone, around: Sequence[Corners]) -> float:
    """Return how much of a zone is in use, 0..1.

    The zone is divided into 12 x 8 cells. A cell is in use if it touches the rectangle around
    something that is seen: around each shape, map or line of text by itself, not around a group.
    So a plot is as large as its axes and curves, and a word as large as the word.

    Parameters
    ----------
    zone
        The stage.
    around
        Of all that is seen: (left, top, right, bottom), y upwards.
    """
    columns, rows = GRID
    lefts, tops, rights, bottoms = np.array(around, np.float64).reshape(-1, 4).T
    first_columns = np.floor((lefts - zone.left) / zone.width * columns)
    end_columns = np.ceil((rights - zone.left) / zone.width * columns)
    first_rows = np.floor((zone.top - tops) / zone.height * rows)
    end_rows = np.ceil((zone.top - bottoms) / zone.height * rows)
    column, row = np.arange(columns)[:, None], np.arange(rows)[:, None]
    is_in_columns = (first_columns <= column) & (column < end_columns)
    is_in_rows = (first_rows <= row) & (row < end_rows)
    return float((is_in_rows @ is_in_columns.T).mean())


def seen_on(scene: LectureScene, zone: Zone) -> list[Seen]:
    """Return what is seen of a scene in a zone, from back to front, without its title."""
    title = {id(part) for part in scene.title_parts}
    found = []
    for mobject in mobjects_to_draw(scene):
        if id(mobject) in title:
            continue
        look = _look_of(mobject, scene.theme.palette.background)
        if look is not None and is_on(zone, look[1]):
            found.append(look)
    return found


def readable_captions(scene: LectureScene, zone: Zone) -> tuple[str, ...]:
    """Return what is written below a zone, whole captions, also one that comes or goes."""
    return tuple(
        mobject.text
        for mobject in scene.mobjects
        if isinstance(mobject, TextBlock)
        and mobject.submobjects
        and all(isinstance(line, Label) and line.opacity > FAINT for line in mobject.submobjects)
        and _middle(mobject.submobjects) < zone.bottom
    )


def _middle(lines: Sequence[Mobject]) -> float:
    """Return the height of the middle of some lines."""
    corners = [line.corners() for line in lines if isinstance(line, Label)]
    return (max(top for _, top, _, _ in corners) + min(bottom for *_, bottom in corners)) / 2


class FilmRecorder:
    """Takes down what a scene shows, frame by frame.

    Parameters
    ----------
    zone
        The stage.
    frame_rate
        Frames a second.
    """

    def __init__(self, zone: Zone, frame_rate: int) -> None:
        self._zone = zone
        self._frame_rate = frame_rate
        self._spans: list[UnchangedFrames] = []
        self._seen: list[Seen] = []
        self._used = 0.0
        self._pictures = 0

    def take(self, scene: LectureScene, beat: str, first_frame: int, frame_count: int) -> None:
        """Take down what a scene now shows, and for how many frames."""
        seen = seen_on(scene, self._zone)
        if seen != self._seen:
            self._pictures += 1
            self._seen = seen
            self._used = share_used(self._zone, [corners for _, corners in seen])
        captions = readable_captions(scene, self._zone)
        span = UnchangedFrames(first_frame, frame_count, beat, self._pictures, self._used, captions)
        self._spans.append(span)

    @property
    def timeline(self) -> Timeline:
        """All that was taken down."""
        return Timeline(self._frame_rate, tuple(self._spans))


def is_on(zone: Zone, corners: Corners) -> bool:
    """Return whether a part of a rectangle lies in a zone."""
    left, top, right, bottom = corners
    return left < zone.right and zone.left < right and bottom < zone.top and zone.bottom < top


def _look_of(mobject: Mobject, background: str) -> Seen | None:
    """Return how a mobject looks and where it is, None if it is not seen."""
    if isinstance(mobject, Raster):
        if not mobject.is_visible or mobject.opacity <= FAINT:
            return None
        if isinstance(mobject, Cells):
            return _look_of_cells(mobject)
        corners = _seen_cells(mobject) if isinstance(mobject, HeatMap) else mobject.corners()
        return None if corners is None else (mobject.state(), corners)
    if isinstance(mobject, VMobject) and _is_seen(mobject, background):
        return vector_signature(mobject), corners_of(mobject)
    return None


def _is_seen(vector: VMobject, background: str) -> bool:
    """Return whether anything but the background's colour can be seen of a shape."""
    ink = ink_of(vector)
    if ink.stroke and vector.get_stroke_opacity() > FAINT:
        return True
    is_filled = bool(ink.fill and vector.get_fill_opacity() > FAINT)
    return is_filled and hex_of(vector.get_fill_color()) != background


def hex_of(colour: ManimColor | None) -> str:
    """Return a shape's colour as ``"#rrggbb"``."""
    return "" if colour is None else str(colour.to_hex()).lower()


def _seen_cells(heat_map: HeatMap) -> Corners | None:
    """Return the rectangle around the cells of a map that can be seen."""
    if heat_map.bitmap.is_opaque:
        return heat_map.corners()
    is_seen = heat_map.cell_alpha > 255 * FAINT
    rows, columns = np.flatnonzero(is_seen.any(axis=1)), np.flatnonzero(is_seen.any(axis=0))
    if not len(rows):
        return None
    return heat_map.area(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)


def _look_of_cells(cells: Cells) -> Seen | None:
    """Return the same for cells that each have a place of their own."""
    now = cells.current
    is_seen = now.alphas > 255 * FAINT
    if not is_seen.any():
        return None
    lefts, tops, sizes = now.lefts[is_seen], now.tops[is_seen], now.sizes[is_seen]
    state = (*(part.tobytes() for part in vars(now).values()), cells.opacity, cells.corners())
    return state, (
        float(lefts.min()),
        float(tops.max()),
        float((lefts + sizes).max()),
        float((tops - sizes).min()),
    )
