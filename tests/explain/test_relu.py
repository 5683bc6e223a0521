from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnnviz.errors import UserError
from cnnviz.explain.relu import (
    ExamplePixels,
    clearest_channel,
    example_pixels,
    explain_relu,
    histogram,
)
from cnnviz.layers import Conv2d, Flatten, Linear, ReLU, ReLU6

maps = hnp.arrays(
    np.float32,
    hnp.array_shapes(min_dims=3, max_dims=3, max_side=6),
    elements=st.floats(-100, 100, width=32),
)


@given(picture=maps)
def test_the_clipped_are_those_that_torch_changes(make_trace, picture: np.ndarray) -> None:
    relu = make_trace([ReLU("relu")], picture.shape, picture=picture).layers[0]
    effect = explain_relu(relu, 0)
    changed = torch.relu(torch.tensor(picture[0])).numpy() != picture[0]
    np.testing.assert_array_equal(effect.is_below, changed)
    assert (effect.below, effect.above) == (changed.sum(), 0)
    assert effect.count == picture[0].size


@given(picture=maps)
def test_relu6_clips_at_both_ends_as_torch_does(make_trace, picture: np.ndarray) -> None:
    relu6 = make_trace([ReLU6("relu6")], picture.shape, picture=picture).layers[0]
    effect = explain_relu(relu6, 0)
    after = torch.nn.functional.relu6(torch.tensor(picture[0])).numpy()
    np.testing.assert_array_equal(effect.is_below | effect.is_above, after != picture[0])
    np.testing.assert_array_equal(effect.is_above, picture[0] > 6)
    width = 6 / 7
    result = histogram(relu6, 0, width=width)
    assert result.before.sum() == result.after.sum() == picture[0].size
    assert result.after[result.zero_bin] == result.before[result.zero_bin] + effect.below
    if effect.above:
        assert result.edges[result.ceiling_bin] == 6
        assert result.after[result.ceiling_bin] == effect.above + (picture[0] == 6).sum()
        assert not result.after[result.ceiling_bin + 1 :].any()


@given(picture=maps, bins=st.integers(1, 60))
def test_histogram_counts_every_value_once(make_trace, picture: np.ndarray, bins: int) -> None:
    relu = make_trace([ReLU("relu")], picture.shape, picture=picture).layers[0]
    result = histogram(relu, 0, bins)
    assert result.before.sum() == result.after.sum() == picture[0].size
    assert (np.diff(result.edges) > 0).all()
    assert result.edges[result.zero_bin] == 0
    assert bins <= len(result.before) <= bins + 2 or not picture[0].any()
    clipped = explain_relu(relu, 0).below
    assert result.before[: result.zero_bin].sum() == clipped
    assert result.after[: result.zero_bin].sum() == 0
    assert result.after[result.zero_bin] == result.before[result.zero_bin] + clipped
    np.testing.assert_array_equal(
        result.after[result.zero_bin + 1 :], result.before[result.zero_bin + 1 :]
    )


def test_nothing_and_everything_clipped(make_trace) -> None:
    for value, clipped in ((1.0, 0), (0.0, 0), (-1.0, 6)):
        picture = np.full((1, 2, 3), value, np.float32)
        relu = make_trace([ReLU("relu")], (1, 2, 3), picture=picture).layers[0]
        assert explain_relu(relu, 0).below == clipped
        assert histogram(relu, 0, 10).before.sum() == 6


def test_relu_on_a_vector(make_trace) -> None:
    layers = [Flatten("flatten"), Linear("hidden", 4, 3), ReLU("relu"), Linear("out", 3, 2)]
    relu = make_trace(layers, (1, 2, 2))["relu"]
    for channel in range(3):
        assert explain_relu(relu, channel).below == int(relu.input[channel] < 0)


def test_bad_requests(make_trace) -> None:
    trace = make_trace([Conv2d("conv", 1, 2, 1), ReLU("relu")], (1, 2, 2))
    with pytest.raises(UserError, match="no channel 2: choose 0 to 1"):
        explain_relu(trace["relu"], 2)
    with pytest.raises(TypeError, match="conv"):
        histogram(trace["conv"], 0)


