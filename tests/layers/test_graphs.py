"""Shares, evidence and paths through graphs of all kinds of layers, against torch's gradients."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cnnviz.auditing.parts import PixelParts
from cnnviz.explain.edges import edge_count, edges
from cnnviz.explain.evidence import class_evidence
from cnnviz.explain.fields import projective_field, receptive_field
from cnnviz.explain.flattening import effective_weights, flatten_layer
from cnnviz.explain.paths import path_count, strongest_paths
from cnnviz.layers import Add, AvgPool2d, Conv2d, Flatten, LeakyReLU, Linear, ReLU, ReLU6
from cnnviz.model.architecture import Architecture, InputDescription
from cnnviz.model.trace_file import trace_bytes, trace_from_bytes
from cnnviz.network.descriptions import description_table, parse_architecture
from cnnviz.network.network import Network
from cnnviz.network.weights import load_network, save_network
from cnnviz.scenes.journey.influence import own_parts
from cnnviz.scenes.journey.strongest_path import strongest_path

GATES = (ReLU, ReLU6, LeakyReLU)
"""What sees values differently on either side of 0, or of 6."""

few = settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])


def gradients_at(trace, modules, name: str) -> tuple[np.ndarray, np.ndarray]:
    """What the scores' gradients are on one layer's output, and the scores: torch's own."""
    values = trace.layers[0].input if name == "input" else trace[name].output
    start = torch.tensor(values, dtype=torch.float64)[None].requires_grad_()
    scores = modules.outputs(start, name)[trace.layers[-1].name][0]
    rows = [torch.autograd.grad(score, start, retain_graph=True)[0][0] for score in scores]
    return torch.stack(rows).numpy(), scores.detach().numpy()


def is_steady(trace) -> bool:
    """Whether no gate stands so near an end that float32 and float64 may see it differently."""
    gates = [entry.input for entry in trace.layers if isinstance(entry.layer, GATES)]
    near = [np.minimum(np.abs(each), np.abs(each - 6)) for each in gates]
    return all(each[each > 0].min(initial=1) > 1e-3 for each in near)


@few
@given(data=st.data())
def test_own_parts_are_gradient_times_input(any_graph, modules_of, data: st.DataObject) -> None:
    trace = data.draw(any_graph.filter(is_steady))
    row, column = (data.draw(st.integers(0, n - 1)) for n in trace.picture.shape[1:])
    gradients, _ = gradients_at(trace, modules_of(trace), "input")
    pixel = trace.layers[0].input[:, row, column]
    expected = gradients[:, :, row, column] @ pixel
    parts = list(own_parts(trace, row, column))
    np.testing.assert_allclose(parts[-1], expected, rtol=1e-6, atol=1e-6)
    audited = PixelParts(trace, (row, column)).of_layers
    for entry, part in zip(trace.layers, parts, strict=True):
        np.testing.assert_allclose(audited[entry.name], part, rtol=1e-9, atol=1e-9)


