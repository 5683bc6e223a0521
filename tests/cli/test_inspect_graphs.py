"""``cnnviz inspect`` of networks with branches, groups, and layers behind the flattening."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from cnnviz.cli.inspect import inspect
from cnnviz.layers import Add, Conv2d, Flatten, Linear, ReLU6
from cnnviz.model.trace import Trace
from cnnviz.network import Network, save_network, trace
from tests.conftest import fixed_network

SIZE = 9


def inspected(network: Network, folder: Path) -> tuple[Trace, Callable[..., str]]:
    """Return what a network does with a photo, and a function that says what is printed of it."""
    photo, path = folder / "photo.png", folder / "network.safetensors"
    pixels = np.random.default_rng(1).integers(0, 256, (SIZE, SIZE, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(photo)
    save_network(network, path)

    def told(layer: str, channel: int, *options: str) -> str:
        place = ["--layer", layer, "--channel", str(channel)]
        call = [str(photo), "--weights", str(path), *place, *options]
        result = CliRunner().invoke(inspect, call)
        assert result.exit_code == 0, result.output
        return result.stdout

    return trace(photo, network), told


def test_the_values_of_a_graph(tmp_path: Path) -> None:
    layers = (
        Conv2d("stem", 3, 4, 1),
        ReLU6("limited"),
        Conv2d("grouped", 4, 4, 3, padding=1, groups=2),
        Conv2d("depthwise", 4, 4, 3, padding=1, groups=4),
        Add("sum", inputs=("depthwise", "limited")),
        Flatten("flatten"),
        Linear("output", 4 * SIZE * SIZE, 2),
    )
    made = fixed_network(layers, ("cat", "dog"), (3, SIZE, SIZE))
    made.module.get_submodule("stem").weight.data *= 30  # values on both sides of 0 and of 6
    looked, say = inspected(made, tmp_path)

    def told(layer: str, channel: int) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(say(layer, channel, "--pixel", "0,5", "--json"))["value"]
        assert found["value"] == pytest.approx(float(looked[layer].output[channel, 0, 5]), abs=1e-5)
        return found

    before = looked["limited"].input[2]
    relu6 = told("limited", 2)
    assert (relu6["below"], relu6["above"]) == ((before < 0).sum(), (before > 6).sum())
    assert relu6["input_value"] == pytest.approx(float(before[0, 5]))
    addition = told("sum", 1)
    assert addition["input_layers"] == ["depthwise", "limited"]
    expected = [float(looked[name].output[1, 0, 5]) for name in addition["input_layers"]]
    assert addition["terms"] == pytest.approx(expected)
    for layer, sources in (("grouped", [2, 3]), ("depthwise", [3])):
        found = told(layer, 3)
        assert found["input_channels"] == sources
        products = np.array(found["products"])
        assert products.shape == (len(sources), 3, 3)
        assert products.sum() + found["bias"] == pytest.approx(found["value"], abs=1e-4)
        weight = looked[layer].weight
        assert weight is not None
        np.testing.assert_allclose(found["kernel"], weight[3], rtol=1e-6)


def test_values_of_vectors(tmp_path: Path) -> None:
    layers = (
        Conv2d("conv", 3, 2, 3),
        Flatten("flatten"),
        Linear("hidden", 2 * (SIZE - 2) ** 2, 5),
        ReLU6("limited"),
        Linear("mixed", 5, 5),
        Add("sum", inputs=("limited", "mixed")),
        Linear("output", 5, 2),
    )
    made = fixed_network(layers, ("cat", "dog"), (3, SIZE, SIZE))
    looked, told = inspected(made, tmp_path)
    assert "moved to 0 or 6 if it lies outside of them" in told("limited", 3)
    relu6 = json.loads(told("limited", 3, "--json"))["value"]
    assert relu6["input_value"] == pytest.approx(float(looked["hidden"].output[3]), abs=1e-5)
    addition = json.loads(told("sum", 3, "--json"))["value"]
    assert addition["input_layers"] == ["limited", "mixed"]
    assert sum(addition["terms"]) == pytest.approx(float(looked["sum"].output[3]), abs=1e-5)
    assert "the same place of limited and mixed" in told("sum", 3)
