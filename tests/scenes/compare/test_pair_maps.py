"""Both maps while they fill: as large as they are looked at, and their pictures beside them."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.layers import Conv2d, Flatten, Linear
from cnnviz.mobjects.colour_bar import ColourBar
from cnnviz.mobjects.text import Number
from cnnviz.model.trace import Trace
from cnnviz.network import Network, trace
from cnnviz.scenes.compare.scene import CompareScene
from cnnviz.staging.scene import LectureScene
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import faults_in, pair_setting, visit_beats


@pytest.mark.parametrize(("aspect", "pictures"), [("16:9", 2), ("9:16", 2), ("1:1", 0)])
def test_maps_fill_large_beside_their_pictures(
    small_trace: Trace, small_network: Network, aspect: str, pictures: int
) -> None:
    noise = np.random.default_rng(5).random((32, 32, 3)).astype(np.float32)
    setting = pair_setting(
        CompareScene, (small_trace, trace(noise, small_network)), theme_of("dark", aspect)
    )
    widths: list[list[float]] = []
    seen: list[int] = []
    tops: list[list[float]] = []

    def look(stage: LectureScene, beat: str) -> None:
        if beat == "sweep":
            halves = stage.board.halves
            widths.append([half.map.width for half in halves])
            seen.append(sum(half.picture in stage.mobjects for half in halves))
            tops.append([half.map.corners()[1] - half.picture.corners()[1] for half in halves])

    visit_beats(CompareScene, setting, look)
    assert all(last > 1.2 * first for first, last in zip(widths[0], widths[-1], strict=True))
    assert seen[-1] == pictures
    assert not pictures or np.allclose(tops[-1], 0.0)


def test_where_nothing_is_below_zero_a_level_rises_rather_than_nothing_change() -> None:
    layers = (Conv2d("conv", 3, 2, 3), Flatten("flatten"), Linear("output", 2 * 10 * 18, 2))
    network = fixed_network(layers, ("cat", "dog"), (3, 12, 20))
    network.module[0].bias.data.fill_(2.0)
    noise = np.random.default_rng(5).random((2, 12, 20, 3)).astype(np.float32)
    setting = pair_setting(CompareScene, (trace(noise[0], network), trace(noise[1], network)))
    beats = visit_beats(CompareScene, setting, lambda *_: None).beats
    (caption,) = (beat.caption for beat in beats if beat.name == "maps")
    assert caption.startswith("Above zero are 100% of the values in A, 100% in B")
    assert not faults_in(CompareScene, setting)


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
def test_the_legend_holds_for_the_difference_too(aspect: str) -> None:
    """A difference of -9.80 stood above "min -8.55", and one of 3.64 above a scale's end of 3.6."""
    layers = (Conv2d("conv", 1, 1, 3), Flatten("flatten"), Linear("output", 100, 2))
    network = fixed_network(layers, ("cat", "dog"), (1, 12, 12))
    network.module.conv.weight.data.fill_(0.5)
    network.module.conv.bias.data.fill_(-2.0)
    black, white = (trace(np.full((12, 12), value, np.float32), network) for value in (0.0, 1.0))
    setting = pair_setting(CompareScene, (black, white), theme_of("dark", aspect))
    shown: dict[str, list[str]] = {}

    def look(stage: LectureScene, beat: str) -> None:
        drawn = stage.get_mobject_family_members()
        legends = [each for each in drawn if isinstance(each, ColourBar)]
        shown[beat] = [
            part.text for each in legends for part in each.get_family() if isinstance(part, Number)
        ]

    visit_beats(CompareScene, setting, look)
    assert shown["maps"] == ["−2.5", "0", "2.5", "−2.00", "2.50"]
    assert shown["gap"] == ["≤ −2.5", "0", "2.5", "−4.50", "2.50"]
