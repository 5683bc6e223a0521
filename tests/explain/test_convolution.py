from __future__ import annotations

import time

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.errors import UserError
from cnnviz.explain.convolution import (
    explain_convolution,
    intermediate_maps,
    strongest_input_channels,
)
from cnnviz.layers import Conv2d, ReLU


@given(data=st.data())
def test_terms_make_up_what_torch_computed(any_conv, data: st.DataObject) -> None:
    conv = data.draw(any_conv)
    channel, row, column = (data.draw(st.integers(0, size - 1)) for size in conv.output.shape)
    terms = explain_convolution(conv, channel, row, column)
    assert terms.total == conv.output[channel, row, column]
    assert terms.channel_sums.sum() + terms.bias == pytest.approx(terms.total, abs=1e-5)
    np.testing.assert_array_equal(terms.products, terms.patch.astype(float) * terms.kernel)
    np.testing.assert_allclose(terms.channel_sums, terms.products.sum((1, 2)), atol=1e-12)
    np.testing.assert_array_equal(terms.kernel, conv.weight[channel])


@given(data=st.data())
def test_patch_and_mask_are_torchs_unfold(any_conv, data: st.DataObject) -> None:
    conv = data.draw(any_conv)
    layer = conv.layer
    _, row, column = (data.draw(st.integers(0, size - 1)) for size in conv.output.shape)
    terms = explain_convolution(conv, 0, row, column)

    def patch(maps: torch.Tensor) -> np.ndarray:
        columns = F.unfold(
            maps[None], layer.kernel_size, layer.dilation, layer.padding, layer.stride
        )
        position = row * conv.output.shape[2] + column
        return columns[0, :, position].numpy().reshape(terms.patch.shape)

    np.testing.assert_array_equal(terms.patch, patch(torch.tensor(conv.input)))
    inside = patch(torch.ones(conv.input.shape))
    np.testing.assert_array_equal(terms.is_padding, inside[0] == 0)
    assert (terms.patch[:, terms.is_padding] == 0).all()
    for u, v in np.argwhere(~terms.is_padding):
        seen = conv.input[:, terms.rows[u], terms.columns[v]]
        np.testing.assert_array_equal(terms.patch[:, u, v], seen)


@given(data=st.data())
def test_intermediate_maps_are_torchs_single_channel_convolutions(
    any_conv, data: st.DataObject
) -> None:
    conv = data.draw(any_conv)
    layer = conv.layer
    channel = data.draw(st.integers(0, layer.out_channels - 1))
    maps = intermediate_maps(conv, channel)
    expected = F.conv2d(
        torch.tensor(conv.input)[None].double(),
        torch.tensor(conv.weight[channel])[:, None].double(),
        stride=layer.stride,
        padding=layer.padding,
        dilation=layer.dilation,
        groups=layer.in_channels,
    )[0]
    np.testing.assert_allclose(maps, expected.numpy(), atol=1e-12)
    total = maps.sum(0) + conv.bias[channel]
    np.testing.assert_allclose(total, conv.output[channel], atol=1e-5)


@given(data=st.data())
def test_intermediate_maps_hold_the_channel_sums(any_conv, data: st.DataObject) -> None:
    conv = data.draw(any_conv)
    channel, row, column = (data.draw(st.integers(0, size - 1)) for size in conv.output.shape)
    sums = explain_convolution(conv, channel, row, column).channel_sums
    np.testing.assert_allclose(intermediate_maps(conv, channel)[:, row, column], sums, atol=1e-12)


def test_intermediate_maps_of_a_wide_layer_are_quick(make_trace) -> None:
    conv = make_trace([Conv2d("conv", 64, 64, 3)], (64, 62, 62)).layers[0]
    seconds = []
    for _ in range(5):
        start = time.process_time()
        assert intermediate_maps(conv, 5).shape == (64, 60, 60)
        seconds.append(time.process_time() - start)
    assert min(seconds) < 0.2


def test_strongest_channels_are_ordered_by_absolute_sum(make_trace) -> None:
    conv = make_trace([Conv2d("conv", 4, 2, 3)], (4, 5, 5)).layers[0]
    terms = explain_convolution(conv, 1, 0, 2)
    order = strongest_input_channels(terms, 3)
    strengths = np.abs(terms.channel_sums)
    assert list(strengths[list(order)]) == sorted(strengths, reverse=True)[:3]
    assert len(strongest_input_channels(terms, 99)) == 4


def test_equal_channels_are_ordered_by_index(make_trace) -> None:
    black = np.zeros((3, 4, 4), np.float32)
    conv = make_trace([Conv2d("conv", 3, 1, 3)], (3, 4, 4), picture=black).layers[0]
    assert strongest_input_channels(explain_convolution(conv, 0, 0, 0), 3) == (0, 1, 2)


@pytest.mark.parametrize("place", [(2, 0, 0), (-1, 0, 0), (0, 3, 0), (0, 0, -1)])
def test_outputs_that_do_not_exist_are_refused(make_trace, place: tuple[int, int, int]) -> None:
    conv = make_trace([Conv2d("conv", 1, 2, 3)], (1, 5, 5)).layers[0]
    with pytest.raises(UserError, match="conv"):
        explain_convolution(conv, *place)


def test_other_layers_are_no_convolutions(make_trace) -> None:
    relu = make_trace([ReLU("relu")], (1, 5, 5)).layers[0]
    with pytest.raises(TypeError, match="relu"):
        explain_convolution(relu, 0, 0, 0)


@pytest.mark.parametrize("layer", ["conv_1_1", "conv_1_2", "conv_2_1", "conv_2_2"])
def test_terms_make_up_cnn_explainers_activations(espresso, layer: str) -> None:
    trace, reference = espresso
    conv = trace[layer]
    for channel in range(10):
        computed = intermediate_maps(conv, channel).sum(0) + conv.bias[channel]
        # The reference is stored as float16.
        np.testing.assert_allclose(computed, reference[layer][channel], rtol=1e-3, atol=1e-3)
