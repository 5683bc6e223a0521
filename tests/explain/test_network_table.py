"""A network as a table: what each layer reads, how its window slides, how far it sees."""

from __future__ import annotations

from cnnviz.explain.network_table import network_rows, network_summary
from cnnviz.layers import Add, Conv2d, Flatten, Linear
from cnnviz.model.trace import Trace


def test_tiny_vgg_in_one_line(tiny_vgg: Trace) -> None:
    assert network_summary(tiny_vgg.architecture) == (
        "random: RGB 64 × 64, 12 layers, 19,920 parameters, 10 classes"
    )


def test_tiny_vgg_layer_by_layer(tiny_vgg: Trace) -> None:
    rows = {row[0]: row[1:] for row in network_rows(tiny_vgg.architecture)}
    assert list(rows) == [layer.name for layer in tiny_vgg.architecture.layers]
    assert rows["conv_1_2"] == ("conv", "relu_1_1", "10 × 60 × 60", "3 × 3", "910", "5 × 5")
    assert rows["max_pool_2"] == (
        *("max_pool", "relu_2_2", "10 × 13 × 13", "2 × 2, stride 2", "0", "16 × 16"),
    )
    assert rows["flatten"] == ("flatten", "max_pool_2", "1690", "", "0", "")
    assert rows["output"] == ("linear", "flatten", "10", "", "16,910", "")


def test_what_is_not_as_usual_is_told(make_trace) -> None:
    layers = [
        Conv2d("stem", 1, 2, 3, padding=1),
        Conv2d("odd", 2, 2, (1, 3), (1, 1), (0, 2, 0, 2), 2, 2, inputs=("stem",)),
        Add("add", inputs=("stem", "odd")),
        Flatten("flatten"),
        Linear("output", 2 * 4 * 5, 2),
    ]
    made = make_trace(layers, (1, 4, 5))
    assert network_summary(made.architecture).startswith("random: grey 4 × 5, 5 layers")
    rows = {row[0]: row[1:] for row in network_rows(made.architecture)}
    assert rows["stem"][3] == "3 × 3, padding 1"
    assert rows["odd"][3] == "1 × 3, padding 0 2 0 2, dilation 2, groups 2"
    assert rows["add"][1:3] == ("stem, odd", "2 × 4 × 5")
