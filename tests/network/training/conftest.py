from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

SMALL_NETWORK = """
name = "small grey"
[input]
channels = 1
height = 20
width = 28
[[layers]]
kind = "conv"
name = "conv_1"
out_channels = 4
kernel_size = 5
stride = 2
padding = 1
[[layers]]
kind = "relu"
name = "relu_1"
[[layers]]
kind = "max_pool"
name = "max_pool_1"
kernel_size = 3
stride = 2
[[layers]]
kind = "flatten"
name = "flatten"
[[layers]]
kind = "linear"
name = "hidden"
out_features = 8
[[layers]]
kind = "relu"
name = "relu_2"
[[layers]]
kind = "linear"
name = "output"
"""


@pytest.fixture
def description(tmp_path: Path) -> Path:
    """A network unlike Tiny VGG: grey 20 x 28 pictures, 5 x 5 kernels, stride 2, padding 1."""
    path = tmp_path / "small.toml"
    path.write_text(SMALL_NETWORK)
    return path


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three classes of 12 pictures that differ in where they are bright."""
    folder = tmp_path_factory.mktemp("data") / "stripes"
    generator = np.random.default_rng(0)
    for name, rows in (("at_top", (0, 8)), ("in_middle", (11, 19)), ("at_bottom", (22, 30))):
        (folder / name).mkdir(parents=True)
        for number in range(12):
            pixels = generator.integers(0, 100, (30, 42, 3), dtype=np.uint8)
            pixels[slice(*rows)] += 120
            Image.fromarray(pixels).save(folder / name / f"{number:02}.png")
    return folder