@few
@given(data=st.data())
def test_evidence_and_bias_make_up_every_score(any_graph, modules_of, data) -> None:
    trace = data.draw(any_graph.filter(is_steady))
    flatten = flatten_layer(trace)
    weights, biases = effective_weights(trace)
    gradients, _ = gradients_at(trace, modules_of(trace), flatten.name)
    np.testing.assert_allclose(weights, gradients, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(
        weights @ flatten.output + biases, trace.logits, rtol=1e-4, atol=1e-3
    )
    for index, score in enumerate(trace.logits):
        evidence = class_evidence(trace, index)
        assert evidence.values.sum() + evidence.bias == pytest.approx(score, rel=1e-4, abs=1e-3)


def test_evidence_before_global_pooling_is_the_class_activation_map(make_trace) -> None:
    layers = [
        Conv2d("conv", 3, 4, 3),
        ReLU6("relu"),
        AvgPool2d("mean", (4, 5)),
        Flatten("flatten"),
        Linear("output", 4, 2),
    ]
    trace = make_trace(layers, (3, 6, 7))
    weight = trace["output"].weight[1]
    expected = np.einsum("c,cij->ij", weight, trace["relu"].output) / 20
    evidence = class_evidence(trace, 1)
    np.testing.assert_allclose(evidence.values, expected, rtol=1e-5)
    assert (evidence.top, evidence.bottom) == (1, 5)
    assert (evidence.left, evidence.right) == (1, 6)


@few
@given(data=st.data())
def test_no_path_of_a_pixel_is_stronger(any_graph, data: st.DataObject) -> None:
    trace = data.draw(any_graph)
    row, column = (data.draw(st.integers(0, n - 1)) for n in trace.picture.shape[1:])
    path = strongest_path(trace, row, column, 1)
    if not path.is_complete:
        return
    # The path itself, one cell alone and gates as they are: what arrives by it is what it says.
    part = float(trace.layers[0].input[path.cells[0].index])
    for before, cell in zip(path.cells, path.cells[1:], strict=False):
        entry = trace[cell.layer]
        sources = trace.architecture.sources_of(cell.layer)
        alone = [np.zeros(each.shape) for each in entry.inputs]
        alone[sources.index(before.layer)][before.index] = part
        part = float(entry.layer.carry(entry, *alone)[cell.index])
    assert path.contribution == pytest.approx(part, rel=1e-6, abs=1e-9)


def residual(make_trace, seed: int = 3):
    """A small network with a depthwise convolution and a way around it."""
    layers = [
        Conv2d("stem", 1, 2, 3, 2, (0, 0, 1, 1)),
        ReLU6("stem_relu"),
        Conv2d("depthwise", 2, 2, 3, padding=1, groups=2),
        Conv2d("project", 2, 2, 1),
        Add("add", inputs=("stem_relu", "project")),
        AvgPool2d("mean", 3),
        Flatten("flatten"),
        Linear("output", 2, 2),
    ]
    return make_trace(layers, (1, 6, 6), seed=seed)


def test_shares_of_all_paths_add_up_to_one(make_trace) -> None:
    trace = residual(make_trace)
    paths = strongest_paths(trace, 1, 1000)
    assert sum(path.strength for path in paths) == pytest.approx(1)
    assert len(paths) == path_count(trace.architecture) == 1 * 2 * (1 + 2)
    assert [path.strength for path in paths] == sorted((p.strength for p in paths), reverse=True)
    around = [path for path in paths if "project" not in path.layers]
    assert len(around) == 2
    assert all(path.channel_in("project") is None for path in around)
    assert strongest_paths(trace, 1, 2) == paths[:2]


def test_edges_of_a_graph(make_trace) -> None:
    architecture = residual(make_trace).architecture
    found = edges(architecture)
    assert len(found) == edge_count(architecture)
    into = {
        layer: [e for e in found if e.layer == layer] for layer in ("depthwise", "add", "output")
    }
    assert [edge.source_channel for edge in into["depthwise"]] == [0, 1]
    branches = product((0, 1), ("stem_relu", "project"))
    assert [(e.channel, e.source_layer) for e in into["add"]] == list(branches)
    assert [(e.source_layer, e.source_channel) for e in into["output"][:2]] == [
        ("mean", 0),
        ("mean", 1),
    ]


@few
@given(data=st.data())
def test_no_pixel_outside_the_field_matters(any_graph, data: st.DataObject) -> None:
    """Padding cells, strides and branches included: what is not seen has no share."""
    trace = data.draw(any_graph)
    row, column = (data.draw(st.integers(0, n - 1)) for n in trace.picture.shape[1:])
    parts = own_parts(trace, row, column)
    for entry, part, field in zip(
        trace.layers, parts, projective_field(trace.architecture, row, column), strict=False
    ):
        outside = part.copy()
        outside[np.ix_(range(len(part)), field.rows, field.columns)] = 0
        assert not outside.any()
        for at in np.argwhere(part.any(axis=0))[:3]:
            seen = receptive_field(trace.architecture, entry.name, *map(int, at))
            assert row in seen.rows
            assert column in seen.columns


@few
@given(data=st.data())
def test_files_say_all_of_a_graph(any_graph, data: st.DataObject, tmp_path_factory) -> None:
    trace = data.draw(any_graph)
    again = trace_from_bytes(trace_bytes(trace))
    assert again.architecture == trace.architecture
    for entry, read in zip(trace.layers, again.layers, strict=True):
        np.testing.assert_array_equal(read.output, entry.output)
        for one, other in zip(read.inputs, entry.inputs, strict=True):
            np.testing.assert_array_equal(one, other)
    table = description_table(trace.architecture)
    assert parse_architecture(table, trace.classes).layers == trace.architecture.layers


def test_a_weights_file_of_a_graph_runs_as_torch_does(make_trace, modules_of, tmp_path) -> None:
    trace = residual(make_trace)
    network = Network.build(trace.architecture)
    with torch.no_grad():
        for name, parameter in network.module.named_parameters():
            layer, what = name.split(".")
            parameter.copy_(torch.tensor(getattr(trace[layer], what)))
    save_network(network, tmp_path / "net.safetensors")
    loaded = load_network(tmp_path / "net.safetensors")
    assert loaded.architecture == trace.architecture
    with torch.no_grad():
        scores = loaded.module(torch.tensor(trace.layers[0].input)[None])[0]
        expected = modules_of(trace)(torch.tensor(trace.layers[0].input)[None].double())[0]
    np.testing.assert_allclose(scores, expected, atol=1e-5)
    np.testing.assert_allclose(scores, trace.logits, atol=1e-5)


def test_what_layers_of_a_graph_read() -> None:
    layers = (Conv2d("a", 1, 1, 1), ReLU("b"), Add("c", inputs=("a", "b")), ReLU("d"))
    description = InputDescription(1, 2, 2, (0.0,), (1.0,))
    architecture = Architecture("graph", description, layers, ("x", "y"))
    assert architecture.sources_of("a") == ("input",)
    assert architecture.sources_of("c") == ("a", "b")
    assert architecture.source_of("d") == "c"
    assert architecture.readers_of("a") == ("b", "c")
    assert not architecture.is_chain
    with pytest.raises(Exception, match='layer "c" reads a and b: '):
        architecture.source_of("c")
