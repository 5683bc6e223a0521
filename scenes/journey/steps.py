"""Where a pixel's journey stops to look around, where it starts, and what it says there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cnnviz.arrays import BoolArray
from cnnviz.errors import UserError
from cnnviz.explain.fields import Field, receptive_field
from cnnviz.explain.flattening import explain_score, flatten_layer, unflatten
from cnnviz.explain.places import layers_of_kind
from cnnviz.layers import AvgPool2d, Conv2d, Flatten, Linear, MaxPool2d, ReLU
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.scenes.journey.stages import Journey, Stage

MOST_STOPS = 8
"""More stops than these are not all told in full."""

FIRST_STOPS, LAST_STOPS = 4, 3
"""How many of them are told where there are too many."""

MOST_LAYERS = 40
"""More of a network than a film can follow a pixel through."""

FOLLOWED = {each.kind for each in (Conv2d, ReLU, MaxPool2d, AvgPool2d, Flatten, Linear)}
"""The kinds of layers that a journey has a step for."""

BRIGHT = 0.25
"""A pixel this bright in one channel has products that can be seen."""


@dataclass(frozen=True, eq=False)
class Stop:
    """A convolution together with the ReLU after it, or any other layer alone.

    Attributes
    ----------
    stages
        One or two, in the network's order.
    before
        The field that the pixel reaches in what goes in.
    """

    stages: tuple[Stage, ...]
    before: Field

    @property
    def first(self) -> Stage:
        """The stage it begins with."""
        return self.stages[0]

    @property
    def last(self) -> Stage:
        """The stage that the next stop receives."""
        return self.stages[-1]

    @property
    def relu(self) -> Stage | None:
        """The ReLU after a convolution, if there is one."""
        return self.stages[1] if len(self.stages) > 1 else None


@dataclass(frozen=True, eq=False)
class Stops:
    """All stops of a journey: those told in full, and those passed between them."""

    first: tuple[Stop, ...]
    passed: tuple[Stop, ...]
    last: tuple[Stop, ...]

    @property
    def detailed(self) -> tuple[Stop, ...]:
        """The stops that are told in full."""
        return self.first + self.last


def stops_of(trace: Trace, journey: Journey) -> Stops:
    """Return the stops of a journey; of a deep network the first and the last are told."""
    groups: list[list[Stage]] = []
    kinds = {layer_trace.name: layer_trace.kind for layer_trace in trace.layers}
    for stage in journey.stages:
        follows = bool(groups) and len(groups[-1]) == 1 and kinds[groups[-1][0].layer] == "conv"
        if kinds[stage.layer] == "relu" and follows:
            groups[-1].append(stage)
        else:
            groups.append([stage])
    fields = [Field(INPUT, (journey.row,), (journey.column,))]
    fields += [group[-1].field for group in groups]
    stops = tuple(Stop(tuple(group), before) for group, before in zip(groups, fields, strict=False))
    if len(stops) <= MOST_STOPS:
        return Stops(stops, (), ())
    return Stops(stops[:FIRST_STOPS], stops[FIRST_STOPS:-LAST_STOPS], stops[-LAST_STOPS:])


def starting_pixel(trace: Trace, class_index: int) -> tuple[int, int]:
    """Return the (row, column) of a pixel that is worth following towards a class.

    Of the flattened cells, the one that adds most to the class's score; of what it sees of
    the picture, the middle. If that is dark, so that its products would all be about zero,
    the nearest cell that is not.
    """
    layer_trace = flatten_layer(trace)
    best = int(explain_score(trace, class_index).contributions.argmax())
    _, row, column = unflatten(layer_trace.input.shape, best)
    source = trace.architecture.source_of(layer_trace.name)
    field = receptive_field(trace.architecture, source, row, column)
    rows, columns = field.rows, field.columns
    if field.is_empty:  # A window that lies in the padding altogether.
        rows, columns = (tuple(range(size)) for size in trace.picture.shape[1:])
    middle = np.array([rows[len(rows) // 2], columns[len(columns) // 2]])
    brightest = trace.picture[:, rows][:, :, columns].max(axis=0)
    bright = np.argwhere(brightest >= BRIGHT)
    if not bright.size:
        return int(middle[0]), int(middle[1])
    cells = np.column_stack([np.take(rows, bright[:, 0]), np.take(columns, bright[:, 1])])
    nearest = cells[((cells - middle) ** 2).sum(axis=1).argmin()]
    return int(nearest[0]), int(nearest[1])


def window_area(layer: MaxPool2d, field: Field) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the rows and columns of the input under the pooling windows of `field`."""
    rows = {cell for row in field.rows for cell in layer.window.rows.cells(row)}
    columns = {cell for column in field.columns for cell in layer.window.columns.cells(column)}
    return tuple(sorted(rows)), tuple(sorted(columns))


