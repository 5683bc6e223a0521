from __future__ import annotations

import pytest

from cnnviz.layers import Flatten, Linear, ReLU


def test_what_a_layer_reads(make_trace) -> None:
    layers = [ReLU("relu"), Flatten("flatten"), Linear("out", 4, 2)]
    architecture = make_trace(layers, (1, 2, 2)).architecture
    assert architecture.source_of("relu") == "input"
    assert architecture.source_of("flatten") == "relu"
    assert architecture.source_of("out") == "flatten"
    for name in ("input", "conv"):
        with pytest.raises(KeyError, match=name):
            architecture.source_of(name)
