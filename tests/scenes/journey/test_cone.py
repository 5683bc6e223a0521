"""The telescope of receptive fields: where its fields and the cell's value stand."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.explain.fields import Field
from cnnviz.layers import Conv2d, Flatten, Linear
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.scenes.journey.cone import Cone, Patch
from cnnviz.scenes.journey.trail import Trail
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import dark_theme, theme_of
from tests.scenes.stage import words_of
from tests.torch_traces import TraceBuilder

LAYERS = [
    (name, 0)
    for name in ("relu_1_1", "relu_1_2", "max_pool_1", "relu_2_1", "relu_2_2", "max_pool_2")
]


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
def test_the_telescope_uses_the_room_below_the_trail(tiny_vgg: Trace, aspect: str) -> None:
    theme = theme_of("dark", aspect)
    cells = np.zeros((2, 2, 3), np.uint8)
    names = ["the picture", *(layer for layer, _ in LAYERS)]
    zone = Trail([cells] * len(names), names, theme).zone_below
    cone = Cone(tiny_vgg, LAYERS, 3, 4, zone, theme, words_of("journey"))
    shown = sum(crop.width * crop.height for crop in cone.crops)
    assert shown > 0.4 * zone.width * zone.height
    assert all(crop.get_bottom()[1] > zone.bottom for crop in cone.crops)


def test_value_and_size_of_the_cell_stand_clear_of_a_much_larger_field(
    make_trace: TraceBuilder,
) -> None:
    layers = [Conv2d("conv", 1, 1, 15), Flatten("flatten"), Linear("output", 16, 2)]
    trace = make_trace(layers, (1, 18, 18))
    zone = Zone(-6.5, 1.8, 6.5, -1.8)
    cone = Cone(trace, [("conv", 0)], 1, 1, zone, dark_theme(), words_of("journey"))
    cone.value.move_to(cone.value_goal)
    for text in (cone.value, cone.sizes[-1]):
        assert text.get_left()[0] > cone.crops[0].get_right()[0]


def test_in_a_square_frame_the_picture_is_large_beside_its_patch(tiny_vgg: Trace) -> None:
    theme = theme_of("dark", "1:1")
    stage = theme.layout.stage
    seen = Field(INPUT, tuple(range(16)), tuple(range(16)))
    patch = Patch(tiny_vgg, seen, stage, theme, words_of("journey"))
    assert patch.photo.width > 0.45 * stage.width


def test_uneven_strides_scale_fields_along_both_axes(make_trace: TraceBuilder) -> None:
    layers = [
        Conv2d("wide", 1, 1, (1, 3), (1, 2)),
        Conv2d("conv", 1, 1, 3),
        Flatten("flatten"),
        Linear("output", 14 * 5, 2),
    ]
    trace = make_trace(layers, (1, 16, 16))
    zone = Zone(-6.5, 1.8, 6.5, -1.8)
    cone = Cone(trace, [("wide", 0), ("conv", 0)], 2, 2, zone, dark_theme(), words_of("journey"))
    picture, wide, cell = cone.crops
    assert picture.width / picture.height == pytest.approx(7 / 3)  # 3x7 pixels
    assert wide.width / wide.height == pytest.approx(6 / 3)  # 3x3 cells, two pixels wide
    assert cell.width / cell.height == pytest.approx(2)
