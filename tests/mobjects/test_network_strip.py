"""The network in the corner: numbers of layers left out lie over nothing."""

from __future__ import annotations

import pytest

from cnnviz.layers import Conv2d, Flatten, Linear
from cnnviz.locales import Words
from cnnviz.mobjects.network_strip import NetworkStrip
from cnnviz.style.theme import dark_theme
from tests.torch_traces import TraceBuilder


@pytest.mark.parametrize("width", [1.8, 2.4, 3.2])
def test_numbers_of_hundreds_of_layers_stand_clear_of_the_lit_map(
    make_trace: TraceBuilder, width: float
) -> None:
    count = 240
    layers = [Conv2d(f"conv_{index}", 1, 1, 1) for index in range(count)]
    deep = make_trace([*layers, Flatten("flatten"), Linear("output", 4, 2)], (1, 2, 2))
    strip = NetworkStrip(deep, "conv_30", dark_theme(), Words("en"), width, 0.32)
    assert strip.width == pytest.approx(width, rel=0.1)
    (light,) = [each for each in strip if each not in (*strip.thumbnails.values(), *strip.gaps)]
    assert strip.gaps
    for label in strip.gaps:
        left, _, right, _ = label.corners()
        for other in (*strip.thumbnails.values(), light):
            assert other.get_right()[0] <= left or other.get_left()[0] >= right
