from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.errors import UserError
from cnnviz.scenes.journey.influence import own_parts


@given(data=st.data())
def test_own_parts_are_torchs_gradient_times_input(
    any_network, modules_of, data: st.DataObject
) -> None:
    trace = data.draw(any_network)
    row, column = (data.draw(st.integers(0, size - 1)) for size in trace.picture.shape[1:])
    part = torch.zeros(1, *trace.picture.shape, dtype=torch.float64)
    part[0, :, row, column] = torch.tensor(trace.layers[0].input[:, row, column])
    parts = own_parts(trace, row, column)
    for mine, module, entry in zip(parts, modules_of(trace), trace.layers, strict=True):
        at = torch.tensor(entry.input, dtype=torch.float64)[None]
        _, part = torch.autograd.functional.jvp(module, at, part)
        np.testing.assert_allclose(mine, part[0].numpy(), atol=1e-9)


def test_all_pixels_and_the_biases_make_up_the_scores(make_trace) -> None:
    from cnnviz.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU

    layers = [
        Conv2d("conv", 2, 3, 3, padding=1), ReLU("relu"), MaxPool2d("pool", 2, 2),
        Flatten("flatten"), Linear("output", 27, 4),
    ]  # fmt: skip
    trace = make_trace(layers, (2, 6, 6), seed=5)
    pixels = sum(list(own_parts(trace, *pixel))[-1] for pixel in np.ndindex(6, 6))
    conv, relu, output = trace["conv"], trace["relu"], trace["output"]
    # What remains of the conv's bias, then the linear layer's.
    bias = np.where(relu.output > 0, conv.bias[:, None, None], 0)
    pooled, where = torch.nn.functional.max_pool2d(
        torch.tensor(relu.output), 2, return_indices=True
    )
    bias = bias.reshape(3, 36)[np.arange(3)[:, None], where.reshape(3, 9).numpy()].ravel()
    expected = pixels + output.weight @ bias + output.bias
    assert pooled.shape == (3, 3, 3)
    np.testing.assert_allclose(expected, trace.logits, rtol=1e-4, atol=1e-4)


def test_a_pixel_outside_is_refused(tiny_vgg) -> None:
    with pytest.raises(UserError, match="the picture has no pixel 64,0"):
        next(own_parts(tiny_vgg, 64, 0))
