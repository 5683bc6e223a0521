"""The evidence pictures: what speaks for a class and against it, laid over the photo."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from manim import Mobject

from cnnviz.explain.evidence import Evidence
from cnnviz.explain.scaling import symmetric_range
from cnnviz.locales import Words
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.frames import with_border
from cnnviz.mobjects.heat_map import HeatMap, Photo
from cnnviz.mobjects.text import Number
from cnnviz.model.trace import Trace
from cnnviz.scenes.flatten.shown import FlattenNumbers
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import Corners, Zone, between, point
from cnnviz.style.theme import Theme

GAP = 0.5
"""Between the two pictures, in Manim units."""

TEXT_ROOM = 0.42
"""Height of a line above a picture, and of one below it, in Manim units, as all lengths here."""

NAME_HEIGHT, NAME_GAP = 0.64, 0.1
"""Of a name in three small lines at most, and between it and the picture."""

PHOTO_OPACITY = 0.55
"""Of the photo below the evidence."""

MOST_ALPHA = 235
"""Opacity, 0 to 255, of the places that say most."""


class EvidencePicture:
    """The photo with one class's evidence over it; nothing is in the scene at first.

    Parameters
    ----------
    trace, numbers
        What the network computed, and how scores are written.
    class_index, evidence
        Whose, and what it is.
    scale
        Colours, the same for all classes that are compared.
    zone
        The room there is.
    theme, words
        Looks and words.
    """

    def __init__(
        self,
        trace: Trace,
        numbers: FlattenNumbers,
        class_index: int,
        evidence: Evidence,
        scale: ColourScale,
        zone: Zone,
        theme: Theme,
        words: Words,
    ) -> None:
        self.class_index, self.evidence, self._zone = class_index, evidence, zone
        rows, columns = trace.picture.shape[1:]
        score = numbers.score(class_index)
        sizes, palette = theme.sizes, theme.palette
        self.name = FittedLabel(
            words("flatten.evidence", name=score.name),
            sizes.label,
            palette.text_muted,
            zone.width,
            max_height=NAME_HEIGHT,
            wraps=True,
        )
        text_room = max(TEXT_ROOM, self.name.height + NAME_GAP)
        room = Zone(zone.left, zone.top - text_room, zone.right, zone.bottom + TEXT_ROOM)
        # Padding on one side moves the windows' centres: the map may reach beyond the photo.
        beyond_x = max(-evidence.left, evidence.right - columns, 0.0)
        beyond_y = max(-evidence.top, evidence.bottom - rows, 0.0)
        self._pixel = min(
            room.width / (columns + 2 * beyond_x), room.height / (rows + 2 * beyond_y)
        )
        size = columns * self._pixel, rows * self._pixel
        self.photo = with_border(Photo(trace.photo, *size).move_to(room.centre), theme)
        self.overlay = self._make_overlay(scale)
        beyond = beyond_y * self._pixel
        self.name.move_to(self.photo.get_top() + point(0.0, beyond + text_room / 2))
        self.score = Number(score.total, sizes.body, palette.text, weight=600)
        self.score.move_to(self.photo.get_bottom() - point(0.0, beyond + TEXT_ROOM / 2))

    @property
    def texts(self) -> list[Mobject]:
        """Whose evidence it is, and the score."""
        return [self.name, self.score]

    def start_from(self, strip: Zone) -> Corners:
        """Return where the evidence comes from: the part of a strip that is in its own room.

        Where it has none there, the strip is as near as it can be: nothing crosses another photo.
        """
        room, height = self._zone, min(strip.height, self._zone.height)
        y = min(max(strip.y, room.bottom + height / 2), room.top - height / 2)
        left, right = max(strip.left, room.left), min(strip.right, room.right)
        return left, y + height / 2, right, y - height / 2

    def show_folded(self, start: Corners, share: float) -> None:
        """Let the evidence be at this share of its way from a rectangle; the photo fades."""
        end = self._place()
        self.overlay.set_corners(*between(start, end, share))
        self.overlay.opacity = min(2 * share, 1.0)
        self.photo.opacity = 1 - (1 - PHOTO_OPACITY) * share

    def _make_overlay(self, scale: ColourScale) -> HeatMap:
        values = self.evidence.values
        overlay = HeatMap(scale.colours(values), 1.0, 1.0)
        strength = np.clip(np.abs(values) / scale.high, 0.0, 1.0) ** 0.5
        overlay.set_cell_alpha(np.rint(MOST_ALPHA * strength).astype(np.uint8))
        overlay.set_corners(*self._place())
        return overlay

    def _place(self) -> Corners:
        """Return where the map lies on the photo."""
        evidence = self.evidence
        left, top, _, _ = self.photo.corners()
        return (
            left + evidence.left * self._pixel,
            top - evidence.top * self._pixel,
            left + evidence.right * self._pixel,
            top - evidence.bottom * self._pixel,
        )


def evidence_pictures(
    trace: Trace,
    numbers: FlattenNumbers,
    evidence: Mapping[int, Evidence],
    theme: Theme,
    words: Words,
) -> tuple[EvidencePicture, ...]:
    """Return the evidence for one class or two, side by side or one above the other."""
    stage = theme.layout.stage
    shares = [1.0] * len(evidence)
    is_upright = stage.height > stage.width
    zones = stage.rows(*shares, gap=GAP) if is_upright else stage.columns(*shares, gap=GAP)
    values = np.stack([each.values for each in evidence.values()])
    scale = theme.signed_scale(symmetric_range(values).high)
    return tuple(
        EvidencePicture(trace, numbers, index, each, scale, zone, theme, words)
        for (index, each), zone in zip(evidence.items(), zones, strict=True)
    )
