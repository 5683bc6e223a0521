from __future__ import annotations

import pytest
import torch

from cnnviz.network.training.folding import trainable_module
from cnnviz.network.training.optimizers import new_optimizers, rate_factor, set_rate
from cnnviz.network.training.settings import TrainingSettings


def test_rates_warm_up_and_fall_to_almost_nothing():
    factors = [rate_factor(step, 20, 10) for step in range(200)]
    assert factors[0] == pytest.approx(1 / 20, rel=0.01)
    assert max(factors) == pytest.approx(1, rel=0.05)
    assert 18 <= factors.index(max(factors)) <= 21
    assert factors[19:] == sorted(factors[19:], reverse=True)
    assert factors[-1] == pytest.approx(0.005, rel=0.1)


def test_every_weight_has_one_optimizer(tiny_network):
    module = trainable_module(tiny_network.architecture, 0)
    settings = TrainingSettings(kernel_rate=0.5, learning_rate=0.25)
    optimizers = new_optimizers(module, settings)
    set_rate(optimizers, 0.1)
    rates = {}
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            for value in group["params"]:
                assert id(value) not in rates
                rates[id(value)] = group["lr"]
    names = {id(value): name for name, value in module.named_parameters()}
    assert {names[key]: rate for key, rate in rates.items()} == {
        name: pytest.approx(0.05 if name == "conv_1.kernels" else 0.025) for name in names.values()
    }


def test_biases_and_norms_are_not_drawn_to_zero(tiny_network):
    module = trainable_module(tiny_network.architecture, 0)
    _, adamw = new_optimizers(module, TrainingSettings(weight_decay=0.3))
    decays = {
        value.ndim > 1: group["weight_decay"]
        for group in adamw.param_groups
        for value in group["params"]
    }
    assert decays == {True: 0.3, False: 0}


def test_the_seed_decides_the_steps(tiny_network):
    ends = []
    for _ in range(2):
        torch.manual_seed(2)
        module = trainable_module(tiny_network.architecture, 0)
        optimizers = new_optimizers(module, TrainingSettings())
        for _ in range(3):
            module(torch.rand(4, 1, 6, 5)).square().sum().backward()
            for optimizer in optimizers:
                optimizer.step()
        ends.append(module.conv_1.kernels.detach())
    assert torch.equal(*ends)
