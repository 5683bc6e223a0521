"""Where the journey stops, where it starts, and what it says there."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.errors import UserError
from cnnviz.explain.fields import Field, receptive_field
from cnnviz.layers import (
    Add,
    AvgPool2d,
    Conv2d,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
    ReLU6,
)
from cnnviz.model.trace import Trace
from cnnviz.network import trace
from cnnviz.scenes.journey.layer_blocks import blocks_of
from cnnviz.scenes.journey.stages import follow_pixel
from cnnviz.scenes.journey.steps import (
    BRIGHT,
    cells_within,
    counted_survivors,
    parse_channels,
    starting_pixel,
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
    blocks = blocks_of(what, follow_pixel(what, 4, 5, 0))
    names = [tuple(stage.layer for stage in block.stages) for block in blocks.detailed]
    assert names == [("relu_0",), ("conv_1", "relu_1"), ("pool",), ("conv_2",)]
    assert not any(blocks.passed)
    assert blocks.detailed[0].before == Field("input", (4,), (5,))
    for block, following in zip(blocks.detailed[:-1], blocks.detailed[1:], strict=True):
        assert following.before == block.last.field


def test_of_a_deep_network_only_the_ends_are_told() -> None:
    what = seen(DEEP, (3, 8, 8))
    blocks = blocks_of(what, follow_pixel(what, 4, 4, 0))
    told = ["conv_0", "conv_1", "conv_2", "conv_7", "conv_8", "conv_9"]
    assert [block.first.layer for block in blocks.detailed] == told
    passed = [block.first.layer for block in blocks.passed[3]]
    assert passed == ["conv_3", "conv_4", "conv_5", "conv_6"]
    assert blocks.count == 10
    assert blocks.viewer.layer in ("relu_1", "relu_2")


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
    block = blocks_of(what, follow_pixel(what, 4, 5, 0)).detailed[1]
    cells = what["conv_1"].output[block.first.channel, 2:5, 3:6]
    assert counted_survivors(block) == ((cells > 0).sum(), 9)
    without_relu = blocks_of(what, follow_pixel(what, 4, 5, 0)).detailed[3]
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
    viewer = blocks_of(what, journey).viewer
    assert journey.path.is_complete
    assert (viewer.channel, viewer.row, viewer.column) == next(
        cell.index for cell in journey.path.cells if cell.layer == viewer.layer == "conv_2"
    )


def test_the_way_back_starts_where_less_than_half_of_the_picture_is_seen() -> None:
    layers = (
        Conv2d("conv_1", 3, 4, 3, padding=1),
        ReLU("relu_1"),
        Conv2d("conv_2", 4, 2, 7, padding=3),
        Flatten("flatten"),
        Linear("output", 2 * 64, 2),
    )
    what = seen(layers, (3, 8, 8))
    assert blocks_of(what, follow_pixel(what, 4, 4, 0)).viewer.layer == "relu_1"


def test_the_way_back_from_a_pixel_that_nobody_looks_at() -> None:
    layers = (Conv2d("conv", 3, 2, 1, stride=2), Flatten("flatten"), Linear("output", 32, 2))
    what = seen(layers, (3, 8, 8))
    blocks = blocks_of(what, follow_pixel(what, 1, 1, 0))
    viewer = blocks.viewer
    assert blocks.lost is blocks.detailed[0]
    assert viewer.layer == "conv"
    found = what["conv"].output[viewer.channel, viewer.row, viewer.column]
    assert found == what["conv"].output[viewer.channel].max()


BLOCKS = (
    Conv2d("stem", 3, 4, 3, stride=2, padding=1),
    ReLU6("stem_relu"),
    *(
        layer
        for index, before in enumerate(["stem_relu", "add_0", "add_1"])
        for layer in (
            Conv2d(f"expand_{index}", 4, 8, 1, inputs=(before,)),
            ReLU6(f"expand_{index}_relu"),
            Conv2d(f"depth_{index}", 8, 8, 3, padding=1, groups=8),
            ReLU6(f"depth_{index}_relu"),
            Conv2d(f"project_{index}", 8, 4, 1),
            Add(f"add_{index}", inputs=(f"project_{index}", before)),
        )
    ),
    AvgPool2d("pool", 12),
    Flatten("flatten"),
    Linear("output", 4, 2),
)
"""Three blocks as in MobileNetV2."""


def test_of_a_deep_graph_the_ends_and_an_addition_are_told() -> None:
    what = seen(BLOCKS, (3, 24, 24))
    journey = follow_pixel(what, 9, 12, 0)
    blocks = blocks_of(what, journey)
    told = [block.first.layer for block in blocks.detailed]
    assert told == ["stem", "expand_0", "depth_0", "add_0", "project_2", "add_2", "pool"]
    passed = {told[i]: len(group) for i, group in enumerate(blocks.passed) if group}
    assert passed == {"add_0": 1, "project_2": 6}
    by_layer = {stage.layer: stage for stage in journey.stages}
    for block in (each for group in (blocks.detailed, *blocks.passed) for each in group):
        source = what.architecture.sources_of(block.first.layer)[0]
        if source in by_layer:
            assert block.before == by_layer[source].field
    for name, stage in by_layer.items():
        if what[name].layer.keeps_channels and journey.path.channel_in(name) is None:
            assert stage.channel == by_layer[what.architecture.sources_of(name)[0]].channel


def test_a_branch_that_the_pixel_does_not_reach_is_no_end() -> None:
    layers = (
        Conv2d("near", 3, 2, 3, stride=2, padding=1),
        Conv2d("far", 3, 2, 1, stride=2, inputs=("input",)),
        Add("add", inputs=("near", "far")),
        Flatten("flatten"),
        Linear("output", 32, 2),
    )
    what = seen(layers, (3, 8, 8))
    blocks = blocks_of(what, follow_pixel(what, 3, 3, 0))
    assert blocks.lost is None
    assert [block.first.layer for block in blocks.detailed] == ["near", "add"]
    assert [[block.first.layer for block in group] for group in blocks.passed] == [[], ["far"]]


def test_where_the_mean_is_taken_the_start_is_what_the_largest_value_sees() -> None:
    what = seen(BLOCKS, (3, 24, 24))
    weights = what["output"].weight
    assert weights is not None
    channel = int((weights[0] * what["flatten"].output).argmax())
    row, column = divmod(int(what["pool"].input[channel].argmax()), 12)
    start = np.array(starting_pixel(what, 0))
    # The middle of what a cell of a network of stride 2 sees, or a bright pixel beside it.
    assert np.abs(start - 2 * np.array([row, column])).max() <= 2


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


def test_the_way_begins_with_a_pixel_that_gets_to_the_score(make_trace) -> None:
    """It used to begin with the middle of the decisive cell's view, which may win no window."""
    layers = [MaxPool2d("pool", 3, 3), Flatten("flatten"), Linear("output", 1, 2)]
    picture = np.full((1, 3, 3), 0.5, np.float32)
    picture[0, 0, 2] = 0.9
    what = make_trace(layers, (1, 3, 3), picture=picture)
    class_index = int(what["output"].weight[:, 0].argmax())
    assert starting_pixel(what, class_index) == (0, 2)
