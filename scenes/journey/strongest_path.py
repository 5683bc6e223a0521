"""The one way through the network by which a pixel adds most to a class's score.

A path names one cell in each layer, from a pixel's channel to a score, each fed by the one
before. Its contribution is the pixel's value times the weights along it, and 0 if a ReLU
stops it or another cell wins its pooling window; the contributions of all paths of a pixel
add up to its own part of the score (:mod:`influence`). The strongest path is the one
with the largest absolute contribution, found exactly by dynamic programming: the strength
of the best path to each cell, layer by layer, then back from the score.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnviz.errors import UserError
from cnnviz.explain.convolution import convolution_parameters
from cnnviz.explain.flattening import linear_parameters, unflatten
from cnnviz.explain.places import require_channel, require_input_pixel, require_layer
from cnnviz.explain.pooling import winning_cells
from cnnviz.explain.windows import WindowGeometry, windows
from cnnviz.model.architecture import INPUT, Conv2d, Flatten, Linear, MaxPool2d, ReLU
from cnnviz.model.trace import LayerTrace, Trace

Float64Array = npt.NDArray[np.float64]
Index = tuple[int, ...]
"""(channel, row, column) in maps, (index,) in a vector."""


@dataclass(frozen=True)
class PathCell:
    """One cell of a path.

    Attributes
    ----------
    layer
        Whose output it is in, or ``"input"``.
    index
        (channel, row, column) in maps, (index,) in a vector; for the scores the class.
    """

    layer: str
    index: Index


@dataclass(frozen=True)
class PixelPath:
    """A way from one pixel towards a score.

    Attributes
    ----------
    cells
        From ``"input"`` onwards, one per layer. To the score if `is_complete`; otherwise
        to the last layer that anything of the pixel gets to.
    contribution
        What it adds to the score: positive for, negative against. 0 for a pixel that is
        black, or whose path is not complete.
    is_complete
        Whether any path of the pixel is open all the way.
    """

    cells: tuple[PathCell, ...]
    contribution: float
    is_complete: bool

    def channel_in(self, layer: str) -> int | None:
        """Return the channel it takes in `layer`, or None if it doesn't get there."""
        return next((cell.index[0] for cell in self.cells if cell.layer == layer), None)


def strongest_path(
    trace: Trace,
    row: int,
    column: int,
    class_index: int,
    channels: Mapping[str, int] | None = None,
) -> PixelPath:
    """Return the strongest path from the pixel at (row, column) to a class's score.

    If the pixel is 0 in every channel it may take, no path adds anything; then the weights
    alone decide. If every path is closed, the strongest one as far as any gets.

    Parameters
    ----------
    channels
        Channels that the path must take, by the name of a layer whose output is a stack
        of maps, or ``"input"`` for the picture's.

    Raises
    ------
    UserError
        If there is no such pixel, layer or channel, or no path through the channels.
    """
    require_input_pixel(trace, row, column)
    fixed = connected_channels(trace, channels or {})
    strengths = [_start(trace, row, column, fixed.get(INPUT))]
    for layer_trace in trace.layers:
        reached = _strengthen(layer_trace, strengths[-1])
        strengths.append(_keep_channel(reached, fixed.get(layer_trace.name)))
    is_complete = bool(strengths[-1][class_index] > 0)
    last = max(i for i, strength in enumerate(strengths) if strength.any() or i == 0)
    if not is_complete and last == len(strengths) - 1:
        # Other classes are reached, this one is not: all its weights are zero.
        last -= 1
    end = (class_index,) if is_complete else _strongest(strengths[last])
    return _trace_back(trace, strengths[: last + 1], end, is_complete)


def connected_channels(trace: Trace, channels: Mapping[str, int]) -> dict[str, int]:
    """Return the channels that follow from `channels`, which it includes.

    ReLU and pooling keep channels apart, so one that is fixed in such a layer is also
    fixed in the convolution before it, and in all layers up to the next convolution.

    Raises
    ------
    UserError
        If there is no such layer or channel, or if two of them are not connected.
    """
    for name, channel in channels.items():
        _check_channel(trace, name, channel)
    connected: dict[str, int] = {}
    for run in _runs_of_same_channels(trace):
        wanted = {name: channels[name] for name in run if name in channels}
        if len(set(wanted.values())) > 1:
            listed = " and ".join(f"{channel} in {name}" for name, channel in wanted.items())
            raise UserError(f"no path leads through channels {listed}: give the same channel")
        for channel in wanted.values():
            connected |= dict.fromkeys(run, channel)
    return connected


def _check_channel(trace: Trace, name: str, channel: int) -> None:
    if name == INPUT:
        count = trace.architecture.input.channels
        if not 0 <= channel < count:
            raise UserError(f"the picture has no channel {channel}: choose 0 to {count - 1}")
        return
    layer_trace = require_layer(trace, name)
    if layer_trace.output.ndim == 1:
        raise UserError(f'layer "{name}" has no channels to choose: its output is a vector')
    require_channel(layer_trace, channel)


