"""What a process takes does not grow with what it has made."""

from __future__ import annotations

import gc
import threading
from pathlib import Path

import psutil
import pytest
from PIL import Image

import cnnviz

STILLS = 5
OBJECTS = 100
"""Python objects that a still may leave; one of its mobjects alone has thousands."""


@pytest.mark.slow
def test_stills_in_one_process_neither_grow_nor_keep_anything_open(
    tmp_path: Path, small_weights: Path
) -> None:
    picture, process = Image.new("RGB", (64, 64), "#204060"), psutil.Process()
    output = tmp_path / "still.png"

    def take() -> tuple[int, int, int]:
        how = {"weights": small_weights, "quality": "l", "fps": 2, "pace": 0.1}
        cnnviz.render_still("softmax", picture, output, at=0.5, **how)
        gc.collect()
        return len(gc.get_objects()), process.num_fds(), threading.active_count()

    for _ in range(2):  # fonts, formulas and descriptions are kept from the first on
        before = take()
    for _ in range(STILLS):
        after = take()
    assert after[0] - before[0] < OBJECTS * STILLS
    assert after[1] <= before[1]
    assert after[2] <= before[2]
