"""Maps that the journey only passes, one at a time, with what the pixel reaches of them."""

from __future__ import annotations

from collections.abc import Sequence

from manim import Mobject

from cnnviz.locales import Words
from cnnviz.mobjects.frames import Outline
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import fitted_size
from cnnviz.model.trace import Trace
from cnnviz.scenes.journey.panel import Panel
from cnnviz.scenes.journey.steps import Stop
from cnnviz.scenes.journey.trail import LEAST_MARK, channel_colours, field_edges
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme


class PassedBoard:
    """The mobjects of the beat; none is in the scene at first.

    Parameters
    ----------
    trace
        What is shown.
    stops
        One map each; a field may be empty, and then nothing is outlined.
    zone
        The room.
    theme, words
        Looks and words.
    """

    def __init__(
        self, trace: Trace, stops: Sequence[Stop], zone: Zone, theme: Theme, words: Words
    ) -> None:
        panel = Panel(zone, theme)
        side = min(panel.room.width, panel.room.height)
        least = LEAST_MARK * theme.layout.pixel
        names: list[str] = []
        self._edges = []
        self.maps: list[HeatMap] = []
        for stop in stops:
            stage = stop.last
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
        return [*self.maps, self.mark, self.heading]

    def show(self, position: float) -> None:
        """Show the map at a position, counted from 0."""
        index = round(position)
        for other, each in enumerate(self.maps):
            each.opacity = 1.0 if other == index else 0.0
        edges = self._edges[index]
        if edges is not None:
            self.mark.set_edges(*edges)
        self.mark.set_stroke(opacity=0.0 if edges is None else 1.0)
        self.heading.set_text(self._names[index])
