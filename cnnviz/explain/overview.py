"""Which layers and channels an overview of a network shows, where not all are legible."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cnnviz.arrays import FloatArray
from cnnviz.explain.interest import maps_of
from cnnviz.explain.softmax import ranking
from cnnviz.layers import Shape
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
    sources: tuple[str, ...] = ()
    """The layers that it reads."""
    skipped: int = 0

    @property
    def left_out(self) -> int:
        """How many of its maps are not shown."""
        return self.total - len(self.channels)

    @property
    def is_join(self) -> bool:
        """Whether branches meet in it."""
        return len(self.sources) > 1

    @property
    def has_maps(self) -> bool:
        """Whether its values have rows and columns."""
        return len(self.shape) == 3


def shown_layers(trace: Trace, limits: Limits, node: Node | None = None) -> tuple[ShownLayer, ...]:
    """Return what is shown, from the picture to the scores.

    Where there is no room for all channels, the strongest are shown (those with the largest sum
    of absolute values), the same in a convolution and in what follows it map by map; of the
    classes the most probable, the best first. Where there is no room for all layers, those in the
    middle are left out; where branches meet again and again, all but the last such layer of each
    map size.
    `node`, and the layer before its own, are always shown, and the block around it if it fits.

    Parameters
    ----------
    limits
        For how much there is room.
    node
        The map (or score) that is asked for; None for none.
    """
    layers = with_channels(trace, limits.channels, limits.classes, node)
    return with_room(layers, limits.layers, node)


def with_room(
    layers: Sequence[ShownLayer], most: int, node: Node | None = None
) -> tuple[ShownLayer, ...]:
    """Return those of all layers that are shown: see :func:`shown_layers`.

    Parameters
    ----------
    layers
        What :func:`with_channels` gives.
    most
        How many are legible, the last left out: see :class:`Limits`.
    """
    *others, scores = layers
    kept = sorted(_kept(others, most, None if node is None else node.layer))
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
        total = entering[0] if layer.unrolls else output[0]
        layers.append(
            ShownLayer(
                layer.name,
                layer.kind,
                output,
                total,
                (),
                layer.joins_all,
                architecture.sources_of(layer.name),
            )
        )
    return layers


def with_channels(
    trace: Trace, most_channels: int, most_classes: int, node: Node | None = None
) -> tuple[ShownLayer, ...]:
    """Return all layers with the channels that are shown: see :func:`shown_layers`.

    Parameters
    ----------
    most_channels, most_classes
        Of a layer at most so many are shown, of the classes so many.
    node
        As for :func:`shown_layers`.
    """
    layers = _everything(trace.architecture)
    run_of = _runs(trace.architecture)
    scores = layers[-1].name
    found = []
    for layer in layers:
        run = run_of[layer.name]
        if scores in run:
            order, most = ranking(trace.logits), most_classes
        else:
            most = most_channels
            is_cut = layer.total > most
            order = by_strength(_maps(trace, run[-1])) if is_cut else tuple(range(layer.total))
        is_wanted = node is not None and node.layer in run
        channels = first_with(order, most, node.channel if node is not None and is_wanted else None)
        if scores in run and len(channels) < layer.total:
            channels = tuple(sorted(channels, key=order.index))
        found.append(replace(layer, channels=channels))
    return tuple(found)


def _runs(architecture: Architecture) -> dict[str, list[str]]:
    """Return, for the picture and each layer, the layers that work on its maps map by map.

    With itself, in the network's order: those between which no map is mixed with another.
    """
    run_of = {INPUT: [INPUT]}
    for layer in architecture.layers:
        run = [layer.name]
        if layer.keeps_channels:
            for source in architecture.sources_of(layer.name):
                run = [*(each for each in run_of[source] if each not in run), *run]
        run_of |= dict.fromkeys(run, run)
    return run_of


def _maps(trace: Trace, layer: str) -> FloatArray:
    """Return what a layer makes, or the picture as the network receives it, channel by channel."""
    return trace.layers[0].input if layer == INPUT else maps_of(trace[layer])


def by_strength(maps: FloatArray) -> tuple[int, ...]:
    """Return the channels of maps, those with the largest sum of absolute values first."""
    return ranking(np.abs(maps.reshape(len(maps), -1)).sum(axis=1, dtype=np.float64))


def first_with(order: Iterable[int], most: int, wanted: int | None) -> tuple[int, ...]:
    """Return the first `most` of `order`, with `wanted` in place of the last if need be.

    They are sorted: what is shown keeps its order.
    """
    first = list(order)[:most]
    if wanted is not None and wanted not in first:
        first[-1] = wanted
    return tuple(sorted(first))


def _kept(layers: Sequence[ShownLayer], most: int, wanted: str | None) -> set[int]:
    """Return the indices of the layers that are shown, the picture being the first.

    Both ends, `wanted` and the one before it; then what tells most; then from both ends. Every
    place where some are left out takes the room of one.
    """
    names = [layer.name for layer in layers]
    kept = {0, len(layers) - 1}
    if wanted in names:
        kept |= {names.index(wanted), max(names.index(wanted) - 1, 0)}
    count = len(layers)
    ends = [{end} for step in range(-(-count // 2)) for end in (step, count - 1 - step)]
    for more in (_block_around(layers, wanted), {1}, *_joins(layers), *ends):
        kept_then = kept | {index for index in more if index < count}
        gaps = sum(index + 1 not in kept_then for index in kept_then) - 1
        if len(kept_then) + gaps <= most:
            kept = kept_then
    return kept


def _block_around(layers: Sequence[ShownLayer], wanted: str | None) -> set[int]:
    """Return the layers of the block that a layer is in, from where it branches to its join."""
    names = [layer.name for layer in layers]
    for index, layer in enumerate(layers):
        if layer.is_join and wanted in names:
            first = min(names.index(source) for source in layer.sources)
            if first < names.index(wanted) <= index:
                return set(range(first, index + 1))
    return set()


def _joins(layers: Sequence[ShownLayer]) -> list[set[int]]:
    """Return the last layer of each map size in which branches meet, from the last on."""
    last = {layer.shape[1:]: index for index, layer in enumerate(layers) if layer.is_join}
    return [{index} for index in sorted(last.values(), reverse=True)]
