"""Names of results say what was chosen, and nothing chosen is lost in them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.cache.store import Cache
from cnnviz.pipeline.naming import LONGEST, default_output, result_name
from cnnviz.pipeline.request import RenderRequest
from cnnviz.staging.parameters import Parameter

PARAMETERS = {
    "layer": Parameter("text", "A layer."),
    "channel": Parameter("number", "A channel."),
    "pixel": Parameter("pixel", "A pixel."),
    "class_name": Parameter("text", "A class."),
    "scale": Parameter("choice", "A scale.", ("unit", "layer"), "unit"),
    "backward": Parameter("flag", "The way back.", default=False),
}


def name(image: object = "photos/cat.png", **given: object) -> str:
    return result_name(RenderRequest.of("conv", image, **given), PARAMETERS)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "conv_cat"),
        ({"layer": "conv_1_2", "channel": 3, "language": "zh"}, "conv_cat_conv_1_2_ch3_zh"),
        ({"channel": 0, "pixel": (20, 31)}, "conv_cat_ch0_px20-31"),
        ({"pixel": (20, 31), "channel": 0}, "conv_cat_ch0_px20-31"),
        ({"class_name": "sports car"}, "conv_cat_sports-car"),
        ({"scale": "unit", "backward": False, "layer": None}, "conv_cat"),
        ({"scale": "layer", "backward": True}, "conv_cat_scale-layer_backward"),
        ({"theme": "light", "aspect": "9:16", "pace": 1.5}, "conv_cat_light_9x16_pace1.5"),
        ({"quality": "l", "fps": 10, "encode": "small"}, "conv_cat_480p_10fps_small"),
        ({"weights": "nets/my_net.safetensors"}, "conv_cat_my_net"),
        ({"crop": (40, 0, 300, 300)}, "conv_cat_crop40-0-300-300"),
        ({"background": (0, 10, 20)}, "conv_cat_on0-10-20"),
    ],
)
def test_what_was_chosen_is_in_the_name(given: dict[str, object], expected: str) -> None:
    assert name(**given) == expected


def test_a_picture_in_memory_is_a_picture() -> None:
    assert name(np.zeros((4, 4), np.uint8)) == "conv_picture"


@given(st.text(max_size=300), st.text(max_size=300))
def test_different_classes_have_different_names_that_any_disk_takes(one: str, two: str) -> None:
    names = [name(class_name=each) for each in (one, two)]
    for each in names:
        assert len(each.encode()) <= LONGEST
        assert "/" not in each
        assert "\0" not in each
        assert Path(f"{each}.mp4").name == f"{each}.mp4"
    if one.replace(" ", "-") != two.replace(" ", "-"):
        assert names[0] != names[1]


@pytest.mark.parametrize("scene", ["conv", "hyperparameters", "lecture"])
def test_the_command_line_and_python_call_it_alike(scene: str) -> None:
    """The command line passes defaults on, Python leaves them out."""
    from cnnviz.staging.registry import describe_scene

    known = describe_scene(scene, Cache()).parameters
    usual = {key: parameter.default for key, parameter in known.items()}
    said = default_output(RenderRequest.of(scene, "a.png", **usual), Cache())
    assert said == default_output(RenderRequest.of(scene, "a.png"), None)
    assert said == Path("media") / f"{scene}_a.mp4"
