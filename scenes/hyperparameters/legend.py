"""What the letters of the size formula mean."""

from __future__ import annotations

from collections.abc import Mapping

from manim import Group, Mobject

from cnnviz.mobjects.text import POINTS_PER_UNIT, Label, line_width
from cnnviz.scenes.hyperparameters.marks import floor_bracket
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

ROUND_DOWN = "⌊⌋"
"""The two brackets, as a token of the legend."""

LEGEND_STEP = 1.65
"""From one line of the legend to the next, in em."""

AIR = 0.5
"""What stays free above and below the legend together, in lines."""

LEGEND_INDENT = 0.7
"""Room for the letters of the legend, in Manim units."""

BRACKET_GAP = 0.07
"""Half the distance between the legend's brackets, in Manim units."""


class Legend(Group):
    """What the letters of the formula mean, one below the other.

    Parameters
    ----------
    meanings
        What each letter or sign means.
    theme
        Sizes and colours.
    zone
        The room it takes; it stands at the left, as large as fits and as captions at most.

    Attributes
    ----------
    entries
        Letter and meaning of each line.
    """

    def __init__(self, meanings: Mapping[str, str], theme: Theme, zone: Zone) -> None:
        palette, room = theme.palette, zone.width - LEGEND_INDENT
        widest = max(line_width(meaning, theme.sizes.body) for meaning in meanings.values())
        highest = zone.height / (len(meanings) + AIR) * POINTS_PER_UNIT / LEGEND_STEP
        size = min(theme.sizes.caption, theme.sizes.body * room / widest, highest)
        step = LEGEND_STEP * size / POINTS_PER_UNIT
        self.entries: list[list[Mobject]] = []
        for index, (token, meaning) in enumerate(meanings.items()):
            y = zone.y + ((len(meanings) - 1) / 2 - index) * step
            if token == ROUND_DOWN:
                letter: Mobject = Group(
                    floor_bracket("⌊", -BRACKET_GAP, 0.0, size, theme),
                    floor_bracket("⌋", BRACKET_GAP, 0.0, size, theme),
                )
            else:
                letter = Label(token, size, palette.text, weight=600)
            label = Label(meaning, size, palette.text_muted)
            label.move_to(point(zone.left + LEGEND_INDENT + label.width / 2, y))
            letter.move_to(point(zone.left + LEGEND_INDENT / 2, y))
            self.entries.append([letter, label])
        super().__init__(*(part for entry in self.entries for part in entry))
