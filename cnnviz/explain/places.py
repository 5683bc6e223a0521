"""Which layer, channel, pixel or class is meant, and whether it exists.

Layers, channels and pixels are named as people type them; everything counts from 0.
"""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.errors import UserError
from cnnviz.explain.interest import interesting_channel, interesting_pixel, maps_of
from cnnviz.layers import KINDS
from cnnviz.model.trace import LayerTrace, Trace

Pixel = tuple[int, int]
"""Row and column of a value in one channel's map."""


@dataclass(frozen=True)
class Place:
    """One value of one layer's maps. Row and column count from 0.

    Attributes
    ----------
    layer
        Its name.
    channel, row, column
        Of the value in its output.
    """

    layer: str
    channel: int
    row: int
    column: int


def layers_of_kind(trace: Trace, kind: str | None) -> tuple[LayerTrace, ...]:
    """Return the layers of `kind` (all of them for None), in the network's order."""
    return tuple(layer for layer in trace.layers if kind is None or layer.kind == kind)


def require_layer(trace: Trace, name: str | None, *kinds: str) -> LayerTrace:
    """Return the layer called `name`, or the first one of these kinds where `name` is None.

    Without kinds, any layer.

    Raises
    ------
    UserError
        If there is none, or if it is of another kind; the message lists those there are.
    """
    choices = [each for each in trace.layers if not kinds or each.kind in kinds]
    named = [kind for kind in kinds if any(each.kind == kind for each in choices)] or kinds
    what = " or ".join(KINDS[kind].noun for kind in named) or "layer"
    if not choices:
        raise UserError(f'the network "{trace.architecture.name}" has no {what}')
    if name is None:
        return choices[0]
    for layer_trace in choices:
        if layer_trace.name == name:
            return layer_trace
    listed = ", ".join(layer_trace.name for layer_trace in choices)
    raise UserError(f'there is no {what} "{name}": choose {listed}')


def require_maps(layer_trace: LayerTrace) -> LayerTrace:
    """Return `layer_trace`, if its values have rows and columns.

    Raises
    ------
    UserError
        If its input and its output are vectors.
    """
    if maps_of(layer_trace).ndim == 1:
        raise UserError(
            f'layer "{layer_trace.name}" has no pixels: its output is a vector of '
            f"{layer_trace.output.size} values without rows and columns"
        )
    return layer_trace


def require_channel(layer_trace: LayerTrace, channel: int) -> int:
    """Return `channel`, if the layer has it; for a linear layer, one of its outputs.

    Raises
    ------
    UserError
        Otherwise; the message says which there are.
    """
    count = maps_of(layer_trace).shape[0]
    if not 0 <= channel < count:
        what = "output" if maps_of(layer_trace).ndim == 1 else "channel"
        raise UserError(
            f'layer "{layer_trace.name}" has no {what} {channel}: choose {_choices(count)}'
        )
    return channel


def require_pixel(layer_trace: LayerTrace, row: int, column: int) -> tuple[int, int]:
    """Return (row, column), if the layer's maps have that pixel.

    Raises
    ------
    UserError
        Otherwise, and for layers whose output is no map; the message says what is allowed.
    """
    require_maps(layer_trace)
    shape = maps_of(layer_trace).shape
    return _require_inside(f'layer "{layer_trace.name}"', shape, row, column)


def require_input_pixel(trace: Trace, row: int, column: int) -> tuple[int, int]:
    """Return (row, column), if the picture has that pixel at the network's input size.

    Raises
    ------
    UserError
        Otherwise; the message says what is allowed.
    """
    return _require_inside("the picture", trace.picture.shape, row, column)


def require_class(trace: Trace, name: str | None) -> int:
    """Return the index of the class called `name`; for None, of the predicted class.

    A class may be called as in any language that the network has names in. Upper and lower
    case, underscores and spaces are the same where that is no ambiguity.

    Raises
    ------
    UserError
        If there is no such class; the message lists those there are.
    """
    if name is None:
        return trace.predicted_index
    if name in trace.classes:
        return trace.classes.index(name)
    called = (trace.classes, *trace.architecture.names.values())
    for same in (str, _folded):
        alike = {
            index
            for names in called
            for index, each in enumerate(names)
            if same(each) == same(name)
        }
        if len(alike) == 1:
            return alike.pop()
    raise UserError(f'there is no class "{name}": choose {", ".join(trace.classes)}')


def _folded(name: str) -> str:
    return name.replace("_", " ").casefold()


def resolve_place(
    trace: Trace,
    layer: str | None = None,
    channel: int | None = None,
    pixel: tuple[int, int] | None = None,
    kind: str | None = "conv",
) -> Place:
    """Return the place that is meant, with an interesting choice for what is None.

    Parameters
    ----------
    layer
        A layer's name; by default the first one of `kind`.
    channel
        By default :func:`interest.interesting_channel`.
    pixel
        (row, column) in the layer's output (for flatten, in the maps it unrolls); by
        default :func:`interest.interesting_pixel`.
    kind
        The kind the layer must be of; None for any layer that has maps.

    Raises
    ------
    UserError
        If something that was given does not exist; the message says what does.
    """
    layer_trace = require_maps(require_layer(trace, layer, *((kind,) if kind else ())))
    chosen = interesting_channel(layer_trace) if channel is None else channel
    require_channel(layer_trace, chosen)
    row, column = pixel if pixel is not None else interesting_pixel(layer_trace, chosen)
    require_pixel(layer_trace, row, column)
    return Place(layer_trace.name, chosen, row, column)


def _require_inside(whose: str, shape: tuple[int, ...], row: int, column: int) -> tuple[int, int]:
    height, width = shape[1:]
    if not (0 <= row < height and 0 <= column < width):
        raise UserError(
            f"{whose} has no pixel {row},{column}: "
            f"choose row {_choices(height)} and column {_choices(width)}"
        )
    return row, column


def _choices(count: int) -> str:
    return "0" if count == 1 else f"0 to {count - 1}"
