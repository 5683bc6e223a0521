from __future__ import annotations

from itertools import product
from math import prod

import numpy as np
import pytest
import torch

from cnnviz.explain.paths import path_count, strongest_paths
from cnnviz.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from cnnviz.model.trace import Trace

SMALL = [
    Conv2d("conv_1", 2, 3, 3),
    ReLU("relu_1"),
    MaxPool2d("pool", 2, 2),
    Conv2d("conv_2", 3, 2, 2),
    Flatten("flatten"),
    Linear("hidden", 8, 3),
    ReLU("relu_h"),
    Linear("output", 3, 2),
]


def torch_shares(trace: Trace, name: str) -> np.ndarray:
    """Return each edge's share by torch: (targets, sources)."""
    layer_trace = trace[name]
    weight = torch.from_numpy(layer_trace.weight.copy()).double()
    values = torch.from_numpy(layer_trace.input.copy()).double()
    if weight.dim() == 4:
        added = [
            [torch.nn.functional.conv2d(values[None, c : c + 1], row[None, c : c + 1])
             for c in range(len(values))]
            for row in weight
        ]  # fmt: skip
        flows = torch.tensor([[each.abs().sum() for each in row] for row in added])
    else:
        flows = (weight * values).abs()
        if name == "hidden":
            flows = flows.reshape(len(weight), 2, -1).sum(dim=2)
    return (flows / flows.sum(dim=1, keepdim=True)).numpy()


@pytest.mark.parametrize("class_index", [0, 1])
def test_paths_are_the_strongest_of_all(make_trace, class_index: int) -> None:
    trace = make_trace(SMALL, (2, 8, 8))
    conv_1, conv_2, hidden, output = (
        torch_shares(trace, name) for name in ("conv_1", "conv_2", "hidden", "output")
    )
    strengths = {}
    for source, first, second, value in product(range(2), range(3), range(2), range(3)):
        channels = (source, first, first, first, second, second, value, value, class_index)
        strengths[channels] = prod(
            [
                conv_1[first, source],
                conv_2[second, first],
                hidden[value, second],
                output[class_index, value],
            ]
        )
    assert path_count(trace.architecture) == len(strengths)
    found = strongest_paths(trace, class_index, 7)
    expected = sorted(strengths.values(), reverse=True)[:7]
    assert [path.strength for path in found] == pytest.approx(expected)
    assert all(strengths[path.channels] == pytest.approx(path.strength) for path in found)
    every = strongest_paths(trace, class_index, 1000)
    assert sum(path.strength for path in every) == pytest.approx(1.0)


def test_paths_lead_only_through_what_is_shown(make_trace) -> None:
    trace = make_trace(SMALL, (2, 8, 8))
    found = strongest_paths(trace, 0, 1000, {"input": [1], "conv_1": [0, 2], "relu_h": [1]})
    assert {path.channels[0] for path in found} == {1}
    assert {path.channels[1] for path in found} == {0, 2}
    assert len(found) == 2 * 2
    whole = {path.channels: path.strength for path in strongest_paths(trace, 0, 1000)}
    assert all(whole[path.channels] == path.strength for path in found)


def test_tiny_vgg_has_30000_paths_to_a_score(tiny_vgg) -> None:
    assert path_count(tiny_vgg.architecture) == 30_000
    ten = strongest_paths(tiny_vgg, tiny_vgg.predicted_index, 10)
    assert len(ten) == 10
    assert len(ten[0].channels) == len(tiny_vgg.layers) + 1
