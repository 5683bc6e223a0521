"""Every class's score, each in its own place."""

from __future__ import annotations

import math
from collections.abc import Sequence

from manim import Group

from cnnviz.mobjects.bars import PlainRectangle
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.text import LINE_STEP, POINTS_PER_UNIT, Number
from cnnviz.scenes.flatten.blocks import zone_outline
from cnnviz.scenes.flatten.shown import ShownScore
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

SLOT_WIDTH = 1.25
"""Narrowest slot, in Manim units."""

WIDEST_SLOT = 2.4
SLOT_HEIGHT = 1.3
"""Largest size of a slot, in Manim units."""

NUMBER_HEIGHT = 0.26
BAR_HEIGHT = 0.13
"""Of a score, and of its bar below it, in Manim units; the rest of a slot is for the name."""

BAR_SHARE = 0.42
"""How long the longest bar is on its side, as a share of the slot's width."""

GAP = 0.1


class ScoreSlot(Group):
    """A class's name and, below it, its score, and that as a bar to the right or to the left.

    Parameters
    ----------
    score
        Of the class.
    longest
        The largest score of all, without its sign: its bar is the longest.
    theme
        Sizes and colours.
    zone
        The room there is.
    """

    def __init__(self, score: ShownScore, longest: float, theme: Theme, zone: Zone) -> None:
        sizes, palette = theme.sizes, theme.palette
        height = min(zone.height, SLOT_HEIGHT)
        self.number = Number(score.total, sizes.body, palette.text)
        around = zone.inset(GAP / 4, GAP / 4 + (zone.height - height) / 2)
        self._bar_y = around.bottom + GAP / 2 + BAR_HEIGHT / 2
        number_y = self._bar_y + BAR_HEIGHT / 2 + NUMBER_HEIGHT / 2
        names = Zone(zone.left, around.top - GAP / 4, zone.right, number_y + NUMBER_HEIGHT / 2)
        highest = names.height * POINTS_PER_UNIT / LINE_STEP
        self.label = FittedLabel(
            score.name,
            max(min(sizes.body, highest), sizes.small),
            palette.text_muted,
            zone.width - GAP,
            max_height=names.height,
        )
        self.label.move_to(names.centre)
        self.number.move_to(point(zone.x, number_y))
        value = score.total.value
        self._middle, self._length = zone.x, BAR_SHARE * zone.width * value / max(longest, 1e-9)
        self.bar = PlainRectangle(palette.positive if value > 0 else palette.negative)
        self.show_bar(1.0)
        self.frame = zone_outline(around, palette.accent, theme.strokes.normal)
        super().__init__(self.label, self.number, self.bar)

    def show_bar(self, share: float) -> None:
        """Let the bar have this share, 0 to 1, of its length."""
        ends = sorted((self._middle, self._middle + share * self._length))
        half = BAR_HEIGHT / 2
        self.bar.set_edges(ends[0], self._bar_y + half, ends[1], self._bar_y - half)

    def show_score(self, share: float) -> None:
        """Let the score be this far from appearing, its bar growing."""
        self.number.set_opacity(min(2 * share, 1.0))
        self.show_bar(share)

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
    longest = max(abs(score.total.value) for score in scores)
    return [
        ScoreSlot(score, longest, theme, place)
        for score, place in zip(scores, places, strict=False)
    ]
