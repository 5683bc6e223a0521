from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.layers import Conv2d
from cnnviz.network.training.evaluation import normalise
from cnnviz.network.training.folding import NormalisedConv2d, fold, trainable_module


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_folded_network_computes_the_same(data, architectures):
    architecture = data.draw(architectures)
    torch.manual_seed(data.draw(st.integers(0, 1000)))
    module = trainable_module(architecture, dropout=0.3)
    with torch.no_grad():
        for child in module.children():
            if isinstance(child, NormalisedConv2d):
                child.norm.running_mean.normal_()
                child.norm.running_var.uniform_(0.5, 2)
                child.norm.weight.normal_()
                child.norm.bias.normal_()
    module.eval()
    network = fold(module, architecture)
    assert [name for name, _ in network.module.named_children()] == [
        layer.name for layer in architecture.layers
    ]
    values = torch.rand(2, *architecture.input.shape)
    with torch.no_grad():
        expected = module(normalise(values, architecture.input)).numpy()
        folded = network.module(normalise(values, network.input)).numpy()
    np.testing.assert_allclose(folded, expected, rtol=1e-3, atol=1e-4)


def test_normalisation_is_folded_in_unless_there_is_padding(tiny_network):
    padded = tiny_network.architecture
    assert fold(trainable_module(padded, 0), padded).input == padded.input
    conv = padded.layers[0]
    assert isinstance(conv, Conv2d)
    output = replace(padded.layers[-1], in_features=4)
    unpadded = Conv2d(conv.name, conv.in_channels, conv.out_channels, conv.kernel_size)
    layers = (unpadded, *padded.layers[1:-1], output)
    plain = fold(
        trainable_module(replace(padded, layers=layers), 0), replace(padded, layers=layers)
    )
    assert not plain.input.is_normalised
