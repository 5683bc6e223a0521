"""The arithmetic behind one value of a vector: of a linear layer, or of what follows one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cnnviz.cli.arithmetic_text import (
    ValueReport,
    leaky_text,
    limits_text,
    maximum_text,
    plain,
    signed,
    sum_text,
)
from cnnviz.explain.flattening import ScoreTerms, explain_linear, unflatten
from cnnviz.explain.rounding import equals_sign
from cnnviz.layers import Add, Layer, LeakyReLU, Linear, ReLU, ReLU6
from cnnviz.layers.gate import Gate
from cnnviz.layers.tables import entry_for
from cnnviz.model.trace import LayerTrace, Trace

LISTED_CONTRIBUTIONS = 10
"""How many terms of a linear layer's sum are written out as text; JSON has them all."""

Arithmetic = tuple[dict[str, Any], Iterable[str]]
"""How a value was computed: as data, and as lines of text."""


def report_vector(trace: Trace, layer_trace: LayerTrace, index: int) -> ValueReport:
    """Explain one value of a vector: of a linear layer, or of a ReLU or an addition after one."""
    value = float(layer_trace.output[index])
    heading = f"{layer_trace.name}, output {index}: {plain(value)}"
    data: dict[str, Any] = {"layer": layer_trace.name, "kind": layer_trace.kind, "index": index}
    if layer_trace is trace.layers[-1]:
        heading = f"{layer_trace.name}, class {trace.classes[index]}: {plain(value)}"
        data["class"] = trace.classes[index]
    data["value"] = value
    report = entry_for(layer_trace.layer, VECTOR_REPORTS, "arithmetic of a vector")
    more, lines = report(trace, layer_trace, index)
    return ValueReport(data | more, (heading, *lines))


def _report_linear(trace: Trace, layer_trace: LayerTrace, index: int) -> Arithmetic:
    source = trace.architecture.source_of(layer_trace.name)
    terms = explain_linear(layer_trace, index)
    data = {
        "input_layer": source,
        "inputs": terms.inputs.tolist(),
        "weights": terms.weights.tolist(),
        "contributions": terms.contributions.tolist(),
        "bias": terms.bias,
    }
    return data, _linear_lines(terms, _feature_labels(trace, source))


def _report_gate(trace: Trace, layer_trace: LayerTrace, index: int) -> Arithmetic:
    layer, before = layer_trace.layer, float(layer_trace.input[index])
    assert isinstance(layer, Gate)
    data = {
        "input_layer": trace.architecture.source_of(layer_trace.name),
        "input_value": before,
    }
    if math.isinf(layer.ceiling):
        return data, [maximum_text(["0", plain(before)], float(layer_trace.output[index]))]
    return data, [limits_text(before, layer.ceiling)]


def _report_leaky_relu(trace: Trace, layer_trace: LayerTrace, index: int) -> Arithmetic:
    layer, before = layer_trace.layer, float(layer_trace.input[index])
    assert isinstance(layer, LeakyReLU)
    slope = layer.slope_of(index)
    data = {
        "input_layer": trace.architecture.source_of(layer_trace.name),
        "input_value": before,
        "negative_slope": slope,
    }
    return data, [leaky_text(before, slope, float(layer_trace.output[index]))]


def _report_addition(trace: Trace, layer_trace: LayerTrace, index: int) -> Arithmetic:
    sources = trace.architecture.sources_of(layer_trace.name)
    terms = [float(each[index]) for each in layer_trace.inputs]
    total = signed(float(layer_trace.output[index]))
    added = sum_text([signed(term) for term in terms], total)
    data = {"input_layers": list(sources), "terms": terms}
    return data, [f"the same place of {' and '.join(sources)}", added]


def _feature_labels(trace: Trace, source: str) -> Callable[[int], str]:
    """Return how to name one of the values of the vector that the layer `source` gives."""
    if trace[source].kind != "flatten":
        return lambda index: f"{source}[{index}]"
    shape = trace[source].input.shape

    def label(index: int) -> str:
        channel, row, column = unflatten(shape, index)
        return f"{source}[{index}] (channel {channel}, row {row}, column {column})"

    return label


def _linear_lines(terms: ScoreTerms, label: Callable[[int], str]) -> Iterable[str]:
    strongest = terms.strongest(LISTED_CONTRIBUTIONS)
    count = len(terms.inputs)
    yield f"The {len(strongest)} strongest of {count} terms, value × weight = contribution:"
    yield ""
    width = max(len(label(index)) for index in strongest)
    for index in strongest:
        factors = plain(terms.inputs[index]), plain(terms.weights[index])
        shown = signed(terms.contributions[index])
        sign = equals_sign(factors, shown, "product")
        yield f"{label(index):<{width}}  {factors[0]:>8} × {factors[1]:>8} {sign} {shown:>8}"
    listed = float(terms.contributions[list(strongest)].sum())
    others = float(terms.contributions.sum()) - listed
    shown_terms = [signed(value) for value in (listed, others, terms.bias)]
    yield ""
    yield f"{sum_text(shown_terms, signed(terms.total))} (these terms, all others, the bias)"


VECTOR_REPORTS: Mapping[type[Layer], Callable[[Trace, LayerTrace, int], Arithmetic]] = {
    ReLU: _report_gate,
    ReLU6: _report_gate,
    LeakyReLU: _report_leaky_relu,
    Add: _report_addition,
    Linear: _report_linear,
}
"""How a value of a vector is explained."""