def cells_within(rows: Sequence[int], columns: Sequence[int], field: Field) -> BoolArray:
    """Return which cells of a grid of these rows and columns belong to `field`."""
    return np.asarray(np.isin(rows, field.rows)[:, None] & np.isin(columns, field.columns))


def counted_survivors(stop: Stop) -> tuple[int, int]:
    """Return how many outputs a stop's ReLU lets past in the field, and how many there are.

    Of the channel that is shown. Where the stop ends with no ReLU, all get past.
    """
    passing = stop.last.passing
    total = stop.first.values.size
    return (total if passing is None else int(passing.sum())), total


def counted_winners(trace: Trace, stop: Stop) -> tuple[int, int]:
    """Return how many of the cells that the pixel reached win a max pooling, and of how many.

    Of the channel that is shown. A zero that is the first of nothing but zeros wins nothing:
    what goes on is 0 whichever is taken.
    """
    stage, before = stop.first, stop.before
    values = trace[stage.layer].input[stage.channel][np.ix_(before.rows, before.columns)]
    passing = np.asarray(stage.passing)
    return int((passing & (values != 0)).sum()), int(passing.size)


def last_cell(trace: Trace, journey: Journey) -> tuple[str, int, int, int]:
    """Return (layer, channel, row, column) of the cell whose view the way back shows.

    The cell of the strongest path in the last layer of maps; where the path ends before,
    the largest value that the pixel reaches there, or on the whole map. It sees something of
    the picture.
    """
    stage = journey.stages[-1]
    for cell in journey.path.cells:
        if cell.layer == stage.layer:
            channel, row, column = cell.index
            return stage.layer, channel, row, column
    if not stage.field.is_empty:
        i, j = divmod(int(stage.values.argmax()), stage.values.shape[1])
        return stage.layer, stage.channel, stage.field.rows[i], stage.field.columns[j]
    output = trace[stage.layer].output[stage.channel]
    for index in np.argsort(-output, axis=None, kind="stable"):
        row, column = divmod(int(index), output.shape[1])
        if not receptive_field(trace.architecture, stage.layer, row, column).is_empty:
            break  # A window may lie in the padding altogether.
    return stage.layer, stage.channel, row, column


def parse_channels(trace: Trace, text: str | int | None) -> Mapping[str, int]:
    """Return the channels to follow, by layer, from ``"3"`` or ``"conv_1=3,conv_2=0"``.

    A number alone means that channel of every convolution that has it.

    Raises
    ------
    UserError
        If it is neither, or if no convolution has the channel. Whether a layer that is
        named exists, and has the channel, is checked by :func:`journey.follow_pixel`.
    """
    if text is None:
        return {}
    convolutions = {each.name: len(each.output) for each in layers_of_kind(trace, "conv")}
    parts = [part.strip().partition("=") for part in str(text).split(",")]
    try:
        if len(parts) == 1 and not parts[0][1]:
            channel = int(parts[0][0])
        else:
            return {name.strip(): int(number) for name, _, number in parts}
    except ValueError:
        first, second = [*convolutions, *convolutions][:2]
        raise UserError(
            f'the channels are "{text}": give a number such as 3, or LAYER=N for single layers, '
            f"such as {first}=3,{second}=0"
        ) from None
    most = max(convolutions.values())
    if not 0 <= channel < most:
        raise UserError(f"no convolution has a channel {channel}: choose 0 to {most - 1}")
    return {name: channel for name, count in convolutions.items() if channel < count}


def require_chain(trace: Trace) -> None:
    """Check that a pixel can be followed through the network in a film.

    Raises
    ------
    UserError
        If it has branches, layers that a journey has no step for, or so many that nobody would
        sit through it.
    """
    name, layers = trace.architecture.name, trace.architecture.layers
    reason = ""
    if not trace.architecture.is_chain:
        reason = "its ways part and meet again"
    elif len(layers) > MOST_LAYERS:
        reason = f"it has {len(layers)} layers, of which a film can follow {MOST_LAYERS}"
    for layer in layers:
        is_alone = isinstance(layer, Conv2d) and not layer.joins_all
        if not reason and (layer.kind not in FOLLOWED or is_alone):
            reason = f'it has no step for layer "{layer.name}", {layer.noun}'
    if reason:
        raise UserError(
            f'a pixel\'s journey cannot be shown in the network "{name}", because {reason}: '
            "choose another scene, such as overview or conv"
        )
