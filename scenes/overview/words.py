"""What fills the captions of the overview."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cnnviz.explain.edges import edge_shares
from cnnviz.explain.flattening import flatten_layer
from cnnviz.explain.overview import Node, ShownLayer
from cnnviz.explain.paths import Path, path_count
from cnnviz.explain.rounding import format_count, format_percent, format_share, written_extent
from cnnviz.layers import Concat, Conv2d, Layer
from cnnviz.layers.gate import Gate
from cnnviz.locales import Words
from cnnviz.mobjects.network_map.class_bars import PERCENT_DECIMALS
from cnnviz.mobjects.picture_channels import picture_channel_names
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import LayerTrace, Trace

Facts = dict[str, Any]

ROUTE = 6
"""So many of a path's convolutions are named at most: more would not be remembered."""


def first_layer_caption(layer: Layer) -> str:
    """Return the key of what the first layer does: of a convolution, out of how many maps each."""
    is_single = isinstance(layer, Conv2d) and len(layer.feeding(0)) == 1
    return "first_conv_single" if is_single else f"first_{layer.kind}"


def first_layer_facts(trace: Trace, shown: ShownLayer) -> Facts:
    """Return how many maps the first layer makes, and over how many edges."""
    layer_trace = trace[shown.name]
    facts: Facts = {"layer": shown.name, "count": shown.total} | written_extent(layer_trace.output)
    if shown.joins_all:
        facts["edges"] = shown.total * len(layer_trace.input)
    return facts | _window_facts(layer_trace)


def _window_facts(layer_trace: LayerTrace) -> Facts:
    """Return the sides of a layer's window, if one slides over its input."""
    layer = layer_trace.layer
    if not layer.slides or layer.window is None:
        return {}
    return dict(zip(("rows", "columns"), layer.window.kernel_sizes, strict=True))


def legends_caption(trace: Trace, scale: str) -> str:
    """Return the key of what is said of the legends: of ReLU only where there is one."""
    has_joins = any(len(layer.inputs) > 1 for layer in trace.layers)
    has_relu = any(isinstance(each.layer, Gate) and each.output.ndim == 3 for each in trace.layers)
    is_shared = not has_relu or (scale == "unit" and has_joins)
    return "legends_shared" if is_shared else f"legends_{scale}"


def scores_caption(trace: Trace) -> str:
    """Return the key of what is said of the scores: whether the vector makes them directly."""
    is_direct = trace.layers[-2].name == flatten_layer(trace).name
    return "classes" if is_direct else "classes_through"


def relu_facts(layer_trace: LayerTrace) -> Facts:
    """Return how much of what a ReLU receives it sets to zero."""
    return {"layer": layer_trace.name, "share": format_share(float((layer_trace.input < 0).mean()))}


def last_map_facts(trace: Trace) -> Facts:
    """Return which is the last layer that has maps, and how large these are."""
    last = [each for each in trace.layers if each.output.ndim == 3][-1]
    _, rows, columns = last.output.shape
    return {"layer": last.name, "rows": rows, "columns": columns}


def score_facts(trace: Trace) -> Facts:
    """Return what the scores are made from."""
    vector = flatten_layer(trace)
    return {
        "layer": vector.name,
        "features": vector.output.size,
        "count": len(trace.classes),
    }


def answer_facts(trace: Trace, best: Sequence[int], words: Words) -> Facts:
    """Return the winner and, where there is one, the rival, with their probabilities."""
    winner, second = best[0], best[-1]
    return {
        "winner": trace.class_name(winner, words.language),
        "probability": _percent(trace, winner),
        "second": trace.class_name(second, words.language),
        "second_probability": _percent(trace, second),
    }


def paths_caption(trace: Trace, count: int) -> str:
    """Return the key of what is said of so many lit paths: whether there are others."""
    return "paths" if path_count(trace.architecture) > count else "paths_all"


def path_facts(trace: Trace, count: int, words: Words) -> Facts:
    """Return what is said of so many lit paths: out of how many, and to where."""
    return {
        "count": count,
        "total": format_count(path_count(trace.architecture)),
        "winner": trace.class_name(trace.predicted_index, words.language),
    }


def route_names(trace: Trace, path: Path, words: Words) -> list[str]:
    """Return a path's channels in the last few convolutions that it passes."""
    steps = zip(path.layers[1:], path.channels[1:], strict=True)
    passed = [(layer, channel) for layer, channel in steps if trace[layer].kind == Conv2d.kind]
    return [
        words("overview.route", layer=layer, channel=channel) for layer, channel in passed[-ROUTE:]
    ]


def _percent(trace: Trace, index: int) -> str:
    return format_percent(float(trace.probabilities[index]), PERCENT_DECIMALS)


def node_caption(trace: Trace, node: Node) -> str:
    """Return the key of the caption that fits a node's layer."""
    layer = trace[node.layer].layer
    if node.layer == trace.layers[-1].name:
        return "node_score"
    if isinstance(layer, Conv2d) and not layer.joins_all:
        return "node_depthwise" if layer.keeps_channels else "node_grouped"
    is_alone = layer.keeps_channels and not layer.adds_up  # activations and pooling
    if layer.window is not None and is_alone:
        return "node_same_channel"
    return f"node_{layer.kind}"


def node_facts(trace: Trace, node: Node, words: Words) -> Facts:
    """Return what fills a node's caption: where it is, and what it is made from."""
    layer_trace = trace[node.layer]
    source, *others = trace.architecture.sources_of(node.layer)
    count = layer_trace.input.shape[0]
    facts: Facts = {
        "layer": node.layer,
        "channel": node.channel,
        "count": count,
        "source": words("overview.picture") if source == INPUT else source,
        "seen": len(layer_trace.layer.feeding(node.channel)),
        "other": others[0] if others else "",
    }
    facts |= _window_facts(layer_trace)
    if layer_trace.kind == Concat.kind:
        ((branch, own),) = layer_trace.layer.fed_by(
            node.channel, [len(each) for each in layer_trace.inputs]
        )
        facts |= {"source": trace.architecture.sources_of(node.layer)[branch], "own": own}
    if layer_trace.layer.joins_all and layer_trace.input.ndim == 3:
        strongest = int(edge_shares(layer_trace, node.channel, count).argmax())
        facts["strongest"] = _channel_name(source, strongest, count, words)
    if layer_trace.layer.unrolls:
        cells = layer_trace.output.size // count
        facts["first"], facts["end"] = node.channel * cells, (node.channel + 1) * cells - 1
    if layer_trace is trace.layers[-1]:
        facts["class_name"] = trace.class_name(node.channel, words.language)
    return facts


def _channel_name(source: str, channel: int, count: int, words: Words) -> str:
    if source == INPUT:
        return picture_channel_names(count, words)[channel]
    return words("common.channel", channel=channel)
