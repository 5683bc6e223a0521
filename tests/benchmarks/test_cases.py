"""The films that are compared show the same: as long, and alike at the end."""

import sys
from functools import cache
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from cnnviz.rendering.film import SomeFrames, film_config, measure_film, stills
from cnnviz.rendering.renderer import FilmRenderer
from cnnviz.rendering.settings import FilmSettings

SMALL = FilmSettings(320, 180, 2)


@pytest.fixture(autouse=True, scope="module")
def fewer_cells():
    """Let the maps of the convolution have 8x8 cells for 64x64, and two steps of detail."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(Path(__file__).parents[2])
        for name in [name for name in sys.modules if name.partition(".")[0] == "benchmarks"]:
            patch.delitem(sys.modules, name)
        content = import_module("benchmarks.content")
        patch.setattr(content, "SIZE", content.SIZE // 8)
        patch.setattr(content, "CELL", content.CELL * 8)
        patch.setattr(import_module("benchmarks.convolution"), "DETAILED_STEPS", 2)
        yield
        for name in [name for name in sys.modules if name.partition(".")[0] == "benchmarks"]:
            patch.delitem(sys.modules, name)


class WithoutHaste(SomeFrames):
    """Keeps a few frames of a scene that is played to its end, so that its length is known."""

    def is_done(self, first, section):
        return False


def scene_of(case):
    module, name, _ = import_module("benchmarks.case").CASES[case]
    scene_class = getattr(import_module(module), name)
    return lambda renderer: scene_class(renderer=renderer)


@pytest.fixture(scope="module")
def our_film():
    """Return a function that plays a case of ours once, and gives its timing and its end."""

    @cache
    def play(case):
        timing = measure_film(scene_of(case), SMALL)
        (end,) = stills(scene_of(case), SMALL, [timing.frame_count - 1])
        return timing, end

    return play


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        pytest.param("conv-squares", "conv-cnnviz", marks=pytest.mark.slow),
        pytest.param("conv-images", "conv-cnnviz", marks=pytest.mark.slow),
        ("overview-images", "overview-cnnviz"),
        pytest.param("softmax-decimals", "softmax-cnnviz", marks=pytest.mark.slow),
    ],
)
def test_both_show_the_same(theirs, ours, our_film):
    timing, our_end = our_film(ours)
    last = timing.frame_count - 1
    sink = WithoutHaste([last])
    with film_config(SMALL):
        renderer = FilmRenderer(sink)
        scene_of(theirs)(renderer).render()
    assert renderer.timing == timing
    far_off = (np.abs(sink.pictures[last].astype(int) - our_end).max(axis=2) > 100).mean()
    assert far_off < 0.09  # other fonts, and maps of few pixels, of which one may have one more
