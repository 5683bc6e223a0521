"""The films that are compared show the same: as long, and alike at the end."""

import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from cnnviz.rendering.film import measure_film, stills
from cnnviz.rendering.settings import FilmSettings

SMALL = FilmSettings(320, 180, 2)


@pytest.fixture(autouse=True)
def root(monkeypatch):
    monkeypatch.syspath_prepend(Path(__file__).parents[2])
    monkeypatch.delitem(sys.modules, "benchmarks", raising=False)


def scene_of(case):
    module, name, _ = import_module("benchmarks.case").CASES[case]
    scene_class = getattr(import_module(module), name)
    return lambda renderer: scene_class(renderer=renderer)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("conv-squares", "conv-cnnviz"),
        ("conv-images", "conv-cnnviz"),
        ("overview-images", "overview-cnnviz"),
        ("softmax-decimals", "softmax-cnnviz"),
    ],
)
def test_both_show_the_same(theirs, ours):
    timing = measure_film(scene_of(ours), SMALL)
    assert measure_film(scene_of(theirs), SMALL) == timing
    last = [timing.frame_count - 1]
    (their,) = stills(scene_of(theirs), SMALL, last)
    (our,) = stills(scene_of(ours), SMALL, last)
    far_off = (np.abs(their.astype(int) - our).max(axis=2) > 100).mean()
    assert far_off < 0.06  # other fonts, and cells of little more than a pixel
