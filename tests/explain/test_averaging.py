from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.arrays import FloatArray
from cnnviz.errors import UserError
from cnnviz.explain.averaging import channel_to_average, explain_mean
from cnnviz.layers import AvgPool2d, Layer, ReLU
from cnnviz.model.trace import LayerTrace

SIZES = st.integers(1, 4)


def at_work(layer: Layer, values: FloatArray) -> LayerTrace:
    return LayerTrace(layer, None, None, (values,), layer.forward(values).astype(np.float32))


@st.composite
def averaged(draw: st.DrawFn) -> LayerTrace:
    kernel = draw(SIZES), draw(SIZES)
    padding = tuple(draw(st.integers(0, size // 2)) for size in kernel)
    counts = draw(st.booleans())
    layer = AvgPool2d("mean", kernel, (draw(SIZES), draw(SIZES)), padding, count_include_pad=counts)
    seed, shape = draw(st.integers(0, 99)), (2, draw(st.integers(4, 9)), draw(st.integers(4, 9)))
    values = np.random.default_rng(seed).standard_normal(shape).astype(np.float32)
    return at_work(layer, values)


@given(pool=averaged(), data=st.data())
def test_a_window_adds_up_to_torchs_mean(pool: LayerTrace, data: st.DataObject) -> None:
    row, column = (data.draw(st.integers(0, size - 1)) for size in pool.output.shape[1:])
    window, geometry = explain_mean(pool, 1, row, column), pool.layer.window
    torchs = F.avg_pool2d(
        torch.tensor(pool.input),
        geometry.kernel_sizes,
        geometry.strides,
        geometry.paddings[:2],
        count_include_pad=pool.layer.count_include_pad,
    )
    assert window.total / window.count == pytest.approx(float(torchs[1, row, column]), abs=1e-6)
    assert window.value == pytest.approx(window.total / window.count, abs=1e-6)
    assert len(window.sums) == window.count
    np.testing.assert_allclose(
        np.diff(window.sums), window.values[window.is_counted][1:], atol=1e-6
    )
    for (u, v), value in np.ndenumerate(window.values):
        cell = window.rows[u], window.columns[v]
        is_inside = all(0 <= at < size for at, size in zip(cell, pool.input.shape[1:], strict=True))
        assert value == (pool.input[1][cell] if is_inside else 0)
        assert window.is_counted[u, v] == (is_inside or pool.layer.count_include_pad)


def test_what_does_not_exist_is_refused() -> None:
    values = np.zeros((1, 4, 4), np.float32)
    pool = at_work(AvgPool2d("mean", 2), values)
    for place in ((1, 0, 0), (0, 2, 0), (0, 0, -1)):
        with pytest.raises(UserError, match="choose"):
            explain_mean(pool, *place)
    with pytest.raises(TypeError, match="takes no means: it is 'relu'"):
        explain_mean(at_work(ReLU("relu"), values), 0, 0, 0)


def test_the_channel_with_the_most_contrast_is_averaged() -> None:
    values = np.zeros((3, 4, 4), np.float32)
    values[1, 0, 0], values[2, 0, 0] = 1.0, -3.0
    assert channel_to_average(at_work(AvgPool2d("mean", 4), values)) == 2
