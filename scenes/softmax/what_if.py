"""What the probabilities would be with another score: said to be no value of the network."""

from __future__ import annotations

from manim import Group

from cnnviz.explain.quantity import Quantity
from cnnviz.locales import Words
from cnnviz.mobjects.expression import Expression
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.text import Label, TextBlock
from cnnviz.scenes.softmax.shown import WhatIf
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

LEADING = 0.3
"""Between a heading and what stands below it, in Manim units."""


class WhatIfPanel:
    """The question, and for winner and rival the probability before and after.

    Parameters
    ----------
    what_if
        The numbers.
    theme, words
        Looks and words.
    zones
        Where question, winner and rival lie.
    """

    def __init__(
        self,
        what_if: WhatIf,
        theme: Theme,
        words: Words,
        zones: tuple[Zone, Zone, Zone],
    ) -> None:
        self._theme = theme
        sizes, palette = theme.sizes, theme.palette
        heading = Label(words("softmax.what_if"), sizes.caption, palette.accent, weight=600)
        note = TextBlock(
            words("softmax.what_if_note"), sizes.small, palette.text_muted, zones[0].width
        )
        self.question = Group(heading, note).arrange(point(0.0, -1.0), buff=0.15)
        self.question.move_to(zones[0].centre)
        self.changes = [
            self._change(*each)
            for each in zip(what_if.names, what_if.before, what_if.after, zones[1:], strict=True)
        ]

    def _change(self, called: str, before: Quantity, after: Quantity, zone: Zone) -> Group:
        sizes, palette = self._theme.sizes, self._theme.palette
        name = FittedLabel(called, sizes.body, palette.text, zone.width, max_height=0.7 * LEADING)
        name.move_to(zone.centre + point(0.0, LEADING / 2))
        below = zone.centre - point(0.0, LEADING / 2)
        numbers = Expression([before, " → ", after], sizes.label, below, zone.width, self._theme)
        return Group(name, numbers)
