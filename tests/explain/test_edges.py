from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.explain.edges import Edge, edge_count, edge_flows, edge_shares, edges
from cnnviz.layers import Conv2d, Flatten, Linear, ReLU
from cnnviz.model.trace import LayerTrace


def test_tiny_vgg_has_490_edges(tiny_vgg) -> None:
    counts = Counter(edge.layer for edge in edges(tiny_vgg.architecture))
    assert counts.total() == 490
    assert counts["conv_1_1"] == 30
    assert counts["relu_1_1"] == counts["max_pool_1"] == 10
    assert counts["conv_1_2"] == counts["output"] == 100
    assert "flatten" not in counts


@settings(max_examples=20)
@given(data=st.data())
def test_they_are_as_many_as_are_counted(any_graph, data: st.DataObject) -> None:
    architecture = data.draw(any_graph).architecture
    assert edge_count(architecture) == len(list(edges(architecture))) > 0


def test_incoming_edges_name_their_sources(tiny_vgg) -> None:
    incoming = {}
    for edge in edges(tiny_vgg.architecture):
        incoming.setdefault((edge.layer, edge.channel), []).append(edge)
    assert incoming["conv_1_1", 3] == [
        Edge("input", channel, "conv_1_1", 3) for channel in range(3)
    ]
    assert incoming["relu_1_1", 7] == [Edge("conv_1_1", 7, "relu_1_1", 7)]
    scores = incoming["output", 0]
    assert {edge.source_layer for edge in scores} == {"max_pool_2"}
    assert len(scores) == 10


def test_hidden_linear_layers_are_joined_value_by_value(make_trace) -> None:
    layers = [Flatten("f"), Linear("hidden", 4, 3), ReLU("relu"), Linear("out", 3, 2)]
    architecture = make_trace(layers, (1, 2, 2)).architecture
    assert Counter(edge.layer for edge in edges(architecture)) == {
        "hidden": 3,
        "relu": 3,
        "out": 6,
    }


def test_shares_are_those_of_each_channel_alone(any_conv) -> None:
    @given(any_conv)
    def check(layer_trace: LayerTrace) -> None:
        layer = layer_trace.layer
        images = torch.from_numpy(layer_trace.input.copy()).double()
        kernels = torch.from_numpy(layer_trace.weight.copy()).double()
        received = np.array(
            [
                float(
                    torch.nn.functional.conv2d(
                        images[None, c : c + 1],
                        kernels[-1:, c : c + 1],
                        stride=layer.stride,
                        padding=layer.padding,
                        dilation=layer.dilation,
                    )
                    .abs()
                    .sum()
                )
                for c in range(layer.in_channels)
            ]
        )
        shares = edge_shares(layer_trace, layer.out_channels - 1, layer.in_channels)
        assert shares.sum() == pytest.approx(1)
        if received.sum() > 1e-9:
            assert shares == pytest.approx(received / received.sum(), abs=1e-6)

    check()


def test_shares_of_a_score_are_those_of_the_flattened_maps(tiny_vgg) -> None:
    output = tiny_vgg["output"]
    contributions = output.weight[3].astype(np.float64) * output.input
    received = [np.abs(part).sum() for part in np.split(contributions, 10)]
    assert edge_shares(output, 3, 10) == pytest.approx(np.array(received) / sum(received))


def test_where_nothing_comes_all_edges_are_equal(make_trace) -> None:
    black = make_trace(
        [Conv2d("conv", 3, 2, 1), Flatten("f"), Linear("out", 8, 2)],
        (3, 2, 2),
        picture=np.zeros((3, 2, 2), np.float32),
    )
    assert edge_shares(black["conv"], 0, 3) == pytest.approx([1 / 3] * 3)


def test_what_comes_from_one_map_alone_is_all_that_it_holds(tiny_vgg) -> None:
    for name in ("relu_1_1", "max_pool_1", "flatten"):
        output = torch.from_numpy(tiny_vgg[name].output.copy()).double().reshape(10, -1)
        assert edge_flows(tiny_vgg[name], 4, 10) == pytest.approx([float(output[4].abs().sum())])
        assert edge_shares(tiny_vgg[name], 4, 10) == pytest.approx([1.0])
