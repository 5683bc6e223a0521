"""Two traces compared: distances as torch has them, places and channels as NumPy has them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cnnviz.explain.comparison import (
    channels_furthest_apart,
    compared_layers,
    has_equals,
    have_same_layers,
    is_same_network,
    layers_alike,
    map_layers,
    relative_distance,
    strongest_place,
    telling_channel,
    widest_gap,
)
from cnnviz.explain.scaling import common_range, value_range
from cnnviz.layers import Conv2d, Flatten, Linear, ReLU
from cnnviz.model.trace import Trace
from cnnviz.network import Network, trace
from tests.conftest import fixed_network

VALUES = arrays.arrays(
    np.float32, st.just((2, 3, 4)), elements=st.floats(-1e3, 1e3, width=32, allow_subnormal=False)
)


@given(VALUES, VALUES)
def test_the_distance_is_torchs(one: np.ndarray, other: np.ndarray) -> None:
    first, second = (torch.from_numpy(each.astype(np.float64)) for each in (one, other))
    lengths = torch.linalg.vector_norm(first) + torch.linalg.vector_norm(second)
    expected = float(torch.dist(first, second) / lengths) if lengths else 0.0
    found = relative_distance(one, other)
    assert found == pytest.approx(expected, abs=1e-12)
    assert 0 <= found <= 1 + 1e-12
    assert relative_distance(other, one) == pytest.approx(found, abs=1e-12)


@given(VALUES)
def test_the_distance_has_its_ends(values: np.ndarray) -> None:
    assert relative_distance(values, values) == 0
    if values.any():
        assert relative_distance(values, np.zeros_like(values)) == 1
        assert relative_distance(values, -3 * values) == pytest.approx(1)


@given(VALUES, VALUES)
def test_the_widest_gap_is_nowhere_wider(one: np.ndarray, other: np.ndarray) -> None:
    first, second = one[0], other[0]
    gaps = np.abs(first.astype(np.float64) - second.astype(np.float64))
    row, column = widest_gap(first, second)
    assert gaps[row, column] == gaps.max()
    assert not (gaps.ravel()[: row * 4 + column] == gaps.max()).any()
    assert first[strongest_place(first)] == first.max()


@pytest.fixture(scope="module")
def pair(small_network: Network) -> tuple[Trace, Trace]:
    random = np.random.default_rng(11)
    one, two = (random.random((32, 32, 3)).astype(np.float32) for _ in range(2))
    return trace(one, small_network), trace(np.square(two), small_network)


@pytest.mark.parametrize(("layer", "channels"), [("conv_1", 6), ("conv_2", 4)])
def test_channels_that_differ_most(pair: tuple[Trace, Trace], layer: str, channels: int) -> None:
    one, two = (each[layer] for each in pair)
    norms = [
        float(torch.dist(torch.tensor(a), torch.tensor(b)))
        for a, b in zip(one.output, two.output, strict=True)
    ]
    assert telling_channel(one, two) == int(np.argmax(norms))
    assert channels_furthest_apart(one, two, 3) == tuple(sorted(np.argsort(norms)[-3:].tolist()))
    assert channels_furthest_apart(one, two, 99) == tuple(range(channels))


def test_what_follows_a_convolution_shows_its_channels(pair: tuple[Trace, Trace]) -> None:
    shown, same = compared_layers(*pair, most=10, channels=2)
    assert shown == same
    channels = {each.name: each.channels for each in shown}
    assert list(channels) == ["conv_1", "relu_1", "max_pool_1", "conv_2", "relu_2"]
    assert channels["conv_1"] == channels["relu_1"] == channels["max_pool_1"]
    assert channels["conv_1"] == channels_furthest_apart(*(each["conv_1"] for each in pair), 2)


def test_of_many_layers_both_ends_are_shown(pair: tuple[Trace, Trace]) -> None:
    assert [each.name for each in map_layers(pair[0], 3)] == ["conv_1", "max_pool_1", "relu_2"]


def test_distances_of_all_layers(pair: tuple[Trace, Trace]) -> None:
    names = layers_alike(*pair)
    assert names == tuple(layer.name for layer in pair[0].layers)
    one, other = pair
    assert all(0 < relative_distance(one[name].output, other[name].output) < 1 for name in names)


def other_network(*layers: object) -> Trace:
    network = fixed_network(layers, ("cat", "dog"), (3, 32, 32))  # type: ignore[arg-type]
    return trace(np.random.default_rng(2).random((32, 32, 3)).astype(np.float32), network)


def test_networks_are_told_apart(pair: tuple[Trace, Trace], small_network: Network) -> None:
    assert is_same_network(*pair)
    other = other_network(Conv2d("conv_1", 3, 6, 3), Flatten("flatten"), Linear("out", 5400, 2))
    assert not is_same_network(pair[0], other)
    assert not have_same_layers(pair[0], other)
    first, second = compared_layers(pair[0], other, most=10, channels=2)
    assert [each.name for each in second] == ["conv_1"]
    strength = np.abs(other["conv_1"].output).sum(axis=(1, 2))
    assert set(second[0].channels) == set(np.argsort(strength)[-2:].tolist())
    assert layers_alike(pair[0], other) == ("conv_1",)
    assert len(first) == 5


def test_of_unlike_networks_each_layer_shows_what_is_strong_in_it(
    pair: tuple[Trace, Trace],
) -> None:
    """Not what is strong before it: ReLU leaves nothing of a map that is negative everywhere."""
    network = fixed_network(
        (Conv2d("conv", 3, 4, 3), ReLU("relu"), Flatten("flatten"), Linear("out", 3600, 2)),
        ("cat", "dog"),
        (3, 32, 32),
    )
    with torch.no_grad():
        network.module.conv.bias[2] = -100.0  # type: ignore[index, union-attr]
    other = trace(np.random.default_rng(2).random((32, 32, 3)).astype(np.float32), network)
    _, (convolution, relu) = compared_layers(pair[0], other, most=10, channels=1)
    assert convolution.channels == (2,)
    assert other["relu"].output[list(relu.channels)].any()


def test_one_range_holds_for_both(pair: tuple[Trace, Trace]) -> None:
    both = common_range(pair, "conv_1")
    values = np.concatenate([np.abs(each["conv_1"].output).ravel() for each in pair])
    assert (values <= both.high).mean() >= 0.99
    assert common_range(pair[:1], "relu_1") == value_range(pair[0], "relu_1")
    assert both.is_signed
    assert not common_range(pair, "relu_1").is_signed


def test_equals_are_found_but_for_rounding() -> None:
    values = np.array([[3.0, 3.0 + 1e-6], [2.0, -1.0]])
    assert has_equals(values, (0, 0))
    assert not has_equals(values, (1, 0))
    assert has_equals(np.zeros((2, 2)), (0, 1))
    assert not has_equals(np.array([[5.0]]), (0, 0))
