"""One pixel followed through the network: where it goes, what becomes of it, what it adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnviz.arrays import BoolArray, Float64Array, FloatArray
from cnnviz.explain.convolution import convolution_parameters
from cnnviz.explain.fields import Field, projective_field
from cnnviz.explain.flattening import effective_weights, flat_indices, flatten_layer
from cnnviz.explain.places import require_channel, require_input_pixel
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import LayerTrace, Trace
from cnnviz.scenes.journey.influence import own_parts
from cnnviz.scenes.journey.strongest_path import PixelPath, connected_channels, strongest_path


@dataclass(frozen=True, eq=False)
class PixelProducts:
    """The products in which one input cell takes part, for one output channel.

    Attributes
    ----------
    outputs
        (row, column) of each output, in reading order.
    taps
        (row, column) in the kernel of the weight that lies on the cell for that output.
    values
        The cell's value times that weight, (in_channels, outputs).
    """

    outputs: tuple[tuple[int, int], ...]
    taps: tuple[tuple[int, int], ...]
    values: Float64Array


@dataclass(frozen=True, eq=False)
class JourneyStage:
    """What one layer makes of a pixel, on one of its channels.

    Attributes
    ----------
    layer
        The layer's name.
    channel
        The channel shown: the one asked for, or the path's. Where the path does not lead
        through, because it has ended or takes another branch, layers that keep channels apart
        keep that of what they read, and others show the one with the largest value in the field.
    field
        The outputs that the pixel reaches.
    values
        The channel's outputs there, (rows of the field, columns of the field).
    own_parts
        The pixel's own part of these values, of the same shape.
    passing
        For ReLU and max pooling: which of the cells that are reached in what the layer reads get
        past it in this channel (they are above zero and below any ceiling, or win at least one
        window); of the shape of that field. None for other layers, where all of them do.
    """

    layer: str
    channel: int
    field: Field
    values: FloatArray
    own_parts: Float64Array
    passing: BoolArray | None


@dataclass(frozen=True, eq=False)
class Journey:
    """One pixel on its way through the network.

    Attributes
    ----------
    row, column
        The pixel, at the network's input size.
    values
        Its value in each channel of the picture, 0..1, before any normalisation.
    stages
        One per layer whose output is a stack of maps, in order.
    flat_indices
        Where the cells it reaches land in the flattened vector: (channels, rows of the
        last field, columns of the last field).
    has_part_in_vector
        Whether the pixel's own part of any of these cells is not 0.
    reached_scores
        What these cells add to each class's score, (classes,). Other pixels reach them too.
    own_scores
        The pixel's own part of each class's score, (classes,): see :mod:`influence`.
    path
        The strongest path to the class that was asked for.
    """

    row: int
    column: int
    values: FloatArray
    stages: tuple[JourneyStage, ...]
    flat_indices: npt.NDArray[np.int64]
    has_part_in_vector: bool
    reached_scores: Float64Array
    own_scores: Float64Array
    path: PixelPath


def follow_pixel(
    trace: Trace,
    row: int,
    column: int,
    class_index: int,
    channels: Mapping[str, int] | None = None,
) -> Journey:
    """Return the journey of the pixel at (row, column) towards one class's score.

    Parameters
    ----------
    channels
        Channels to follow, by layer name; the strongest path decides on the others.

    Raises
    ------
    UserError
        If there is no such pixel, layer or channel, or no flatten layer.
    """
    require_input_pixel(trace, row, column)
    path = strongest_path(trace, row, column, class_index, channels)
    parts = own_parts(trace, row, column)
    fixed = connected_channels(trace, channels or {})
    fields = {INPUT: Field(INPUT, (row,), (column,))}
    stages: dict[str, JourneyStage] = {}
    for layer_trace, field, part in zip(
        trace.layers, projective_field(trace.architecture, row, column), parts, strict=False
    ):
        first = trace.architecture.sources_of(layer_trace.name)[0]
        channel = fixed.get(layer_trace.name, path.channel_in(layer_trace.name))
        if channel is None:
            channel = _channel_beyond_the_path(layer_trace, field, stages.get(first))
        source = branch_of(trace, layer_trace.name, channel)
        stages[field.layer] = _stage(layer_trace, fields[source], field, channel, part)
        fields[field.layer] = field
    flattened, *_, own_scores = parts  # what comes after the stacks of maps
    last = fields[trace.architecture.source_of(flatten_layer(trace).name)]
    indices = flat_indices(flatten_layer(trace).input.shape, last.rows, last.columns)
    weights, _ = effective_weights(trace)
    reached = indices.ravel()
    return Journey(
        row=row,
        column=column,
        values=trace.picture[:, row, column],
        stages=tuple(stages.values()),
        flat_indices=indices,
        has_part_in_vector=bool(flattened.any()),
        reached_scores=weights[:, reached] @ flatten_layer(trace).output[reached],
        own_scores=own_scores,
        path=path,
    )


def pixel_products(layer_trace: LayerTrace, row: int, column: int, channel: int) -> PixelProducts:
    """Return the products of the input cells at (row, column) in one output channel.

    Raises
    ------
    UserError
        If there is no such channel.
    TypeError
        If the layer is no convolution.
    """
    layer, weight, _ = convolution_parameters(layer_trace)
    require_channel(layer_trace, channel)
    geometry = layer.window
    _, height, width = layer_trace.input.shape
    rows = geometry.rows.positions_over(row, height)
    columns = geometry.columns.positions_over(column, width)
    taps = tuple((u, v) for u in rows.values() for v in columns.values())
    weights = np.array([weight[channel, :, u, v] for u, v in taps], dtype=np.float64)
    values = layer_trace.input[:, row, column]
    return PixelProducts(
        outputs=tuple((i, j) for i in rows for j in columns),
        taps=taps,
        values=weights.reshape(len(taps), len(values)).T * values[:, None],
    )


def branch_of(trace: Trace, layer: str, channel: int) -> str:
    """Return which layer the first map that feeds a layer's channel belongs to, or ``"input"``.

    Of an addition it is the first branch, of a concatenation the one that has the channel.
    """
    counts = [len(each) for each in trace[layer].inputs]
    place, _ = trace[layer].layer.fed_by(channel, counts)[0]
    return trace.architecture.sources_of(layer)[place]


def _channel_beyond_the_path(
    layer_trace: LayerTrace, field: Field, source: JourneyStage | None
) -> int:
    """Return the channel to show in a layer that the path does not lead through."""
    if layer_trace.layer.keeps_channels:
        return source.channel if source else 0
    if field.is_empty:
        return 0
    every = range(len(layer_trace.output))
    cells = layer_trace.output[np.ix_(every, field.rows, field.columns)]
    channel, _, _ = np.unravel_index(cells.argmax(), cells.shape)
    return int(channel)


def _stage(
    layer_trace: LayerTrace, before: Field, field: Field, channel: int, part: Float64Array
) -> JourneyStage:
    cells = np.ix_(field.rows, field.columns)
    return JourneyStage(
        layer=layer_trace.name,
        channel=channel,
        field=field,
        values=layer_trace.output[channel][cells],
        own_parts=part[channel][cells],
        passing=_passing(layer_trace, before, channel),
    )


def _passing(layer_trace: LayerTrace, before: Field, channel: int) -> BoolArray | None:
    passing = layer_trace.layer.passing(layer_trace, channel)
    return None if passing is None else passing[np.ix_(before.rows, before.columns)]
