"""Every class's score, each in its own place."""

from __future__ import annotations

import math
from collections.abc import Sequence

from manim import Group

from cnnviz.mobjects.bars import PlainRectangle
from cnnviz.mobjects.fitting import SMALLEST, FittedLabel, even_size, fit_text, lines_height
from cnnviz.mobjects.text import Number, line_width
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

WORD_GAP = 0.22
"""Names nearer to each other would read as one: they stand in lines then."""

NAME_FOOT = 0.06
"""Below a name's last line, for what reaches below it."""

BESIDES_NAME = 1.75 * GAP + NAME_FOOT + NUMBER_HEIGHT + BAR_HEIGHT
"""Height of a slot without its name, in Manim units."""

FEW_LINES = 2
"""Names of so many lines at most are set in the usual small size; longer ones in the smallest."""

FEW_LINES_SHARE = 0.6
"""Width of a name in two lines, as a share of that in one: lines are not equally long."""

ROUNDING = 1.001
"""A little more than needed is enough, whatever is rounded."""


class ScoreSlot(Group):
    """A class's name and, below it, its score, and that as a bar to the right or to the left.

    Parameters
    ----------
    score
        Of the class.
    longest
        The largest score of all, without its sign: its bar is the longest.
    name_room
        Width of the name at most, and its font size where there is room.
    theme
        Sizes and colours.
    zone
        The room there is.
    wraps
        Whether the name is set in lines before it is set smaller.
    """

    def __init__(
        self,
        score: ShownScore,
        longest: float,
        name_room: tuple[float, float],
        theme: Theme,
        zone: Zone,
        *,
        wraps: bool = False,
    ) -> None:
        palette, (name_width, name_size) = theme.palette, name_room
        height = min(zone.height, SLOT_HEIGHT)
        self.number = Number(score.total, theme.sizes.body, palette.text)
        around = zone.inset(GAP / 4, GAP / 4 + (zone.height - height) / 2)
        self._bar_y = around.bottom + GAP / 2 + BAR_HEIGHT / 2
        number_y = self._bar_y + BAR_HEIGHT / 2 + NUMBER_HEIGHT / 2
        foot = number_y + NUMBER_HEIGHT / 2 + NAME_FOOT
        names = Zone(zone.left, around.top - 0.75 * GAP, zone.right, foot)
        self.label = FittedLabel(
            score.name,
            name_size,
            palette.text_muted,
            name_width,
            max_height=names.height,
            wraps=wraps,
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
    rows, across = _arrangement(len(scores), zone.width)
    names, sizes = [score.name for score in scores], theme.sizes
    width = across * _slot_width(names, zone.width, across)
    room = Zone(zone.x - width / 2, zone.top, zone.x + width / 2, zone.bottom)
    lines = room.rows(*[1.0] * rows)
    places = [place for line in lines for place in line.columns(*[1.0] * across)]
    longest = max(abs(score.total.value) for score in scores)
    name_width, size = places[0].width - GAP, sizes.body
    widest = max(line_width(name, sizes.small) for name in names)
    wraps = widest > places[0].width - WORD_GAP
    if wraps:
        if widest <= name_width:  # they would fit, side by side
            name_width = places[0].width - WORD_GAP
        name_height = min(places[0].height, SLOT_HEIGHT) - BESIDES_NAME
        size = even_size(names, sizes.body, SMALLEST, name_width, name_height)
    return [
        ScoreSlot(score, longest, (name_width, size), theme, place, wraps=wraps)
        for score, place in zip(scores, places, strict=False)
    ]


def least_height(names: Sequence[str], width: float, theme: Theme) -> float:
    """Return how high the room for all scores must be, so that no name gets illegibly small.

    Parameters
    ----------
    names
        Of the classes.
    width
        Of the room.
    theme
        Sizes.
    """
    rows, across = _arrangement(len(names), width)
    slot = _slot_width(names, width, across) - GAP
    for size in (theme.sizes.small, SMALLEST):
        most = max(len(fit_text(name, SMALLEST, slot * SMALLEST / size)[0]) for name in names)
        if most <= FEW_LINES:
            break
    return ROUNDING * rows * (lines_height(most, size) + BESIDES_NAME)


def _slot_width(names: Sequence[str], width: float, across: int) -> float:
    """Return the width of a slot: more than usual where names are so long that it helps."""
    longest = max(line_width(name, SMALLEST) for name in names)
    needed = FEW_LINES_SHARE * longest + GAP
    return min(width / across, max(WIDEST_SLOT, needed))


def _arrangement(count: int, width: float) -> tuple[int, int]:
    """Return in how many rows, and how many side by side, so many scores stand."""
    across = min(count, max(1, int(width / SLOT_WIDTH)))
    rows = math.ceil(count / across)
    return rows, math.ceil(count / rows)
