"""The audit over all scenes: any look, any picture, any parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cnnviz.auditing.audit import audit
from cnnviz.errors import UserError
from cnnviz.locales import LANGUAGES, Words
from cnnviz.model.trace import Trace
from cnnviz.network import Network, trace
from cnnviz.staging.parameters import Parameter, parameters_of
from cnnviz.staging.registry import load_scene, scene_names
from cnnviz.staging.scene import SceneSetting
from cnnviz.style.geometry import ASPECTS
from cnnviz.style.theme import THEMES, theme_of

SCENES = [name for name in scene_names() if name != "lecture"]
"""The lecture is made of the others, and has tests of its own."""

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


def values_of(name: str, parameter: Parameter, network: Network) -> st.SearchStrategy[Any]:
    """Return what may be given for a parameter, the default included."""
    layers = [layer.name for layer in network.architecture.layers]
    chosen: dict[str, st.SearchStrategy[Any]] = {
        "text": st.sampled_from(network.classes if name == "class_name" else layers),
        "number": st.integers(0, 5),
        "pixel": st.tuples(st.integers(0, 31), st.integers(0, 31)),
        "choice": st.sampled_from(parameter.choices or ("",)),
        "flag": st.booleans(),
    }
    return st.just(parameter.default) | chosen[parameter.kind]


@pytest.mark.parametrize("name", SCENES)
@settings(
    max_examples=4,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.filter_too_much,
        HealthCheck.too_slow,
    ],
)
@given(data=st.data())
def test_no_scene_has_a_fault(
    name: str, data: st.DataObject, traces: dict[str, Trace], small_network: Network
) -> None:
    scene = load_scene(name)
    parameters = {
        key: data.draw(values_of(key, each, small_network), key)
        for key, each in parameters_of(scene.Parameters).items()
    }
    what_happened = traces[data.draw(st.sampled_from(PICTURES), "picture")]
    try:
        resolved = scene.resolve(what_happened, scene.Parameters(**parameters))
    except UserError:
        assume(False)
    theme = theme_of(
        data.draw(st.sampled_from(THEMES), "theme"), data.draw(st.sampled_from(ASPECTS), "aspect")
    )
    words = Words(data.draw(st.sampled_from(LANGUAGES), "language"))
    faults = audit(scene, SceneSetting(what_happened, resolved, theme, words))
    assert not [str(fault) for fault in faults]
