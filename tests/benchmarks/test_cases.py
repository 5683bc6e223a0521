"""The films that are compared show the same: as long, and alike at the end."""

import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from cnnviz.rendering.film import SomeFrames, film_config, measure_film, stills
from cnnviz.rendering.renderer import FilmRenderer
from cnnviz.rendering.settings import FilmSettings

SMALL = FilmSettings(320, 180, 2)


@pytest.fixture(autouse=True)
def fewer_cells(monkeypatch):
    """Let the maps of the convolution be as large as ever, of a sixteenth of the cells."""
    monkeypatch.syspath_prepend(Path(__file__).parents[2])
    for name in [name for name in sys.modules if name.partition(".")[0] == "benchmarks"]:
        monkeypatch.delitem(sys.modules, name)
    content = import_module("benchmarks.content")
    monkeypatch.setattr(content, "SIZE", content.SIZE // 4)
    monkeypatch.setattr(content, "CELL", content.CELL * 4)
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "benchmarks"]:
        monkeypatch.delitem(sys.modules, name)


class WithoutHaste(SomeFrames):
    """Keeps a few frames of a scene that is played to its end, so that its length is known."""

    def is_done(self, first, section):
        return False


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
    last = timing.frame_count - 1
    sink = WithoutHaste([last])
    with film_config(SMALL):
        renderer = FilmRenderer(sink)
        scene_of(theirs)(renderer).render()
    assert renderer.timing == timing
    (our,) = stills(scene_of(ours), SMALL, [last])
    far_off = (np.abs(sink.pictures[last].astype(int) - our).max(axis=2) > 100).mean()
    assert far_off < 0.06  # other fonts, and cells of little more than a pixel
