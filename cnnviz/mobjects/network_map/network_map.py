"""The whole network as one picture: the world in which every film takes place."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from manim import Group

from cnnviz.explain.overview import Node
from cnnviz.explain.scaling import Scale
from cnnviz.locales import Words
from cnnviz.mobjects.frames import Outline
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import fitted_size, longest_side, picture_pixels
from cnnviz.mobjects.network_map.class_bars import ClassBars
from cnnviz.mobjects.network_map.columns import LayerColumn, Thumbnail, on_pixels
from cnnviz.mobjects.network_map.edge_bundle import EdgeBundle
from cnnviz.mobjects.network_map.headings import Headings
from cnnviz.mobjects.network_map.legends import Legends
from cnnviz.mobjects.network_map.plan import LIGHT_MARGIN
from cnnviz.mobjects.network_map.planner import plan_network
from cnnviz.mobjects.network_map.tile_sizes import CRISP_SHARE
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import Corners, Zone, around, between
from cnnviz.style.theme import Theme


class NetworkMap(Group):
    """Photo, one column of tiles a layer with the edges between them, answer.

    In an upright frame the layers are rows. At first nothing of the layers is seen: they
    grow (:meth:`LayerColumn.show`), or all are there at once (:meth:`show_all`).

    Parameters
    ----------
    trace
        What the network computed.
    zone
        The room it takes.
    theme, words
        Looks and words.
    node
        A map or score that must be among those shown where there is no room for all.
    scale
        Over which layers one colour means one value.
    """

    def __init__(
        self,
        trace: Trace,
        zone: Zone,
        theme: Theme,
        words: Words,
        node: Node | None = None,
        scale: Scale = "unit",
    ) -> None:
        self._theme = theme
        self.scale_scope = scale
        self.zone = zone
        self.plan = plan_network(trace, zone, theme, words, node)
        self.columns = [
            LayerColumn(trace, self.plan, index, scale, theme)
            for index in range(len(self.plan.layers))
        ]
        self.headings = Headings(self.plan, theme, words)
        self.legends = Legends(trace, self.plan, scale, theme)
        self.bars = ClassBars(trace, self.plan, theme, words.language)
        self.photo = self._make_photo(trace)
        self.light_frame = Outline(theme.palette.accent, theme.strokes.normal)
        self.light_frame.set_stroke(opacity=0.0)
        self.lit_layer: str | None = None
        self._name_colours = [label.colour for label in self.headings.names]
        super().__init__(
            self.photo,
            *(part for column in self.columns for part in column.parts),
            *(part for index in range(len(self.columns)) for part in self.headings.of(index)),
            *self.legends.parts,
            self.bars,
            self.light_frame,
        )

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

    @property
    def tiles(self) -> list[HeatMap]:
        """The photo and all maps."""
        return [self.photo, *(each for column in self.columns for each in column.maps)]

    @property
    def bundles(self) -> list[EdgeBundle]:
        """The edges, layer by layer."""
        return [each for column in self.columns for each in column.bundles]

    def looks_like(self, other: NetworkMap) -> bool:
        """Return whether everything lies at the same place and has the same colours."""
        return (self.plan, self.scale_scope) == (other.plan, other.scale_scope)

    # -- what is where ----------------------------------------------------------------------

    def column(self, layer: str) -> LayerColumn:
        """Return a layer's column, the picture's being called ``"input"``; KeyError without."""
        for column in self.columns:
            if column.layer.name == layer:
                return column
        raise KeyError(layer)

    def tile(self, layer: str, channel: int) -> HeatMap:
        """Return the tile of one map; KeyError if it is not shown, or is a class."""
        column = self.column(layer)
        for each, shown in zip(column.maps, column.layer.channels, strict=False):
            if shown == channel:
                return each
        raise KeyError((layer, channel))

    def tile_at(self, layer: str, channel: int | None) -> HeatMap | None:
        """Return the tile at a place (see :meth:`place`); None if there is no single one."""
        if channel is None:
            return self.photo if layer == INPUT else None
        column = self.column(layer)
        is_shown = bool(column.maps) and channel in column.layer.channels
        return self.tile(layer, channel) if is_shown else None

    def shows(self, layer: str) -> bool:
        """Return whether there is room for anything of a layer."""
        return any(column.layer.name == layer for column in self.columns)

    def place(self, layer: str, channel: int | None = None) -> Corners:
        """Return where something is: left, top, right and bottom.

        Parameters
        ----------
        layer
            A layer's name, or ``"input"``.
        channel
            One of its maps, or classes; one that there is no room for is at the end of the
            layer. None is all of the layer; of ``"input"``, the photo.
        """
        if channel is None:
            return self.photo.corners() if layer == INPUT else self._layer_place(layer)
        column = self.column(layer)
        if channel not in column.layer.channels:
            return self.place(layer, column.layer.channels[-1])
        position = column.layer.channels.index(channel)
        if column is self.scores:  # a class is where its name is
            return self.bars.names[position].corners()
        return column.maps[position].corners()

    def _layer_place(self, layer: str) -> Corners:
        column = self.column(layer)
        if column is not self.scores:
            return around([each.corners() for each in column.maps])
        bars = self.bars
        left, top = bars.get_left()[0], bars.get_top()[1]
        return left, top, float(bars.get_right()[0]), float(bars.get_bottom()[1])

    # -- how it looks -----------------------------------------------------------------------

    def show_all(self) -> None:
        """Show everything that the network computed."""
        for column in self.columns:
            column.show(len(column.layer.channels))
        self.bars.grow(1.0)

    def light_layer(self, layer: str, before: str | None = None, share: float = 1.0) -> None:
        """Light one layer: its name, and a line around it.

        Parameters
        ----------
        layer
            The layer that is lit at the end.
        before
            The one that was lit before, from which the line comes; None if there was none.
        share
            How much of that is done, 0 to 1.
        """
        if before is not None and before != layer:
            self._colour_name(before, 1 - share)
        self._colour_name(layer, 1.0 if before == layer else share)
        end = self.place(layer)
        start = end if before is None else self.place(before)
        self.light_frame.enclose(between(start, end, share), LIGHT_MARGIN)
        self.light_frame.set_stroke(opacity=share if before is None else 1.0)
        self.lit_layer = layer

    def _colour_name(self, layer: str, emphasis: float) -> None:
        index = self.columns.index(self.column(layer))
        colours = (self._name_colours[index], self._theme.palette.accent)
        self.headings.names[index].set_colour(ColourScale(0, 1, colours).colour(emphasis))

    def light_scores(self, classes: Sequence[int], emphasis: float, others: float = 1.0) -> None:
        """Give classes, and the edges that arrive at them, the accent, as far as they are shown."""
        self.bars.light(classes, emphasis)
        shown = self.plan.scores.channels
        positions = [shown.index(index) for index in classes if index in shown]
        for link in self.scores.links:
            link.bundle.light(frozenset().union(*map(link.into, positions)), emphasis, others)

    def calming(self) -> Callable[[float], None]:
        """Return what takes back all that is lit or dimmed now: to be called with 0 to 1."""
        bars, lighted = self.bars.lit, self.bars.emphasis
        tiles = [(tile, tile.opacity) for tile in self.tiles]
        bundles = [(each, each.lit, each.emphasis, each.others) for each in self.bundles]
        names = [(label, label.colour) for label in self.headings.names]

        def calm(share: float) -> None:
            self.bars.light(bars, lighted * (1 - share))
            for tile, opacity in tiles:
                tile.opacity = opacity + (1 - opacity) * share
            for bundle, lit, emphasis, others in bundles:
                bundle.light(lit, emphasis * (1 - share), others)
            for (label, colour), own in zip(names, self._name_colours, strict=True):
                label.set_colour(ColourScale(0, 1, (colour, own)).colour(share))

        return calm

    def _make_photo(self, trace: Trace) -> HeatMap:
        """Return the photo as the network receives it, in its colours."""
        pixels, zone = picture_pixels(trace), self.plan.photo
        layout = self._theme.layout
        crisp = longest_side(max(pixels.shape[:2]), layout, zone.width, CRISP_SHARE)
        side = min(crisp, zone.width)  # a pixel for each cell may be more than there is
        made = Thumbnail(pixels, *fitted_size(pixels.shape[:2], side))
        return on_pixels(made.move_to(zone.centre), self._theme)
