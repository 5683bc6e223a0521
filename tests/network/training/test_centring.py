from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.network import Network, load_network, trace
from cnnviz.network.training.centring import centre_scores
from cnnviz.photos import bundled_photo


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_scores_sum_to_zero_and_probabilities_stay(data, architectures):
    torch.manual_seed(data.draw(st.integers(0, 1000)))
    network = Network.build(data.draw(architectures))
    values = torch.rand(4, *network.input.shape)
    with torch.no_grad():
        network.module[-1].bias += data.draw(st.floats(-20, 20))
        before = network.module(values)
        after = centre_scores(network).module(values)
        assert torch.equal(network.module(values), before)
    np.testing.assert_allclose(after.sum(1).numpy(), 0, atol=1e-4)
    np.testing.assert_allclose(after.softmax(1).numpy(), before.softmax(1).numpy(), atol=1e-5)


@pytest.fixture(scope="module")
def shifted() -> Network:
    """The bundled network as it might have been before: a mean of its own in the last layer."""
    network = load_network()
    generator = np.random.default_rng(3)
    with torch.no_grad():
        last = network.module[-1]
        shift = generator.normal(0, 0.01, last.weight.shape[1]).astype(np.float32)
        last.weight += torch.from_numpy(shift)
        last.bias -= 3
    return network


@pytest.mark.parametrize("photo", ["cat", "espresso", "noise", "black"])
def test_the_same_answer_of_the_bundled_network(shifted, photo):
    image = bundled_photo(photo) if photo in ("cat", "espresso") else _made(photo)
    before, after = trace(image, shifted), trace(image, centre_scores(shifted))
    assert abs(float(before.logits.sum())) > 1
    assert abs(float(after.logits.sum())) < 1e-3
    np.testing.assert_allclose(after.probabilities, before.probabilities, atol=1e-6)
    assert after.predicted_class == before.predicted_class


@pytest.mark.parametrize("photo", ["cat", "espresso", "noise", "black"])
def test_the_bundled_network_is_centred(photo):
    image = bundled_photo(photo) if photo in ("cat", "espresso") else _made(photo)
    assert abs(float(trace(image, load_network()).logits.sum())) < 1e-3


def _made(kind: str) -> np.ndarray:
    generator = np.random.default_rng(1)
    return generator.integers(0, 256 if kind == "noise" else 1, (64, 64, 3)).astype(np.uint8)
