"""Maps that the journey only passes, one at a time, with what the pixel reaches of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import Mobject

from cnnviz.locales import Words
from cnnviz.mobjects.frames import Outline
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import fitted_size
from cnnviz.mobjects.text import TextBlock
from cnnviz.model.trace import Trace
from cnnviz.scenes.journey.layer_blocks import LayerBlock
from cnnviz.scenes.journey.panel import Panel
from cnnviz.scenes.journey.trail import LEAST_MARK, channel_colours, field_edges
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

GAP = 0.15
"""Between the maps and the line below them, in Manim units."""

MOST_MAPS = 7
"""Maps that pass at once: nobody sees more of them in the time they have."""


def passing_maps(blocks: Sequence[LayerBlock]) -> list[LayerBlock]:
    """Return the blocks whose maps are shown: all, or some at even distances, the last included."""
    count = min(len(blocks), MOST_MAPS)
    return [blocks[-1 - round(step)] for step in np.linspace(len(blocks) - 1, 0, count)]


class PassedBoard:
    """The mobjects of the beat; none is in the scene at first.

    Parameters
    ----------
    trace
        What is shown.
    blocks
        One map each; a field may be empty, and then nothing is outlined.
    rule
        Which steps are told in full: said below the maps.
    zone
        The room.
    theme, words
        Looks and words.
    """

    def __init__(
        self,
        trace: Trace,
        blocks: Sequence[LayerBlock],
        rule: str,
        zone: Zone,
        theme: Theme,
        words: Words,
    ) -> None:
        sizes, palette = theme.sizes, theme.palette
        self.rule = TextBlock(rule, sizes.label, palette.text_muted, zone.width)
        self.rule.move_to(point(zone.x, zone.bottom + self.rule.height / 2))
        above = Zone(zone.left, zone.top, zone.right, zone.bottom + self.rule.height + GAP)
        panel = Panel(above, theme, has_foot=False)
        side = min(panel.room.width, panel.room.height)
        least = LEAST_MARK * theme.layout.pixel
        names: list[str] = []
        self._edges = []
        self.maps: list[HeatMap] = []
        for block in blocks:
            stage = block.last
            colours = channel_colours(trace, stage.layer, stage.channel, theme)
            made = HeatMap(colours, *fitted_size(colours.shape[:2], side))
            self.maps.append(made.move_to(point(zone.x, panel.room.y)))
            names.append(words("journey.channel_of", layer=stage.layer, channel=stage.channel))
            field = stage.field
            self._edges.append(None if field.is_empty else field_edges(made, field, least))
        self.heading = panel.heading(names[0], self.maps[0])
        self._names = names
        self.mark = Outline(theme.palette.accent, theme.strokes.normal)

    @property
    def parts(self) -> list[Mobject]:
        """All mobjects."""
        return [*self.maps, self.mark, self.heading, *self.rule]

    def show(self, position: float) -> None:
        """Show the map at a position, counted from 0, and close in on what is reached on it.

        At whole numbers the outline is around the map, and just before the next around the field.
        """
        index = min(int(position), len(self.maps) - 1)
        for other, each in enumerate(self.maps):
            each.opacity = 1.0 if other == index else 0.0
        edges = self._edges[index]
        if edges is not None:
            start = np.array(self.maps[index].corners())
            self.mark.set_edges(*map(float, start + (np.array(edges) - start) * (position - index)))
        self.mark.set_stroke(opacity=0.0 if edges is None else 1.0)
        self.heading.set_text(self._names[index])
