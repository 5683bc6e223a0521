"""Where the arithmetic of one place stands, and the values of that place before it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from cnnviz.layers import Conv2d, Flatten, Linear
from cnnviz.mobjects.fitting import SMALLEST
from cnnviz.mobjects.text import Label
from cnnviz.model.trace import Trace
from cnnviz.network import trace
from cnnviz.scenes.compare.scene import CompareScene
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import faults_in, pair_setting, visit_beats

COLOURS = (Conv2d("conv", 3, 1, 3), Flatten("flatten"), Linear("output", 36, 2))


@pytest.fixture(scope="module")
def grey_pair() -> tuple[Trace, Trace]:
    """Two grey pictures of noise in a network with one kernel of 5x5 and large outputs."""
    layers = (Conv2d("conv", 1, 1, 5, padding=2), Flatten("flatten"), Linear("output", 400, 2))
    network = fixed_network(layers, ("one", "two"), (1, 20, 20))
    network.module.conv.weight.data.mul_(100.0)
    random = np.random.default_rng(11)
    one, two = (trace(random.random((20, 20), np.float32), network) for _ in range(2))
    return one, two


def played(pair: tuple[Trace, Trace], aspect: str) -> Any:
    setting = pair_setting(CompareScene, pair, theme_of("dark", aspect))
    return visit_beats(CompareScene, setting, lambda stage, beat: None)


def test_one_channel_has_the_whole_width_of_an_upright_frame(
    grey_pair: tuple[Trace, Trace],
) -> None:
    scene = played(grey_pair, "9:16")
    assert scene.worked.has_numbers
    grids = [each.cells for each in (*scene.worked.grids, *scene.worked.products)]
    stage = theme_of("dark", "9:16").layout.stage
    lefts, _, rights, _ = zip(*(each.corners() for each in grids), strict=True)
    assert max(rights) - min(lefts) > 0.9 * stage.width
    setting = pair_setting(CompareScene, grey_pair, theme_of("dark", "9:16"))
    assert not faults_in(CompareScene, setting)


def test_one_channel_in_a_square_frame_is_written_out_above_its_sum(
    grey_pair: tuple[Trace, Trace],
) -> None:
    """Beside the sums, products of 5x5 kernels were colours only."""
    assert played(grey_pair, "1:1").worked.has_numbers
    setting = pair_setting(CompareScene, grey_pair, theme_of("dark", "1:1"))
    assert not faults_in(CompareScene, setting)


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
def test_what_grids_are_called_stands_just_above_them(
    grey_pair: tuple[Trace, Trace], aspect: str
) -> None:
    scene = played(grey_pair, aspect)
    tops = [each.cells.get_top() for each in (*scene.worked.grids, *scene.worked.products)]
    words = {scene.word(key, name="") for key in ("weights", "products")}
    heads = [each for each in scene.worked.around if isinstance(each, Label) and each.text in words]
    assert heads
    for head in heads:
        x, bottom = float(head.get_x()), float(head.get_bottom()[1])
        above = [bottom - top[1] for top in tops if abs(top[0] - x) < 0.1 and top[1] < bottom]
        assert min(above) < 0.5


def test_values_beside_their_maps_touch_none(grey_pair: tuple[Trace, Trace]) -> None:
    difference = played(grey_pair, "1:1").difference
    right = difference.difference.get_left()[0]
    for number, made in zip(difference.numbers[:2], difference.maps[:2], strict=True):
        assert number.get_left()[0] - made.get_right()[0] > 0.1
        assert right - number.get_right()[0] > 0.1


@pytest.mark.parametrize("aspect", ["16:9", "1:1"])
def test_kernels_too_large_for_numbers_are_no_specks(aspect: str) -> None:
    layers = (Conv2d("conv", 3, 1, 11), Flatten("flatten"), Linear("output", 36, 2))
    network = fixed_network(layers, ("one", "two"), (3, 16, 16))
    random = np.random.default_rng(11)
    one, two = (trace(random.random((16, 16, 3), np.float32), network) for _ in range(2))
    scene = played((one, two), aspect)
    assert min(each.cells.width for each in scene.worked.products) > 0.9
    setting = pair_setting(CompareScene, (one, two), theme_of("dark", aspect))
    assert not faults_in(CompareScene, setting)


@pytest.mark.parametrize("channels", [3, 10])
def test_sums_beside_the_grids_touch_none(channels: int) -> None:
    """In 16:9 the total of the first stood at the edge of its products."""
    layers = (
        Conv2d("conv", 3, channels, 3),
        Conv2d("deep", channels, 1, 3),
        Flatten("flatten"),
        Linear("output", 256, 2),
    )
    network = fixed_network(layers, ("one", "two"), (3, 20, 20))
    network.module.deep.weight.data.mul_(30.0)
    random = np.random.default_rng(11)
    one, two = (trace(random.random((20, 20, 3), np.float32), network) for _ in range(2))
    setting = pair_setting(CompareScene, (one, two), theme_of("light", "16:9"), layer="deep")
    worked = visit_beats(CompareScene, setting, lambda stage, beat: None).worked
    lefts, _, rights, _ = zip(*(each.cells.corners() for each in worked.products), strict=True)
    first, second = (table.parts for table in worked.tables)
    assert max(float(each.get_right()[0]) for each in first) < min(lefts) - 0.1
    assert min(float(each.get_left()[0]) for each in second) > max(rights) + 0.1


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
def test_numbers_of_neighbouring_cells_stand_apart(aspect: str) -> None:
    """Of -0.46 beside -0.44 in a square frame no pixel parted one from the other's sign."""
    network = fixed_network(COLOURS, ("one", "two"), (3, 8, 8))
    network.module.conv.weight.data.fill_(-0.46)
    pair = trace(np.ones((8, 8, 3), np.float32), network)
    setting = pair_setting(CompareScene, (pair, pair), theme_of("dark", aspect))
    scene = visit_beats(CompareScene, setting, lambda stage, beat: None)
    grids = [each for each in scene.worked.products if each.has_numbers]
    assert grids
    for grid in grids:
        for left, right in zip(grid.numbers[:2], grid.numbers[1:3], strict=True):
            assert right.get_left()[0] - left.get_right()[0] > 0.35 * left.em
            assert left.font_size >= SMALLEST


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
def test_where_no_number_has_a_sign_columns_leave_room_for_those_that_have(aspect: str) -> None:
    """In a square frame the products were set in 13.1 points, beside patches with room to spare."""
    network = fixed_network(COLOURS, ("one", "two"), (3, 8, 8))
    network.module.conv.weight.data.fill_(-0.46)
    pair = trace(np.full((8, 8, 3), 0.5, np.float32), network)
    setting = pair_setting(CompareScene, (pair, pair), theme_of("dark", aspect))
    worked = visit_beats(CompareScene, setting, lambda stage, beat: None).worked
    sizes = {each.font_size for grid in worked.products for each in grid.numbers}
    assert min(sizes) > 14
    patch, kernel = worked.grids[:2]
    assert patch.cells.width < kernel.cells.width == pytest.approx(worked.products[0].cells.width)
    assert patch.numbers[0].font_size == pytest.approx(kernel.numbers[0].font_size, rel=0.02)


@pytest.mark.parametrize("is_tied", [True, False])
def test_among_equal_effects_none_is_said_to_be_the_largest(*, is_tied: bool) -> None:
    """Of five channels with equal sums three were told as those with the largest effect."""
    layers = (Conv2d("conv", 1, 5, 1), Conv2d("deep", 5, 1, 3), Flatten("flatten"))
    network = fixed_network((*layers, Linear("output", 100, 2)), ("one", "two"), (1, 12, 12))
    network.module.conv.weight.data.copy_(torch.linspace(1.0, 2.0, 5).reshape(5, 1, 1, 1))
    network.module.conv.bias.data.fill_(0.0)
    if is_tied:
        network.module.conv.weight.data.fill_(1.0)
        network.module.deep.weight.data.fill_(0.5)
    random = np.random.default_rng(3)
    one, two = (trace(random.random((12, 12), np.float32), network) for _ in range(2))
    setting = pair_setting(CompareScene, (one, two), theme_of("dark", "16:9"), layer="deep")
    scene = visit_beats(CompareScene, setting, lambda stage, beat: None)
    said = next(each.caption for each in scene.beats if each.name == "worked")
    assert ("the largest effect" in said) is not is_tied
    assert ("no channel has a larger effect" in said) is is_tied
