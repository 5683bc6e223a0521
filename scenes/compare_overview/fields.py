"""How much of its picture each network sees: one cell in the middle of every layer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cnnviz.explain.comparison import ComparedLayer
from cnnviz.explain.fields import Field, receptive_field
from cnnviz.explain.sides import written_sides
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.frames import Outline
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.model.trace import Trace
from cnnviz.scenes.compare_overview.places import LayerPlaces
from cnnviz.style.geometry import Corners, between
from cnnviz.style.theme import Theme


class SeenFields:
    """A frame on one side's picture that grows from layer to layer, and each layer's size of it.

    Parameters
    ----------
    trace
        What the network did.
    layers
        Those that are shown, from the first to the last.
    places
        Where each of them stands.
    picture
        What the network receives.
    theme
        Sizes and colours.

    Attributes
    ----------
    frame
        Around what a cell sees; nothing is in the scene at first.
    sizes
        One a layer: rows and columns of what its cell sees.
    """

    def __init__(
        self,
        trace: Trace,
        layers: Sequence[ComparedLayer],
        places: Sequence[LayerPlaces],
        picture: HeatMap,
        theme: Theme,
    ) -> None:
        self._theme, self._picture = theme, picture
        self._fields = [_field_of(trace, layer.name) for layer in layers]
        self.frame = Outline(theme.palette.accent, theme.strokes.normal)
        self.sizes = [
            FittedLabel(
                written_sides(field.size),
                theme.sizes.small,
                theme.palette.text_muted,
                place.size.width,
            )
            for field, place in zip(self._fields, places, strict=True)
        ]
        for label, place in zip(self.sizes, places, strict=True):
            label.move_to(place.size.centre)
        self.show(0.0)

    @property
    def last(self) -> Field:
        """What the last layer's cell sees."""
        return self._fields[-1]

    def show(self, share: float) -> None:
        """Let the frame grow over all layers: at 1 it is around what the last one sees."""
        position = share * len(self._fields)
        index = min(int(position), len(self._fields) - 1)
        part = min(position - index, 1.0)
        end = self._edges(self._fields[index])
        start = self._edges(self._fields[index - 1]) if index else end
        self.frame.set_edges(*between(start, end, part))
        palette = self._theme.palette
        for place, label in enumerate(self.sizes):
            label.opacity = float(np.clip(position - place, 0.0, 1.0))
            label.set_colour(palette.accent if place == index else palette.text_muted)

    def _edges(self, field: Field) -> Corners:
        rows, columns = field.slices
        return self._picture.area(rows.start, columns.start, rows.stop, columns.stop)


def _field_of(trace: Trace, layer: str) -> Field:
    """Return what the cell in the middle of a layer's maps sees of the picture."""
    _, rows, columns = trace[layer].output.shape
    return receptive_field(trace.architecture, layer, rows // 2, columns // 2)