def test_histogram_of_a_given_width(make_trace) -> None:
    picture = np.array([[[-1.0, -0.4], [0.0, 1.2]]], np.float32)
    relu = make_trace([ReLU("relu")], (1, 2, 2), picture=picture).layers[0]
    result = histogram(relu, 0, width=0.5)
    np.testing.assert_allclose(result.edges, [-1.0, -0.5, 0.0, 0.5, 1.0, 1.5])
    np.testing.assert_array_equal(result.before, [1, 1, 1, 0, 1])
    np.testing.assert_array_equal(result.counts(picture[0]), result.before)
    np.testing.assert_array_equal(result.counts(np.maximum(picture, 0)), result.after)


@pytest.mark.parametrize(
    ("values", "asked", "expected"),
    [
        ([[1.0, -2.0], [-5.0, 3.0]], None, ExamplePixels((1, 0), (1, 1))),
        ([[1.0, -2.0], [-5.0, 3.0]], (0, 1), ExamplePixels((0, 1), (1, 1))),
        ([[1.0, -2.0], [-5.0, 3.0]], (0, 0), ExamplePixels((1, 0), (0, 0))),
        ([[1.0, 0.0], [-5.0, 3.0]], (0, 1), ExamplePixels((1, 0), (1, 1), zero=(0, 1))),
        ([[0.0, 0.0], [0.0, 0.0]], None, ExamplePixels(None, None, zero=(1, 1))),
        ([[-1.0, 0.0], [-3.0, -2.0]], None, ExamplePixels((1, 0), None)),
    ],
)
def test_told_pixels(make_trace, values: list[list[float]], asked, expected) -> None:
    picture = np.array([values], np.float32)
    relu = make_trace([ReLU("relu")], (1, 2, 2), picture=picture).layers[0]
    found = example_pixels(relu, 0, asked)
    assert found == expected
    assert found.first in (found.negative, found.positive, found.zero)


@pytest.mark.parametrize(
    ("values", "asked", "expected"),
    [
        ([[1.0, -2.0], [6.0, 3.2]], None, ExamplePixels((0, 1), (1, 0))),
        ([[1.0, -2.0], [9.0, 3.2]], None, ExamplePixels((0, 1), (1, 1), (1, 0))),
        ([[1.0, 7.0], [9.0, 3.2]], (0, 1), ExamplePixels(None, (1, 1), (0, 1))),
        ([[1.0, 7.0], [9.0, 3.2]], (0, 0), ExamplePixels(None, (0, 0), (1, 0))),
        ([[8.0, 7.0], [9.0, 7.0]], None, ExamplePixels(None, None, (1, 0))),
    ],
)
def test_told_pixels_of_relu6(make_trace, values: list[list[float]], asked, expected) -> None:
    relu6 = make_trace([ReLU6("relu6")], (1, 2, 2), picture=np.array([values], np.float32))
    assert example_pixels(relu6.layers[0], 0, asked) == expected


def test_the_channel_that_goes_beyond_the_ceiling_is_told(make_trace) -> None:
    picture = np.array([[[-9.0, 5.0]], [[-1.0, 8.0]], [[1.0, 9.0]]], np.float32)
    assert clearest_channel(make_trace([ReLU6("a")], (3, 1, 2), picture=picture).layers[0]) == 1
    assert clearest_channel(make_trace([ReLU("a")], (3, 1, 2), picture=picture).layers[0]) == 0


def test_told_pixels_that_do_not_exist(make_trace) -> None:
    relu = make_trace([ReLU("relu")], (1, 2, 2)).layers[0]
    with pytest.raises(UserError, match="no pixel 2,0: choose row 0 to 1"):
        example_pixels(relu, 0, (2, 0))


def test_the_telling_channel_is_clipped_and_kept(make_trace) -> None:
    maps = np.array([[[9, 9]], [[-9, -9]], [[-2, 3]], [[-1, 9]]], np.float32)
    relu = make_trace([ReLU("relu")], (4, 1, 2), picture=maps).layers[0]
    assert clearest_channel(relu) == 2
    nothing = make_trace([ReLU("relu")], (4, 1, 2), picture=np.zeros_like(maps)).layers[0]
    assert clearest_channel(nothing) == 0