def _runs_of_same_channels(trace: Trace) -> list[list[str]]:
    """Return the names of layers, ``"input"`` first, in runs that keep channels apart."""
    runs = [[INPUT]]
    for layer_trace in trace.layers:
        if isinstance(layer_trace.layer, ReLU | MaxPool2d):
            runs[-1].append(layer_trace.name)
        else:
            runs.append([layer_trace.name])
    return runs


def _start(trace: Trace, row: int, column: int, channel: int | None) -> Float64Array:
    """Return the strengths with which paths leave the picture: the pixel's, or 1 if it is 0."""
    maps = trace.layers[0].input
    start = np.zeros(maps.shape)
    start[:, row, column] = np.abs(maps[:, row, column])
    start = _keep_channel(start, channel)
    if start.any():
        return start
    start[:, row, column] = 1.0
    return _keep_channel(start, channel)


def _keep_channel(strength: Float64Array, channel: int | None) -> Float64Array:
    """Return `strength` with every channel but `channel` at zero."""
    if channel is None:
        return strength
    kept = np.zeros_like(strength)
    kept[channel] = strength[channel]
    return kept


def _strengthen(layer_trace: LayerTrace, strength: Float64Array) -> Float64Array:
    """Return the strength of the best path to each output, from those to each input."""
    match layer_trace.layer:
        case Conv2d():
            return _strengthen_convolution(layer_trace, strength)
        case ReLU():
            return np.where(layer_trace.input > 0, strength, 0)
        case MaxPool2d():
            rows, columns = winning_cells(layer_trace)
            channels = np.arange(len(strength))[:, None, None]
            return np.asarray(strength[channels, rows, columns])
        case Flatten():
            return strength.reshape(-1)
        case Linear():
            weight, _ = linear_parameters(layer_trace)
            return np.asarray((np.abs(weight) * strength).max(axis=1))


def _strengthen_convolution(layer_trace: LayerTrace, strength: Float64Array) -> Float64Array:
    layer, weight, _ = convolution_parameters(layer_trace)
    patches = windows(strength, WindowGeometry.of(layer))
    reached = np.zeros(layer_trace.output.shape)
    # Only a small part of the maps is reached, so the rest is not computed.
    rows, columns = np.nonzero(patches.any(axis=(0, 3, 4)))
    if rows.size:
        patches = patches[:, rows, columns]
        for channel, kernel in enumerate(np.abs(weight)):
            best = (patches * kernel[:, None]).max(axis=(0, 2, 3))
            reached[channel, rows, columns] = best
    return reached


def _trace_back(
    trace: Trace, strengths: list[Float64Array], end: Index, is_complete: bool
) -> PixelPath:
    """Return the path to `end` in the last of `strengths`, cell by cell from its end."""
    names = [INPUT, *(layer_trace.name for layer_trace in trace.layers)]
    cells = [PathCell(names[len(strengths) - 1], end)]
    contribution = 1.0
    for layer_trace, strength, name in zip(
        reversed(trace.layers[: len(strengths) - 1]),
        reversed(strengths[:-1]),
        reversed(names[: len(strengths) - 1]),
        strict=True,
    ):
        index, weight = _step_back(layer_trace, strength, cells[-1].index)
        contribution *= weight
        cells.append(PathCell(name, index))
    contribution *= float(trace.layers[0].input[cells[-1].index])
    return PixelPath(tuple(reversed(cells)), contribution if is_complete else 0.0, is_complete)


def _step_back(
    layer_trace: LayerTrace, strength: Float64Array, index: Index
) -> tuple[Index, float]:
    """Return the input cell by which the best path gets to output `index`, and its weight."""
    match layer_trace.layer:
        case Conv2d() as layer:
            channel, row, column = index
            geometry = WindowGeometry.of(layer)
            kernel = convolution_parameters(layer_trace)[1][channel]
            patch = windows(strength, geometry)[:, row, column]
            source, u, v = _strongest(patch * np.abs(kernel))
            cell = (source, geometry.cells(row)[u], geometry.cells(column)[v])
            return cell, float(kernel[source, u, v])
        case ReLU():
            return index, 1.0
        case MaxPool2d():
            rows, columns = winning_cells(layer_trace)
            return (index[0], int(rows[index]), int(columns[index])), 1.0
        case Flatten():
            return unflatten(layer_trace.input.shape, index[0]), 1.0
        case Linear():
            weights = linear_parameters(layer_trace)[0][index[0]]
            source = int((np.abs(weights) * strength).argmax())
            return (source,), float(weights[source])


def _strongest(strength: Float64Array) -> Index:
    """Return the index of the largest value, the first of equals."""
    found = np.unravel_index(int(strength.argmax()), strength.shape)
    return tuple(int(position) for position in found)
