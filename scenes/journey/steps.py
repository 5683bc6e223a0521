"""Where a pixel's journey starts, and what it says where it stops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from cnnviz.arrays import BoolArray
from cnnviz.errors import UserError
from cnnviz.explain.fields import Field, receptive_geometry
from cnnviz.explain.flattening import explain_score, flatten_layer, unflatten
from cnnviz.explain.places import layers_of_kind
from cnnviz.explain.pooling import winners
from cnnviz.layers import AvgPool2d, Layer, MaxPool2d
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.scenes.journey.layer_blocks import LayerBlock
from cnnviz.scenes.journey.strongest_path import strongest_path

MOST_WINDOWS = 100
"""More windows than these are not told one by one."""

BRIGHT = 0.25
"""A pixel this bright in one channel has products that can be seen."""

TRIED = 25
"""Of so many pixels one is looked for that gets as far as the score."""


def starting_pixel(trace: Trace, class_index: int) -> tuple[int, int]:
    """Return the (row, column) of a pixel that is worth following towards a class.

    Of the flattened cells, the one that adds most to the class's score, and of what an average
    pooling before it takes the mean of, the largest; of what that cell sees of the picture, the
    middle. If that is dark, so that its products would all be about zero, or if no path leads from
    it to the score, the nearest pixel of some that is not, and from which one does.
    """
    layer_trace = flatten_layer(trace)
    best = int(explain_score(trace, class_index).contributions.argmax())
    channel, row, column = unflatten(layer_trace.input.shape, best)
    layer = trace.architecture.source_of(layer_trace.name)
    while isinstance(pool := trace[layer].layer, AvgPool2d):
        maps = trace[layer].input[channel]
        rows, columns = (
            axis.cells_inside(at, size)
            for axis, at, size in zip(
                (pool.window.rows, pool.window.columns), (row, column), maps.shape, strict=True
            )
        )
        i, j = divmod(int(maps[np.ix_(rows, columns)].argmax()), len(columns))
        row, column = rows[i], columns[j]
        if (layer := trace.architecture.source_of(layer)) == INPUT:
            break
    middle = _middle_of_view(trace, layer, row, column)
    bright = np.argwhere(trace.picture.max(axis=0) >= BRIGHT)
    if not bright.size:
        return int(middle[0]), int(middle[1])
    order = np.argsort(((bright - middle) ** 2).sum(axis=1), kind="stable")
    nearest = [(int(row), int(column)) for row, column in bright[order[:TRIED]]]
    for pixel in nearest:
        if strongest_path(trace, *pixel, class_index).is_complete:
            return pixel
    return nearest[0]


def _middle_of_view(trace: Trace, layer: str, row: int, column: int) -> npt.NDArray[np.int64]:
    """Return the (row, column) in the picture that lies in the middle of what a cell sees."""
    if layer == INPUT:
        return np.array([row, column])
    seen = [
        receptive_geometry(trace.architecture, layer, axis).span(at)
        for axis, at in enumerate((row, column))
    ]
    middle = [span[len(span) // 2] for span in seen]
    return np.clip(middle, 0, np.array(trace.picture.shape[1:]) - 1)


def window_area(layer: MaxPool2d, field: Field) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the rows and columns of the input under the pooling windows of `field`."""
    rows = {cell for row in field.rows for cell in layer.window.rows.cells(row)}
    columns = {cell for column in field.columns for cell in layer.window.columns.cells(column)}
    return tuple(sorted(rows)), tuple(sorted(columns))


def shows_windows(block: LayerBlock, layer: Layer) -> bool:
    """Return whether a max pooling is told window by window.

    Windows that reach beyond the map, and more of them than can be told apart, are not: their
    map is shown, as a convolution's is.
    """
    if not isinstance(layer, MaxPool2d) or any(layer.window.paddings):
        return False
    return block.first.values.size <= MOST_WINDOWS


def cells_within(rows: Sequence[int], columns: Sequence[int], field: Field) -> BoolArray:
    """Return which cells of a grid of these rows and columns belong to `field`."""
    return np.asarray(np.isin(rows, field.rows)[:, None] & np.isin(columns, field.columns))


def counted_survivors(block: LayerBlock) -> tuple[int, int]:
    """Return how many outputs a block's ReLU lets past in the field, and how many there are.

    Of the channel that is shown. Where the block ends with no ReLU, all get past.
    """
    passing = block.last.passing
    total = block.first.values.size
    return (total if passing is None else int(passing.sum())), total


def counted_winners(trace: Trace, block: LayerBlock) -> tuple[int, int]:
    """Return how many of the cells that the pixel reached win a max pooling, and of how many.

    Of the channel that is shown. A zero that is the first of nothing but zeros wins nothing:
    what goes on is 0 whichever is taken.
    """
    stage, before = block.first, block.before
    values = trace[stage.layer].input[stage.channel][np.ix_(before.rows, before.columns)]
    passing = np.asarray(stage.passing)
    return int((passing & (values != 0)).sum()), int(passing.size)


def have_ties(trace: Trace, block: LayerBlock) -> bool:
    """Return whether several cells of a window that a max pooling tells of hold its largest value.

    Zeros are not meant: none of them wins.
    """
    stage = block.first
    is_tie = winners(trace[stage.layer], stage.channel).is_tie
    return bool((is_tie[np.ix_(stage.field.rows, stage.field.columns)] & (stage.values != 0)).any())


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


def require_layer_of_maps(trace: Trace) -> None:
    """Check that there is a layer for a pixel to go through.

    Raises
    ------
    UserError
        If the picture is flattened at once.
    """
    if trace.architecture.source_of(flatten_layer(trace).name) == INPUT:
        raise UserError(
            f'a pixel\'s journey cannot be shown in the network "{trace.architecture.name}", '
            "because it flattens the picture at once: choose another scene, such as flatten"
        )
