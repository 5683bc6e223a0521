"""Small things to work on: photos, a network, a dataset, a course. The same every time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

SMALL = ("-q", "l", "--fps", "2", "--pace", "0.1")
"""Options of a film that takes seconds."""

DESCRIPTION = """
name = "small"
input = { channels = 3, height = 12, width = 12 }
[[layers]]
kind = "conv"
name = "conv_1"
out_channels = 4
kernel_size = 3
[[layers]]
kind = "relu"
name = "relu_1"
[[layers]]
kind = "max_pool"
name = "pool_1"
kernel_size = 2
[[layers]]
kind = "flatten"
name = "flatten"
[[layers]]
kind = "linear"
name = "output"
"""

NAMES = 'red = "红"\nblue_sky = "蓝天"\n'

COURSE = """
title = "Small"
[defaults]
pictures = ["photos"]
quality = "l"
fps = 2
pace = 0.1
[[films]]
scene = "softmax"
"""

DEFAULTS = 'language = "en"\n[conv]\nlayer = "conv_1_2"\n[train]\nepochs = 3\n'


def photo(path: Path, seed: int = 0, size: int = 48) -> Path:
    """Write a photo of noise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 255, (size, size, 3), np.uint8)
    Image.fromarray(pixels).save(path)
    return path


def photos(folder: Path, count: int = 2) -> Path:
    """Write some photos."""
    for number in range(count):
        photo(folder / f"photo{number}.png", number)
    return folder


def dataset(folder: Path) -> Path:
    """Write pictures of two classes, and a network's description beside them."""
    for label, colour in (("red", 0), ("blue_sky", 2)):
        for number in range(6):
            pixels = np.random.default_rng(number).integers(0, 90, (12, 12, 3), np.uint8)
            pixels[..., colour] += 150
            path = folder / "data" / label / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).save(path)
    (folder / "small.toml").write_text(DESCRIPTION)
    return folder


def training(folder: Path) -> list[str]:
    """Return the arguments that train on the dataset in a folder."""
    return [
        *("train", str(folder / "data"), "--network", str(folder / "small.toml")),
        *("--epochs", "8", "--batch-size", "4", "--threads", "1"),
    ]
