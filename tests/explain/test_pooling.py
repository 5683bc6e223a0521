from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.errors import UserError
from cnnviz.explain.pooling import (
    channel_with_winners,
    decided_after,
    explain_pooling,
    winners,
)
from cnnviz.layers import MaxPool2d, ReLU


def torch_winners(pool, channel: int) -> tuple[np.ndarray, np.ndarray]:
    layer = pool.layer
    _, indices = F.max_pool2d(
        torch.tensor(pool.input[channel])[None], layer.kernel_size, layer.stride,
        return_indices=True,
    )  # fmt: skip
    return np.divmod(indices[0].numpy(), pool.input.shape[2])


@given(data=st.data())
def test_winners_are_torchs(any_pool, data: st.DataObject) -> None:
    pool = data.draw(any_pool)
    channel = data.draw(st.integers(0, pool.input.shape[0] - 1))
    rows, columns = torch_winners(pool, channel)
    result = winners(pool, channel)
    np.testing.assert_array_equal(result.rows, rows)
    np.testing.assert_array_equal(result.columns, columns)
    np.testing.assert_array_equal(pool.input[channel][rows, columns], pool.output[channel])
    for mine, its in zip(pool.layer.winning_cells(pool.input), (rows, columns), strict=True):
        np.testing.assert_array_equal(mine[channel], its)


@given(data=st.data())
def test_counts_add_up(any_pool, data: st.DataObject) -> None:
    pool = data.draw(any_pool)
    result = winners(pool, 0)
    windows = pool.output[0].size
    assert result.times_won.sum() == windows
    assert result.places.sum() == windows - result.empty_count
    assert result.passed_share == (result.times_won > 0).sum() / pool.input[0].size
    for row in result.unreached_rows:
        assert not result.times_won[row].any()
    for column in result.unreached_columns:
        assert not result.times_won[:, column].any()


@given(data=st.data())
def test_one_window(any_pool, data: st.DataObject) -> None:
    pool = data.draw(any_pool)
    layer, summary = pool.layer, winners(pool, 0)
    row, column = (data.draw(st.integers(0, size - 1)) for size in pool.output.shape[1:])
    window = explain_pooling(pool, 0, row, column)
    top, left = row * layer.stride, column * layer.stride
    size = layer.kernel_size
    np.testing.assert_array_equal(
        window.values, pool.input[0, top : top + size, left : left + size]
    )
    assert window.value == pool.output[0, row, column] == window.values.max()
    assert window.winner == (summary.rows[row, column], summary.columns[row, column])
    assert window.winner == window.ties[0]
    assert all(pool.input[0][cell] == window.value for cell in window.ties)
    assert len(window.ties) == (window.values == window.value).sum()
    assert window.is_empty == summary.is_empty[row, column] == (np.abs(window.values).max() == 0)
    is_tie = len(window.ties) > 1 and not window.is_empty
    assert window.is_tie == summary.is_tie[row, column] == is_tie


def test_leftover_rows_and_ties(make_trace) -> None:
    picture = np.array([[[1, 1, 9], [0, 1, 9], [9, 9, 9]]], np.float32)
    pool = make_trace([MaxPool2d("pool", 2, 2)], (1, 3, 3), picture=picture).layers[0]
    result = winners(pool, 0)
    assert result.unreached_rows == result.unreached_columns == (2,)
    assert result.tie_count == 1
    assert explain_pooling(pool, 0, 0, 0).ties == ((0, 0), (0, 1), (1, 1))
    assert result.passed_share == pytest.approx(1 / 9)


def test_windows_of_zeros_have_no_winner(make_trace) -> None:
    picture = np.array([[[0, 0, 2, 2, -1, 0], [0, 0, 0, 2, 0, 0]]], np.float32)
    pool = make_trace([MaxPool2d("pool", 2, 2)], (1, 2, 6), picture=picture).layers[0]
    result = winners(pool, 0)
    np.testing.assert_array_equal(result.is_empty, [[True, False, False]])
    np.testing.assert_array_equal(result.is_tie, [[False, True, True]])
    np.testing.assert_array_equal(result.places, [[1, 1], [0, 0]])
    assert (result.empty_count, result.tie_count) == (1, 2)


def test_the_default_channel_has_contrast_and_winners(make_trace) -> None:
    maps = np.zeros((3, 4, 4), np.float32)
    maps[0, 0, 0] = 5  # the highest contrast, but three windows of zeros
    maps[1] = np.arange(16).reshape(4, 4) / 4
    maps[2] = 9  # winners, but no contrast
    pool = make_trace([MaxPool2d("pool", 2, 2)], (3, 4, 4), picture=maps).layers[0]
    assert channel_with_winners(pool) == 1


def test_overlapping_windows_can_share_a_winner(make_trace) -> None:
    picture = np.zeros((1, 3, 3), np.float32)
    picture[0, 1, 1] = 1
    pool = make_trace([MaxPool2d("pool", 2, 1)], (1, 3, 3), picture=picture).layers[0]
    result = winners(pool, 0)
    assert result.times_won[1, 1] == 4
    np.testing.assert_array_equal(result.places, np.ones((2, 2)))


def test_bad_requests(make_trace) -> None:
    trace = make_trace([MaxPool2d("pool", 2, 2), ReLU("relu")], (1, 4, 4))
    with pytest.raises(UserError, match="choose row 0 to 1"):
        explain_pooling(trace["pool"], 0, 2, 0)
    with pytest.raises(UserError, match="no channel 1: choose 0"):
        winners(trace["pool"], 1)
    with pytest.raises(TypeError, match="relu"):
        winners(trace["relu"], 0)


def test_cnn_explainers_pools(espresso) -> None:
    trace, reference = espresso
    for name in ("max_pool_1", "max_pool_2"):
        rows, columns = trace[name].layer.winning_cells(trace[name].input)
        for channel in range(10):
            passed = trace[name].input[channel][rows[channel], columns[channel]]
            np.testing.assert_allclose(passed, reference[name][channel], rtol=1e-3, atol=1e-3)


@given(data=st.data())
def test_a_cell_is_settled_after_the_last_window_over_it(any_pool, data: st.DataObject) -> None:
    layer_trace = data.draw(any_pool)
    layer = layer_trace.layer
    expected = np.zeros(layer_trace.input.shape[1:], int)
    rows, columns = layer_trace.output.shape[1:]
    for row in range(rows):
        for column in range(columns):
            top, left = row * layer.stride, column * layer.stride
            size = layer.kernel_size
            expected[top : top + size, left : left + size] = row * columns + column + 1
    np.testing.assert_array_equal(decided_after(layer_trace), expected)
