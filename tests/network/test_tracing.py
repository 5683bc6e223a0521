from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.errors import UserError
from cnnviz.network import Network, trace
from cnnviz.network.tracing import softmax


def test_values_are_those_of_plain_loops(tiny_network):
    photo = np.random.default_rng(0).integers(0, 256, (6, 5), dtype=np.uint8)
    traced = trace(photo, tiny_network)

    values = (photo / 255 - 0.25) / 0.5
    weight = tiny_network.module.conv_1.weight.detach().numpy().astype(float)
    bias = tiny_network.module.conv_1.bias.detach().numpy().astype(float)
    maps = np.zeros((2, 6, 5))
    for channel, row, column in itertools.product(range(2), range(6), range(5)):
        total = bias[channel]
        for i, j in itertools.product(range(3), range(3)):
            y, x = row + i - 1, column + j - 1
            if 0 <= y < 6 and 0 <= x < 5:
                total += weight[channel, 0, i, j] * values[y, x]
        maps[channel, row, column] = total
    pooled = np.zeros((2, 3, 2))
    for channel, row, column in itertools.product(range(2), range(3), range(2)):
        window = maps[channel, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
        pooled[channel, row, column] = max(0, window.max())
    output = tiny_network.module.output
    logits = output.weight.detach().numpy() @ pooled.ravel() + output.bias.detach().numpy()

    np.testing.assert_allclose(traced.picture[0], photo / 255, rtol=1e-6)
    np.testing.assert_allclose(traced["conv_1"].input[0], values, atol=1e-6)
    np.testing.assert_allclose(traced["conv_1"].output, maps, atol=1e-6)
    np.testing.assert_allclose(traced["relu_1"].output, maps.clip(0), atol=1e-6)
    np.testing.assert_allclose(traced["max_pool_1"].output, pooled, atol=1e-6)
    np.testing.assert_allclose(traced["flatten"].output, pooled.ravel(), atol=1e-6)
    np.testing.assert_allclose(traced.logits, logits, atol=1e-6)
    np.testing.assert_allclose(
        traced.probabilities, np.exp(logits) / np.exp(logits).sum(), atol=1e-6
    )


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_random_networks_agree_with_torch(data, architectures):
    architecture = data.draw(architectures)
    network = Network.build(architecture)
    description = architecture.input
    generator = np.random.default_rng(data.draw(st.integers(0, 1000)))
    photo = generator.random((description.height, description.width, 3), dtype=np.float32)

    traced = trace(photo, network)

    for entry, (layer, input_shape, output_shape) in zip(
        traced.layers, architecture.shapes(), strict=True
    ):
        assert entry.layer is layer
        assert entry.input.shape == input_shape
        assert entry.output.shape == output_shape
    mean, std = (np.reshape(v, (-1, 1, 1)) for v in (description.mean, description.std))
    normalised = torch.tensor((traced.picture - mean) / std, dtype=torch.float32)
    with torch.no_grad():
        logits = network.module(normalised[None])[0].numpy()
    np.testing.assert_allclose(traced.logits, logits, rtol=1e-4, atol=1e-5)


def test_arrays_are_float32_contiguous_and_read_only(tiny_network):
    traced = trace(np.zeros((6, 5), np.uint8), tiny_network)
    conv = traced["conv_1"]
    arrays = [traced.picture, traced.logits, traced.probabilities, conv.weight, conv.bias]
    for array in [*arrays, *(entry.output for entry in traced.layers)]:
        assert array.dtype == np.float32
        assert array.flags.c_contiguous
        assert not array.flags.writeable
    assert traced.photo.dtype == np.uint8
    assert traced["relu_1"].weight is None


def test_same_numbers_with_any_number_of_threads(tiny_network):
    photo = np.random.default_rng(0).random((40, 50, 3))
    traces = []
    for threads in (1, 2):
        torch.set_num_threads(threads)
        traces.append(trace(photo, tiny_network))
    torch.set_num_threads(1)
    for one, two in zip(traces[0].layers, traces[1].layers, strict=True):
        np.testing.assert_array_equal(one.output, two.output)


def test_the_network_itself_is_left_alone(tiny_network):
    trace(np.zeros((6, 5), np.uint8), tiny_network)
    assert all(value.dtype == torch.float32 for value in tiny_network.module.parameters())


def test_softmax_of_large_scores_does_not_overflow():
    np.testing.assert_allclose(softmax(np.array([5000, 5000, -5000], np.float32)), [0.5, 0.5, 0])


def test_scores_that_overflow_are_refused(tiny_network):
    with torch.no_grad():
        tiny_network.module.output.weight.fill_(3e38)
    with pytest.raises(UserError, match="scores of network 'tiny' are not finite"):
        trace(np.full((6, 5), 255, np.uint8), tiny_network)


def test_cnn_explainer_weights_give_its_own_reference(cnn_explainer):
    network, images, reference = cnn_explainer
    for name, expected in reference.items():
        traced = trace(images / name, network)
        assert traced.predicted_class == expected["predicted_class"]
        np.testing.assert_allclose(traced.logits, expected["logits"], atol=1e-4)
        np.testing.assert_allclose(traced.probabilities, expected["softmax"], atol=1e-4)
        for entry in traced.layers[:-1]:
            statistics = expected["layers"][entry.name]
            values = entry.output.astype(np.float64)
            assert values.size == np.prod(statistics["shape"])
            measured = [values.min(), values.max(), values.mean(), np.linalg.norm(values)]
            wanted = [statistics[key] for key in ("min", "max", "mean", "l2")]
            np.testing.assert_allclose(measured, wanted, rtol=1e-5, atol=1e-5)
