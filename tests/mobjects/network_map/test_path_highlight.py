"""The light of the strongest paths: it goes on without a stop, over gaps too."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from cnnviz.layers import Conv2d, Flatten, Layer, Linear, ReLU
from cnnviz.mobjects.network_map.network_map import NetworkMap
from cnnviz.mobjects.network_map.path_highlight import PathHighlight
from cnnviz.network import trace
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import words_of

STEPS = 60


def test_the_light_does_not_rest_where_layers_are_left_out() -> None:
    """The turn of a layer that no edge leads to, after a gap, froze the picture."""
    deep: list[Layer] = [Conv2d("conv_0", 3, 3, 3, padding=1)]
    for index in range(1, 30):
        deep += [ReLU(f"relu_{index}"), Conv2d(f"conv_{index}", 3, 3, 3, padding=1)]
    layers = (*deep, Flatten("flatten"), Linear("output", 3 * 8 * 8, 2))
    picture = np.random.default_rng(2).random((8, 8, 3)).astype(np.float32)
    seen = trace(picture, fixed_network(layers, ("cat", "dog"), (3, 8, 8)))
    theme = theme_of("dark", "1:1")
    network = NetworkMap(seen, theme.layout.stage, theme, words_of("overview"))
    assert any(not column.bundles for column in network.columns[1:]), "a gap without edges"
    light = PathHighlight.of_answer(seen, network)
    looks = []
    for step in range(STEPS + 1):
        light.light(step / STEPS)
        looks.append([bundle.emphasis for bundle in network.bundles])
    assert all(one != other for one, other in pairwise(looks))
    assert set(looks[0]) == {0.0}
    assert set(looks[-1]) == {1.0}
