"""Where the journey stops, where it starts, and what it says there."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.errors import UserError
from cnnviz.explain.fields import Field, receptive_field
from cnnviz.layers import Conv2d, Flatten, Layer, Linear, MaxPool2d, ReLU
from cnnviz.model.trace import Trace
from cnnviz.network import trace
from cnnviz.scenes.journey.stages import follow_pixel
from cnnviz.scenes.journey.steps import (
    BRIGHT,
    cells_within,
    counted_survivors,
    last_cell,
    parse_channels,
    starting_pixel,
    stops_of,
    window_area,
)
from tests.conftest import fixed_network

DEEP: tuple[Layer, ...] = (
    *(
        layer
        for index in range(10)
        for layer in (
            Conv2d(f"conv_{index}", 3 if index == 0 else 2, 2, 3, padding=1),
            ReLU(f"relu_{index}"),
        )
    ),
    Flatten("flatten"),
    Linear("output", 2 * 64, 2),
)


def seen(
    layers: tuple[Layer, ...], size: tuple[int, int, int], picture: np.ndarray | None = None
) -> Trace:
    if picture is None:
        picture = np.random.default_rng(3).random((*size[1:], 3)).astype(np.float32)
    return trace(picture, fixed_network(layers, ("cat", "dog"), size))


SMALL = (
    ReLU("relu_0"),
    Conv2d("conv_1", 3, 4, 3),
    ReLU("relu_1"),
    MaxPool2d("pool", 3, 2),
    Conv2d("conv_2", 4, 2, 1),
    Flatten("flatten"),
    Linear("output", 2 * 16, 2),
)


def test_a_convolution_and_its_relu_are_one_stop() -> None:
    what = seen(SMALL, (3, 11, 11))
    stops = stops_of(what, follow_pixel(what, 4, 5, 0))
    names = [tuple(stage.layer for stage in stop.stages) for stop in stops.detailed]
    assert names == [("relu_0",), ("conv_1", "relu_1"), ("pool",), ("conv_2",)]
    assert stops.passed == ()
    assert stops.detailed[0].before == Field("input", (4,), (5,))
    for stop, following in zip(stops.detailed[:-1], stops.detailed[1:], strict=True):
        assert following.before == stop.last.field


def test_of_a_deep_network_only_the_ends_are_told() -> None:
    what = seen(DEEP, (3, 8, 8))
    stops = stops_of(what, follow_pixel(what, 4, 4, 0))
    assert [stop.first.layer for stop in stops.first] == ["conv_0", "conv_1", "conv_2", "conv_3"]
    assert [stop.first.layer for stop in stops.passed] == ["conv_4", "conv_5", "conv_6"]
    assert [stop.first.layer for stop in stops.last] == ["conv_7", "conv_8", "conv_9"]


@pytest.mark.parametrize("class_index", [0, 1])
def test_the_start_is_seen_by_the_cell_that_adds_most(class_index: int) -> None:
    what = seen(SMALL, (3, 11, 11))
    weights = what["output"].weight
    assert weights is not None
    best = int((weights[class_index] * what["flatten"].output).argmax())
    row, column = divmod(best % 16, 4)
    field = receptive_field(what.architecture, "conv_2", row, column)
    start = starting_pixel(what, class_index)
    assert start[0] in field.rows
    assert start[1] in field.columns
    assert what.picture[:, *start].max() >= BRIGHT


def test_the_start_in_a_black_picture_is_the_middle_of_the_field() -> None:
    what = seen(SMALL, (3, 11, 11), np.zeros((11, 11, 3), np.float32))
    row, column = starting_pixel(what, 0)
    assert 0 <= row < 11
    assert 0 <= column < 11


def test_survivors_are_those_of_the_channel_that_is_shown() -> None:
    what = seen(SMALL, (3, 11, 11))
    stop = stops_of(what, follow_pixel(what, 4, 5, 0)).detailed[1]
    cells = what["conv_1"].output[stop.first.channel, 2:5, 3:6]
    assert counted_survivors(stop) == ((cells > 0).sum(), 9)
    without_relu = stops_of(what, follow_pixel(what, 4, 5, 0)).detailed[3]
    passed, total = counted_survivors(without_relu)
    assert passed == total


def test_the_area_of_pooling_windows() -> None:
    layer = MaxPool2d("pool", 3, 2)
    rows, columns = window_area(layer, Field("pool", (1, 2), (0,)))
    assert rows == (2, 3, 4, 5, 6)
    assert columns == (0, 1, 2)
    inside = cells_within(rows, columns, Field("conv", (4, 5), (1,)))
    assert np.argwhere(inside).tolist() == [[2, 1], [3, 1]]


def test_the_way_back_starts_at_the_end_of_the_path() -> None:
    what = seen(SMALL, (3, 11, 11))
    journey = follow_pixel(what, 4, 5, 0)
    layer, channel, row, column = last_cell(what, journey)
    assert journey.path.is_complete
    assert layer == "conv_2"
    assert (channel, row, column) == next(
        cell.index for cell in journey.path.cells if cell.layer == "conv_2"
    )


def test_the_way_back_from_a_pixel_that_nobody_looks_at() -> None:
    layers = (Conv2d("conv", 3, 2, 1, stride=2), Flatten("flatten"), Linear("output", 32, 2))
    what = seen(layers, (3, 8, 8))
    layer, channel, row, column = last_cell(what, follow_pixel(what, 1, 1, 0))
    assert layer == "conv"
    assert what["conv"].output[channel, row, column] == what["conv"].output[channel].max()


@pytest.mark.parametrize(
    ("text", "channels"),
    [
        (None, {}),
        ("1", {"conv_1": 1, "conv_2": 1}),
        (3, {"conv_1": 3}),
        ("conv_1=2", {"conv_1": 2}),
        ("conv_1=2, conv_2 = 0", {"conv_1": 2, "conv_2": 0}),
    ],
)
def test_channels_are_understood(text: str | int | None, channels: dict[str, int]) -> None:
    assert parse_channels(seen(SMALL, (3, 11, 11)), text) == channels


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("4", "no convolution has a channel 4: choose 0 to 3"),
        ("-1", "no convolution has a channel -1: choose 0 to 3"),
        ("three", 'the channels are "three": give a number such as 3, or LAYER=N'),
        ("1,2", "such as conv_1=3,conv_2=0"),
        ("conv_1=x", 'the channels are "conv_1=x"'),
    ],
)
def test_channels_that_make_no_sense(text: str, message: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_channels(seen(SMALL, (3, 11, 11)), text)
    assert message in str(caught.value)
