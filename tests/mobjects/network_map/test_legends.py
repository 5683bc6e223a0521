"""Legends below columns: which line a number takes, and where they end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cnnviz.layers import Conv2d, Flatten, Layer, Linear, ReLU
from cnnviz.mobjects.network_map.legends import free_line
from cnnviz.mobjects.network_map.network_map import NetworkMap
from cnnviz.network import Network, trace
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import words_of


@pytest.mark.parametrize("usual", [0, 1])
def test_a_number_alone_leaves_its_line_only_for_one_that_is_free(usual: int) -> None:
    other = 1 - usual
    assert free_line(usual, 2.0, {}) == usual
    assert free_line(usual, 2.0, {usual: 1.0, other: 3.0}) == usual
    assert free_line(usual, 2.0, {usual: 3.0, other: 1.0}) == other
    assert free_line(usual, 2.0, {usual: 3.0}) == other
    assert free_line(usual, 2.0, {usual: 3.0, other: 3.0}) == usual


def test_the_legend_of_a_narrow_picture_stays_in_the_zone() -> None:
    layers: list[Layer] = []
    for index in range(8):
        channels = 8 if index else 1
        layers += [Conv2d(f"convolution_{index}", channels, 8, 3), ReLU(f"relu_{index}")]
    layers += [Flatten("flatten"), Linear("linear", 8 * 16 * 16, 10)]
    names = tuple(f"class {index}" for index in range(10))
    network = fixed_network(tuple(layers), names, (1, 32, 32))
    architecture = network.architecture
    wide = replace(architecture, input=replace(architecture.input, mean=(0.5,), std=(0.3,)))
    seen = trace(
        np.linspace(0.02, 1.0, 1024, dtype=np.float32).reshape(32, 32),
        Network(wide, network.module),
    )
    theme = theme_of("dark")
    network_map = NetworkMap(seen, theme.layout.stage, theme, words_of("overview"))
    for bar in network_map.legends.bars:
        assert bar.get_left()[0] >= theme.layout.stage.left - theme.layout.pixel
