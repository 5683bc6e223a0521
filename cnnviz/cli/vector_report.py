"""The arithmetic behind one value of a vector: of a linear layer, or of a ReLU after one."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cnnviz.cli.arithmetic_text import ValueReport, maximum_text, plain, signed, sum_text
from cnnviz.explain.flattening import ScoreTerms, explain_linear, unflatten
from cnnviz.explain.rounding import equals_sign
from cnnviz.model.trace import LayerTrace, Trace

LISTED_CONTRIBUTIONS = 10
"""How many terms of a linear layer's sum are written out as text; JSON has them all."""


def report_vector(trace: Trace, layer_trace: LayerTrace, index: int) -> ValueReport:
    """Explain one value of a vector: of a linear layer, or of a ReLU after one."""
    value = float(layer_trace.output[index])
    heading = f"{layer_trace.name}, output {index}: {plain(value)}"
    source = trace.architecture.source_of(layer_trace.name)
    data = {"layer": layer_trace.name, "kind": layer_trace.kind, "index": index}
    if layer_trace is trace.layers[-1]:
        heading = f"{layer_trace.name}, class {trace.classes[index]}: {plain(value)}"
        data["class"] = trace.classes[index]
    data |= {"value": value, "input_layer": source}
    if layer_trace.kind == "relu":
        before = float(layer_trace.input[index])
        lines = (heading, maximum_text(["0", plain(before)], value))
        return ValueReport(data | {"input_value": before}, lines)
    terms = explain_linear(layer_trace, index)
    data |= {
        "inputs": terms.inputs.tolist(),
        "weights": terms.weights.tolist(),
        "contributions": terms.contributions.tolist(),
        "bias": terms.bias,
    }
    labels = _feature_labels(trace, source)
    return ValueReport(data, (heading, *_linear_lines(terms, labels)))


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
