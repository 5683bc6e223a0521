from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.explain.interest import (
    interesting_channel,
    interesting_corner,
    interesting_pixel,
    maps_of,
)
from cnnviz.layers import Conv2d, MaxPool2d, ReLU


def box_blur(make_trace, picture: np.ndarray, padding: int = 0):
    """A convolution that averages 3x3 cells: its output is the local brightness."""
    trace = make_trace(
        [Conv2d("conv", 1, 1, 3, padding=padding)], picture.shape, picture=picture
    ).layers[0]
    weight = np.full((1, 1, 3, 3), 1 / 9, np.float32)
    padded = np.pad(picture[0], padding)
    patches = np.lib.stride_tricks.sliding_window_view(padded, (3, 3))
    output = patches.mean((2, 3))[None].astype(np.float32)
    return dataclasses.replace(trace, weight=weight, bias=np.zeros(1, np.float32), output=output)


def test_texture_wins_over_a_flat_bright_corner(make_trace) -> None:
    picture = np.zeros((1, 30, 30), np.float32)
    picture[0, :12, :12] = 1.0
    picture[0, 20:25, 18:23] = np.indices((5, 5)).sum(0) % 2 * 1.5
    row, column = interesting_pixel(box_blur(make_trace, picture), 0)
    assert 18 <= row <= 24
    assert 16 <= column <= 22


@pytest.mark.parametrize("value", [0.0, 0.37, 1.0])
@pytest.mark.parametrize("padding", [0, 1])
def test_constant_pictures_give_the_centre(make_trace, value: float, padding: int) -> None:
    picture = np.full((1, 21, 31), value, np.float32)
    conv = box_blur(make_trace, picture, padding)
    _, height, width = conv.output.shape
    assert interesting_pixel(conv, 0) == ((height - 1) // 2, (width - 1) // 2)


def test_the_margin_and_the_padding_are_avoided(make_trace) -> None:
    picture = np.zeros((1, 30, 30), np.float32)
    picture[0, 0, 0] = 9.0
    picture[0, 15, 15] = 1.0
    row, column = interesting_pixel(box_blur(make_trace, picture, padding=1), 0)
    assert abs(row - 15) <= 1
    assert abs(column - 15) <= 1


def test_rounding_noise_changes_nothing(make_trace) -> None:
    conv = make_trace([Conv2d("conv", 3, 4, 3)], (3, 40, 40), seed=3, levels=1000).layers[0]
    rng = np.random.default_rng(0)
    noise = 1 + rng.uniform(-1e-6, 1e-6, conv.output.shape).astype(np.float32)
    noisy = dataclasses.replace(conv, output=conv.output * noise)
    assert interesting_channel(noisy) == interesting_channel(conv)
    assert [interesting_pixel(noisy, c) for c in range(4)] == [
        interesting_pixel(conv, c) for c in range(4)
    ]


def test_the_channel_with_the_highest_contrast_is_chosen(make_trace) -> None:
    relu = make_trace([ReLU("relu")], (3, 8, 8)).layers[0]
    output = np.zeros((3, 8, 8), np.float32)
    output[0] = 5.0
    output[2] = np.indices((8, 8)).sum(0) % 2
    assert interesting_channel(dataclasses.replace(relu, output=output)) == 2
    assert interesting_channel(dataclasses.replace(relu, output=np.ones_like(output))) == 0


def test_the_output_with_the_highest_score_is_chosen(tiny_vgg) -> None:
    assert interesting_channel(tiny_vgg["output"]) == tiny_vgg.predicted_index


def test_a_relu_shows_a_value_that_passes(tiny_vgg) -> None:
    relu = tiny_vgg["relu_1_1"]
    channel = interesting_channel(relu)
    row, column = interesting_pixel(relu, channel)
    assert relu.output[channel, row, column] > 0


def test_a_pooling_window_with_different_numbers_is_chosen(make_trace) -> None:
    picture = np.full((1, 20, 20), 0.9, np.float32)
    picture[0, 10, 12] = 0.1
    pool = make_trace([MaxPool2d("pool", 2, 2)], (1, 20, 20), picture=picture).layers[0]
    assert interesting_pixel(pool, 0) == (5, 6)


def test_where_only_the_margin_responds_it_is_chosen(make_trace) -> None:
    """Windows of nothing but zeros were told of, since they keep clear of the margin."""
    picture = np.zeros((1, 10, 10), np.float32)
    picture[0, 9, 4:6] = 0.5, 2.0
    pool = make_trace([MaxPool2d("pool", 2, 2)], (1, 10, 10), picture=picture).layers[0]
    assert interesting_pixel(pool, 0) == (4, 2)


@given(data=st.data())
def test_choices_always_exist(any_network, data: st.DataObject) -> None:
    for layer_trace in data.draw(any_network).layers:
        maps = maps_of(layer_trace)
        channel = interesting_channel(layer_trace)
        assert 0 <= channel < maps.shape[0]
        if maps.ndim == 3:
            row, column = interesting_pixel(layer_trace, channel)
            assert 0 <= row < maps.shape[1]
            assert 0 <= column < maps.shape[2]


@pytest.mark.parametrize(("row", "column"), [(0, 0), (0, 28), (38, 0), (38, 28)])
def test_a_corner_is_telling_where_something_is_in_it(row: int, column: int) -> None:
    picture = np.zeros((3, 50, 40), np.float32)
    picture[:, row : row + 12 : 2, column : column + 12] = 1.0
    rows, columns = interesting_corner(picture, 12)
    assert (rows, columns) == (slice(row, row + 12), slice(column, column + 12))


def test_a_small_picture_is_a_corner() -> None:
    assert interesting_corner(np.zeros((1, 5, 7), np.float32), 12) == (slice(0, 5), slice(0, 7))
