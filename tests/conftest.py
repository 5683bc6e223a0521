"""What all tests share: one profile for hypothesis, one small network with fixed weights."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import settings
from manim import tempconfig

from cnnviz import typography
from cnnviz.architecture import (
    Architecture,
    Conv2d,
    Flatten,
    InputDescription,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
)
from cnnviz.network import Network, save_network

# The first example also pays for torch's start, and machines are shared.
settings.register_profile("cnnviz", deadline=None)
settings.load_profile("cnnviz")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-pictures", action="store_true", help="store the last frames anew, after a look"
    )


@pytest.fixture(autouse=True, scope="session")
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep what the tests make out of the user's own cache, for processes they start, too."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CNNVIZ_CACHE_DIR", str(folder))
        yield folder


@pytest.fixture(autouse=True, scope="session")
def manim_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let each test process set formulas in a folder of its own: Manim's files have no locks."""
    folder = tmp_path_factory.mktemp("manim")
    with tempconfig({"media_dir": folder, "tex_dir": folder, "text_dir": folder}):
        yield


@pytest.fixture
def without_chinese_font(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let text be set as where the extra that brings the Chinese font is not installed."""
    caches = (typography.shape_line, typography.line_advance)
    monkeypatch.setattr(typography, "_chinese_font", lambda weight: None)
    for each in caches:
        each.cache_clear()
    yield
    for each in caches:
        each.cache_clear()


def fixed_network(
    layers: tuple[Layer, ...], classes: tuple[str, ...], size: tuple[int, int, int]
) -> Network:
    """Return a network whose weights come from NumPy: the same with every version of torch."""
    channels, height, width = size
    description = InputDescription(channels, height, width, (0.0,) * channels, (1.0,) * channels)
    network = Network.build(Architecture("Fixed", description, layers, classes))
    random = np.random.default_rng(7)
    for parameter in network.module.parameters():
        spread = 1 / np.sqrt(max(parameter[0].numel(), 1))
        values = random.normal(0, spread, tuple(parameter.shape)).astype(np.float32)
        parameter.data.copy_(torch.from_numpy(values))
    return network


@pytest.fixture(scope="session")
def small_network() -> Network:
    """Five kinds of layers on 32x32 pixels, with few and with many input channels."""
    layers = (
        Conv2d("conv_1", 3, 6, 3),
        ReLU("relu_1"),
        MaxPool2d("max_pool_1", 2, 2),
        Conv2d("conv_2", 6, 4, 5, stride=2, padding=2),
        ReLU("relu_2"),
        Flatten("flatten"),
        Linear("output", 4 * 8 * 8, 3),
    )
    return fixed_network(layers, ("cat", "dog", "owl"), (3, 32, 32))


@pytest.fixture(scope="session")
def small_weights(small_network: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("networks") / "fixed.safetensors"
    save_network(small_network, path)
    return path
