from __future__ import annotations

from collections import Counter

from cnnviz.architecture import Flatten, Linear, ReLU
from cnnviz.explain.edges import Edge, edges, incoming_edges


def test_tiny_vgg_has_490_edges(tiny_vgg) -> None:
    counts = Counter(edge.layer for edge in edges(tiny_vgg.architecture))
    assert counts.total() == 490
    assert counts["conv_1_1"] == 30
    assert counts["relu_1_1"] == counts["max_pool_1"] == 10
    assert counts["conv_1_2"] == counts["output"] == 100
    assert "flatten" not in counts


def test_incoming_edges_name_their_sources(tiny_vgg) -> None:
    architecture = tiny_vgg.architecture
    assert incoming_edges(architecture, "conv_1_1", 3) == tuple(
        Edge("input", channel, "conv_1_1", 3) for channel in range(3)
    )
    assert incoming_edges(architecture, "relu_1_1", 7) == (Edge("conv_1_1", 7, "relu_1_1", 7),)
    scores = incoming_edges(architecture, "output", 0)
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
