"""Every class's score, each in its own place."""

from __future__ import annotations

import math
from collections.abc import Sequence

from manim import Group

from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.text import Number
from cnnviz.scenes.flatten.blocks import zone_outline
from cnnviz.scenes.flatten.shown import ShownScore
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

SLOT_WIDTH = 1.25
"""Narrowest slot, in Manim units."""

WIDEST_SLOT = 2.4
SLOT_HEIGHT = 0.85
"""Largest size of a slot, in Manim units."""

NAME_HEIGHT = 0.45
"""Of a name in several lines, as a share of the slot."""

GAP = 0.1


class ScoreSlot(Group):
    """A class's name and, below it, its score."""

    def __init__(self, score: ShownScore, theme: Theme, zone: Zone) -> None:
        sizes, palette = theme.sizes, theme.palette
        self.number = Number(score.total, sizes.body, palette.text)
        height = min(zone.height, SLOT_HEIGHT)
        step = 0.24 * height
        self.label = FittedLabel(
            score.name,
            sizes.small,
            palette.text_muted,
            zone.width - GAP,
            max_height=NAME_HEIGHT * height,
        )
        self.label.move_to(zone.centre + point(0.0, step))
        self.number.move_to(zone.centre - point(0.0, step))
        around = zone.inset(GAP / 4, GAP / 4 + (zone.height - height) / 2)
        self.frame = zone_outline(around, palette.accent, theme.strokes.normal)
        super().__init__(self.label, self.number)

    def set_colour(self, colour: str) -> None:
        """Colour name and score."""
        self.label.set_colour(colour)
        self.number.set_colour(colour)


def score_slots(scores: Sequence[ShownScore], theme: Theme, zone: Zone) -> list[ScoreSlot]:
    """Return the scores in as few rows as are legible, the rows about equally full."""
    across = min(len(scores), max(1, int(zone.width / SLOT_WIDTH)))
    rows = math.ceil(len(scores) / across)
    across = math.ceil(len(scores) / rows)
    width = min(zone.width, WIDEST_SLOT * across)
    room = Zone(zone.x - width / 2, zone.top, zone.x + width / 2, zone.bottom)
    lines = room.rows(*[1.0] * rows)
    places = [place for line in lines for place in line.columns(*[1.0] * across)]
    return [ScoreSlot(score, theme, place) for score, place in zip(scores, places, strict=False)]
