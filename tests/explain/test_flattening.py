from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.errors import UserError
from cnnviz.explain.flattening import (
    effective_weights,
    explain_linear,
    explain_score,
    flat_index,
    flat_indices,
    flatten_layer,
    unflatten,
)
from cnnviz.layers import Conv2d, Flatten, Linear

shapes = st.tuples(st.integers(1, 5), st.integers(1, 6), st.integers(1, 6))


@given(shape=shapes, data=st.data())
def test_indices_are_torchs(shape: tuple[int, int, int], data: st.DataObject) -> None:
    channel, row, column = (data.draw(st.integers(0, size - 1)) for size in shape)
    marked = torch.zeros(1, *shape)
    marked[0, channel, row, column] = 1
    terms = flat_index(shape, channel, row, column)
    assert terms.index == int(torch.nn.Flatten()(marked)[0].argmax())
    assert (terms.channel * terms.height + terms.row) * terms.width + terms.column == terms.index
    assert terms.in_whole_maps == flat_index(shape, channel, 0, 0).index
    assert terms.in_whole_maps + terms.in_whole_rows == flat_index(shape, channel, row, 0).index
    assert unflatten(shape, terms.index) == (channel, row, column)


@given(shape=shapes, data=st.data())
def test_several_indices_at_once(shape: tuple[int, int, int], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.integers(0, shape[1] - 1), unique=True))
    columns = data.draw(st.lists(st.integers(0, shape[2] - 1), unique=True))
    indices = flat_indices(shape, rows, columns)
    assert indices.shape == (shape[0], len(rows), len(columns))
    for (channel, i, j), index in np.ndenumerate(indices):
        assert index == flat_index(shape, channel, rows[i], columns[j]).index


def test_cells_that_do_not_exist() -> None:
    for cell in ((2, 0, 0), (0, 3, 0), (0, 0, 4), (-1, 0, 0)):
        with pytest.raises(IndexError):
            flat_index((2, 3, 4), *cell)
    for index in (24, -1):
        with pytest.raises(IndexError, match="24 features"):
            unflatten((2, 3, 4), index)


@given(data=st.data())
def test_contributions_and_bias_make_up_every_score(any_network, data: st.DataObject) -> None:
    trace = data.draw(any_network)
    for class_index in range(len(trace.logits)):
        terms = explain_score(trace, class_index)
        assert terms.total == trace.logits[class_index]
        total = terms.contributions.sum() + terms.bias
        assert total == pytest.approx(terms.total, rel=1e-4, abs=1e-4)
        np.testing.assert_array_equal(terms.inputs, flatten_layer(trace).output)
        np.testing.assert_allclose(terms.contributions, terms.inputs * terms.weights)


@given(data=st.data())
def test_effective_weights_are_torchs_gradients(
    any_network, modules_of, data: st.DataObject
) -> None:
    trace = data.draw(any_network)
    start = trace.layers.index(flatten_layer(trace)) + 1
    head = modules_of(trace)[start:]
    features = torch.tensor(flatten_layer(trace).output, dtype=torch.float64)
    gradients = torch.autograd.functional.jacobian(head, features)
    weights, biases = effective_weights(trace)
    np.testing.assert_allclose(weights, gradients.numpy(), atol=1e-9)
    assert biases.shape == trace.logits.shape


def test_one_linear_layers_weights_are_its_own(tiny_vgg) -> None:
    output = tiny_vgg["output"]
    terms = explain_score(tiny_vgg, 4)
    np.testing.assert_array_equal(terms.weights, output.weight[4])
    assert terms.bias == output.bias[4]
    alone = explain_linear(output, 4)
    np.testing.assert_array_equal(alone.contributions, terms.contributions)
    assert alone.total == terms.total


def test_strongest_features_come_first(tiny_vgg) -> None:
    terms = explain_linear(tiny_vgg["output"], 0)
    best = terms.strongest(5)
    sizes = np.abs(terms.contributions)
    assert list(sizes[list(best)]) == sorted(sizes, reverse=True)[:5]


def test_bad_requests(tiny_vgg, make_trace) -> None:
    with pytest.raises(UserError, match="no output 10: choose 0 to 9"):
        explain_linear(tiny_vgg["output"], 10)
    with pytest.raises(TypeError, match="conv_1_1"):
        explain_linear(tiny_vgg["conv_1_1"], 0)
    with pytest.raises(UserError, match="has no flatten layer"):
        flatten_layer(make_trace([Conv2d("conv", 1, 1, 1)], (1, 2, 2)))


def test_scores_straight_from_the_maps(make_trace) -> None:
    trace = make_trace([Flatten("flatten"), Linear("output", 12, 3)], (3, 2, 2))
    terms = explain_score(trace, 2)
    assert terms.contributions.sum() + terms.bias == pytest.approx(terms.total, abs=1e-5)


def test_cnn_explainers_scores(espresso) -> None:
    trace, reference = espresso
    for class_index in range(10):
        terms = explain_score(trace, class_index)
        total = terms.contributions.sum() + terms.bias
        assert total == pytest.approx(reference["logits"][class_index], abs=1e-4)
