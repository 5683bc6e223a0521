"""One node of the overview, lit."""

from __future__ import annotations

from manim import Mobject

from cnnviz.explain.overview import Node
from cnnviz.mobjects.frames import Outline
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.network_map.edge_bundle import EdgeBundle
from cnnviz.mobjects.network_map.network_map import NetworkMap
from cnnviz.style.colour import ColourScale
from cnnviz.style.theme import Theme

MARGIN = 0.02
"""Between a map and the outline that lights it."""


class NodeHighlight:
    """What lights one node: its edges, its outline, those of its sources, the layer's name.

    Parameters
    ----------
    board
        Where the node is.
    node
        A node that is shown.
    theme
        Colours and line widths.
    """

    def __init__(self, board: NetworkMap, node: Node, theme: Theme) -> None:
        self._board, self._node, self._theme = board, node, theme
        names = [layer.name for layer in board.plan.layers]
        index = names.index(node.layer)
        column = board.columns[index]
        position = column.layer.channels.index(node.channel)
        self._lit = [(link, link.into(position)) for link in column.links]
        self._is_score = column is board.scores
        self.name = board.headings.names[index]
        self.sources = [
            board.columns[link.before].maps[link.pairs[edge][0]]
            for link, edges in self._lit
            for edge in sorted(edges)
        ]
        self.nodes: list[Mobject] = (
            board.bars.of(position) if self._is_score else [column.maps[position]]
        )
        self.outlines: list[Outline] = []
        if not self._is_score:  # a score has its bar's light, and only one thing glows
            self.outlines += [self._around(each, theme.strokes.thin) for each in self.sources]
            self.outlines.append(self._around(column.maps[position], theme.strokes.window))
        self._name_colours = ColourScale(0, 1, (self.name.colour, theme.palette.accent))

    @property
    def parts(self) -> list[Mobject]:
        """What stays bright while all else dims."""
        return [*self.edges_drawn, *self.sources, *self.nodes, self.name]

    @property
    def edges_drawn(self) -> list[EdgeBundle]:
        """The bundles with the node's edges; none where what it reads is left out."""
        return [link.bundle for link, _ in self._lit]

    def light_edges(self) -> None:
        """Light the edges and the name from the beginning, all else being as usual."""
        self.name.set_colour(self._name_colours.colour(1.0))
        for link, edges in self._lit:
            link.bundle.light(edges)

    def light(self, emphasis: float) -> None:
        """Light everything: `emphasis` 0..1 lies between usual and lit."""
        self.name.set_colour(self._name_colours.colour(emphasis))
        if self._is_score:
            self._board.light_scores([self._node.channel], emphasis, self._theme.dimmed)
            return
        for link, edges in self._lit:
            link.bundle.light(edges, emphasis, self._theme.dimmed)

    def _around(self, lit: HeatMap, stroke_width: float) -> Outline:
        outline = Outline(self._theme.palette.accent, stroke_width)
        outline.enclose(lit.corners(), MARGIN)
        return outline
