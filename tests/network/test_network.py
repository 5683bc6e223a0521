from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest
import torch

from cnnviz.layers import KINDS, ReLU
from cnnviz.network import Network
from cnnviz.network.network import MODULES, torch_layer
from cnnviz.network.validation import RANGES


def test_children_of_the_module_have_the_layers_names(tiny_network):
    names = [name for name, _ in tiny_network.module.named_children()]
    assert names == ["conv_1", "relu_1", "max_pool_1", "flatten", "output"]
    assert [layer.name for layer in tiny_network.layers] == names


def test_a_network_says_what_it_is(tiny_network):
    assert tiny_network.name == "tiny"
    assert tiny_network.classes == ("dark", "light")
    assert tiny_network.input.shape == (1, 6, 5)
    assert tiny_network.parameter_count == 2 * 10 + 2 * 13


def test_built_modules_take_batches_and_give_logits(tiny_network):
    assert tiny_network.module(torch.zeros(3, 1, 6, 5)).shape == (3, 2)


def test_the_generator_decides_the_weights(tiny_network):
    torch.manual_seed(5)
    one = Network.build(tiny_network.architecture)
    torch.manual_seed(5)
    two = Network.build(tiny_network.architecture)
    assert torch.equal(one.module.conv_1.weight, two.module.conv_1.weight)


def test_each_kind_of_layer_has_a_module_and_ranges_for_its_sizes():
    assert set(MODULES) == set(KINDS.values())
    for kind in KINDS.values():
        assert set(kind.required_keys + kind.optional_keys) <= set(RANGES)


def test_a_kind_without_a_module_is_an_error_and_no_linear_layer():
    @dataclass(frozen=True)
    class Unknown(ReLU):
        kind: ClassVar[str] = "unknown"

    with pytest.raises(TypeError, match="no torch module is known for layers of kind 'unknown'"):
        torch_layer(Unknown("layer"))
