"""Which layers and channels an overview of a network shows, where not all are legible."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from cnnviz.explain.softmax import ranking
from cnnviz.layers import Flatten, Shape
from cnnviz.model.architecture import INPUT, Architecture
from cnnviz.model.trace import Trace


@dataclass(frozen=True)
class Node:
    """One map (or score) of an overview: a channel of a layer, from 0."""

    layer: str
    channel: int


@dataclass(frozen=True)
class Limits:
    """How many of each are legible, 1 or more."""

    layers: int
    """The picture and all layers but the last, and one for each place with some left out."""
    channels: int
    classes: int


@dataclass(frozen=True)
class ShownLayer:
    """The picture, or a layer, as an overview shows it.

    Attributes
    ----------
    name
        The layer's name, or ``"input"`` for the picture.
    kind
        As of a layer; ``"input"`` for the picture.
    shape
        Of its output.
    total
        How many maps it has: channels; for a flatten layer the maps it unrolls, for a
        linear layer and what follows it the values.
    channels
        Those of them that are shown, in their order.
    skipped
        How many layers before it are left out.
    """

    name: str
    kind: str
    shape: Shape
    total: int
    channels: tuple[int, ...]
    joins_all: bool = False
    """Whether each of its maps is made from all maps before it."""
    skipped: int = 0

    @property
    def left_out(self) -> int:
        """How many of its maps are not shown."""
        return self.total - len(self.channels)

    @property
    def has_maps(self) -> bool:
        """Whether its values have rows and columns."""
        return len(self.shape) == 3


def shown_layers(trace: Trace, limits: Limits, node: Node | None = None) -> tuple[ShownLayer, ...]:
    """Return what is shown, from the picture to the scores.

    Where there is no room for all channels, the first ones are shown, the same in a
    convolution and in what follows it map by map; of the classes the most probable. Where
    there is no room for all layers, those in the middle are left out. `node`, and the
    layer before its own, are always shown.
    """
    everything = _everything(trace.architecture)
    *others, scores = _with_channels(trace, everything, limits, node)
    names = [layer.name for layer in others]
    wanted = names.index(node.layer) if node is not None and node.layer in names else None
    kept = sorted(_kept(len(others), limits.layers, wanted))
    shown = [others[index] for index in kept]
    skipped = np.diff([-1, *kept, len(others)]) - 1
    return tuple(
        replace(each, skipped=int(count))
        for each, count in zip([*shown, scores], skipped, strict=True)
    )


def map_count(architecture: Architecture) -> int:
    """Return how many maps there are, the picture's channels included: 103 in Tiny VGG."""
    return sum(each.total for each in _everything(architecture) if each.has_maps)


def _everything(architecture: Architecture) -> list[ShownLayer]:
    """Return the picture and all layers, no channel chosen yet."""
    shape = architecture.input.shape
    layers = [ShownLayer(INPUT, INPUT, shape, shape[0], ())]
    for layer, entering, output in architecture.shapes():
        total = entering[0] if isinstance(layer, Flatten) else output[0]
        layers.append(ShownLayer(layer.name, layer.kind, output, total, (), layer.joins_all))
    return layers


def _with_channels(
    trace: Trace, layers: Iterable[ShownLayer], limits: Limits, node: Node | None
) -> list[ShownLayer]:
    """Choose the channels: the same ones along every run of layers that work map by map."""
    runs: list[list[ShownLayer]] = []
    for layer in layers:
        if layer.joins_all or not runs:
            runs.append([])
        runs[-1].append(layer)
    chosen = []
    for run in runs:
        is_last = run is runs[-1]
        order = ranking(trace.logits) if is_last else range(run[0].total)
        most = limits.classes if is_last else limits.channels
        is_wanted = node is not None and node.layer in [each.name for each in run]
        channels = first_with(order, most, node.channel if node is not None and is_wanted else None)
        chosen += [replace(each, channels=channels) for each in run]
    return chosen


def first_with(order: Iterable[int], most: int, wanted: int | None) -> tuple[int, ...]:
    """Return the first `most` of `order`, with `wanted` in place of the last if need be.

    They are sorted: what is shown keeps its order.
    """
    first = list(order)[:most]
    if wanted is not None and wanted not in first:
        first[-1] = wanted
    return tuple(sorted(first))


def _kept(count: int, most: int, wanted: int | None) -> set[int]:
    """Return which of `count` layers are shown: both ends, `wanted` and the one before it.

    Every place where some are left out takes the room of one.
    """
    required = [0, count - 1, *([] if wanted is None else [wanted, max(wanted - 1, 0)])]
    kept = set(required)
    for index in (end for step in range(count) for end in (step, count - 1 - step)):
        gaps = int(np.count_nonzero(np.diff(sorted(kept | {index})) > 1))
        if len(kept | {index}) + gaps <= most:
            kept.add(index)
    return kept
