"""The arithmetic behind one value of maps that is made of values at its own place alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from cnnviz.cli.arithmetic_text import (
    ValueReport,
    leaky_text,
    limits_text,
    maximum_text,
    plain,
    signed,
    sum_text,
)
from cnnviz.explain.places import Place
from cnnviz.explain.relu import ceiling_of, explain_relu
from cnnviz.layers import Concat, LeakyReLU
from cnnviz.model.trace import Trace


def place_data(place: Place, kind: str, value: float) -> dict[str, Any]:
    """Return what a report's data say of any value: where it is."""
    return {
        "layer": place.layer,
        "kind": kind,
        "channel": place.channel,
        "row": place.row,
        "column": place.column,
        "value": value,
    }


def heading(place: Place, value: float) -> str:
    """Return a report's first line."""
    return (
        f"{place.layer}, channel {place.channel}, row {place.row}, column {place.column}: "
        f"{plain(value)}"
    )


def _before_and_after(trace: Trace, place: Place) -> tuple[float, float]:
    """Return the value that a layer reads at a place, and what it makes of it."""
    at = place.channel, place.row, place.column
    return float(trace[place.layer].input[at]), float(trace[place.layer].output[at])


def _data(trace: Trace, place: Place, kind: str, before: float, after: float) -> dict[str, Any]:
    """Return what a report's data say of any function of single values."""
    return place_data(place, kind, after) | {
        "input_layer": trace.architecture.source_of(place.layer),
        "input_value": before,
    }


def report_relu(trace: Trace, place: Place) -> ValueReport:
    """Explain what ReLU makes of one value."""
    before, after = _before_and_after(trace, place)
    clipping = explain_relu(trace[place.layer], place.channel)
    lines = (
        heading(place, after),
        maximum_text(["0", plain(before)], after),
        f"{clipping.below} of this map's {clipping.count} values are below zero and clipped.",
    )
    data = _data(trace, place, "relu", before, after) | {
        "clipped": clipping.below,
        "count": clipping.count,
    }
    return ValueReport(data, lines)


def report_relu6(trace: Trace, place: Place) -> ValueReport:
    """Explain what ReLU6 makes of one value."""
    layer_trace = trace[place.layer]
    before, after = _before_and_after(trace, place)
    clipping, ceiling = explain_relu(layer_trace, place.channel), ceiling_of(layer_trace)
    below, above, count = clipping.below, clipping.above, clipping.count
    lines = (
        heading(place, after),
        limits_text(before, ceiling),
        f"Of this map's {count} values {below} are below 0 and {above} above {ceiling:g}.",
    )
    data = _data(trace, place, "relu6", before, after) | {
        "below": below,
        "above": above,
        "count": count,
    }
    return ValueReport(data, lines)


def report_leaky_relu(trace: Trace, place: Place) -> ValueReport:
    """Explain what a leaky ReLU makes of one value."""
    layer_trace, layer = trace[place.layer], trace[place.layer].layer
    assert isinstance(layer, LeakyReLU)
    before, after = _before_and_after(trace, place)
    slope, values = layer.slope_of(place.channel), layer_trace.input[place.channel]
    below = int(np.count_nonzero(values < 0))
    lines = (
        heading(place, after),
        leaky_text(before, slope, after),
        f"{below} of this map's {values.size} values are below zero and scaled.",
    )
    data = _data(trace, place, LeakyReLU.kind, before, after) | {
        "negative_slope": slope,
        "below": below,
        "count": values.size,
    }
    return ValueReport(data, lines)


def report_addition(trace: Trace, place: Place) -> ValueReport:
    """Explain the sum of two branches at one place."""
    layer_trace = trace[place.layer]
    at = place.channel, place.row, place.column
    terms = [float(each[at]) for each in layer_trace.inputs]
    sources = trace.architecture.sources_of(place.layer)
    total = float(layer_trace.output[at])
    lines = (
        heading(place, total),
        f"the same place of {' and '.join(sources)}",
        sum_text([signed(term) for term in terms], signed(total)),
    )
    data = place_data(place, "add", total) | {"input_layers": list(sources), "terms": terms}
    return ValueReport(data, lines)


def report_concatenation(trace: Trace, place: Place) -> ValueReport:
    """Explain from which branch one value is."""
    layer_trace, sources = trace[place.layer], trace.architecture.sources_of(place.layer)
    counts = [len(each) for each in layer_trace.inputs]
    ((branch, own),) = layer_trace.layer.fed_by(place.channel, counts)
    value = float(layer_trace.output[place.channel, place.row, place.column])
    parts = " and ".join(
        f"{count} of {source}" for count, source in zip(counts, sources, strict=True)
    )
    lines = (
        heading(place, value),
        f"the same place of {sources[branch]}, channel {own}: nothing is computed",
        f"Its channels are {parts}, in this order.",
    )
    data = place_data(place, Concat.kind, value) | {
        "input_layers": list(sources),
        "input_layer": sources[branch],
        "input_channel": own,
    }
    return ValueReport(data, lines)
