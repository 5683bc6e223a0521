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

from cnnviz.arrays import Float64Array
from cnnviz.errors import UserError
from cnnviz.explain.places import require_channel, require_input_pixel, require_layer
from cnnviz.layers.base import Index, strongest
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.scenes.journey.cropped_maps import CroppedMaps


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
        From ``"input"`` onwards, one for each layer on its way. To the score if `is_complete`;
        otherwise to the last layer that anything of the pixel gets to.
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
    strengths = {INPUT: CroppedMaps.of(_start(trace, row, column, fixed.get(INPUT)))}
    for layer_trace in trace.layers:
        sources = trace.architecture.sources_of(layer_trace.name)
        entering = [strengths[source].whole for source in sources]
        reached = layer_trace.layer.strengthen(layer_trace, *entering)
        kept = _keep_channel(reached, fixed.get(layer_trace.name))
        strengths[layer_trace.name] = CroppedMaps.of(kept)
    scores = trace.layers[-1].name
    if strengths[scores].whole[class_index] > 0:
        return _trace_back(trace, strengths, PathCell(scores, (class_index,)), is_complete=True)
    # Other classes may be reached: where this one is not, all its weights are zero.
    *_, last = (
        name for name, strength in strengths.items() if name != scores and strength.values.any()
    )
    end = PathCell(last, strongest(strengths[last].whole))
    return _trace_back(trace, strengths, end, is_complete=False)


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
        layer = layer_trace.layer
        is_map_by_map = layer.window is not None and layer.keeps_channels
        if is_map_by_map and trace.architecture.sources_of(layer_trace.name) == (runs[-1][-1],):
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


def _trace_back(
    trace: Trace, strengths: Mapping[str, CroppedMaps], end: PathCell, *, is_complete: bool
) -> PixelPath:
    """Return the path to `end`, cell by cell from there to the picture."""
    cells = [end]
    contribution = 1.0
    while cells[-1].layer != INPUT:
        layer_trace, sources = (
            trace[cells[-1].layer],
            trace.architecture.sources_of(cells[-1].layer),
        )
        entering = [strengths[source].whole for source in sources]
        step = layer_trace.layer.step_back(layer_trace, cells[-1].index, *entering)
        contribution *= step.weight
        cells.append(PathCell(sources[step.source], step.index))
    contribution *= float(trace.layers[0].input[cells[-1].index])
    return PixelPath(tuple(reversed(cells)), contribution if is_complete else 0.0, is_complete)
