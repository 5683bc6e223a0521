"""The journey through networks whose branches meet: true, and legible."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from cnnviz.layers import (
    Add,
    AvgPool2d,
    Conv2d,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
    ReLU6,
)
from cnnviz.mobjects.text import Label
from cnnviz.model.trace import Trace
from cnnviz.network import Network, trace
from cnnviz.scenes.journey.scene import JourneyScene
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import (
    faults_but_small_type,
    numbers_in,
    setting_of,
    visit_beats,
)

GRAPH = (
    Conv2d("stem", 3, 4, 3, stride=2, padding=(0, 0, 1, 1)),
    ReLU6("stem_relu"),
    *(
        layer
        for index, before in enumerate(["stem_relu", "add_0"])
        for layer in (
            Conv2d(f"expand_{index}", 4, 8, 1, inputs=(before,)),
            ReLU6(f"expand_{index}_relu"),
            Conv2d(f"depth_{index}", 8, 8, (3, 5), padding=(1, 2), groups=8),
            ReLU6(f"depth_{index}_relu"),
            Conv2d(f"project_{index}", 8, 4, 1),
            Add(f"add_{index}", inputs=(f"project_{index}", before)),
        )
    ),
    MaxPool2d("max_pool", 3, 2, padding=1),
    AvgPool2d("pool", 6),
    Flatten("flatten"),
    Linear("output", 4, 3),
)
"""Blocks as in MobileNetV2, a padded max pooling, and a mean over what is left."""


@pytest.fixture(scope="module")
def graph_network() -> Network:
    network = fixed_network(GRAPH, ("cat", "dog", "owl"), (3, 24, 24))
    network.module.get_submodule("stem").weight.data *= 9  # values on both sides of 6
    return network


@pytest.fixture(scope="module")
def graph_trace(graph_network: Network) -> Trace:
    pictures = np.random.default_rng(1).random((24, 24, 3)).astype(np.float32)
    return trace(pictures, graph_network)


def test_before_a_relu_of_a_sum_the_sum_is_named() -> None:
    """As in ResNets: that ReLU is told alone, and what it reads has another layer's name."""
    layers = (
        Conv2d("conv_1", 1, 3, 3, padding=1),
        ReLU("relu_1"),
        Conv2d("conv_2", 3, 3, 3, padding=1),
        Add("add", inputs=("conv_2", "relu_1")),
        ReLU("relu_2"),
        Flatten("flatten"),
        Linear("output", 3 * 8 * 8, 2),
    )
    network = fixed_network(layers, ("cat", "dog"), (1, 8, 8))
    network.module.get_submodule("conv_2").bias.data -= 1.0
    seen = trace(np.random.default_rng(1).random((8, 8)).astype(np.float32), network)
    setting = setting_of(JourneyScene, seen)
    numbers = numbers_in(JourneyScene, setting)
    told = [n for n in numbers if n["quantity"] == "activation" and n["layer"] in ("add", "relu_2")]
    assert any(n["value"] < 0 for n in told)
    for number in told:
        output = seen[number["layer"]].output
        expected = output[number["channel"], number["row"], number["column"]]
        assert number["value"] == pytest.approx(float(expected))


def test_every_number_of_a_graph_is_the_networks(
    graph_trace: Trace, graph_network: Network
) -> None:
    setting = setting_of(JourneyScene, graph_trace)
    row, column = setting.parameters.pixel
    picture = torch.tensor(graph_trace.layers[0].input)[None].requires_grad_()
    outputs = {"input": picture}
    for layer in graph_trace.architecture.layers:
        read = [outputs[name] for name in graph_trace.architecture.sources_of(layer.name)]
        if isinstance(layer, Add):
            outputs[layer.name] = read[0] + read[1]
        else:
            outputs[layer.name] = graph_network.module.get_submodule(layer.name)(*read)
    told = set()
    for number in numbers_in(JourneyScene, setting):
        if number["quantity"] != "own_part":
            continue
        layer = number.get("layer", "output")
        index = (
            (graph_trace.classes.index(number["class_name"]),)
            if "class_name" in number
            else (number["channel"], number["row"], number["column"])
        )
        gradient = torch.autograd.grad(outputs[layer][(0, *index)], picture, retain_graph=True)[0]
        expected = float((gradient * picture).detach()[0, :, row, column].sum())
        assert number["value"] == pytest.approx(expected, abs=1e-4), number
        told.add(layer)
    assert told >= {"stem_relu", "depth_0_relu", "add_0", "max_pool", "pool", "output"}


@pytest.mark.parametrize(
    ("aspect", "language", "parameters"),
    [
        ("16:9", "en", {"pixel": (0, 23)}),
        pytest.param("9:16", "zh", {}, marks=pytest.mark.slow),
        pytest.param("1:1", "en", {}, marks=pytest.mark.slow),
    ],
)
def test_a_graph_is_legible_and_says_what_is_left_out(
    graph_trace: Trace, aspect: str, language: str, parameters: dict[str, Any]
) -> None:
    setting = setting_of(
        JourneyScene, graph_trace, theme_of("dark", aspect), language, **parameters
    )
    # A long name above the whole network, in the last picture, may be small in a tall frame.
    assert not faults_but_small_type(JourneyScene, setting)
    texts = set()

    def look(scene: Any, beat: str) -> None:
        if beat.startswith("onwards"):
            texts.update(
                each.text for each in scene.get_mobject_family_members() if isinstance(each, Label)
            )

    beats = visit_beats(JourneyScene, setting, look).beats
    assert any(beat.name.startswith("onwards") for beat in beats)
    assert any("11" in text for text in texts)  # so many steps there are
    apart = {"en": "keeps channels apart", "zh": "逐通道卷积"}[language]
    assert [beat.name for beat in beats if apart in str(beat.caption)] == ["step_3"]  # depth_0
