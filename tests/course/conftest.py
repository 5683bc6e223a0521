"""What the tests of courses share: a folder with pictures, and course files in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

QUICK = 'quality = "l"\nfps = 2\npace = 0.2\n'
"""Makes films that take no time, below a [defaults] or a [[films]]."""


def write_picture(path: Path, seed: int) -> None:
    path.parent.mkdir(exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 255, (64, 64, 3), np.uint8)
    Image.fromarray(pixels).save(path)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder, with two pictures in ``photos``."""
    for seed in range(2):
        write_picture(tmp_path / "photos" / f"{'ab'[seed]}.png", seed)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def write_course(folder: Path) -> Callable[[str], Path]:
    """Return a function that writes a course file; its pictures are those of the folder."""

    def write(text: str) -> Path:
        path = folder / "course.toml"
        path.write_text(text, encoding="utf-8")
        return Path("course.toml")

    return write
