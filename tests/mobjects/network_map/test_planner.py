"""The plan of an overview: everything inside the frame, nothing on top of anything else."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.explain.overview import Node
from cnnviz.layers import Conv2d, Flatten, Layer, Linear, MaxPool2d, ReLU
from cnnviz.mobjects.fitting import SMALLEST
from cnnviz.mobjects.network_map.columns_planner import SMALLEST_PITCH
from cnnviz.mobjects.network_map.headings import Headings
from cnnviz.mobjects.network_map.plan import (
    LEAST_EDGE,
    LIGHT_MARGIN,
    LINE,
    NAME_GAP,
    NetworkPlan,
    lines_without_collision,
    text_spans,
)
from cnnviz.mobjects.network_map.planner import plan_network
from cnnviz.mobjects.network_map.tile_sizes import SMALLEST_TILE, tile_sides
from cnnviz.mobjects.text import Label
from cnnviz.model.trace import Trace
from cnnviz.network import load_network, trace
from cnnviz.photos import bundled_photo
from cnnviz.staging.title import Title
from cnnviz.style.names import ASPECTS
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import words_of

GREY = np.full((8, 8), 0.5, np.float32)


def plan_of(seen: Trace, aspect: str, node: Node | None = None) -> NetworkPlan:
    theme = theme_of("dark", aspect)
    return plan_network(seen, theme.layout.stage, theme, words_of("overview"), node)


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    """Networks of any depth and width, on 8x8 pixels."""
    layers: list[Layer] = []
    channels, size = draw(st.sampled_from([1, 3])), 8
    inputs = channels
    for index in range(draw(st.integers(1, 8))):
        filters = draw(st.integers(1, 70))
        layers += [Conv2d(f"conv_{index}", channels, filters, 1), ReLU(f"relu_{index}")]
        channels = filters
        if size > 1 and draw(st.booleans()):
            layers.append(MaxPool2d(f"a_pooling_layer_{index}", 2, 2))
            size //= 2
    layers.append(Flatten("flatten"))
    features = channels * size * size
    if draw(st.booleans()):
        hidden = draw(st.integers(1, 40))
        layers += [Linear("hidden", features, hidden), ReLU("relu_hidden")]
        features = hidden
    classes = draw(st.integers(2, 25))
    layers.append(Linear("output", features, classes))
    names = tuple(f"class {index}" for index in range(classes))
    return trace(GREY, fixed_network(tuple(layers), names, (inputs, 8, 8)))


@settings(max_examples=15)
@given(traces(), st.sampled_from(ASPECTS), st.data())
def test_any_network_fits(seen: Trace, aspect: str, data: st.DataObject) -> None:
    chosen = data.draw(st.sampled_from(seen.layers[:-1]))
    node = Node(chosen.name, 0)
    plan = plan_of(seen, aspect, node)
    stage = theme_of("dark", aspect).layout.stage
    assert plan.pitch >= SMALLEST_PITCH - 0.01
    for side, pitch in zip(plan.sides, plan.pitches, strict=True):
        assert 0 < side < pitch
    photo = plan.photo
    assert stage.left - 1e-6 <= photo.left <= photo.right <= stage.right
    assert stage.bottom <= photo.bottom <= photo.top <= stage.top + 1e-6
    for position in range(len(plan.layers[0].channels)):
        x, y, _ = plan.centre(0, position)
        half = plan.sides[0] / 2
        assert photo.right < x - half or photo.bottom > y + half or x + half < photo.left, (
            "the photo stands beside or above the channels"
        )
    forward = -1 if plan.runs_down else 1
    for one, other in pairwise(range(len(plan.along))):
        free = forward * (plan.along[other] - plan.along[one])
        free -= (plan.thickness(one) + plan.thickness(other)) / 2
        assert free > 0.1, "there is room for edges"
    for index, layer in enumerate(plan.layers[:-1]):
        for position in range(len(layer.channels)):
            x, y, _ = plan.centre(index, position)
            assert stage.left <= x - plan.side / 2 + 0.15
            assert x + plan.side / 2 <= plan.bars.left or plan.runs_down
            assert stage.bottom < y - plan.side / 2
            assert y + plan.side / 2 <= stage.top + 1e-6
    lit = [layer.name for layer in plan.layers].index(node.layer)
    assert node.channel in plan.layers[lit].channels


@pytest.mark.parametrize("aspect", ASPECTS)
def test_tiny_vgg_is_shown_completely(aspect: str) -> None:
    plan = plan_of(trace(bundled_photo(), load_network()), aspect)
    assert not any(layer.left_out or layer.skipped for layer in plan.layers)
    assert plan.runs_down == (aspect == "9:16")
    assert plan.name_lines == (1 if aspect == "9:16" else 2)


@pytest.mark.parametrize("aspect", ASPECTS)
def test_few_maps_have_the_room_that_many_would_take(aspect: str) -> None:
    layers = (
        Conv2d("few", 1, 6, 3, padding=1),
        MaxPool2d("pool", 2, 2),
        Conv2d("many", 6, 16, 5),
        Flatten("flatten"),
        Linear("output", 16 * 10 * 10, 2),
    )
    classes = ("one", "other")
    plan = plan_of(trace(GREY, fixed_network(layers, classes, (1, 28, 28))), aspect)
    pixel = theme_of("dark", aspect).layout.pixel
    few, pooled = plan.sides[1:3]
    assert few > plan.pitches[3]
    assert pooled == pytest.approx(few / 2, abs=2 * pixel), "in proportion to their cells"


def test_large_channels_of_the_picture_stay_in_the_zone() -> None:
    layers: list[Layer] = [Conv2d("features_convolution_0", 3, 1, 5, stride=2)]
    for index in range(1, 6):
        channels = 1 if index == 1 else 8
        conv = Conv2d(f"features_convolution_{index}", channels, 8, 3, padding=1)
        layers += [ReLU(f"features_relu_{index}"), conv]
    layers += [Flatten("flatten"), Linear("features_linear", 8 * 30 * 30, 5)]
    names = ("cat", "dog", "golden retriever", "T-shirt/top", "ankle boot")
    network = fixed_network(tuple(layers), names, (3, 64, 64))
    plan = plan_of(trace(bundled_photo(), network), "16:9")
    stage, pixel = theme_of("dark", "16:9").layout.stage, theme_of("dark", "16:9").layout.pixel
    assert plan.along[0] - plan.sides[0] / 2 > stage.left - 2 * pixel


@pytest.mark.parametrize("aspect", ["9:16", "1:1"])
def test_large_maps_take_the_room_along_that_small_ones_leave(aspect: str) -> None:
    seen = trace(bundled_photo("digit"), load_network("lenet_5"))
    plan = plan_of(seen, aspect)
    first = [layer.name for layer in plan.layers].index("conv_1")
    steps = np.abs(np.diff(plan.along))
    assert plan.sides[first] > 1.2 * (steps.mean() - LEAST_EDGE), "more than even steps would leave"
    assert steps[first] > steps[-1]
    for index, step in enumerate(steps):
        thick = plan.thickness(index), plan.thickness(index + 1)
        assert step >= sum(thick) / 2 + LEAST_EDGE - 1e-6


@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0.1, 2)), min_size=1, max_size=20))
def test_lines_do_not_collide(texts: list[tuple[float, float]]) -> None:
    spans = [(left, left + width) for left, width in sorted(texts)]
    lines = lines_without_collision(spans)
    for line in set(lines):
        on_it = [span for span, its_line in zip(spans, lines, strict=True) if its_line == line]
        assert all(one[1] + NAME_GAP <= other[0] + 1e-6 for one, other in pairwise(on_it))


@given(st.lists(st.integers(1, 224), min_size=1, max_size=20), st.floats(0.3, 1.2))
def test_tiles_are_in_proportion(cells: list[int], largest: float) -> None:
    """More cells are larger; strictly in proportion where the smallest is seen then."""
    sides = tile_sides(cells, largest)
    assert max(sides) == pytest.approx(largest)
    assert min(sides) >= min(SMALLEST_TILE, largest) - 1e-9
    for (count, side), (more, other) in product(zip(cells, sides, strict=True), repeat=2):
        assert (count < more) == (side < other - 1e-12)
    if largest * min(cells) >= SMALLEST_TILE * max(cells):
        assert sides == pytest.approx([largest * count / max(cells) for count in cells])


@pytest.mark.parametrize("aspect", ASPECTS)
def test_64_30_and_13_are_seen(aspect: str) -> None:
    plan = plan_of(trace(bundled_photo(), load_network()), aspect)
    sides = {layer.name: side for layer, side in zip(plan.layers, plan.sides, strict=False)}
    pixel = theme_of("dark", aspect).layout.pixel
    assert sides["input"] > 1.4 * sides["max_pool_1"]
    assert sides["max_pool_1"] > 1.2 * sides["max_pool_2"]
    assert sides["max_pool_2"] >= 18 * pixel
    for side in plan.sides:
        assert side / pixel == pytest.approx(round(side / pixel)), "whole pixels at 1080p"


def test_in_upright_frames_the_last_name_is_as_clear_as_the_others() -> None:
    layers = (Conv2d("conv", 1, 4, 1), ReLU("relu"), Flatten("flatten"), Linear("output", 256, 60))
    names = tuple(f"class {index}" for index in range(60))
    seen = trace(GREY, fixed_network(layers, names, (1, 8, 8)))
    theme = theme_of("dark", "9:16")
    headings = Headings(plan_of(seen, "9:16"), theme, words_of("overview"))
    shape = headings.others[-2][0]
    assert isinstance(shape, Label)
    gap = shape.get_center()[1] - headings.names[-1].get_center()[1]
    assert gap > 1.4 * LINE


def test_in_upright_frames_a_thousand_maps_left_out_are_counted_clear_of_the_last_one() -> None:
    layers = (Conv2d("conv", 1, 1300, 1), Flatten("flatten"), Linear("output", 1300 * 64, 2))
    seen = trace(GREY, fixed_network(layers, ("a", "b"), (1, 8, 8)))
    plan = plan_of(seen, "9:16")
    count = Headings(plan, theme_of("dark", "9:16"), words_of("overview")).others[1][-1]
    assert isinstance(count, Label)
    assert count.text.startswith("+")
    last = plan.across(1, len(plan.layers[1].channels) - 1) + plan.sides[1] / 2
    assert last + NAME_GAP / 2 < count.get_left()[0]
    assert count.get_right()[0] < plan.legend.left + NAME_GAP


def test_thousands_of_maps_left_out_of_neighbours_are_counted_clear_of_each_other() -> None:
    """As in ResNeXt-50, whose last convolution makes 2,048 maps of 1,024."""
    layers: list[Layer] = [Conv2d("c0", 1, 1040, 1)]
    for index in range(1, 15):
        sizes = (1040, 2080) if index % 2 else (2080, 1040)
        layers.append(Conv2d(f"c{index}", *sizes, 1, groups=1040))
    layers += [MaxPool2d("pool", 8, 8), Flatten("flatten"), Linear("out", 1040, 2)]
    plan = plan_of(trace(GREY, fixed_network(tuple(layers), ("a", "b"), (1, 8, 8))), "16:9")
    headings = Headings(plan, theme_of("dark", "16:9"), words_of("overview"))
    counts = [
        label
        for others in headings.others
        for label in others
        if isinstance(label, Label) and label.text.startswith("+")
    ]
    assert len(counts) > 2
    for count, after in pairwise(counts):
        assert count.get_right()[0] + NAME_GAP / 2 < after.get_left()[0]


def test_a_text_that_keeps_to_the_stage_may_need_another_line() -> None:
    """The planner thought that it did not, and the next layer's shape lay on the maps."""
    layers = (Conv2d("conv", 1, 8, 1), Flatten("flatten"), Linear("output", 8 * 64, 2))
    shown = plan_of(trace(GREY, fixed_network(layers, ("a", "b"), (1, 8, 8))), "1:1").layers
    spans = text_spans(shown, [-4.3, -3.2], [[0], [1]], [1.0, 1.1], left=-4.5)
    assert np.allclose(spans, [(-4.5, -3.5), (-3.75, -2.65)])
    assert lines_without_collision(spans) == [0, 1]


@pytest.mark.parametrize("aspect", ASPECTS)
def test_names_of_26_letters_are_legible(aspect: str) -> None:
    """As in Keras's Xception: they were set in 10 points."""
    name = "block13_sepconv2_pointwise"
    layers = (Conv2d(name, 1, 8, 1), Flatten("flatten"), Linear("output", 8 * 64, 2))
    plan = plan_of(trace(GREY, fixed_network(layers, ("a", "b"), (1, 8, 8))), aspect)
    headings = Headings(plan, theme_of("dark", aspect), words_of("overview"))
    assert headings.names[1].text == name
    assert headings.names[1].font_size >= SMALLEST


def test_the_frame_that_lights_an_upright_photo_is_clear_of_two_lines_below_the_title() -> None:
    """In the journey it lay on the letters that reach below their line."""
    plan = plan_of(trace(bundled_photo("cat"), load_network()), "9:16")
    title = Title("The journey", "which path is followed " * 4, theme_of("light", "9:16"))
    assert len(title.below.submobjects) == 2
    lowest = title.below.submobjects[-1].ink_corners()[3]
    assert plan.photo.top + LIGHT_MARGIN + 0.05 < lowest
