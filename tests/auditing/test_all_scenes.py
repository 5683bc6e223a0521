"""The audit over all scenes: any look, any picture, any parameters."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cnnviz.errors import UserError
from cnnviz.locales import LANGUAGES, Words
from cnnviz.model.trace import Trace
from cnnviz.network import Network, trace
from cnnviz.scenes.hyperparameters.limits import MOST_CELLS
from cnnviz.staging.parameters import parameters_of
from cnnviz.staging.registry import load_scene
from cnnviz.staging.scene_setting import SceneSetting
from cnnviz.style.names import ASPECTS, THEMES
from cnnviz.style.theme import theme_of
from tests.scenes.stage import CHAIN_SCENES, faults_in

PICTURES = ("noise", "black", "white", "red", "gradient")


def picture(kind: str) -> np.ndarray:
    """Return a picture of one kind, float32 of shape (32, 32, 3)."""
    if kind == "noise":
        return np.random.default_rng(5).random((32, 32, 3)).astype(np.float32)
    if kind == "gradient":
        ramp = np.linspace(0, 1, 32, dtype=np.float32)
        return np.stack([np.add.outer(ramp, ramp) / 2] * 3, axis=2)
    colour = {"black": (0, 0, 0), "white": (1, 1, 1), "red": (1, 0, 0)}[kind]
    return np.broadcast_to(np.float32(colour), (32, 32, 3)).copy()


@pytest.fixture(scope="module")
def traces(small_network: Network) -> dict[str, Trace]:
    return {kind: trace(picture(kind), small_network) for kind in PICTURES}


def layers_of(name: str, what: Trace) -> list[str | None]:
    """Return what a scene takes as its layer: None, and the names that it does not refuse."""
    scene = load_scene(name)
    found: list[str | None] = [None]
    for layer in what.layers:
        with suppress(UserError):  # a layer of another kind
            scene.resolve(what, scene.Parameters(layer=layer.name))
            found.append(layer.name)
    return found


def shape_of(name: str, what: Trace, layer: str | None) -> tuple[int, ...]:
    """Return the shape in which a scene looks for its channel and its pixel."""
    if name == "flatten":
        return next(each for each in what.layers if each.kind == "flatten").input.shape
    scene = load_scene(name)
    if "layer" not in parameters_of(scene.Parameters):
        return what.picture.shape
    if layer is None:
        layer = scene.resolve(what, scene.Parameters(channel=0)).layer
    return what[layer].output.shape


@st.composite
def hyperparameters(draw: st.DrawFn) -> dict[str, int]:
    """Draw five numbers whose cells are few enough to be read."""
    drawn: dict[str, int] = {}
    for key, each in parameters_of(load_scene("hyperparameters").Parameters).items():
        most = each.maximum
        if key == "padding":
            most = min(most, (MOST_CELLS - drawn["input_size"]) // 2)
        if key == "dilation":
            most = min(most, (MOST_CELLS - 1) // max(drawn["kernel_size"] - 1, 1))
        drawn[key] = draw(st.integers(each.minimum, most))
    return drawn


@st.composite
def choices(draw: st.DrawFn, name: str, what: Trace) -> dict[str, Any]:
    """Draw parameters that a scene takes on a trace; those left out have their defaults."""
    if name == "hyperparameters":
        return draw(hyperparameters())
    known = parameters_of(load_scene(name).Parameters)
    layer = draw(st.sampled_from(layers_of(name, what))) if "layer" in known else None
    channels, *sides = shape_of(name, what, layer)
    values: dict[str, st.SearchStrategy[Any]] = {
        "channel": st.integers(0, channels - 1),
        "pixel": st.tuples(*(st.integers(0, side - 1) for side in sides)),
        "class_name": st.sampled_from(what.classes),
        "scale": st.sampled_from(known["scale"].choices if "scale" in known else ("",)),
        "backward": st.booleans(),
    }
    if name == "journey":  # its channels are a text
        values["channel"] = st.sampled_from(["0", "5", "conv_1=2", "conv_1=5,conv_2=3"])
    return {
        key: layer if key == "layer" else draw(st.just(each.default) | values[key])
        for key, each in known.items()
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", CHAIN_SCENES)
@settings(
    # A film takes long to audit: a fault is shown as it was found, not as small as can be.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    max_examples=3,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_no_scene_has_a_fault(name: str, data: st.DataObject, traces: dict[str, Trace]) -> None:
    scene = load_scene(name)
    what = traces[data.draw(st.sampled_from(PICTURES), "picture")]
    parameters = data.draw(choices(name, what), "parameters")
    resolved = scene.resolve(what, scene.Parameters(**parameters))
    theme = theme_of(
        data.draw(st.sampled_from(THEMES), "theme"), data.draw(st.sampled_from(ASPECTS), "aspect")
    )
    words = Words(data.draw(st.sampled_from(LANGUAGES), "language"))
    # What is drawn may be as small as a single cell, which fills no stage.
    assert not faults_in(scene, SceneSetting(what, resolved, theme, words), but=["nearly_empty"])
