"""The frames of every scene: those of a full repaint, and those that somebody has looked at."""

from __future__ import annotations

from typing import Any

import pytest

from cnnviz.model.trace import Trace
from cnnviz.staging.registry import load_scene
from tests.scenes.stage import CHAIN_SCENES, assert_is_exact, assert_looks_as_stored, setting_of

PARAMETERS: dict[str, dict[str, Any]] = {
    "hyperparameters": {"input_size": 6, "kernel_size": 2, "padding": 0, "dilation": 2},
    "overview": {"layer": "conv_2", "channel": 1},
}
"""Of scenes that show more if something is chosen."""


@pytest.mark.slow
@pytest.mark.parametrize("name", CHAIN_SCENES)
def test_frames_are_exact(name: str, small_trace: Trace) -> None:
    scene = load_scene(name)
    assert_is_exact(scene, setting_of(scene, small_trace, **PARAMETERS.get(name, {})))


@pytest.mark.parametrize("name", CHAIN_SCENES)
def test_last_frames_look_as_stored(
    name: str, small_trace: Trace, request: pytest.FixtureRequest
) -> None:
    scene = load_scene(name)
    setting = setting_of(scene, small_trace, **PARAMETERS.get(name, {}))
    assert_looks_as_stored(scene, setting, request)
