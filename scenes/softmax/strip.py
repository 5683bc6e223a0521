"""The strip that all classes share: laid end to end, their bars are the sum, and the whole."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from manim import Group, Mobject

from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.bars import Bar, PlainRectangle
from cnnviz.mobjects.text import Label, Number
from cnnviz.scenes.softmax.bars import passing_colour, track_colour
from cnnviz.scenes.softmax.layout import SoftmaxLayout
from cnnviz.scenes.softmax.shown import ShownSoftmax
from cnnviz.staging.rhythm import arriving, leaving
from cnnviz.style.colour import mixed
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

PALE = 0.65
"""Every second part: so far from the background to the full colour."""

NAME_MARGIN = 0.12
"""Between a name and the edges of its part, in Manim units."""

NUMBER_STEP = 0.2
"""From the strip down to its numbers."""

SHARES = ((0.0, "0%"), (0.25, "25%"), (0.5, "50%"), (0.75, "75%"), (1.0, "100%"))


SINKS = 0.6
"""Share of its time in which a bar sinks to the strip, before it grows there."""


def by_turns(start: Zone, end: Zone, upright: float, across: float) -> Zone:
    """Return a zone between two, which is so far on its way up or down, and so far across.

    A bar that did both at once would pass over the numbers beside it.
    """
    up, aside = start.towards(end, upright), start.towards(end, across)
    return Zone(aside.left, up.top, aside.right, up.bottom)


class Strip:
    """One part for each line of the table; none of the mobjects is in the scene at first.

    Parameters
    ----------
    shown, layout
        The numbers, and where things lie.
    names
        What is written into the parts that have room for it, for each line.
    theme
        Looks.

    Attributes
    ----------
    track
        The whole strip, behind its parts.
    parts, names
        One for each line.
    total, zero
        The sum with its sign at the right end, and the number at the left end.
    shares
        The numbers below once the whole is 100 %.
    """

    def __init__(
        self, shown: ShownSoftmax, layout: SoftmaxLayout, names: list[str], theme: Theme
    ) -> None:
        self._zone, self._theme = layout.strip, theme
        others = [shown.others.probability.value] if shown.others else []
        self.values = np.array([*(each.probability.value for each in shown.classes), *others])
        palette, size = theme.palette, theme.sizes.label
        self.track = PlainRectangle(track_colour(theme))
        zone = self._zone
        self.track.set_edges(zone.left, zone.top, zone.right, zone.bottom)
        self.parts = [Bar(self._shade(line), zone.y, zone.height) for line in range(len(names))]
        self.names = [Label(name, size, palette.on_light, weight=600) for name in names]
        self.zero = self._number(Quantity("scale_end", 0.0, "0"), zone.left)
        self.total = Total(shown, zone, theme)
        self.shares = [
            self._number(Quantity("scale_end", value, text), zone.left + value * zone.width)
            for value, text in SHARES
        ]
        self.show_values(self.values)

    def zones(self, values: npt.NDArray[np.float64]) -> list[Zone]:
        """Return where the parts lie that have these shares of the whole."""
        zone = self._zone
        ends = zone.left + zone.width * np.concatenate([[0.0], np.cumsum(values)])
        return [
            Zone(float(left), zone.top, float(right), zone.bottom)
            for left, right in itertools.pairwise(ends)
        ]

    def show_values(self, values: npt.NDArray[np.float64]) -> None:
        """Let the parts have these shares of the whole, and names where there is room."""
        for part, name, zone in zip(self.parts, self.names, self.zones(values), strict=True):
            part.set_edges(zone.left, zone.top, zone.right, zone.bottom)
            name.move_to(zone.centre)
            has_room = name.width + 2 * NAME_MARGIN <= zone.width
            name.set_opacity(1.0 if has_room else 0.0)

    def show_arriving(self, line: int, start: Zone, share: float) -> None:
        """Show a part at this share of its way from a bar to its place: it sinks, then grows."""
        end = self.zones(self.values)[line]
        at = by_turns(start, end, leaving(share, SINKS), arriving(share, 1 - SINKS))
        self.parts[line].set_edges(at.left, at.top, at.right, at.bottom)

    def give_accent(self, shares: Mapping[int, float]) -> None:
        """Give parts so much of the accent's colour, 0 to 1; the others have shades by turns."""
        for line, (part, name) in enumerate(zip(self.parts, self.names, strict=True)):
            colour = passing_colour(self._shade(line), shares.get(line, 0.0), self._theme)
            part.set_bar_colour(colour)
            name.set_colour(self._theme.text_on(colour))

    def _shade(self, line: int) -> str:
        palette = self._theme.palette
        return mixed(palette.background, palette.positive, PALE if line % 2 else 1.0)

    def _number(self, quantity: Quantity, x: float) -> Number:
        number = Number(quantity, self._theme.sizes.small, self._theme.palette.text_muted)
        zone = self._zone
        half = number.width / 2
        x = min(max(x, zone.left + half), zone.right - half)
        return number.move_to(point(x, zone.bottom - NUMBER_STEP))

    @property
    def moving_parts(self) -> list[Mobject]:
        """All that :meth:`show_values` changes."""
        return [*self.parts, *self.names]


class Total(Group):
    """The sum with its sign, its right end below that of a zone."""

    def __init__(self, shown: ShownSoftmax, zone: Zone, theme: Theme) -> None:
        sizes, palette = theme.sizes, theme.palette
        self.number = Number(shown.exp_sum, sizes.label, palette.text, weight=600)
        self.number.move_to(point(zone.right - self.number.width / 2, zone.bottom - NUMBER_STEP))
        self.sign = Label(f"Σ {shown.exp_equals}", sizes.label, palette.text_muted)
        self.sign.move_to(self.number.get_left() - point(self.sign.width / 2 + 0.08, 0.0))
        super().__init__(self.sign, self.number)
