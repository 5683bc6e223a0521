"""Edges of other branches do not run through what is said of layers that are left out."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.layers import Add, AvgPool2d, Conv2d, Flatten, Layer, Linear, MaxPool2d, ReLU
from cnnviz.model.trace import Trace
from cnnviz.network import trace
from cnnviz.scenes.overview.scene import OverviewScene
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import faults_in, setting_of


@pytest.fixture(scope="module")
def deep() -> Trace:
    """Blocks around which an addition leads, so many that some are left out."""
    layers: list[Layer] = [
        Conv2d("stem", 3, 16, 7, stride=2, padding=3),
        ReLU("stem_relu"),
        MaxPool2d("stem_pool", 3, 2, padding=1),
        Conv2d("block_1_conv_1", 16, 16, 3, padding=1),
        ReLU("block_1_relu_1"),
        Conv2d("block_1_conv_2", 16, 16, 3, padding=1),
        Add("block_1_add", inputs=("block_1_conv_2", "stem_pool")),
        ReLU("block_1_relu_2"),
        Conv2d("block_2_conv_1", 16, 32, 3, stride=2, padding=1),
        ReLU("block_2_relu_1"),
        Conv2d("block_2_conv_2", 32, 32, 3, padding=1),
        Conv2d("block_2_shorter", 16, 32, 1, stride=2, inputs=("block_1_relu_2",)),
        Add("block_2_add", inputs=("block_2_conv_2", "block_2_shorter")),
        ReLU("block_2_relu_2"),
        AvgPool2d("pool", 8),
        Flatten("flatten"),
        Linear("output", 32, 10),
    ]
    classes = ("ant", "bee", "bat", "eel", "emu", "cat", "cow", "dog", "fox", "hen")
    network = fixed_network(tuple(layers), classes, (3, 64, 64))
    return trace(np.random.default_rng(5).random((64, 64, 3)).astype(np.float32), network)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_texts_stand_on_plates_where_edges_pass(deep: Trace, theme: str) -> None:
    setting = setting_of(OverviewScene, deep, theme_of(theme, "1:1"))
    assert not faults_in(OverviewScene, setting)


@pytest.mark.parametrize("last", ["output", "classifier_dense_logits"])
def test_no_edge_runs_through_the_last_name_and_how_many_classes_are_shown(last: str) -> None:
    layers = (
        Conv2d("conv", 3, 40, 3),
        ReLU("relu"),
        AvgPool2d("pool", 14),
        Flatten("flatten"),
        Linear(last, 40, 1000),
    )
    names = tuple(f"class {index}" for index in range(1000))
    seen = trace(np.ones((16, 16, 3), np.float32), fixed_network(layers, names, (3, 16, 16)))
    setting = setting_of(OverviewScene, seen, theme_of("light", "9:16"))
    assert not faults_in(OverviewScene, setting, but=["pale_maps"])
