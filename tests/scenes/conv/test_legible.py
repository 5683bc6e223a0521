"""A convolution is legible in any layer of any network, in every frame."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnnviz.layers import Conv2d, Flatten, Linear, ReLU
from cnnviz.model.trace import Trace
from cnnviz.network import trace
from cnnviz.scenes.conv.scene import ConvScene
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import (
    ODD,
    faults_in,
    setting_of,
    visit_beats,
)

GREY = (Conv2d("conv", 1, 2, 7, stride=3, padding=3), Flatten("flatten"), Linear("output", 70, 2))
WIDE = (
    Conv2d("conv_1", 3, 40, 1),
    ReLU("relu_1"),
    Conv2d("conv_2", 40, 61, 3, padding=1, dilation=1),
    Flatten("flatten"),
    Linear("output", 61 * 64, 2),
)
SINGLE = (Conv2d("conv", 3, 1, 4), Flatten("flatten"), Linear("output", 1, 2))


LARGE = (
    Conv2d("conv_1", 3, 4, 3, padding=1),
    ReLU("relu_1"),
    Conv2d("conv_2", 4, 2, 3),
    Conv2d("conv_3", 2, 3, 5),
    Flatten("flatten"),
    Linear("output", 3 * 6 * 6, 2),
)
FRAMES = (
    ("9:16", "dark", "zh"),
    ("1:1", "light", "zh"),
    ("16:9", "dark", "en"),
    ("9:16", "light", "en"),
    ("1:1", "dark", "en"),
    ("16:9", "light", "zh"),
)
"""Each aspect with both themes and both languages."""


def noise_in(layers: Any, size: tuple[int, int, int]) -> Trace:
    """Return what a fixed network makes of noise."""
    network = fixed_network(layers, ("cat", "dog"), size)
    return trace(np.random.default_rng(1).random((40, 40)).astype(np.float32), network)


@pytest.mark.parametrize(
    ("layer", "frame"),
    [
        ("conv_1", FRAMES[2]),
        *(("conv_2", frame) for frame in FRAMES[3:5]),
        *(pytest.param("conv_1", frame, marks=pytest.mark.slow) for frame in FRAMES[:2]),
        pytest.param("conv_2", FRAMES[5], marks=pytest.mark.slow),
        pytest.param("conv_3", FRAMES[0], marks=pytest.mark.slow),
    ],
)
def test_every_frame_is_without_faults(layer: str, frame: tuple[str, str, str]) -> None:
    """The first layer, one with many channels, one with a large kernel."""
    aspect, theme, language = frame
    noise = noise_in(LARGE, (3, 12, 12))
    setting = setting_of(ConvScene, noise, theme_of(theme, aspect), language, layer=layer)
    assert not faults_in(ConvScene, setting)


@pytest.mark.parametrize(
    ("layers", "size", "parameters", "aspect", "theme"),
    [
        pytest.param(
            *(GREY, (1, 19, 13), {"pixel": (6, 4)}, "9:16", "dark"), marks=pytest.mark.slow
        ),
        (WIDE, (3, 8, 8), {"layer": "conv_1", "channel": 39}, "1:1", "light"),
        pytest.param(
            *(WIDE, (3, 8, 8), {"layer": "conv_2", "channel": 60, "pixel": (0, 7)}),
            *("16:9", "light"),
            marks=pytest.mark.slow,
        ),
    ],
    ids=["grey", "one by one", "many channels"],
)
def test_nothing_overlaps_or_leaves_the_frame(
    layers: Any, size: Any, parameters: dict[str, Any], aspect: str, theme: str
) -> None:
    noise = noise_in(layers, size)
    setting = setting_of(ConvScene, noise, theme_of(theme, aspect), **parameters)
    assert not faults_in(ConvScene, setting)


def test_the_one_channel_of_a_grey_picture_is_legible_and_has_one_sum() -> None:
    setting = setting_of(ConvScene, noise_in(GREY, (1, 19, 13)), pixel=(6, 4))
    assert not faults_in(ConvScene, setting)
    beats = visit_beats(ConvScene, setting, lambda scene, beat: None).beats
    (added,) = (beat for beat in beats if beat.name == "add")
    assert added.caption.startswith("The sum and the bias make")


def test_a_single_cell_is_legible() -> None:
    """Its window has nowhere to go, so little moves."""
    theme = theme_of("light", "9:16")
    setting = setting_of(ConvScene, noise_in(SINGLE, (3, 4, 4)), theme)
    assert not faults_in(ConvScene, setting, but=ODD)
