"""What holds for every kind of layer, on networks that torch alone has run."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.auditing.passing_on import PASSING_ON, passed_on
from cnnviz.cli.value_report import MAP_REPORTS, report_value
from cnnviz.cli.vector_report import VECTOR_REPORTS, report_vector
from cnnviz.errors import UserError
from cnnviz.importing.layer_operations import OPERATIONS, operation_of
from cnnviz.importing.onnx_export import OPERATORS
from cnnviz.layers import KINDS, Conv2d, Flatten, Layer, LeakyReLU, Linear, MaxPool2d, ReLU
from cnnviz.network.network import MODULES


@pytest.mark.parametrize("kind", ["any_network", "any_graph"])
@settings(max_examples=40)
@given(data=st.data())
def test_forward_computes_what_torch_does(kind: str, data: st.DataObject, request) -> None:
    for entry in data.draw(request.getfixturevalue(kind)).layers:
        output = entry.layer.forward(*entry.inputs, weight=entry.weight, bias=entry.bias)
        assert output.dtype == np.float64
        np.testing.assert_allclose(output, entry.output, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("kind", ["any_network", "any_graph"])
@settings(max_examples=40)
@given(data=st.data())
def test_shapes_are_torchs(kind: str, data: st.DataObject, request) -> None:
    for entry in data.draw(request.getfixturevalue(kind)).layers:
        layer = entry.layer
        entering = layer.joined([each.shape for each in entry.inputs])
        assert layer.output_shape(entering) == entry.output.shape
        parameters = {"weight": entry.weight, "bias": entry.bias}
        shapes = {name: each.shape for name, each in parameters.items() if each is not None}
        assert layer.parameter_shapes == shapes
        slopes = layer.negative_slope if isinstance(layer, LeakyReLU) else ()
        learned = len(slopes) if isinstance(slopes, tuple) else 0
        assert layer.parameter_count == sum(map(math.prod, shapes.values())) + learned
        if layer.input_key is not None:
            assert getattr(layer, layer.input_key) == entry.input.shape[0]
        if layer.window is not None and entry.output.ndim == 3:
            channels = len(entry.output)
            assert layer.window.output_shape(channels, entry.input.shape) == entry.output.shape


@pytest.mark.parametrize("kind", ["any_network", "any_graph"])
@settings(max_examples=40)
@given(data=st.data())
def test_what_is_unsigned_is_never_negative(kind: str, data: st.DataObject, request) -> None:
    trace = data.draw(request.getfixturevalue(kind))
    is_signed = {"input": True}
    for entry in trace.layers:
        sources = trace.architecture.sources_of(entry.name)
        signed = entry.layer.is_signed(input_is_signed=any(is_signed[source] for source in sources))
        is_signed[entry.name] = signed
        assert signed or entry.output.min() >= 0


@pytest.mark.parametrize("kind", ["any_network", "any_graph"])
@settings(max_examples=40)
@given(data=st.data())
def test_contributions_and_the_bias_make_up_the_output(
    kind: str, data: st.DataObject, request
) -> None:
    for entry in data.draw(request.getfixturevalue(kind)).layers:
        if not entry.layer.adds_up:
            with pytest.raises(TypeError, match=entry.name):
                entry.layer.contributions(entry, 0)
            continue
        channel = data.draw(st.integers(0, len(entry.output) - 1))
        added = entry.layer.contributions(entry, channel)
        assert len(added) == len(entry.layer.fed_by(channel, list(map(len, entry.inputs))))
        total = added.sum(axis=0) + (0 if entry.bias is None else entry.bias[channel])
        np.testing.assert_allclose(total, entry.output[channel], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("kind", ["any_network", "any_graph"])
@settings(max_examples=40)
@given(data=st.data())
def test_weights_pulled_back_make_the_same_sums(kind: str, data: st.DataObject, request) -> None:
    for entry in data.draw(request.getfixturevalue(kind)).layers:
        weights = np.random.default_rng(0).normal(size=(3, *entry.output.shape))
        if isinstance(entry.layer, Conv2d | MaxPool2d):
            with pytest.raises(TypeError, match="cannot follow the flattening"):
                entry.layer.pull_back(entry, weights)
            continue
        back, added = entry.layer.pull_back(entry, weights)
        total = added.copy()
        for each, read in zip(back, entry.inputs, strict=True):
            total += (each * read).reshape(3, -1).sum(axis=1)
        expected = (weights * entry.output).reshape(3, -1).sum(axis=1)
        np.testing.assert_allclose(total, expected, rtol=1e-3, atol=1e-3)


def test_each_kind_is_listed_by_its_own_word() -> None:
    assert {"conv", "relu", "max_pool", "flatten", "linear"} <= set(KINDS)
    for word, kind in KINDS.items():
        assert kind.kind == word
    assert len({kind.noun for kind in KINDS.values()}) == len(KINDS)


TABLES: dict[str, Iterable[type[Layer]]] = {
    "torch": MODULES,
    "ONNX": OPERATORS,
    "weights": OPERATIONS,
    "audit": PASSING_ON,
    "inspect": (*MAP_REPORTS, *VECTOR_REPORTS),
}
"""What rooms above say of each kind."""


@pytest.mark.parametrize("room", TABLES)
def test_no_table_forgets_a_kind_or_has_one_that_is_none(room: str) -> None:
    assert set(TABLES[room]) == set(KINDS.values())


def test_a_kind_that_is_in_no_table_is_an_error_and_no_other_kind(make_trace) -> None:
    @dataclass(frozen=True)
    class Unknown(ReLU):
        kind: ClassVar[str] = "unknown"

    layer = Unknown("layer")
    known = make_trace([ReLU("relu"), Flatten("flatten"), Linear("out", 4, 2)], (1, 2, 2))
    of_maps = replace(known["relu"], layer=layer)
    of_a_vector = replace(known["out"], layer=layer)
    for what, ask in {
        "operation": lambda: operation_of(layer, {}),
        "way to follow parts": lambda: passed_on(of_maps, of_maps.input),
        "arithmetic of a map": lambda: report_value(replace(known, layers=(of_maps,)), "layer"),
        "arithmetic of a vector": lambda: report_vector(known, of_a_vector, 0),
    }.items():
        with pytest.raises(TypeError, match=f"no {what} is known for layers of kind 'unknown'"):
            ask()


@pytest.mark.parametrize(
    ("layer", "conflict"),
    [
        (MaxPool2d("pool", 2, 2, 2), "padding is 2; it must be less than the window's 2 cells"),
        (Conv2d("conv", 3, 4, 3, groups=2), "in_channels is 3, which 2 groups do not divide"),
        (Conv2d("conv", 4, 3, 3, groups=2), "out_channels is 3, which 2 groups do not divide"),
        (MaxPool2d("pool", 3, 2, 1), None),
        (Conv2d("conv", 4, 6, 3, padding=9, groups=2), None),
    ],
)
def test_sizes_that_do_not_fit_each_other_are_told(layer: Layer, conflict: str | None) -> None:
    assert layer.conflict() == conflict


def test_what_passes_a_layer(make_trace) -> None:
    picture = np.array([[[0, 1, 2], [3, 0, 2], [9, 9, 9]]], np.float32)
    layers = [ReLU("relu"), MaxPool2d("pool", 2, 2), Flatten("flatten"), Linear("out", 1, 2)]
    trace = make_trace(layers, (1, 3, 3), picture=picture)
    relu, pool, flatten, _ = trace.layers
    np.testing.assert_array_equal(relu.layer.passing(relu, 0), picture[0] > 0)
    assert np.argwhere(pool.layer.passing(pool, 0)).tolist() == [[1, 0]]
    assert flatten.layer.passing(flatten, 0) is None


def test_a_layer_without_weights_says_so(make_trace) -> None:
    trace = make_trace([ReLU("relu"), Flatten("flatten"), Linear("out", 4, 2)], (1, 2, 2))
    with pytest.raises(TypeError, match="'relu' has no weights"):
        _ = trace["relu"].parameters


def test_sizes_that_a_description_leaves_out() -> None:
    conv = Conv2d.described("conv", {"out_channels": 4, "kernel_size": 3}, (2, 9, 9), None)
    assert conv == Conv2d("conv", 2, 4, 3, stride=1, padding=0, dilation=1, groups=1)
    assert MaxPool2d.described("pool", {"kernel_size": 3}, (2, 9, 9), None).stride == 3
    assert Linear.described("out", {}, (18,), 5) == Linear("out", 18, 5)
    with pytest.raises(UserError, match="'out_features' is missing"):
        Linear.described("hidden", {}, (18,), None)
    with pytest.raises(UserError, match="stride is 0; it must be 1 or more"):
        MaxPool2d.described("pool", {"kernel_size": 3, "stride": 0}, (2, 9, 9), None)
