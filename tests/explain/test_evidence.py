"""Evidence is the gradient of the score times the values, folded back; with the bias the score."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.explain.evidence import class_evidence
from cnnviz.explain.fields import receptive_field
from cnnviz.explain.flattening import flatten_layer
from cnnviz.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from cnnviz.network import Network, load_network, trace
from cnnviz.photos import bundled_photo
from tests.conftest import fixed_network


def by_torch(network: Network, maps: np.ndarray, flatten: str, class_index: int) -> np.ndarray:
    """Return gradient times input of a score, summed over the channels."""
    values = torch.tensor(maps, dtype=torch.float64)[None].requires_grad_()
    result = values
    is_behind = False
    for name, module in network.module.named_children():
        is_behind = is_behind or name == flatten
        if is_behind:
            result = module.double()(result)
    result[0, class_index].backward()
    assert values.grad is not None
    return (values.grad * values)[0].sum(0).detach().numpy()


@pytest.mark.parametrize("photo", ["cat", "espresso"])
def test_it_is_gradient_times_input(photo: str) -> None:
    network = load_network()
    seen = trace(bundled_photo(photo), network)
    flatten = flatten_layer(seen)
    for class_index in range(len(seen.classes)):
        evidence = class_evidence(seen, class_index)
        expected = by_torch(network, flatten.input, flatten.name, class_index)
        assert evidence.values == pytest.approx(expected, abs=1e-5)
        total = evidence.values.sum() + evidence.bias
        assert total == pytest.approx(float(seen.logits[class_index]), abs=1e-4)


def test_a_hidden_layer_counts_for_this_picture() -> None:
    layers = (
        Conv2d("conv", 3, 4, 3),
        ReLU("relu"),
        MaxPool2d("pool", 2, 2),
        Flatten("flatten"),
        Linear("hidden", 36, 8),
        ReLU("relu_hidden"),
        Linear("out", 8, 3),
    )
    network = fixed_network(layers, ("cat", "dog", "owl"), (3, 8, 8))
    seen = trace(np.random.default_rng(4).random((8, 8, 3), np.float32), network)
    for class_index in range(3):
        evidence = class_evidence(seen, class_index)
        expected = by_torch(network, seen["flatten"].input, "flatten", class_index)
        assert evidence.values == pytest.approx(expected, abs=1e-5)


@given(data=st.data())
def test_places_and_bias_make_up_every_score(any_network, data: st.DataObject) -> None:
    seen = data.draw(any_network)
    for class_index in range(len(seen.logits)):
        evidence = class_evidence(seen, class_index)
        score = float(seen.logits[class_index])
        assert evidence.values.sum() + evidence.bias == pytest.approx(score, rel=1e-4, abs=1e-4)


def test_cells_lie_in_the_middle_of_what_they_see() -> None:
    seen = trace(bundled_photo("cat"), load_network())
    evidence = class_evidence(seen, 0)
    rows, columns = evidence.values.shape
    height = (evidence.bottom - evidence.top) / rows
    width = (evidence.right - evidence.left) / columns
    for row, column in ((0, 0), (6, 6), (12, 3)):
        field = receptive_field(seen.architecture, "max_pool_2", row, column)
        middle = np.mean(field.rows) + 0.5, np.mean(field.columns) + 0.5
        centre = evidence.top + (row + 0.5) * height, evidence.left + (column + 0.5) * width
        assert centre == pytest.approx(middle)
