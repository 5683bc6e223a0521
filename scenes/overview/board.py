"""All mobjects of the overview, and how one node of it is lit."""

from __future__ import annotations

from collections.abc import Sequence

from cnnviz.explain.overview import Node
from cnnviz.explain.scaling import Scale
from cnnviz.locales import Words
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import fitted_size, picture_pixels
from cnnviz.model.trace import Trace
from cnnviz.scenes.overview.bars import ClassBars
from cnnviz.scenes.overview.columns import LayerColumn, Thumbnail, empty_places
from cnnviz.scenes.overview.headings import Headings, Legends
from cnnviz.scenes.overview.planner import plan_overview
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import Theme


class OverviewBoard:
    """The whole network; nothing is in the scene at first.

    Parameters
    ----------
    trace
        What the network computed.
    zone
        The room it takes.
    node
        The map or score whose edges will be lit; it is among those shown.
    scale
        Over which layers one colour means one value.
    theme, words
        Looks and words.
    """

    def __init__(
        self,
        trace: Trace,
        zone: Zone,
        node: Node | None,
        scale: Scale,
        theme: Theme,
        words: Words,
    ) -> None:
        self._theme = theme
        self.plan = plan_overview(trace, zone, theme, words, node)
        self.columns = [
            LayerColumn(trace, self.plan, index, scale, theme)
            for index in range(len(self.plan.layers))
        ]
        self.headings = Headings(self.plan, theme, words)
        self.legends = Legends(trace, self.plan, scale, theme)
        self.bars = ClassBars(trace, self.plan, theme, words.language)
        self.places = empty_places(self.plan, theme)
        self.photo = self._make_photo(trace)

    @property
    def input(self) -> LayerColumn:
        """The picture's channels."""
        return self.columns[0]

    @property
    def scores(self) -> LayerColumn:
        """The edges to the classes."""
        return self.columns[-1]

    @property
    def is_complete(self) -> bool:
        """Whether every layer is shown, with every channel."""
        *others, scores = self.plan.layers
        return not scores.skipped and not any(each.left_out or each.skipped for each in others)

    def _make_photo(self, trace: Trace) -> list[HeatMap]:
        """Return the picture in its colours, to stay beside its channels, where there is room."""
        centre = self.plan.photo_centre()
        if centre is None:
            return []
        pixels = picture_pixels(trace)
        return [Thumbnail(pixels, *fitted_size(pixels.shape[:2], self.plan.side)).move_to(centre)]

    def light_scores(self, classes: Sequence[int], emphasis: float, others: float = 1.0) -> None:
        """Give classes, and the edges that arrive at them, the accent, as far as they are shown."""
        self.bars.light(classes, emphasis)
        shown = self.plan.scores.channels
        lit = [self.scores.edges_into(shown.index(index)) for index in classes if index in shown]
        if self.scores.edges is not None:
            self.scores.edges.light(frozenset().union(*lit), emphasis, others)
